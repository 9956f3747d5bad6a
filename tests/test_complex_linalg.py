"""Matrices of complex numbers in `np.linalg` and `scipy.linalg`: values, errors and gradients.

A gradient is the direction of steepest ascent, in both parts, and is held against differences of
NumPy's own values. So are the phases of factors: they are those that LAPACK chooses.
"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from scipy.linalg import cho_factor, cho_solve, lu_factor, lu_solve, solve_triangular

import transpile
from tests.phrases import Phrases

pytestmark = pytest.mark.usefixtures("fast_compiler")

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(21)


def normal(*shape: int) -> np.ndarray:
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


b, B, X = normal(3), normal(3, 2), rng.normal(size=3)
A, R = normal(3, 3) + 3 * np.eye(3), rng.normal(size=(3, 3)) + 3 * np.eye(3)
S = A @ A.conj().T + np.eye(3)
T, H = normal(4, 3), normal(3, 4)
W = normal(2, 3, 3) + 3 * np.eye(3)
P = W @ W.conj().transpose(0, 2, 1)
Z, E = np.ones((2, 2)) * 1j, np.zeros((0, 0), complex)
BLOCKS = np.array([[2, 1j, 0], [-1j, 2, 0], [0, 0, 5]])


# -- systems


@smooth((A, b), (R, b), (A, X), (W, B), by_differences=True)
@program((Z, b[:2]))
def solve(a, c):
    return np.sum(np.abs(np.linalg.solve(a, c)) ** 2)


@program((A, b), (R, B), (W, B), (E, E), (A.T, B[:, ::-1]))
def solve_itself(a, c):
    return np.linalg.solve(a, c)


@smooth((A,), (W,), by_differences=True)
@program((Z,), (E,))
def determinants(a):
    sign, size = np.linalg.slogdet(a)
    turned = np.sum(sign.real * size) + np.sum(np.abs(np.linalg.det(a) + 2j) ** 2)
    return turned + np.sum(np.abs(np.linalg.inv(a) + 1j) ** 2)


@program((A,), (W,), (Z,), (A.real + 0j,))
def numbers(a):
    found = np.linalg.slogdet(a)
    return found, np.linalg.det(a), np.linalg.matrix_rank(a)


@smooth((T, b[[0, 1, 2, 0]]), (T, normal(4, 2)), by_differences=True)
def lstsq(a, c):
    x, residuals, rank, s = np.linalg.lstsq(a, c, rcond=None)
    return np.sum(np.abs(x + 1j) ** 2) + np.sum(residuals) * rank + np.sum(s)


@program((T, normal(4)), (H, B), (T, rng.normal(size=4)))
def lstsq_itself(a, c):
    x, residuals, rank, s = np.linalg.lstsq(a, c, rcond=None)
    return x, np.sum(residuals), rank, s


# -- factors


@smooth((S,), (P,), by_differences=True)
@program((-S,))
def cholesky(a):
    lower, upper = np.linalg.cholesky(a), np.linalg.cholesky(a, upper=True)
    return np.sum((lower + 1j * upper) ** 2).real


@smooth((A,), (T,), (W,), by_differences=True)
def qr(a):
    q, r = np.linalg.qr(a)
    return np.sum(q**2 * (1 - 2j)).real + np.sum(r**3 * (1 + 1j)).real


@smooth((S,), (P,), (BLOCKS,), by_differences=True)
def spectral_functions(a):
    """What does not depend on phases."""
    w, v = np.linalg.eigh(a)
    function = (v * np.exp(-0.2 * w)[..., None, :]) @ np.conj(np.swapaxes(v, -1, -2))
    return np.sum(np.abs(function + 1j) ** 2) + np.sum(np.linalg.eigvalsh(a) ** 2)


@smooth((S,), by_differences=True)
def phases_of_eigenvectors(a):
    (w, v), (s, u) = np.linalg.eigh(a), np.linalg.eigh(a, UPLO="U")
    return np.sum(v**2 * np.arange(3)).real + np.sum(u**4 * (1 - 1j)).real + np.sum(w * s)


def test_phases_that_rounding_chooses_have_no_derivative(mode):
    with pytest.raises(ValueError, match="whose real element is zero has no derivative"):
        transpile.grad(transpile.function(phases_of_eigenvectors))(BLOCKS)


@smooth((A,), (T,), (H,), (W,), by_differences=True)
def phases_of_singular_vectors(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.sum(u**2 * (1 - 1j)).real + np.sum(vt**2 * 2j).real + np.sum(s**3)


@smooth((A,), (W,), (np.diag([1.0, 2.0 + 1j, 2.0]) + 0.1j,), by_differences=True)
@program((np.full((2, 2), np.inf + 0j),))
def eigenvalues(a):
    w = np.linalg.eigvals(a)
    return np.sum(np.abs(np.exp(0.3 * w) + 1) ** 2) + np.max(np.abs(w))


@smooth((A,), (W,), by_differences=True)
def eigenvectors(a):
    """Their phases too are LAPACK's."""
    w, v = np.linalg.eig(a)
    return np.sum(v**2 * np.arange(1, 4) * (1 - 1j)).real + np.sum(w[..., None, :] * v**3).imag


@program((A,), (W,), (A.T,), (E,))
def eigenvectors_themselves(a):
    return np.linalg.eig(a), np.linalg.eigvals(a), np.linalg.eig(a).eigenvalues


@program((A,), (np.full((2, 2), np.nan * 1j),))
def eigenvectors_by_scipy(a):
    return scipy.linalg.eig(a), scipy.linalg.eigvals(a)


@program((A,), (W,), (R,))
def factors(a):
    s = a @ np.conj(np.swapaxes(a, -1, -2))
    upper = np.linalg.eigvalsh(s, "U"), np.linalg.eigh(s, "U")
    found = np.linalg.eigh(s), np.linalg.svd(a, full_matrices=False), np.linalg.svdvals(a)
    return *upper, *found, np.linalg.qr(a), np.linalg.cholesky(s, upper=True)


@program((T,), (H,))
def factors_of_any_shape(a):
    found = np.linalg.svd(a, full_matrices=False), np.linalg.svd(a, compute_uv=False)
    return *found, np.linalg.qr(a), np.linalg.qr(a, mode="r"), np.linalg.pinv(a)


@smooth((T,), (A,), by_differences=True)
def norms(x):
    total = np.linalg.norm(x) + np.linalg.norm(x, 2) + np.linalg.norm(x, "nuc")
    total += np.linalg.norm(x, 1) + np.linalg.norm(x[0]) + np.linalg.cond(x)
    return total + np.sum(np.abs(np.linalg.pinv(x) + 1j) ** 2)


@program((A,), (W,))
def powers(a):
    return np.linalg.matrix_power(a, 3), np.linalg.matrix_power(a, -2), np.linalg.cond(a, 1)


@program((A, B, B.T), (A, R, b))
def products(a, c, d):
    return np.linalg.multi_dot([a, c, d])


# -- SciPy's


@smooth((A, b), (A, B), by_differences=True)
def lu(a, c):
    both, pivots = lu_factor(a)
    x = lu_solve((both, pivots), c) + lu_solve((both, pivots), c, trans=2)
    return np.sum(np.abs(x) ** 2) + np.sum(both**2).real


@program((A, b), (R, b))
def lu_itself(a, c):
    found = [lu_solve(lu_factor(a), c, trans=k) for k in (0, 1, 2)]
    p, low, up = scipy.linalg.lu(a)
    return *found, lu_factor(a), p, low, up, scipy.linalg.det(a), scipy.linalg.inv(a)


@smooth((A, b), by_differences=True)
def triangles(a, c):
    x = solve_triangular(a, c, lower=True) + solve_triangular(a, c, trans="C")
    return np.sum(np.abs(x + solve_triangular(a, c, trans=2, unit_diagonal=True)) ** 2)


@smooth((S, B), by_differences=True)
@program((S, X), (-S, b))
def definite(a, c):
    x = cho_solve(cho_factor(a), c) + cho_solve(cho_factor(a, lower=True), c)
    y = scipy.linalg.solve(a, c, assume_a="her") + scipy.linalg.solve(a, c, assume_a="pos")
    return np.sum(np.abs(x + 1j * y) ** 2)


@program((S,), (A,))
def other_factors(a):
    return (
        cho_factor(a @ a.conj().T), scipy.linalg.expm(0.3 * a), scipy.linalg.svdvals(a),
        scipy.linalg.eigvalsh(a, lower=False), scipy.linalg.norm(a),
    )  # fmt: skip


@smooth((A,), (10 * A,), by_differences=True)
def expm(a):
    return np.sum(np.abs(scipy.linalg.expm(a / np.sum(np.abs(a))) + 1j) ** 2)


# -- single precision, other sizes


def of_single_precision(a, c):
    s = a @ np.conj(a.T) + 1
    found = (
        np.linalg.solve(a, c), np.linalg.inv(a), np.linalg.det(a), *np.linalg.slogdet(a),
        np.linalg.eigvalsh(s), np.linalg.svdvals(a), np.linalg.cholesky(s), *np.linalg.qr(a),
        np.linalg.norm(a, 2), np.linalg.norm(a), np.linalg.cond(a), scipy.linalg.expm(a),
        *np.linalg.lstsq(a, c, rcond=None), *lu_factor(a), *scipy.linalg.lu(a), cho_factor(s)[0],
    )  # fmt: skip
    return found, np.linalg.matrix_power(a, -2), np.linalg.pinv(a)


@pytest.mark.parametrize("c", [b.astype("c8"), b, X.astype("f4"), X], ids=lambda c: c.dtype.name)
def test_single_precision(c, mode):
    a = A.astype(np.complex64)
    theirs, ours = of_single_precision(a, c), transpile.function(of_single_precision)(a, c)
    for want, got in zip((*theirs[0], *theirs[1:]), (*ours[0], *ours[1:]), strict=True):
        assert type(got) is type(want) and (got.dtype, got.shape) == (want.dtype, want.shape)
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-5)


def embedded(a: np.ndarray) -> np.ndarray:
    """A complex matrix as a real one of twice the size."""
    return np.block([[a.real, -a.imag], [a.imag, a.real]])


def test_solutions_are_those_of_the_real_system_of_twice_the_size():
    x = np.linalg.solve(embedded(A), np.concatenate([b.real, b.imag]))
    found = transpile.function(solve_itself)(A, b)
    np.testing.assert_allclose(found, x[:3] + 1j * x[3:], rtol=0, atol=1e-13)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
