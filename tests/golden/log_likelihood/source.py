"""Scalars carried through a loop: the local level model's likelihood."""

import numpy as np


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


def arguments():
    return np.array([1120.0, 1160.0, 963.0, 1210.0, 1160.0]), 15099.0, 1469.1


wrt = ("s2_eps", "s2_eta")
derivatives = ("hessian",)
