# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:decay --args 'float64[:], float64[:], float, int'
#         --to python
import numpy as np


def decay(y0, k, dt, steps):
    """For y0: float64[n_y0], k: float64[n_y0], dt: float, steps: int."""
    y = y0.copy()
    for i in range(steps):                              # source.py:8
        y = y - dt * k * y * y                          # source.py:9
    return np.sum(y)
