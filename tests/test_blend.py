"""Branches that store, as choices of values: what is not stored stays as it is, to the last bit."""

from __future__ import annotations

import numpy as np

import transpile
from tests.phrases import Phrases

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5, -0.0, 0.0])
SPECIAL = np.array([np.nan, np.inf, -0.0, 0.0, -np.inf, 1.0, np.nan])
M = np.array([[1.0, 5.0, -2.0], [0.5, -0.0, 3.0], [2.0, 4.0, np.inf]])
G = (np.arange(30).reshape(5, 6) * 7 % 5 < 2).astype(np.int64)

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


@program((X,), (SPECIAL,), (np.array([3, 1, 2]),), (np.array([True, False]),))
def sorted_by_exchange(x):
    for i in range(len(x)):
        for j in range(len(x) - i - 1):
            if x[j] > x[j + 1]:
                t = x[j]
                x[j] = x[j + 1]
                x[j + 1] = t


@program((X,), (SPECIAL,))
def two_exchanges_by_one_name(x):
    y = x[::-1].copy()
    for j in range(len(x) - 1):
        if x[j] > y[j]:
            t = x[j]
            x[j] = y[j]
            y[j] = t
        if y[j + 1] < x[j + 1]:
            t = y[j + 1]
            y[j + 1] = x[j + 1]
            x[j + 1] = -t
    return y


@program((M,))
def shortest_ways(d):
    for k in range(len(d)):
        for i in range(len(d)):
            for j in range(len(d)):
                if d[i, k] + d[k, j] < d[i, j]:
                    d[i, j] = d[i, k] + d[k, j]


@program((X, -0.25, 1.0), (SPECIAL, -0.25, 1.0))
def within_bounds(x, low, high):
    y = x.copy()
    for i in range(len(x)):
        if y[i] < low:
            y[i] = low
        elif y[i] > high:
            y[i] = high
    return y


@smooth((X[:6],))
def only_some(x):
    y = x * 1.0
    for i in range(len(x)):
        if y[i].real > 0:
            y[i] += x[i] * x[i]
        if y[i].real < 0:
            y[i] -= 2
    return y @ y


@program((G,), (G.astype(np.uint8),), (G.astype(np.int8),), (G == 1,))
def lives_or_dies(g):
    new = g.copy()
    for _ in range(3):
        for i in range(1, g.shape[0] - 1):
            for j in range(1, g.shape[1] - 1):
                around = int(g[i - 1, j]) + int(g[i + 1, j]) + int(g[i, j - 1]) + int(g[i, j + 1])
                if g[i, j] == 1:
                    if around < 1 or around > 2:
                        new[i, j] = 0
                elif around == 2:
                    new[i, j] = 1
        g = new.copy()
    return g


@program((G, 3), (G, 0))
def a_new_one_each_time(g, steps):
    for _ in range(steps):
        new = np.zeros_like(g)
        for i in range(1, g.shape[0] - 1):
            for j in range(g.shape[1]):
                new[i, j] = g[i - 1, j] + 2 * g[i + 1, j]
        g = new
    return g


@program((X, 3), (X, 8))
def out_of_range_where_it_is_not_taken(x, n):
    y = np.zeros(n)
    for i in range(len(x)):
        if x[i] < 0 and i < n:
            y[i] = x[i]
        k = 2 * i
        if k < n and x[k % 8] > 0:
            y[k] = 1.0
    return y


@program((np.array([3, 7, 1, 0, 2]), 4), (np.array([3, 7, 1, 5, 2]), 0))
def divides_where_it_may(k, n):
    for i in range(len(k)):
        if k[i] != 0:
            k[i] = 12 // int(k[i])
        if k[i] > n:
            k[i] = k[i] - n


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


def test_an_element_that_is_not_looked_at_is_not_stored_to():
    """Others may be writing there."""

    def marked(x, chosen):
        for i in range(len(x)):
            if chosen[i] > 0:
                x[i] = 1.0

    f = transpile.function(marked)
    f(np.zeros(4), np.ones(4))
    assert "if (chosen[i] > 0.0) {" in f.source("c")
