# Written by transpile from source.py:4 -- do not edit; write it again with
#     python -m transpile source.py:sweep --args 'float64[:], float, int' --grad u,c
#         --to python
import numpy as np


def sweep_grad(u, c, steps):
    """The gradient of sweep: (d_u, d_c).

    For u: float64[n_u], c: float, steps: int.
    """
    n_u = len(u)
    # forward
    u_at = np.empty((max(steps, 0), max(n_u - 1, 0)))
    u_1 = u.copy()
    for t in range(steps):                              # source.py:5
        for i in range(1, n_u):                         # source.py:6
            u_i = u_1[i]                                # source.py:7
            u_at[t, i - 1] = u_i
            u_1[i] = u_i - c * u_1[i] * (u_1[i] - u_1[i - 1])

    # reverse
    d_u = np.zeros_like(u)
    d_u[-1] += 1.0
    d_c = 0.0
    for t in reversed(range(steps)):                    # source.py:5
        for i in reversed(range(1, n_u)):               # source.py:6
            # source.py:7:  u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
            u_was = u_at[t, i - 1]
            u_1[i] = u_was
            d_u_i = d_u[i]
            d_u[i] = 0.0
            scaled_d_u_i = d_u_i * (u_was - u_1[i - 1])
            scaled_d_u_i_1 = d_u_i * (c * u_was)
            d_u[i - 1] += scaled_d_u_i_1
            d_u[i] -= scaled_d_u_i_1
            d_c -= scaled_d_u_i * u_was
            d_u[i] -= scaled_d_u_i * c
            d_u[i] += d_u_i
    return d_u, d_c
