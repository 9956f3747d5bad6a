"""A European call and its five Greeks; the normal distribution by its series, in a loop."""

import math

import numpy as np


def normal(x):
    term = x
    total = x
    for k in range(1, 60):
        term = term * x * x / (2 * k + 1)
        total += term
    return 0.5 + total * math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def call(S, K, T, r, sigma):
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    return S * normal(d1) - K * math.exp(-r * T) * normal(d2)


def identities(gradient):
    S, K, T, r, sigma = 105.0, 100.0, 0.7, 0.03, 0.25
    d1 = (np.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * np.sqrt(T))
    d2 = d1 - sigma * np.sqrt(T)
    N1, N2 = (0.5 * (1.0 + math.erf(d / math.sqrt(2.0))) for d in (d1, d2))
    density = np.exp(-0.5 * d1**2) / np.sqrt(2.0 * np.pi)
    discount = np.exp(-r * T)
    greeks = (
        N1,
        -discount * N2,
        S * density * sigma / (2.0 * np.sqrt(T)) + r * K * discount * N2,
        K * T * discount * N2,
        S * density * np.sqrt(T),
    )
    yield gradient(call, (S, K, T, r, sigma), (0, 1, 2, 3, 4)), greeks
