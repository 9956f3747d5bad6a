# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:gauss_seidel --args 'float64[:], float64[:], int'
#         --to python
import numpy as np


def gauss_seidel(u, f, sweeps):
    """For u: float64[n_u], f: float64[n_f], sweeps: int."""
    n_u = len(u)
    for s in range(sweeps):                             # source.py:7
        for i in range(1, n_u - 1):                     # source.py:8
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])   # source.py:9
    return np.sum(u * u)
