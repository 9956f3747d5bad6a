# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:decay --args 'float64[:], float64[:], float, int'
#         --grad y0,k --to python
import numpy as np


def decay_grad(y0, k, dt, steps):
    """The gradient of decay: (d_y0, d_k).

    For y0: float64[n_y0], k: float64[n_y0], dt: float, steps: int.
    """
    n_y0 = len(y0)
    # forward
    y_at = np.empty((max(steps, 0), n_y0))
    y = y0.copy()
    for i in range(steps):                              # source.py:8
        y_at[i] = y                                     # source.py:8
        y = y - dt * k * y * y                          # source.py:9

    # reverse
    # source.py:10:  return np.sum(y)
    d_y = np.full(n_y0, 1.0)
    d_k = np.zeros_like(k)
    for i in reversed(range(steps)):                    # source.py:8
        y_1 = y_at[i]                                   # source.py:8
        # source.py:9:  y = y - dt * k * y * y
        d_y_times_y = d_y * y_1
        dt_times_k = dt * k
        d_y -= d_y * (dt_times_k * y_1)
        d_y -= d_y_times_y * dt_times_k
        d_k -= d_y_times_y * y_1 * dt
    return d_y, d_k
