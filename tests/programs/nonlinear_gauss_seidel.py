"""Gauss-Seidel sweeps over a plane for -Δu + u³ = -f, each cell's cube at its old value."""

import numpy as np

wrt = ("u", "f", "h")


def nonlinear_gauss_seidel(u, f, h, sweeps):
    n, m = u.shape
    for sweep in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = 0.25 * (
                    u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
                    - h * h * (f[i, j] + u[i, j] ** 3)
                )  # fmt: skip
    return np.sum(u * u)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(6, 5)), rng.normal(size=(6, 5)), 0.3, 4
