"""Sweeps in place, nonlinear: one scalar is kept for each write."""


def sweep(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u)):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
    return u[-1]


def arguments():
    import numpy as np

    return np.linspace(1.0, 2.0, 6), 0.2, 3


wrt = ("u", "c")
