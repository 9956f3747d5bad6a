"""The section "Gradient" of the seed, with its ledger of ties and kinks."""

import numpy as np

from tests.seed._case import floats, slope


@slope(6.0, at=(3.0,), wrt=("a",))
def squared(a):
    return a**2


@slope([0, 1, 1], at=(floats(1, 3, 3),), wrt=("x",))
def ties(x):
    return np.max(x)


@slope(1.0, at=(1.0,), wrt=("x",))
def kink(x):
    return np.maximum(x, 1)


@slope([0, 1, -1], at=(floats(0, 2, -2),), wrt=("x",))
def absolute(x):
    return np.abs(x)


@slope([6, 0, 0], at=(floats(0, 2, 3),), wrt=("x",))
def product(x):
    return np.prod(x)


@slope([0, 1, 1, 1, 0], at=(floats(-1, 0, 0.5, 1, 2),), wrt=("x",))
def clipped(x):
    return np.clip(x, 0, 1)


@slope(np.inf, at=(0.0,), wrt=("x",))
def root(x):
    return np.sqrt(x)


@slope([0, 0, 0], at=(floats(0.3, -1.2, 2),), wrt=("x",))
def flat(x):
    return np.floor(x) + np.round(x) + np.sign(x)


@slope([-1, 1, 0], at=(floats(1, 5, 2),), wrt=("x",))
def peak_to_peak(x):
    return np.ptp(x)


@slope([0, 1, 0.5], at=(floats(0, 1, 2),), wrt=("x",))
def masked(x):
    return np.where(x > 0, np.log(x), 0)
