"""Runge and Kutta's fourth-order method on a predator and its prey, with a helper function."""

import numpy as np

wrt = ("y", "p", "dt")


def rate(y, p):
    dy = np.empty(2)
    dy[0] = p[0] * y[0] - p[1] * y[0] * y[1]
    dy[1] = p[2] * y[0] * y[1] - p[3] * y[1]
    return dy


def runge_kutta(y, p, dt, steps):
    for step in range(steps):
        k1 = rate(y, p)
        k2 = rate(y + 0.5 * dt * k1, p)
        k3 = rate(y + 0.5 * dt * k2, p)
        k4 = rate(y + dt * k3, p)
        y = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y[0] * y[1]


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.8, 1.2, 2), rng.uniform(0.5, 1.5, 4), 0.05, 12
