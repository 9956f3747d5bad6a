# Written by transpile from source.py:21 -- do not edit; write it again with
#     python -m transpile source.py:solver --args 'float64[:], int' --grad a, --to python
import numpy as np


def solver_grad(a, steps):
    """The gradient of solver: d_a.

    For a: float64[n_a], steps: int.
    """
    n_a = len(a)
    # forward
    root_at = np.empty(n_a)
    for i in range(n_a):                                # source.py:23
        a_i = a[i]                                      # source.py:24
        x = a_i
        for _ in range(steps):                          # source.py:11
            x = 0.5 * (x + a_i / x)                     # source.py:12
        root_at[i] = x                                  # source.py:24

    # reverse
    d_a = np.zeros_like(a)
    for i in reversed(range(n_a)):                      # source.py:23
        # source.py:24:  total += np.sin(root(a[i], steps))
        root_was = root_at[i]
        d_a[i] += 0.5 * np.cos(root_was) / root_was
    return (d_a,)
