"""Geodesy and attitudes: tables of conventions, errors of the library's own, fits of rotations."""

import copy

import numpy as np

from tests.programs.kinds._case import normal, runs

ORDERS = {"sxyz": (0, 0, 0), "szyx": (2, 1, 0), "rzyx": (0, 0, 1)}
BY_PLACE = {order: name for name, order in ORDERS.items()}


class NotConverged(RuntimeError):
    """The iteration has not come to an end."""


@runs(0.3, -0.4, 0.5, "szyx", wrt=("a", "b", "c"))
def rotation_by_convention(a, b, c, axes):
    try:
        first, parity, moving = ORDERS[axes]
    except KeyError:
        BY_PLACE[axes]
        first, parity, moving = axes
    if moving:
        a, c = c, a
    turns = np.empty((3, 3, 3))
    for k, angle in enumerate((a, b, c)):
        axis = (first - k if parity else first + k) % 3
        i, j = (axis + 1) % 3, (axis + 2) % 3
        turns[k] = np.eye(3)
        turns[k, i, i] = turns[k, j, j] = np.cos(angle)
        turns[k, i, j], turns[k, j, i] = -np.sin(angle), np.sin(angle)
    return turns[2] @ turns[1] @ turns[0]


@runs(0.7, 0.1, 0.9, 0.4, wrt=("lat1", "lon1", "lat2", "lon2"), by_differences=True)
def distance_on_an_ellipsoid(lat1, lon1, lat2, lon2, a=6378.137, f=1 / 298.257223563):
    u1, u2 = np.arctan((1 - f) * np.tan(lat1)), np.arctan((1 - f) * np.tan(lat2))
    lon = far = lon2 - lon1
    for _ in range(20):
        across = np.cos(u2) * np.sin(far)
        along = np.cos(u1) * np.sin(u2) - np.sin(u1) * np.cos(u2) * np.cos(far)
        s = np.sqrt(across**2 + along**2)
        c = np.sin(u1) * np.sin(u2) + np.cos(u1) * np.cos(u2) * np.cos(far)
        sigma = np.arctan2(s, c)
        try:
            sine = np.cos(u1) * np.cos(u2) * np.sin(far) / float(s)
            middle = c - 2 * np.sin(u1) * np.sin(u2) / float(1 - sine**2)
        except ZeroDivisionError:
            sine, middle = np.float64(0.0), np.float64(0.0)
        q = 1 - sine**2
        k = f / 16 * q * (4 + f * (4 - 3 * q))
        before = far
        far = lon + (1 - k) * f * sine * (sigma + k * s * (middle + k * c * (2 * middle**2 - 1)))
        if abs(far - before) < 1e-15:
            break
    else:
        raise NotConverged(f"no end near {far}")
    return a * (1 - f) * sigma


@runs(normal(1, 3, 6), normal(2, 3, 6), wrt=("x", "y"), by_differences=True)
def rotation_between_points(x, y):
    held = copy.deepcopy([x, y])
    for points in held:
        points -= points.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(held[1] @ held[0].T)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    return turn, y.mean(axis=1) - turn @ x.mean(axis=1), s
