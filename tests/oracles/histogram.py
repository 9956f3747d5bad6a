"""A histogram by scattered additions, squared: 2 w c[index]."""

import numpy as np


def energy(w, index, bins):
    c = np.zeros(bins)
    for i in range(len(w)):
        c[index[i]] += w[i] * w[i]
    return np.dot(c, c) / 2.0


def identities(gradient):
    rng = np.random.default_rng(0)
    w, index = rng.normal(size=20), rng.integers(0, 6, size=20)
    c = np.bincount(index, weights=w * w, minlength=6)
    yield gradient(energy, (w, index, 6), ("w",)), (2.0 * w * c[index],)
