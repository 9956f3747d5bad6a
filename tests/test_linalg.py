"""`np.linalg` through LAPACK: values, errors and gradients as NumPy's own values have them."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(11)
b, B = rng.normal(size=4), rng.normal(size=(4, 3))
A = rng.normal(size=(4, 4)) + 3 * np.eye(4)
S = A @ A.T + np.eye(4)
T, H = rng.normal(size=(5, 3)), rng.normal(size=(3, 5))
W = rng.normal(size=(2, 4, 4)) + 3 * np.eye(4)
P = W @ W.transpose(0, 2, 1)
V = rng.normal(size=(2, 4, 3)) + 2 * np.eye(4)[:, :3]
N = np.array([[2, 1], [1, 3]])
Z = np.ones((3, 3))
F = np.array([[3, 4], [6, 8]], np.float32)
E = np.zeros((0, 0))


@smooth((A, b), (A, B), (W, V), (W, B), (A, V), (W, b), by_differences=True)
@program((N, np.array([1, 2])), (Z, b[:3]), (E, E), (A, B[:3]))
def solve(a, c):
    return np.sum(np.sin(np.linalg.solve(a, c)))


@program((A, b), (N, N), (A.T, B[:, ::-1]), (W, B), (E, E))
def solve_itself(a, c):
    return np.linalg.solve(a, c)


@smooth((A,), (W,), by_differences=True)
@program((N,), (Z,), (E,))
def inverse(a):
    return np.sum(np.linalg.inv(a) ** 3)


@smooth((S,), (P,), by_differences=True)
@program((N,), (-S,))
def cholesky(a):
    return np.sum(np.sin(np.linalg.cholesky(a)))


@program((S,), (P,), (N,), (E,), (A @ A.T,))
def factors(a):
    return np.linalg.cholesky(a), np.linalg.inv(a), np.linalg.det(a)


@smooth((A,), (W,), by_differences=True)
@program((N,), (Z,), (E,))
def determinants(a):
    sign, logdet = np.linalg.slogdet(a)
    return np.sum(np.linalg.det(a) + sign * logdet**2)


@program((A,), (W,), (N,), (Z,), (-A,))
def slogdet(a):
    found = np.linalg.slogdet(a)
    return found.sign, found[1], np.linalg.slogdet(a)


@smooth((S,), (P,), (A,), by_differences=True)
def eigh(a):
    w, v = np.linalg.eigh(a)
    return np.sum(np.sin(w)) + np.sum(v**2 * np.exp(np.arange(4)[:, None] * 0.3) * np.arange(4))


@program((S,), (P,), (N,), (A,), (np.eye(3),))
def eigh_itself(a):
    w, v = np.linalg.eigh(a)
    return w, v @ np.linalg.eigh(a).eigenvectors, np.linalg.eigvalsh(a, UPLO="U")


@smooth((S,), (P,), by_differences=True)
def eigvalsh(a):
    return np.sum(np.sin(np.linalg.eigvalsh(a)) ** 2) + np.linalg.eigvalsh(a, "U")[..., -1].sum()


@smooth((T,), (H,), (A,), (V,), by_differences=True)
@program((N,))
def svd(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    c = np.cos(np.arange(s.shape[-1]))
    weighted = (u * c) @ vt
    return np.sum(s**3) + np.sum(weighted * np.arange(a.shape[-1])) + np.sum(u**2 * c)


@program((T,), (H,), (V,), (N,), (A.T,))
def svd_itself(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return u, s, vt, np.linalg.svd(a, compute_uv=False), np.linalg.svdvals(a)


@smooth((T,), (H,), by_differences=True)
def singular_values(a):
    s = np.linalg.svd(a, compute_uv=False)
    return s[0] * s[1] + np.linalg.norm(a, 2) + np.linalg.norm(a, "nuc") + np.linalg.norm(a, -2)


@smooth((T,), (A,), (V,), by_differences=True)
@program((N,), (H,))
def qr(a):
    q, r = np.linalg.qr(a)
    return np.sum(np.sin(q)) + np.sum(r**3)


@program((T,), (H,), (V,), (A.T,))
def qr_itself(a):
    return np.linalg.qr(a), np.linalg.qr(a, mode="r")


@smooth((T, rng.normal(size=5)), (T, rng.normal(size=(5, 2))), by_differences=True)
def lstsq(a, c):
    x, residuals, rank, s = np.linalg.lstsq(a, c, rcond=None)
    return np.sum(np.sin(x)) + np.sum(residuals) * rank + np.sum(s)


@program((T, b[:1] * np.ones(5)), (H, B[:3]), (Z, B[:3]))
def lstsq_itself(a, c):
    x, residuals, rank, s = np.linalg.lstsq(a, c, rcond=1e-10)
    return x, np.sum(residuals), rank, s[:1], x[: len(residuals)].sum()


@smooth((T,), (H,), (V,), (np.eye(3)[:, :2],), by_differences=True)
def pinv(a):
    return np.sum(np.sin(np.linalg.pinv(a)))


@smooth((T,), (A,), by_differences=True)
def norms(x):
    total = np.linalg.norm(x) + np.linalg.norm(x[0]) + np.linalg.norm(x, "fro")
    total += np.linalg.norm(x, 1) + np.linalg.norm(x, -1) + np.linalg.norm(x, np.inf)
    total += np.linalg.norm(x, -np.inf) + np.sum(np.linalg.norm(x, axis=1) ** 3)
    total += np.sum(np.linalg.norm(x, 3, axis=0)) + np.sum(np.linalg.norm(x, 1, axis=-1))
    return total + np.linalg.norm(x[1], np.inf) + np.linalg.norm(x[1], -np.inf)


@program((T,), (N,), (F,), (T * (1 - 2j) + 0.5j,))
def norms_themselves(x):
    return (
        np.linalg.norm(x), np.linalg.norm(x, axis=0), np.linalg.norm(x, axis=(0, 1)),
        np.linalg.norm(x, axis=1, keepdims=True), np.linalg.norm(x, 0, axis=1),
        np.linalg.norm(x, keepdims=True), np.linalg.norm(x, 1, keepdims=True),
        np.linalg.norm(x[0], 1), np.linalg.vector_norm(x), np.linalg.norm(x, 0.5, axis=0),
    )  # fmt: skip


@program((np.float32(3),), (-2,), (np.complex64(3 + 4j),), (np.array(-1.5),))
def norm_of_a_number(x):
    return np.linalg.norm(x)


@program((A,), (N,), (Z,), (W,))
def numbers(x):
    return np.linalg.matrix_rank(x), np.linalg.matrix_rank(x, tol=1e-3)


@smooth((A,), by_differences=True)
def conditions(x):
    return np.linalg.cond(x) + np.linalg.cond(x, 1) + np.linalg.cond(x, -2)


@smooth((A,), by_differences=True)
def negative_power(a):
    return np.sum(np.linalg.matrix_power(a, -3))


@refused((A,), (W,))
def eigenvalues_that_may_be_complex(a):
    return np.linalg.eigvals(a)


@refused((T,))
def full_singular_vectors(a):
    return np.linalg.svd(np.ones((3, 2))), a


@smooth((A,), by_differences=True)
def nearest_rotation(a):
    u, s, vt = np.linalg.svd(a)
    return np.sum((u @ vt) * np.arange(a.size).reshape(a.shape)) + s[0]


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refuses = PHRASES.refuses()
