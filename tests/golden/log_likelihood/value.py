# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:log_likelihood --args 'float64[:], float, float'
#         --to python
import numpy as np


def log_likelihood(y, s2_eps, s2_eta):
    """For y: float64[n_y], s2_eps: float, s2_eta: float."""
    n_y = len(y)
    P = s2_eps + s2_eta                                 # source.py:7
    ll = 0.0
    a = y[0]                                            # source.py:7
    for t in range(1, n_y):                             # source.py:8
        F = P + s2_eps                                  # source.py:9
        v = y[t] - a                                    # source.py:10
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)  # source.py:11
        K = P / F                                       # source.py:12
        a = a + K * v                                   # source.py:13
        P = P * (1.0 - K) + s2_eta                      # source.py:14
    return ll
