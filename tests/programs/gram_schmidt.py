"""Gram and Schmidt's orthogonalisation, in place through views of rows."""

import numpy as np

wrt = ("Q",)


def gram_schmidt(Q):
    for k in range(len(Q)):
        row = Q[k]
        for j in range(k):
            other = Q[j]
            row -= np.dot(row, other) * other
        row /= np.sqrt(np.sum(row * row))
    return Q[0, 0] * Q[1, 1] - Q[2, 2] * Q[2, 0]


def arguments(seed):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(3, 5)) + 2.0 * np.eye(3, 5),)
