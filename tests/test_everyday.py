"""Everyday programs, as they are written with lists, dicts and dataclasses around the arrays."""

# ruff: noqa: UP030, UP031, UP032 (texts that are made in all ways)

from __future__ import annotations

import dataclasses
import math

import numpy as np

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth

rng = np.random.default_rng(3)


@dataclasses.dataclass
class Particle:
    place: np.ndarray
    speed: np.ndarray
    mass: float = 1.0


@smooth((rng.random((3, 2)),))
def three_bodies(places):
    bodies = [Particle(places[i].copy(), np.zeros(2)) for i in range(3)]
    for _ in range(4):
        for a in bodies:
            force = np.zeros(2)
            for b in bodies:
                if a is not b:
                    r = b.place - a.place
                    force += b.mass * r / (np.sum(r * r) + 0.1) ** 1.5
            a.speed = a.speed + 0.01 * force / a.mass
        for a in bodies:
            a.place = a.place + 0.01 * a.speed
    return np.sum(np.array([a.place for a in bodies]) ** 2)


@smooth((rng.random((5, 3)), rng.random(5), 6))
def regression(x, y, steps):
    params = {"w": np.zeros(3), "b": 0.0}
    losses = []
    for _ in range(steps):
        error = x @ params["w"] + params["b"] - y
        losses.append(np.mean(error**2))
        grads = {"w": 2 * x.T @ error / len(y), "b": 2 * error.mean()}
        for k in params:
            params[k] = params[k] - 0.1 * grads[k]
    return np.array(losses).sum() + params["b"] * params["w"].sum()


@smooth((2.0, 0.1, 8))
def runge_kutta_in_lists(y0, h, n):
    def f(t, y):
        return -y * y + math.sin(t)

    times, values = [0.0], [y0]
    for _ in range(n):
        t, y = times[-1], values[-1]
        k1 = f(t, y)
        k2 = f(t + h / 2, y + h / 2 * k1)
        k3 = f(t + h / 2, y + h / 2 * k2)
        k4 = f(t + h, y + h * k3)
        values.append(y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
        times.append(t + h)
    return np.sum(np.array(times) * np.array(values))


@program(("kitten", "sitting"), ("", "ab"))
def edit_distance(s, t):
    m, n = len(s), len(t)
    d = [[0] * (n + 1) for _ in range(m + 1)]
    for i in range(m + 1):
        d[i][0] = i
    for j in range(n + 1):
        d[0][j] = j
    for i in range(1, m + 1):
        for j in range(1, n + 1):
            cost = 0 if s[i - 1] == t[j - 1] else 1
            d[i][j] = min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost)
    return d[m][n]


@program((rng.random((6, 6)) > 0.5,))
def life(cells):
    n, m = cells.shape
    new = np.zeros_like(cells)
    around = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    for i in range(n):
        for j in range(m):
            s = sum(int(cells[(i + di) % n, (j + dj) % m]) for di, dj in around)
            new[i, j] = s == 3 or (cells[i, j] and s == 2)
    return new


@smooth((3.0, 5), by_differences=True)
@program((3.0, 0))
def starting_values(n, m):
    nodes = np.zeros(m)
    for i in range(m):
        if i == 0:
            z = n * 2.0
        elif i == 1:
            z = z - 1.0 / z
        else:
            z = 2 * z + nodes[i - 2]
        nodes[i] = z
    return np.sum(nodes) + z


@program((0, 3), (-1, 3))
def never_assigned_in_the_first_round(n, m):
    for i in range(m):
        if i > n:
            q = 1.0
        s = q + i
    return s


@program((np.arange(4.0), 2.0), (np.arange(4.0), 9.0), (np.arange(0.0), 1.0))
def first_above(x, level):
    for i in range(len(x)):
        if x[i] > level:
            return i


@program((rng.random((2, 3)), 1), (rng.random((2, 3)), 0), (rng.random((2, 3)), -1))
def checked(x, n):
    if n < 0:
        raise ValueError("shape {} with {:.2f} of {k}".format(x.shape, n, k=x))
    if n == 0:
        raise TypeError("shape %s, " % (x.shape,) + f"{x!r} of {n}")
    rows, columns = np.atleast_2d(x[0], x)
    return (
        rows,
        columns,
        np.isscalar(n),
        np.isscalar(x),
        np.isscalar(x[0, 0]),
        "{1}-{0}".format(1, 2),
    )


@program((np.ones((3, 2)),), (np.ones((1, 2)),), (np.ones((0, 1)),))
def rows_or_one(x):
    if x.shape[0] == 1:
        x = x[0]
    n = len(x)
    return x, float(n) if n != 1 else n, np.isscalar(n), np.isscalar(x)


@program((2.0, True), (2.0, False))
def either_way(x, forward):
    if forward is True:
        x = x * 2
    back = x < 0 if forward else x > 3
    while back is not True and forward is back:
        forward = not forward
    return x, forward is False


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()


def test_texts_of_tuples_are_printed_as_python_does(mode, capfd):
    def shown(x, n):
        print("n {} of {}: {:.3f}".format(n, x.shape, x[0]))
        print(f"{(n, 2.5, 'a')} {[n]} {(n,)!r}")

    transpile.function(shown)(np.ones(3), 4)
    want = "n 4 of (3,): 1.000\n(4, 2.5, 'a') [4] (4,)\n"
    assert capfd.readouterr().out == want
