"""log-sum-exp: its gradient is softmax, which sums to one."""

import numpy as np


def log_sum_exp(x):
    m = x[0]
    for i in range(1, len(x)):
        if x[i] > m:
            m = x[i]
    s = 0.0
    for i in range(len(x)):
        s += np.exp(x[i] - m)
    return m + np.log(s)


def identities(gradient):
    x = 5.0 * np.random.default_rng(0).normal(size=10)
    (g,) = gradient(log_sum_exp, (x,), (0,))
    e = np.exp(x - x.max())
    yield (g,), (e / e.sum(),)
    yield (g.sum(),), (1.0,)
