"""Linear triangles: element matrices added into one matrix, boundary rows set, then solved."""

import numpy as np

wrt = ("points", "load")


def finite_elements(points, load, triangles, boundary):
    n = len(points)
    A = np.zeros((n, n))
    f = np.zeros(n)
    for e in range(len(triangles)):
        nodes = triangles[e]
        x, y = points[nodes, 0], points[nodes, 1]
        b = np.array([y[1] - y[2], y[2] - y[0], y[0] - y[1]])
        c = np.array([x[2] - x[1], x[0] - x[2], x[1] - x[0]])
        area = 0.5 * (b[0] * c[1] - b[1] * c[0])
        local = (b[:, None] * b + c[:, None] * c) / (4.0 * area)
        np.add.at(A, (nodes[:, None], nodes), local)
        np.add.at(f, nodes, load[nodes] * area / 3.0)
    A[boundary] = 0.0
    A[boundary, boundary] = 1.0
    f[boundary] = 0.0
    for k in range(n):
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            f[i] -= factor * f[k]
    u = np.zeros(n)
    for i in range(n - 1, -1, -1):
        u[i] = (f[i] - np.dot(A[i, i + 1 :], u[i + 1 :])) / A[i, i]
    return np.sum(u * u)


def arguments(seed):
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(3.0), np.arange(3.0)), axis=-1).reshape(-1, 2)
    points = grid + 0.1 * rng.normal(size=grid.shape)
    corners = [k for k in range(8) if k % 3 < 2 and k < 6]
    triangles = [(k, k + 1, k + 3) for k in corners] + [(k + 1, k + 4, k + 3) for k in corners]
    boundary = np.array([0, 1, 2, 3, 5, 6, 7, 8])
    return points, rng.normal(size=9), np.array(triangles), boundary
