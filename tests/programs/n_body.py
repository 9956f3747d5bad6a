"""Leapfrog of n bodies under gravity, with helper functions nested in each other."""

import numpy as np

wrt = ("x", "v", "m", "dt")


def n_body(x, v, m, dt, steps):
    n, d = x.shape

    def accelerations(x):
        def pull(i, j):
            r = x[j] - x[i]
            return m[j] * r / (np.sum(r * r) + 0.05) ** 1.5

        a = np.zeros_like(x)
        for i in range(n):
            for j in range(n):
                if i != j:
                    a[i] += pull(i, j)
        return a

    def energy():
        e = 0.0
        for i in range(n):
            e += 0.5 * m[i] * np.dot(v[i], v[i])
            for j in range(i):
                r = x[j] - x[i]
                e -= m[i] * m[j] / np.sqrt(np.sum(r * r) + 0.05)
        return e

    for step in range(steps):
        v = v + 0.5 * dt * accelerations(x)
        x = x + dt * v
        v = v + 0.5 * dt * accelerations(x)
    return energy() + np.sum(x[0] * v[-1])


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.uniform(0.5, 2.0, 4), 0.02, 5
