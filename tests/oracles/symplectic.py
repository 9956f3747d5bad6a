"""Leapfrog of a pendulum keeps areas: the Jacobian of 400 steps has determinant 1."""

import numpy as np


def mixture(q, p, weight, steps):
    for step in range(steps):
        p -= 0.01 * np.sin(q)
        q += 0.02 * p
        p -= 0.01 * np.sin(q)
    return weight * q + (1.0 - weight) * p


def identities(gradient):
    dq = gradient(mixture, (1.0, 0.5, 1.0, 400), (0, 1))
    dp = gradient(mixture, (1.0, 0.5, 0.0, 400), (0, 1))
    yield (dq[0] * dp[1] - dq[1] * dp[0],), (1.0,)
