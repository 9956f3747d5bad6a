"""A linear system is handed to LAPACK, in the value and in the gradient."""

import numpy as np


def misfit(A, b):
    x = np.linalg.solve(A, b)
    return x @ b


def arguments():
    A = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, -0.2, 2.0]])
    return A, np.array([1.0, -2.0, 0.5])


wrt = ("A", "b")
