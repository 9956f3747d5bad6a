"""Sweeps in place, linear: the gradient keeps nothing."""

import numpy as np


def gauss_seidel(u, f, sweeps):
    for s in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
    return np.sum(u * u)


def arguments():
    return np.linspace(0.0, 1.0, 7), np.full(7, 0.1), 3


wrt = ("u", "f")
