# Written by transpile from source.py:4 -- do not edit; write it again with
#     python -m transpile source.py:newton --args 'float, float' --to python
import numpy as np


def newton(a, tolerance):
    """For a: float, tolerance: float."""
    x = a
    while True:                                         # source.py:6
        step = (x * x - a) / (2.0 * x)                  # source.py:7
        x = x - step                                    # source.py:8
        if float(np.absolute(step)) < tolerance:        # source.py:9
            break
    return x
