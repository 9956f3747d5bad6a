# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:decay
#         --args 'float64[:], float64[:], float, int, (float64[:], float64[:])' --jvp y0,k
#         --to python
import numpy as np


def decay_jvp(y0, k, dt, steps, y0_dot, k_dot):
    """Given y0_dot and k_dot, the tangent of y0 and k, return that of the result.

    For y0: float64[n_y0], k: float64[n_y0], dt: float, steps: int, y0_dot:
    float64[n_y0], k_dot: float64[n_y0].
    """
    y = y0.copy()
    y_dot = y0_dot.copy()
    for i in range(steps):                              # source.py:8
        dt_times_k = dt * k                             # source.py:9
        scaled_dt_times_k = dt_times_k * y
        y_dot = y_dot - ((k_dot * dt * y + y_dot * dt_times_k) * y + y_dot * scaled_dt_times_k)
        y = y - scaled_dt_times_k * y
    return np.sum(y_dot)
