"""Whatever else users write: implicit steps, entropies, interpolation, geometry, permutations."""

import numpy as np

from tests.programs.kinds._case import normal, runs, uniform


@runs(normal(1, 7, 7), 3, wrt=("u",))
def adi(u, tsteps):
    n = u.shape[0]
    v = np.empty(u.shape, dtype=u.dtype)
    p = np.empty(u.shape, dtype=u.dtype)
    q = np.empty(u.shape, dtype=u.dtype)
    dx = 1.0 / n
    dt = 1.0 / tsteps
    mul1, mul2 = 2.0 * dt / dx**2, 1.0 * dt / dx**2
    a = -mul1 / 2.0
    b = 1.0 + mul2
    c = a
    for t in range(1, tsteps + 1):
        v[0, 1 : n - 1] = 1.0
        p[1 : n - 1, 0] = 0.0
        q[1 : n - 1, 0] = v[0, 1 : n - 1]
        for j in range(1, n - 1):
            p[1 : n - 1, j] = -c / (a * p[1 : n - 1, j - 1] + b)
            q[1 : n - 1, j] = (
                -a * u[j, 0 : n - 2]
                + (1.0 + 2.0 * a) * u[j, 1 : n - 1]
                - c * u[j, 2:n]
                - a * q[1 : n - 1, j - 1]
            ) / (a * p[1 : n - 1, j - 1] + b)
        v[n - 1, 1 : n - 1] = 1.0
        for j in range(n - 2, 0, -1):
            v[j, 1 : n - 1] = p[1 : n - 1, j] * v[j + 1, 1 : n - 1] + q[1 : n - 1, j]
        u[1 : n - 1, 0] = 1.0
        u[1 : n - 1, n - 1] = 1.0
    return v[1:, 1 : n - 1] * 1.0


@runs(normal(2, 4, 5), normal(3, 5, 6), normal(4, 6, 3), wrt=("A", "B", "C"))
def k3mm(A, B, C):
    return A @ B @ C


@runs(normal(5, 5, 4), wrt=("x",))
def standardise(x):
    x = x - x.mean(axis=0)
    x /= np.sqrt((x**2).sum(axis=0))
    return np.einsum("ij,ik->jk", x, x)


@runs(normal(6, 8), 3, wrt=("x",))
def moving_average(x, w):
    c = np.cumsum(np.insert(x, 0, 0.0))
    return (c[w:] - c[:-w]) / w


@runs(normal(7, 10), wrt=("x",))
def rms_blocks(x):
    blocks = x.reshape(-1, 5)
    return np.sqrt(np.mean(blocks**2, axis=-1))


@runs(normal(8, 5), normal(9, 5), wrt=("x", "y"))
def lagrange(x, y):
    total = 0.0
    for i in range(len(x)):
        mask = np.arange(len(x)) != i
        total += y[i] * np.prod((0.3 - x[mask]) / (x[i] - x[mask]))
    return total


@runs(normal(10, 6, 2), wrt=("points",))
def shoelace(points):
    x, y = points.T
    return 0.5 * np.abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


@runs(uniform(11, 20), wrt=())
def quantiles(x):
    return np.percentile(x, [25, 50, 75]), np.histogram(x, bins=5)[0], np.digitize(x, [0.7, 1.0])


@runs(uniform(12, 4, 4), wrt=("K",))
def sinkhorn(K):
    u = np.ones(len(K))
    for _ in range(20):
        v = 1.0 / (K.T @ u)
        u = 1.0 / (K @ v)
    return u[:, None] * K * v


@runs(uniform(13, 3, 4), wrt=("x",))
def gumbel(x):
    p = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
    return -(p * np.log(p)).sum(-1)


@runs(normal(14, 4, 3), wrt=("X",))
def pairwise(X):
    gram = X @ X.T
    d = np.diag(gram)
    return np.exp(-0.5 * (d[:, None] + d[None, :] - 2 * gram))


@runs(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 5.0]), wrt=("A", "b"))
def gauss_jordan(A, b):
    M = np.hstack((A, b[:, np.newaxis]))
    for i in range(len(b)):
        pivot = np.argmax(np.abs(M[i:, i])) + i
        M[[i, pivot]] = M[[pivot, i]]
        M[i] /= M[i, i]
        for j in range(len(b)):
            if j != i:
                M[j] -= M[j, i] * M[i]
    return M[:, -1]


@runs(uniform(17, 6), uniform(18, 6), wrt=("p", "q"))
def divergences(p, q):
    p, q = p / p.sum(), q / q.sum()
    m = 0.5 * (p + q)

    def kl(a, b):
        return np.sum(a * np.log(a / b))

    return kl(p, q), 0.5 * kl(p, m) + 0.5 * kl(q, m)


@runs(np.array([3, 1, 2, 0]), wrt=())
def permutation(perm):
    inverse = np.empty_like(perm)
    inverse[perm] = np.arange(perm.size)
    seen = np.zeros(perm.size, dtype=bool)
    cycles = 0
    for i in range(perm.size):
        if not seen[i]:
            cycles += 1
            j = i
            while not seen[j]:
                seen[j] = True
                j = perm[j]
    return inverse, cycles


@runs(normal(19, 3, 3), normal(20, 3), wrt=("R", "t"), by_differences=True)
def rigid(R, t):
    T = np.eye(4)
    T[:3, :3] = R
    T[:3, 3] = t
    back = np.linalg.inv(T)
    return (T @ T)[:3], back[:3, 3]


@runs(normal(21, 12), 2.0, wrt=("x", "alpha"))
def exponential_smoothing(x, alpha):
    s = [x[0]]
    for v in x[1:]:
        s.append(alpha * v + (1 - alpha) * s[-1])
    return np.array(s)


@runs(normal(22, 3, 4, 5), normal(23, 5), wrt=("T", "w"))
def contraction(T, w):
    return np.tensordot(T, w, axes=([2], [0])).T, np.einsum("ijk->ik", T) @ w
