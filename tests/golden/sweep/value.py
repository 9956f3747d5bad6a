# Written by transpile from source.py:4 -- do not edit; write it again with
#     python -m transpile source.py:sweep --args 'float64[:], float, int' --to python
import numpy as np


def sweep(u, c, steps):
    """For u: float64[n_u], c: float, steps: int."""
    n_u = len(u)
    for t in range(steps):                              # source.py:5
        for i in range(1, n_u):                         # source.py:6
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])  # source.py:7
    return u[-1]
