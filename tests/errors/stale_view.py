"""A name that goes from a row to a column of an array that is written in the same loop."""

import numpy as np


def f(A):
    before = A[0]
    for k in range(1, len(A)):
        A[k - 1, 0] += 1.0
        A[k] = A[k] + before
        before = A[:, k]
    return A


args = (np.ones((3, 2)),)
