"""Conjugate gradients with a matrix in compressed sparse rows: a row's columns are a slice."""

import numpy as np

wrt = ("values", "b")


def sparse_rows(values, columns, starts, b, steps):
    def product(p):
        y = np.zeros_like(p)
        for i in range(len(p)):
            row = slice_of(starts, i)
            y[i] = np.dot(values[row[0] : row[1]], p[columns[row[0] : row[1]]])
        return y

    x = np.zeros_like(b)
    r = b.copy()
    p = b.copy()
    rr = np.dot(r, r)
    for _ in range(steps):
        q = product(p)
        alpha = rr / np.dot(p, q)
        x += alpha * p
        r -= alpha * q
        old, rr = rr, np.dot(r, r)
        p = r + rr / old * p
    return np.sum(x**2)


def slice_of(starts, i):
    return starts[i], starts[i + 1]


def arguments(seed):
    rng = np.random.default_rng(seed)
    n = 6
    dense = np.where(rng.uniform(size=(n, n)) < 0.3, rng.normal(size=(n, n)), 0.0)
    dense = dense @ dense.T + 4 * np.eye(n)
    rows, columns = np.nonzero(dense)
    starts = np.searchsorted(rows, np.arange(n + 1))
    return dense[rows, columns], columns, starts, rng.normal(size=n), 3
