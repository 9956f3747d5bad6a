"""An array that a list holds does not change."""

import numpy as np


def f(x):
    path = []
    for _ in range(10):
        x += 1.0
        path.append(x)
    return np.array(path)


args = (np.ones(3),)
