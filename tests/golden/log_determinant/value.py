# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:log_determinant --args 'float64[:, :]' --to python
import numpy as np


def log_determinant(A):
    """For A: float64[n, m_A]."""
    n = A.shape[0]
    for k in range(n):                                  # source.py:8
        for i in range(k + 1, n):                       # source.py:9
            A[i, k] /= A[k, k]                          # source.py:10
            for j in range(k + 1, n):                   # source.py:11
                A[i, j] -= A[i, k] * A[k, j]            # source.py:12
    total = 0.0
    for k in range(n):                                  # source.py:14
        total += np.log(A[k, k])                        # source.py:15
    return total
