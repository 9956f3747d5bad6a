"""Linear binning of a sample into a grid, smoothed, and read again where the sample lies."""

import numpy as np

wrt = ("x", "weight")


def histogram(x, weight, bins, rounds):
    counts = np.zeros(bins + 1)
    place = np.clip(x * bins, 0.0, bins - 0.001)
    left = place.real.astype(np.int64)
    part = place - left
    np.add.at(counts, left, weight * (1.0 - part))
    np.add.at(counts, left + 1, weight * part)
    for _ in range(rounds):
        counts[1:-1] = 0.25 * counts[:-2] + 0.5 * counts[1:-1] + 0.25 * counts[2:]
    density = counts[left] * (1.0 - part) + counts[left + 1] * part
    return np.sum(weight * np.log(density))


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(size=20), rng.uniform(0.5, 1.5, size=20), 8, 3
