# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:misfit --args 'float64[:, :], float64[:]' --grad A,b
#         --to python
import numpy as np


def misfit_grad(A, b):
    """The gradient of misfit: (d_A, d_b).

    For A: float64[n_A, n_A], b: float64[n_A].
    """
    # forward
    x = np.linalg.solve(A, b)                           # source.py:7
    solve_A = np.linalg.solve(A.T, b)

    # reverse
    # source.py:7:  x = np.linalg.solve(A, b)
    d_A = -np.outer(solve_A, x)
    d_b = x.copy()
    # source.py:7:  x = np.linalg.solve(A, b)
    d_b += solve_A
    return d_A, d_b
