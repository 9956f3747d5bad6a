# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:gauss_seidel --args 'float64[:], float64[:], int'
#         --grad u,f --to python
import numpy as np


def gauss_seidel_grad(u, f, sweeps):
    """The gradient of gauss_seidel: (d_u, d_f).

    For u: float64[n_u], f: float64[n_f], sweeps: int.
    """
    n_u = len(u)
    # forward
    u_1 = u.copy()
    for s in range(sweeps):                             # source.py:7
        for i in range(1, n_u - 1):                     # source.py:8
            u_1[i] = 0.5 * (u_1[i - 1] + u_1[i + 1] - f[i])  # source.py:9

    # reverse
    # source.py:10:  return np.sum(u * u)
    d_u = 2.0 * u_1
    d_f = np.zeros_like(f)
    for s in reversed(range(sweeps)):                   # source.py:7
        for i in reversed(range(1, n_u - 1)):           # source.py:8
            # source.py:9:  u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
            d_u_i = d_u[i]
            d_u[i] = 0.0
            scaled_d_u_i = d_u_i * 0.5
            d_f[i] -= scaled_d_u_i
            d_u[i + 1] += scaled_d_u_i
            d_u[i - 1] += scaled_d_u_i
    return d_u, d_f
