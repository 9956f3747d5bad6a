# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:misfit --args 'float64[:, :], float64[:]' --to python
import numpy as np


def misfit(A, b):
    """For A: float64[n_A, n_A], b: float64[n_A]."""
    x = np.linalg.solve(A, b)                           # source.py:7
    return x @ b
