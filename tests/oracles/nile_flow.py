"""At the published estimates for the Nile, the local level likelihood is flat.

Durbin and Koopman start the level from nothing known; with the first observation as the start that
is the likelihood of the other ninety-nine.
"""

from pathlib import Path

import numpy as np

FLOW = Path(__file__).parents[2] / "examples" / "nile.csv"


def log_likelihood(y, log_eps, log_eta):
    s2_eps, s2_eta = np.exp(log_eps), np.exp(log_eta)
    a, P, ll = y[0], s2_eps + s2_eta, 0.0
    for t in range(1, len(y)):
        F = P + s2_eps
        v = y[t] - a
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        K = P / F
        a = a + K * v
        P = P * (1.0 - K) + s2_eta
    return ll


def identities(gradient):
    y = np.loadtxt(FLOW, delimiter=",", usecols=1)
    parts = np.diff(y)  # differences are normal with a tridiagonal covariance
    s2_eps, s2_eta = 15099.0, 1469.1
    noise = 2.0 * np.eye(99) - np.eye(99, k=1) - np.eye(99, k=-1)
    inverse = np.linalg.inv(s2_eps * noise + s2_eta * np.eye(99))
    z = inverse @ parts
    scores = [
        0.5 * s2 * (z @ D @ z - np.sum(inverse * D))
        for s2, D in ((s2_eps, noise), (s2_eta, np.eye(99)))
    ]
    (g_eps, g_eta) = gradient(log_likelihood, (y, np.log(s2_eps), np.log(s2_eta)), (1, 2))
    yield (1.0 + g_eps, 1.0 + g_eta), tuple(1.0 + s for s in scores)
    assert abs(g_eps) < 1e-3 and abs(g_eta) < 1e-3
