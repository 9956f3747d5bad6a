"""A nonlinear recurrence over a whole array: its states are kept for the way back."""

import numpy as np


def decay(y0, k, dt, steps):
    y = y0
    for i in range(steps):
        y = y - dt * k * y * y
    return np.sum(y)


def arguments():
    return np.array([1.0, 2.0, 0.5]), np.array([0.3, 0.1, 0.7]), 0.1, 4


wrt = ("y0", "k")
derivatives = ("jvp",)
