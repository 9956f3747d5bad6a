"""Dense linear algebra with loops and slices, and the statistics made of it."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform


def definite(seed, n):
    B = normal(seed, n, n)
    return B @ B.T + n * np.eye(n)


@runs(1.5, 1.2, normal(1, 4, 5), normal(2, 4, 3), normal(3, 3, 5), wrt=("C", "A", "B", "alpha"))
def gemm(alpha, beta, C, A, B):
    C[:] = alpha * A @ B + beta * C
    return C


@runs(1.5, 1.2, normal(4, 4, 4), normal(5, 4, 3), wrt=("C", "A"))
def syrk(alpha, beta, C, A):
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += alpha * A[i, k] * A[: i + 1, k]
    return C


@runs(1.5, 1.2, normal(6, 4, 4), normal(7, 4, 3), normal(8, 4, 3), wrt=("C", "A", "B"))
def syr2k(alpha, beta, C, A, B):
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += A[: i + 1, k] * alpha * B[i, k] + B[: i + 1, k] * alpha * A[i, k]
    return C


@runs(1.5, normal(9, 5, 5), normal(10, 5, 4), wrt=("A", "B"))
def trmm(alpha, A, B):
    for i in range(B.shape[0]):
        for j in range(B.shape[1]):
            B[i, j] += np.dot(A[i + 1 :, i], B[i + 1 :, j])
    B *= alpha
    return B


@runs(1.5, 1.2, normal(11, 4, 5), normal(12, 4, 4), normal(13, 4, 5), wrt=("C", "A", "B"))
def symm(alpha, beta, C, A, B):
    temp2 = np.empty((C.shape[1],), dtype=C.dtype)
    C *= beta
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[:i, j] += alpha * B[i, j] * A[i, :i]
            temp2[j] = B[:i, j] @ A[i, :i]
        C[i, :] += alpha * B[i, :] * A[i, i] + alpha * temp2
    return C


@runs(1.5, 1.2, normal(14, 5, 5), normal(15, 4, 5), wrt=("A", "vectors"))
def gemver(alpha, beta, A, vectors):
    u1, v1, u2, v2 = vectors
    A = A + np.outer(u1, v1) + np.outer(u2, v2)
    x = beta * u1 @ A
    x += v2
    return A, x, alpha * A @ x


@runs(1.5, 1.2, normal(16, 4, 4), normal(17, 4, 4), normal(18, 4), wrt=("A", "B", "x"))
def gesummv(alpha, beta, A, B, x):
    return alpha * A @ x + beta * B @ x


@runs(normal(19, 4, 5), normal(20, 5), wrt=("A", "x"))
def atax(A, x):
    return (A @ x) @ A


@runs(normal(21, 4, 5), normal(22, 5), normal(23, 4), wrt=("A", "p", "r"))
def bicg(A, p, r):
    return r @ A, A @ p


@runs(normal(24, 4), normal(25, 4), normal(26, 4), normal(27, 4), normal(28, 4, 4), wrt=("x1", "A"))
def mvt(x1, x2, y_1, y_2, A):
    x1 += A @ y_1
    x2 += y_2 @ A
    return x1 * x2


@runs(normal(29, 2, 3, 4), normal(30, 4, 4), wrt=("A", "C4"))
def doitgen(A, C4):
    nr, nq, np_ = A.shape
    A[:] = np.reshape(np.reshape(A, (nr, nq, 1, np_)) @ C4, (nr, nq, np_))
    return A


@runs(definite(31, 5), wrt=("A",))
def lu(A):
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, A.shape[0]):
            A[i, j] -= A[i, :i] @ A[:i, j]
    return A


@runs(definite(32, 5), normal(33, 5), wrt=("A", "b"))
def ludcmp(A, b):
    x, y = np.zeros_like(b), np.zeros_like(b)
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, A.shape[0]):
            A[i, j] -= A[i, :i] @ A[:i, j]
    for i in range(A.shape[0]):
        y[i] = b[i] - A[i, :i] @ y[:i]
    for i in range(A.shape[0] - 1, -1, -1):
        x[i] = (y[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return x


@runs(definite(34, 5), wrt=("A",))
def cholesky(A):
    A[0, 0] = np.sqrt(A[0, 0])
    for i in range(1, A.shape[0]):
        for j in range(i):
            A[i, j] -= np.dot(A[i, :j], A[j, :j])
            A[i, j] /= A[j, j]
        A[i, i] -= np.dot(A[i, :i], A[i, :i])
        A[i, i] = np.sqrt(A[i, i])
    return np.tril(A)


@runs(definite(35, 5), wrt=("A",), by_differences=True)
def cholesky_library(A):
    A[:] = np.linalg.cholesky(A) + np.triu(A, k=1)
    return A


@runs(normal(36, 6, 4), wrt=("A",))
def gramschmidt(A):
    Q = np.zeros_like(A)
    R = np.zeros((A.shape[1], A.shape[1]), dtype=A.dtype)
    for k in range(A.shape[1]):
        nrm = np.dot(A[:, k], A[:, k])
        R[k, k] = np.sqrt(nrm)
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, A.shape[1]):
            R[k, j] = np.dot(Q[:, k], A[:, j])
            A[:, j] -= Q[:, k] * R[k, j]
    return Q, R


@runs(normal(37, 7, 4), wrt=("data",))
def correlation(data):
    M, float_n = data.shape[1], float(data.shape[0])
    mean = np.mean(data, axis=0)
    stddev = np.std(data, axis=0)
    stddev[stddev <= 0.1] = 1.0
    data -= mean
    data /= np.sqrt(float_n) * stddev
    corr = np.eye(M, dtype=data.dtype)
    for i in range(M - 1):
        corr[i + 1 : M, i] = corr[i, i + 1 : M] = data[:, i] @ data[:, i + 1 : M]
    return corr


@runs(normal(38, 7, 4), wrt=("data",))
def covariance(data):
    M, float_n = data.shape[1], data.shape[0]
    mean = np.mean(data, axis=0)
    data -= mean
    cov = np.zeros((M, M), dtype=data.dtype)
    for i in range(M):
        cov[i:M, i] = cov[i, i:M] = data[:, i] @ data[:, i:M] / (float_n - 1.0)
    return cov


@runs(0.5 ** np.arange(1, 7) + 0.01 * normal(39, 6), wrt=("r",))
def durbin(r):
    y = np.empty_like(r)
    alpha, beta = -r[0], 1.0
    y[0] = -r[0]
    for k in range(1, r.shape[0]):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    return y


@runs(definite(40, 5), normal(41, 5), wrt=("L", "b"))
def trisolv(L, b):
    x = np.empty_like(b)
    for i in range(x.shape[0]):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


@runs(integers(42, 6, 6, high=50) + 1)
def floyd_warshall(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path[:], np.add.outer(path[:, k], path[k, :]))
    return path


@runs(uniform(43, 6, 6), wrt=("d",))
def all_shortest(d):
    """The same with broadcasting, differentiable in the lengths."""
    for k in range(len(d)):
        d = np.minimum(d, d[:, k, np.newaxis] + d[np.newaxis, k, :])
    return d


@runs(1.0, normal(44, 8, 7), wrt=("alpha", "imgIn"))
def deriche(alpha, imgIn):
    k = (1.0 - np.exp(-alpha)) ** 2 / (1.0 + alpha * np.exp(-alpha) * 2.0 - np.exp(2.0 * alpha))
    a1 = a5 = k
    a2 = a6 = k * np.exp(-alpha) * (alpha - 1.0)
    a3 = a7 = k * np.exp(-alpha) * (alpha + 1.0)
    a4 = a8 = -k * np.exp(-2.0 * alpha)
    b1 = 2.0**-alpha
    b2 = -np.exp(-2.0 * alpha)
    c1 = c2 = 1
    y1 = np.empty_like(imgIn)
    y1[:, 0] = a1 * imgIn[:, 0]
    y1[:, 1] = a1 * imgIn[:, 1] + a2 * imgIn[:, 0] + b1 * y1[:, 0]
    for j in range(2, imgIn.shape[1]):
        y1[:, j] = a1 * imgIn[:, j] + a2 * imgIn[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]
    y2 = np.empty_like(imgIn)
    y2[:, -1] = 0.0
    y2[:, -2] = a3 * imgIn[:, -1]
    for j in range(imgIn.shape[1] - 3, -1, -1):
        y2[:, j] = (
            a3 * imgIn[:, j + 1] + a4 * imgIn[:, j + 2] + b1 * y2[:, j + 1] + b2 * y2[:, j + 2]
        )
    out = c1 * (y1 + y2)
    y1[0, :] = a5 * out[0, :]
    y1[1, :] = a5 * out[1, :] + a6 * out[0, :] + b1 * y1[0, :]
    for i in range(2, imgIn.shape[0]):
        y1[i, :] = a5 * out[i, :] + a6 * out[i - 1, :] + b1 * y1[i - 1, :] + b2 * y1[i - 2, :]
    y2[-1, :] = 0.0
    y2[-2, :] = a7 * out[-1, :]
    for i in range(imgIn.shape[0] - 3, -1, -1):
        y2[i, :] = a7 * out[i + 1, :] + a8 * out[i + 2, :] + b1 * y2[i + 1, :] + b2 * y2[i + 2, :]
    return c2 * (y1 + y2)


def sign(x):
    return 1.0 if x >= 0 else -1.0


@runs(normal(45, 5, 4), wrt=("A",))
def householder(A):
    """QR by reflections; the triangle is left in A."""
    m, n = A.shape
    A = A.copy()
    Q = np.zeros((m, m))
    Q[:] = np.eye(m)
    for k in range(n):
        v = A[k:, k].copy()
        v[0] += sign(v[0]) * np.sqrt(np.sum(v**2))
        v /= np.sqrt(np.sum(v**2))
        A[k:, k:] -= 2.0 * np.outer(v, v @ A[k:, k:])
        Q[:, k:] -= 2.0 * np.outer(Q[:, k:] @ v, v)
    return Q, np.triu(A)


@runs(definite(46, 5), normal(47, 5), 30, wrt=("A",))
def power_iteration(A, x, steps):
    for _ in range(steps):
        x = A @ x
        x /= np.sqrt(x @ x)
    return x @ A @ x


@runs(definite(48, 6), normal(49, 6), wrt=("A", "b"), by_differences=True)
def conjugate_gradient(A, b):
    x = np.zeros_like(b)
    r = b - A @ x
    p = r.copy()
    rs = r @ r
    for k in range(len(b)):
        Ap = A @ p
        a = rs / (p @ Ap)
        x += a * p
        r -= a * Ap
        rs_new = r @ r
        if np.sqrt(rs_new) < 1e-13:
            break
        p = r + (rs_new / rs) * p
        rs = rs_new
    return x


@runs(definite(50, 5), normal(51, 5), 3, wrt=("A", "b"))
def gmres(A, b, m):
    """Arnoldi, then Givens rotations."""
    n = len(b)
    V, H = np.zeros((m + 1, n)), np.zeros((m + 1, m))
    cs, sn, g = np.zeros(m), np.zeros(m), np.zeros(m + 1)
    g[0] = np.sqrt(b @ b)
    V[0] = b / g[0]
    for j in range(m):
        w = A @ V[j]
        for i in range(j + 1):
            H[i, j] = w @ V[i]
            w -= H[i, j] * V[i]
        H[j + 1, j] = np.sqrt(w @ w)
        V[j + 1] = w / H[j + 1, j]
        for i in range(j):
            H[i, j], H[i + 1, j] = (
                cs[i] * H[i, j] + sn[i] * H[i + 1, j],
                -sn[i] * H[i, j] + cs[i] * H[i + 1, j],
            )
        d = np.sqrt(H[j, j] ** 2 + H[j + 1, j] ** 2)
        cs[j], sn[j] = H[j, j] / d, H[j + 1, j] / d
        H[j, j], H[j + 1, j] = d, 0.0
        g[j], g[j + 1] = cs[j] * g[j], -sn[j] * g[j]
    y = np.zeros(m)
    for i in range(m - 1, -1, -1):
        y[i] = (g[i] - H[i, i + 1 : m] @ y[i + 1 :]) / H[i, i]
    return y @ V[:m]


@runs(0.3 * normal(52, 4, 4), wrt=("A",))
def matrix_exponential(A):
    term = np.eye(A.shape[0])
    total = np.eye(A.shape[0])
    for k in range(1, 20):
        term = term @ A / k
        total = total + term
    return total


@runs(np.array([[0.0, -np.pi / 2], [np.pi / 2, 0.0]]), gives=np.array([[0.0, -1.0], [1.0, 0.0]]))
def rotation(A):
    return matrix_exponential(A)


@runs(definite(53, 4), 6, wrt=("A",), by_differences=True)
def jacobi_eigenvalues(A, sweeps):
    n = A.shape[0]
    for _ in range(sweeps):
        for p in range(n - 1):
            for q in range(p + 1, n):
                if abs(A[p, q]) < 1e-300:
                    continue
                theta = 0.5 * np.arctan2(2 * A[p, q], A[q, q] - A[p, p])
                c, s = np.cos(theta), np.sin(theta)
                Ap, Aq = A[p].copy(), A[q].copy()
                A[p], A[q] = c * Ap - s * Aq, s * Ap + c * Aq
                Ap, Aq = A[:, p].copy(), A[:, q].copy()
                A[:, p], A[:, q] = c * Ap - s * Aq, s * Ap + c * Aq
    return np.sort(np.diag(A))
