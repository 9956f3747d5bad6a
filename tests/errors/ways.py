"""Names that are different things on different ways through a branch or loop."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X)
def kind_of_an_element(x):
    return np.vectorize(lambda v: v if v > 0 else 0)(x)


@given(X)
def precision(x):
    y = np.float32(1.0)
    if x[0] > 0.0:
        y = np.float64(2.0)
    return y


@given(X, 4)
def two_names_of_an_array_that_grows(x, n):
    a = x[:1]
    b = x[:1]
    for _ in range(n):
        a = np.append(a, 1.0)
        b = a
    return a, b


@given(X, np.eye(3), np.array([1, 2]))
def an_array_of_a_loop_that_has_ended(x, A, k):
    B = A.T
    y = x + 1.0
    for _ in range(2):
        count = 0
        while True:
            count += 1
            y, x = x, y
            if count >= 3:
                break
            x[k] += 1.0
            if count > 1:
                B, A = A, B
                continue
        y, x = x, y
    return np.sum(x) + np.sum(A) + np.sum(B)
