"""log(sum(exp(x))), safe from overflow by a loop that finds the maximum."""

import numpy as np

wrt = ("x",)


def logsumexp(x):
    m = x[0]
    for i in range(1, len(x)):
        m = max(m, x[i])
    s = 0.0
    for i in range(len(x)):
        s += np.exp(x[i] - m)
    return m + np.log(s)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return (10.0 * rng.normal(size=11),)
