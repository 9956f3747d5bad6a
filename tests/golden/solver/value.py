# Written by transpile from source.py:21 -- do not edit; write it again with
#     python -m transpile source.py:solver --args 'float64[:], int' --to python
import numpy as np


def solver(a, steps):
    """For a: float64[n_a], steps: int."""
    n_a = len(a)
    total = 0.0
    for i in range(n_a):                                # source.py:23
        a_i = a[i]                                      # source.py:24
        x = a_i
        for _ in range(steps):                          # source.py:11
            x = 0.5 * (x + a_i / x)                     # source.py:12
        total += np.sin(x)                              # source.py:24
    return total
