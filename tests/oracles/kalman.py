"""A Kalman filter's log-likelihood is that of one dense multivariate normal."""

import numpy as np


def log_likelihood(y, s2_eps, s2_eta, P):
    a, ll = 0.0, 0.0
    for t in range(len(y)):
        F = P + s2_eps
        v = y[t] - a
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        K = P / F
        a = a + K * v
        P = P * (1.0 - K) + s2_eta
    return ll


def identities(gradient):
    y, s2_eps, s2_eta, P = np.random.default_rng(0).normal(size=12).cumsum(), 0.8, 0.5, 2.0
    noise = np.eye(12)
    walk = np.minimum.outer(np.arange(12.0), np.arange(12.0))
    start = np.ones((12, 12))
    inverse = np.linalg.inv(s2_eps * noise + s2_eta * walk + P * start)
    z = inverse @ y
    scores = (0.5 * (z @ D @ z - np.sum(inverse * D)) for D in (noise, walk, start))
    yield gradient(log_likelihood, (y, s2_eps, s2_eta, P), (0, 1, 2, 3)), (-z, *scores)
