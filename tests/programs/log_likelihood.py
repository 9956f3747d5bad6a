"""Log-likelihood of the local level model, by a Kalman filter."""

import numpy as np

wrt = ("y", "s2_eps", "s2_eta")


def log_likelihood(y, s2_eps, s2_eta):
    a, P, ll = y[0], s2_eps + s2_eta, 0.0
    for t in range(1, len(y)):
        F = P + s2_eps
        v = y[t] - a
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        K = P / F
        a = a + K * v
        P = P * (1.0 - K) + s2_eta
    return ll


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=20).cumsum() + rng.normal(size=20), 1.3, 0.7
