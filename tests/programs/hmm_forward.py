"""Forward recursion of a hidden Markov model, scaled at each step."""

import numpy as np

wrt = ("start", "A", "B")


def hmm_forward(start, A, B, observed):
    alpha = start * B[:, observed[0]]
    ll = 0.0
    for t in range(1, len(observed)):
        scale = alpha.sum()
        ll += np.log(scale)
        alpha = (alpha / scale) @ A * B[:, observed[t]]
    return ll + np.log(alpha.sum())


def arguments(seed):
    rng = np.random.default_rng(seed)
    start, A, B = rng.uniform(size=3), rng.uniform(size=(3, 3)), rng.uniform(size=(3, 4))
    return start / start.sum(), A, B, rng.integers(0, 4, size=10)
