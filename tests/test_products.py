"""Products of arrays, under all of NumPy's names for them: values, dtypes, shapes and gradients."""

from __future__ import annotations

import numpy as np

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(5)
u, v, w = rng.normal(size=4), rng.normal(size=4), rng.normal(size=3)
A, B, S = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=(4, 4))
T, U, V = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 4, 3)), rng.normal(size=(5, 1, 4, 2))
N = 2 * np.arange(12, dtype=np.int32).reshape(3, 4) - 9
F, G = (np.round(8 * m).astype(np.float32) / 8 for m in (A, B))
E = np.zeros((0, 4))
LARGE = np.round(rng.uniform(0.5, 2.0, size=(90, 70)) * 8) / 8
Z = np.round(4 * (A + 1j * A[::-1])) / 4 + (2.125 + 1.375j)


@smooth((T, U), (T, B), (A, U), (T, V), (u, U), (T, v), (A, V))
@program((N, N.T), (N, B), (F, B), (N > 0, N.T > 1), (E, B), (E.T, E))
def matmul(x, y):
    return np.sum(np.sin(1.0 * (x @ y))) + 0.5 * np.sum(np.matmul(x, y))


@program((N, N.T), (N > 0, N.T > 1), (F, G), (T, V), (u, U), (E, B), (E.T, E),
         (T[:, ::2], U[..., ::-1]), (A.T, T[0]), (N, U), (u, v), (T, v))  # fmt: skip
def matmul_itself(x, y):
    return x @ y, np.dot(x, y) if x.ndim < 3 and y.ndim < 3 else np.matmul(x, y)


@smooth((T, U), (T, v), (u, U), (A, U), (u, v), (A, B))
def dot(x, y):
    return np.sum(np.sin(np.dot(x, y)))


@smooth((3.0, A), (A, 2.0), (2.0, 1.5))
def dot_of_numbers(x, y):
    return np.sum(np.sin(np.dot(x, y))) + np.sum(np.inner(x, y)) + np.sum(np.kron(x, y))


@smooth((A, T), (u, v), (T, u), (v, A))
def inner(x, y):
    return np.sum(np.cos(np.inner(x, y)))


@smooth((A, B), (u, w))
@program((N, N), (F, u))
def outer(x, y):
    return np.sum(1.5 * np.outer(x, y) ** 2)


@smooth((T, U), (T, T))
def tensordot(x, y):
    a = np.tensordot(x, y, axes=0)
    b = np.tensordot(x, y, axes=[[0], [0]])
    return np.sum(a * a) + np.sum(np.sin(b))


@smooth((T, U))
def tensordot_of_pairs(x, y):
    return np.sum(np.tensordot(x, y, axes=([2, 1], [1, 2])) ** 2) + np.tensordot(x, x, 3)


@smooth((T, T), (T, A), (A, u), (u, v), by_differences=True)
def conjugated(x, y):
    return np.sum(np.vecdot(x, y) ** 3) + np.vdot(x, x)


@smooth((A, B), (u, A), (T, B))
@program((N, N > 0))
def kron(x, y):
    return np.sum(np.sin(1.0 * np.kron(x, y)))


@program((N, N > 0), (T, B), (u, A), (E, A))
def kron_itself(x, y):
    return np.kron(x, y)


@smooth((S,), (A,))
def trace(x):
    return np.trace(x) ** 2 + np.trace(np.sin(x)) * np.linalg.trace(x)


@program((N,), (T,), (N > 0,), (F,))
def trace_itself(x):
    return np.trace(x), np.linalg.trace(x)


@smooth((T, U))
def einsum_of_a_stack(x, y):
    return np.sum(np.einsum("bij,bjk->bik", x, y) ** 2) + np.einsum("bij,bji->", x, y)


@smooth((A, B, S))
def einsum_of_three(x, y, z):
    a = np.einsum("ij,jk,lj->ilk", x, y, z)
    b = np.einsum("ij, jk", x, y)
    return np.sum(a * a) + np.sum(np.sin(b)) + np.einsum("ii", z) * np.einsum("ij->", x)


@smooth((S, A))
def einsum_of_diagonals(x, y):
    d = np.einsum("ii->i", x)
    return np.sum(d**3) + np.sum(np.einsum("ii,ji->j", x, y) ** 2) + np.sum(np.einsum("ba", y)[0])


@smooth((T, A), (V, V[0]))
def einsum_with_dots(x, y):
    return np.sum(np.sin(np.einsum("...i,...i->...", x[..., :2], y[..., :2])))


@smooth((u, A))
def einsum_that_stretches(x, y):
    row = x.reshape(1, 4)
    return np.sum(np.einsum("ij,ij->j", row, y) ** 2) + np.einsum("ij,kj", row, y)[0, 1]


@program((N, N > 2), (F, A), (N, F))
def einsum_dtypes(x, y):
    return (
        np.einsum("ij,kj->ik", x, y), np.einsum("ij->j", x), np.einsum("ij->", y),
        np.einsum("ij,ij->ij", x, y), np.einsum("ij,ij", x, y), np.einsum("ij", y),
    )  # fmt: skip


@program((A, B), (E, B))
def into_out(x, y):
    out = np.ones((len(x), 2))
    same = np.matmul(x, y, out=out)
    np.einsum("ij,jk->ik", x, y, out=out[::-1])
    out[0:1] += 1.0
    return out, same, np.dot(x, y, out=np.empty((len(x), 2)))


@smooth((A, B, S, u))
def chains(x, y, z, t):
    a = np.linalg.multi_dot([x, z, y])
    b = np.linalg.multi_dot((x, z, t))
    return np.sum(a * a) + np.sum(b * b) + np.sum(np.linalg.matrix_power(z, 5))


@program((S, N[:, :3]))
def powers(z, n):
    return np.linalg.matrix_power(n, 3), np.linalg.matrix_power(z, 0), np.linalg.matrix_power(n, 1)


@program((Z, Z.T), (Z, B), (Z.astype(np.complex64), Z.T.astype(np.complex64)))
def complex_products(x, y):
    return (
        np.matmul(x, y), x @ y,
        np.dot(x, y), np.inner(x, x), np.vdot(x, x), np.vecdot(x, x), np.outer(x, y),
        np.einsum("ij,jk->k", x, y), np.kron(x, y), np.tensordot(x, y, 1), np.trace(x),
    )  # fmt: skip


@smooth((A, B), by_differences=True)
def of_complex_products(x, y):
    z = (x + 0.5j * x**2) @ (y * 1j + 1)
    return np.sum(np.abs(np.vecdot(z, z * 1j)) ** 2) + np.vdot(z, z).real + np.sum(z).imag


@program((A, A), (u, B), (A, v[:3]), (T, T))
def misfits(x, y):
    return x @ y


@refused((np.eye(3),))
def diagonal_written(a):
    d = np.einsum("ii->i", a)
    d[:] = 0.0
    return a


@refused((np.eye(3),))
def transpose_of_what_is_written(a):
    t = np.einsum("ij->ji", a)
    a[0, 1] = 5.0
    return t


@refused((A, A))
def no_constant_text(x, y):
    return np.einsum("ij,ij->ijj", x, y)


@refused((A, A))
def too_few_operands(x, y):
    return np.einsum("ij,jk,kl", x, y)


STACK = np.stack([LARGE, LARGE[::-1]])


@program((LARGE, LARGE.T), (LARGE.T, LARGE), (LARGE.astype(np.float32), LARGE.T[:, ::2]),
         (STACK, LARGE.T), (STACK, STACK.transpose(0, 2, 1)), (STACK[:, None], STACK.mT[:1]),
         (LARGE * 1j, LARGE.T + 1j), (STACK[:0], LARGE.T))  # fmt: skip
def large(x, y):
    """NumPy's own product is called."""
    return x @ y, np.sum(x @ y), (2.0 * x) @ y


def test_gradient_of_a_large_product(mode):
    def cost(x, y):
        return np.sum((x @ y) ** 2)

    y = LARGE.T.copy()
    for x in LARGE, STACK:
        d_x, d_y = transpile.grad(transpile.function(cost), wrt=(0, 1))(x, y)
        g = 2 * (x @ y)
        np.testing.assert_allclose(d_x, g @ y.T, rtol=1e-10)
        total = x.mT @ g
        np.testing.assert_allclose(d_y, total.reshape(-1, *y.shape).sum(axis=0), rtol=1e-10)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refuses = PHRASES.refuses()
