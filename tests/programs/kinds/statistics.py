"""Statistics without a library: mixtures, clusters, filters, splines, quadrature."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform


@runs(np.concatenate((normal(1, 8) - 2, normal(2, 8) + 2)), np.array([-1.0, 1.0]),
      np.array([1.0, 1.0]), 3, wrt=("x", "mu", "sigma"))  # fmt: skip
def mixture(x, mu, sigma, steps):
    """Expectation maximisation for Gaussians."""
    pi = np.full(len(mu), 1.0 / len(mu))
    for _ in range(steps):
        density = (
            pi * np.exp(-0.5 * ((x[:, None] - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
        )
        resp = density / density.sum(axis=1, keepdims=True)
        nk = resp.sum(axis=0)
        mu = (resp * x[:, None]).sum(axis=0) / nk
        sigma = np.sqrt((resp * (x[:, None] - mu) ** 2).sum(axis=0) / nk)
        pi = nk / len(x)
    return mu, sigma, pi


@runs(
    normal(3, 12, 2), np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]), 4, wrt=("points", "centres")
)
def k_means(points, centres, steps):
    for _ in range(steps):
        distance = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        label = np.argmin(distance, axis=1)
        new = np.zeros_like(centres)
        for k in range(len(centres)):
            members = label == k
            if members.any():
                new[k] = points[members].mean(axis=0)
            else:
                new[k] = centres[k]
        centres = new
    return centres


@runs(normal(4, 15), 0.5, 0.3, wrt=("y", "q", "r"))
def kalman_smoother(y, q, r):
    """A local level: forward filter, then the smoother of Rauch, Tung and Striebel."""
    n = len(y)
    m, P = np.zeros(n), np.zeros(n)
    mp, Pp = np.zeros(n), np.zeros(n)
    for t in range(n):
        mp[t], Pp[t] = (m[t - 1], P[t - 1] + q) if t > 0 else (0.0, 10.0)
        gain = Pp[t] / (Pp[t] + r)
        m[t] = mp[t] + gain * (y[t] - mp[t])
        P[t] = (1 - gain) * Pp[t]
    s = m.copy()
    for t in range(n - 2, -1, -1):
        s[t] = m[t] + P[t] / Pp[t + 1] * (s[t + 1] - mp[t + 1])
    return s


@runs(normal(5, 6, 2), np.array([[1.0, 0.1], [0.0, 1.0]]), np.eye(2), 0.1 * np.eye(2),
      0.5 * np.eye(2), wrt=("ys", "F", "Q", "R"))  # fmt: skip
def kalman_matrices(ys, F, H, Q, R):
    x, P = np.zeros(2), np.eye(2)
    ll = 0.0
    for y in ys:
        x = F @ x
        P = F @ P @ F.T + Q
        v = y - H @ x
        S = H @ P @ H.T + R
        Si = np.linalg.inv(S)
        K = P @ H.T @ Si
        x = x + K @ v
        P = (np.eye(2) - K @ H) @ P
        ll += -0.5 * (np.log(np.linalg.det(2 * np.pi * S)) + v @ Si @ v)
    return ll


@runs(normal(6, 5), normal(7, 5, 20), uniform(8, 5, low=0.0, high=1.0))
def particle_filter(y, noise, uniforms):
    n = noise.shape[1]
    x = np.zeros(n)
    means = np.empty(len(y))
    for t in range(len(y)):
        x = 0.9 * x + noise[t]
        w = np.exp(-0.5 * (y[t] - x) ** 2)
        w /= w.sum()
        means[t] = w @ x
        positions = (np.arange(n) + uniforms[t]) / n
        index = np.searchsorted(np.cumsum(w), positions)
        x = x[np.minimum(index, n - 1)]
    return means


@runs(np.linspace(0.0, 3.0, 6), normal(9, 6), np.array([0.3, 1.1, 2.75]), wrt=("y", "at"),
      by_differences=True)  # fmt: skip
def cubic_spline(x, y, at):
    n = len(x)
    h = np.diff(x)
    a, b, c, d = np.zeros(n), np.ones(n), np.zeros(n), np.zeros(n)
    b[1:-1] = 2 * (h[:-1] + h[1:])
    a[1:-1], c[1:-1] = h[:-1], h[1:]
    d[1:-1] = 6 * ((y[2:] - y[1:-1]) / h[1:] - (y[1:-1] - y[:-2]) / h[:-1])
    for i in range(1, n):
        w = a[i] / b[i - 1]
        b[i] -= w * c[i - 1]
        d[i] -= w * d[i - 1]
    M = np.zeros(n)
    M[-1] = d[-1] / b[-1]
    for i in range(n - 2, -1, -1):
        M[i] = (d[i] - c[i] * M[i + 1]) / b[i]
    k = np.clip(np.searchsorted(x, at) - 1, 0, n - 2)
    t, s = at - x[k], x[k + 1] - at
    return (
        (M[k] * s**3 + M[k + 1] * t**3) / (6 * h[k])
        + (y[k] / h[k] - M[k] * h[k] / 6) * s
        + (y[k + 1] / h[k] - M[k + 1] * h[k] / 6) * t
    )


@runs(0.0, 1.0, 5, gives=np.e - 1)
def gauss_legendre(a, b, n):
    """Nodes by Newton's method on the three-term recurrence."""
    x = np.cos(np.pi * (np.arange(1, n + 1) - 0.25) / (n + 0.5))
    for _ in range(10):
        p0, p1 = np.ones(n), x.copy()
        for k in range(2, n + 1):
            p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
        dp = n * (x * p1 - p0) / (x * x - 1)
        x = x - p1 / dp
    w = 2 / ((1 - x**2) * dp**2)
    return 0.5 * (b - a) * np.sum(w * np.exp(0.5 * (b - a) * x + 0.5 * (a + b)))


@runs(0.0, np.pi, 6, gives=2.0)
def romberg(a, b, levels):
    R = np.zeros((levels, levels))
    h = b - a
    R[0, 0] = 0.5 * h * (np.sin(a) + np.sin(b))
    for i in range(1, levels):
        h /= 2
        R[i, 0] = 0.5 * R[i - 1, 0] + h * sum_of_sines(a, h, i)
        for j in range(1, i + 1):
            R[i, j] = R[i, j - 1] + (R[i, j - 1] - R[i - 1, j - 1]) / (4**j - 1)
    return R[-1, -1]


def sum_of_sines(a, h, i):
    k = np.arange(1, 2**i, 2)
    return np.sum(np.sin(a + k * h))


@runs(normal(10, 10), normal(11, 10), 0.7, wrt=("x", "y", "width"))
def kernel_regression(x, y, width):
    w = np.exp(-0.5 * np.subtract.outer(x, x) ** 2 / width**2)
    return (w * y).sum(axis=1) / w.sum(axis=1)


@runs(normal(12, 12), 3, wrt=("x",))
def autocorrelation(x, lags):
    x = x - x.mean()
    out = np.empty(lags + 1)
    for k in range(lags + 1):
        out[k] = np.dot(x[: len(x) - k], x[k:]) / np.dot(x, x)
    return out


@runs(normal(13, 6, 3), normal(14, 6), 0.1, wrt=("X", "y", "lam"))
def ridge(X, y, lam):
    beta = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    resid = y - X @ beta
    return beta, 1 - np.sum(resid**2) / np.sum((y - y.mean()) ** 2)


@runs(normal(15, 8, 3), normal(16, 8), 0.1, 6, wrt=("X", "y", "lam"))
def lasso(X, y, lam, sweeps):
    """Coordinate descent with soft thresholds."""
    n, p = X.shape
    beta = np.zeros(p)
    for _ in range(sweeps):
        for j in range(p):
            r = y - X @ beta + X[:, j] * beta[j]
            rho = X[:, j] @ r / n
            z = (X[:, j] ** 2).sum() / n
            beta[j] = np.sign(rho) * max(abs(rho) - lam, 0.0) / z
    return beta


DATA, INDICES = uniform(17, 9), np.array([0, 2, 1, 0, 3, 4, 2, 1, 3])
POINTER = np.array([0, 2, 3, 3, 6, 9])


@runs(POINTER, INDICES, DATA, normal(18, 5), wrt=("A_val", "x"))
def spmv(A_row, A_col, A_val, x):
    y = np.empty(A_row.size - 1, A_val.dtype)
    for i in range(A_row.size - 1):
        cols = A_col[A_row[i] : A_row[i + 1]]
        vals = A_val[A_row[i] : A_row[i + 1]]
        y[i] = vals @ x[cols]
    return y


@runs(POINTER, INDICES, DATA, normal(19, 5), wrt=("data", "x"))
def csr_loops(indptr, indices, data, x):
    y = np.zeros(len(indptr) - 1)
    for row in range(len(indptr) - 1):
        for jj in range(indptr[row], indptr[row + 1]):
            y[row] += data[jj] * x[indices[jj]]
    return y


@runs(
    np.repeat(np.arange(5), np.diff(POINTER)), INDICES, DATA, normal(20, 5, 2), wrt=("values", "B")
)
def coo_product(rows, cols, values, B):
    out = np.zeros((5, B.shape[1]))
    np.add.at(out, rows, values[:, None] * B[cols])
    return out


@runs(POINTER, INDICES, DATA, normal(21, 5), 0.1, wrt=("data", "b"))
def sparse_jacobi(indptr, indices, data, b, w):
    x = np.zeros_like(b)
    for _ in range(3):
        r = b.copy()
        for i in range(b.size):
            lo, hi = indptr[i], indptr[i + 1]
            r[i] -= np.sum(data[lo:hi] * x[indices[lo:hi]])
        x += w * r
    return x


@runs(integers(22, 20, high=6))
def mode_and_ranks(x):
    values, counts = np.unique(x, return_counts=True)
    order = np.argsort(x, kind="stable")
    ranks = np.empty(len(x), dtype=int)
    ranks[order] = np.arange(len(x))
    return values[np.argmax(counts)], ranks


@runs(uniform(23, 9, low=-3.0, high=3.0), np.array([1.0, 0.5, -0.25, 2.0]), wrt=("x", "c"))
def chebyshev(x, c):
    """Clenshaw's recurrence."""
    b1 = b2 = np.zeros_like(x)
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = 2 * x * b1 - b2 + c[k], b1
    return x * b1 - b2 + c[0]


@runs(normal(24, 10), np.array([1.0, -0.5, 0.2]), np.array([0.3, 0.1]), wrt=("x", "b", "a"))
def linear_filter(x, b, a):
    y = np.zeros_like(x)
    for n in range(len(x)):
        y[n] = sum(b[k] * x[n - k] for k in range(len(b)) if n >= k)
        for k in range(len(a)):
            if n > k:
                y[n] -= a[k] * y[n - k - 1]
    return y
