"""Programs of linear algebra and of Fourier transforms, as users of NumPy write them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.programs.kinds._case import runs

rng = np.random.default_rng(21)
X = np.sort(rng.uniform(0.0, 3.0, 8))
Y = np.sin(X) + 0.1 * rng.normal(size=8)
F = np.array([[1.0, 0.1, 0.0], [0.0, 1.0, 0.1], [0.0, -0.2, 0.9]])
H = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
U = rng.uniform(0.2, 1.0, 12)


@runs(X, Y, 0.7, 0.2, wrt=("x", "y", "scale", "noise"), by_differences=True)
def gaussian_process(x: Any, y: Any, scale: Any, noise: Any) -> Any:
    """The log-density of a Gaussian process, by the Cholesky factor of its covariance."""
    apart = (x[:, None] - x[None, :]) / scale
    K = np.exp(-0.5 * apart**2) + noise * np.eye(len(x))
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return -0.5 * (y @ alpha) - np.sum(np.log(np.diag(L))) - 0.5 * len(x) * np.log(2 * np.pi)


@runs(rng.normal(size=(6, 2)), F, 0.1 * np.eye(3), H, 0.3 * np.eye(2), wrt=("y", "F", "Q", "R"),
      by_differences=True)  # fmt: skip
def kalman_of_vectors(y: Any, F: Any, Q: Any, H: Any, R: Any) -> Any:
    """The Kalman filter of a state of several numbers, observed in part."""
    m, P, total = np.zeros(len(F)), np.eye(len(F)), 0.0
    for t in range(len(y)):
        m, P = F @ m, F @ P @ F.T + Q
        S = H @ P @ H.T + R
        v = y[t] - H @ m
        K = np.linalg.solve(S.T, H @ P.T).T
        m, P = m + K @ v, P - K @ S @ K.T
        total -= 0.5 * (v @ np.linalg.solve(S, v) + np.linalg.slogdet(S)[1])
    return total


@runs(U, 0.003, wrt=("u", "rate"), by_differences=True)
def spectral_heat(u: Any, rate: Any) -> Any:
    """Heat in a ring, step by step in the space of frequencies, with a source."""
    k = 2.0 * np.pi * np.fft.rfftfreq(len(u), 1.0 / len(u))
    for _ in range(4):
        f = np.fft.rfft(u) * np.exp(-rate * k**2)
        u = np.fft.irfft(f, len(u))
        u = u + 0.01 * u * (1.0 - u)
    return np.sum(u**2)


@runs(np.diag([1.0, 2.0, 4.0]) + 0.0, wrt=("a",), by_differences=True, gives=np.log(8.0))
def log_determinant(a: Any) -> Any:
    """By its eigenvalues."""
    return np.sum(np.log(np.linalg.eigvalsh(a)))


@runs(np.vander(np.linspace(0.0, 1.0, 6), 3), np.linspace(0.0, 1.0, 6) ** 2, wrt=("b",),
      gives=np.array([1.0, 0.0, 0.0]))  # fmt: skip
def polynomial_fit(a: Any, b: Any) -> Any:
    """Least squares by QR."""
    q, r = np.linalg.qr(a)
    return np.linalg.solve(r, q.T @ b)
