# Written by transpile from source.py:4 -- do not edit; write it again with
#     python -m transpile source.py:newton --args 'float, float' --grad a, --to python
import numpy as np


def newton_grad(a, tolerance):
    """The gradient of newton: d_a.

    For a: float, tolerance: float.
    """
    # forward
    x = a
    entries = 0
    while True:                                         # source.py:6
        step = (x * x - a) / (2.0 * x)                  # source.py:7
        x = x - step                                    # source.py:8
        entries += 1                                    # source.py:6
        if float(np.absolute(step)) < tolerance:        # source.py:9
            break
    x_at = np.empty(entries)
    x = a
    kept = 0
    trips = 0
    while True:                                         # source.py:6
        trips += 1
        x_at[kept] = x                                  # source.py:6
        step = (x * x - a) / (2.0 * x)                  # source.py:7
        x = x - step                                    # source.py:8
        kept += 1                                       # source.py:6
        if float(np.absolute(step)) < tolerance:        # source.py:9
            break

    # reverse
    d_x = 1.0
    d_a = 0.0
    for i in reversed(range(trips)):                    # source.py:6
        kept -= 1                                       # source.py:6
        x = float(x_at[kept])
        # source.py:7:  step = (x * x - a) / (2.0 * x)
        scaled_x = 2.0 * x
        step = (x * x - a) / scaled_x
        ratio_d_x = d_x / scaled_x
        d_x += d_x * (step / scaled_x) * 2.0
        d_a += ratio_d_x
        d_x -= 2 * ratio_d_x * x
    # source.py:6:  while True:
    d_a += d_x
    return (d_a,)
