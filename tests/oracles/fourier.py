"""The energy of a discrete Fourier transform: Parseval gives 2 n x."""

import numpy as np


def energy(x):
    n = len(x)
    total = 0.0
    for k in range(n):
        re, im = 0.0, 0.0
        for j in range(n):
            angle = 2.0 * np.pi * ((j * k) % n) / n
            re += x[j] * np.cos(angle)
            im -= x[j] * np.sin(angle)
        total += re * re + im * im
    return total


def identities(gradient):
    x = np.random.default_rng(0).normal(size=12)
    yield gradient(energy, (x,), (0,)), (24.0 * x,)
