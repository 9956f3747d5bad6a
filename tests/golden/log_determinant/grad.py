# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:log_determinant --args 'float64[:, :]' --grad A,
#         --to python
import numpy as np


def log_determinant_grad(A):
    """The gradient of log_determinant: d_A.

    For A: float64[n, m_A].
    """
    n = A.shape[0]
    # forward
    A_1 = A.copy()
    for k in range(n):                                  # source.py:8
        for i in range(k + 1, n):                       # source.py:9
            A_1[i, k] /= A_1[k, k]                      # source.py:10
            for j in range(k + 1, n):                   # source.py:11
                A_1[i, j] -= A_1[i, k] * A_1[k, j]      # source.py:12

    # reverse
    d_A = np.zeros_like(A)
    for k in reversed(range(n)):                        # source.py:14
        # source.py:15:  total += np.log(A[k, k])
        d_A[k, k] += 1.0 / A_1[k, k]
    for k in reversed(range(n)):                        # source.py:8
        for i in reversed(range(k + 1, n)):             # source.py:9
            A_k_k = A_1[k, k]                           # source.py:10
            A_i_k = A_1[i, k]
            for j in reversed(range(k + 1, n)):         # source.py:11
                # source.py:12:  A[i, j] -= A[i, k] * A[k, j]
                d_A_i_j = d_A[i, j]
                d_A[k, j] -= d_A_i_j * A_1[i, k]
                d_A[i, k] -= d_A_i_j * A_1[k, j]
            # source.py:10:  A[i, k] /= A[k, k]
            d_A_i_k = d_A[i, k]
            d_A[i, k] = 0.0
            d_A[i, k] += d_A_i_k / A_k_k
            d_A[k, k] -= d_A_i_k * (A_i_k / A_k_k)
    return (d_A,)
