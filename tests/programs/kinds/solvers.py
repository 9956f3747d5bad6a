"""Solvers as people write them: embedded Runge-Kutta, implicit steps, splitting, finite volumes."""

import math

import numpy as np

from tests.programs.kinds._case import normal, runs, uniform

C_DP = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0]


A_DP = [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]


B5 = np.array([35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0])


B4 = np.array([5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40])


def vdp(t, y, mu=1.0):
    return np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]])


@runs(np.array([2.0, 0.0]), 0.2, 1.2, wrt=("y0", "mu"))
def dopri5(y0, t_end, mu, rtol=1e-6, atol=1e-9):
    t, y, h = 0.0, y0.copy(), 0.01
    accepted = rejected = 0
    while t < t_end:
        h = min(h, t_end - t)
        k = np.zeros((7, len(y)))
        for s in range(7):
            dy = np.zeros_like(y)
            for j, a in enumerate(A_DP[s]):
                dy += a * k[j]
            k[s] = vdp(t + C_DP[s] * h, y + h * dy, mu=mu)
        y5 = y + h * (B5 @ k)
        err = h * ((B5 - B4) @ k)
        scale = atol + rtol * np.maximum(np.abs(y), np.abs(y5))
        norm = np.sqrt(np.mean((err / scale) ** 2))
        if norm <= 1:
            t += h
            y = y5
            accepted += 1
        else:
            rejected += 1
        factor = 5.0 if norm == 0 else 0.9 * norm ** (-0.2)
        h *= min(5.0, max(0.2, factor))
        if accepted + rejected > 10000:
            raise RuntimeError(f"too many steps at t={t:.3f}")
    return y, accepted, rejected


PARAMS = {"k1": 0.04, "k2": 3e7, "k3": 1e4}


def robertson(y, p):
    r1, r2, r3 = p["k1"] * y[0], p["k2"] * y[1] ** 2, p["k3"] * y[1] * y[2]
    return np.array([-r1 + r3, r1 - r3 - r2, r2])


def robertson_jac(y, p):
    return np.array(
        [
            [-p["k1"], p["k3"] * y[2], p["k3"] * y[1]],
            [p["k1"], -p["k3"] * y[2] - 2 * p["k2"] * y[1], -p["k3"] * y[1]],
            [0.0, 2 * p["k2"] * y[1], 0.0],
        ]
    )


@runs(np.array([1.0, 0.0, 0.0]), 0.1, 4, wrt=("y0", "h"))
def implicit_euler_newton(y0, h, steps):
    y = y0
    history = [y0]
    eye = np.eye(3)
    for n in range(steps):
        z = y.copy()
        for it in range(20):
            residual = z - y - h * robertson(z, PARAMS)
            delta = np.linalg.solve(eye - h * robertson_jac(z, PARAMS), -residual)
            z = z + delta
            if np.max(np.abs(delta)) < 1e-12:
                break
        else:
            raise RuntimeError(f"Newton did not converge in step {n}")
        y = z
        history.append(y)
    return np.array(history)


@runs(np.array([0.3, 0.0]), np.array([0.0, 1.9]), 0.02, 20, wrt=("q0", "p0"))
def yoshida4(q0, p0, dt, n, eps=1e-2):
    cbrt2 = 2 ** (1 / 3)
    w0, w1 = -cbrt2 / (2 - cbrt2), 1 / (2 - cbrt2)
    c = (w1 / 2, (w0 + w1) / 2, (w0 + w1) / 2, w1 / 2)
    d = (w1, w0, w1)
    q, p = q0.copy(), p0.copy()
    energy = np.zeros(n)

    def force(q):
        r2 = q @ q + eps**2
        return -q / r2**1.5

    for i in range(n):
        for k in range(3):
            q += c[k] * dt * p
            p += d[k] * dt * force(q)
        q += c[3] * dt * p
        energy[i] = 0.5 * np.dot(p, p) - 1 / np.sqrt(q @ q + eps**2)
    return q, p, energy


@runs(np.array([1.0, 0.5]), 0.05, 12, wrt=("y0", "h"))
def adams_bashforth_moulton(y0, h, n):
    a, b, c, d = 1.1, 0.4, 0.1, 0.4
    f = lambda y: np.array([a * y[0] - b * y[0] * y[1], c * y[0] * y[1] - d * y[1]])
    ys = np.empty((n + 1, 2))
    fs = []
    ys[0] = y0
    for i in range(3):
        k1 = f(ys[i])
        k2 = f(ys[i] + h / 2 * k1)
        k3 = f(ys[i] + h / 2 * k2)
        k4 = f(ys[i] + h * k3)
        ys[i + 1] = ys[i] + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        fs.append(k1)
    fs.append(f(ys[3]))
    for i in range(3, n):
        pred = ys[i] + h / 24 * (55 * fs[-1] - 59 * fs[-2] + 37 * fs[-3] - 9 * fs[-4])
        ys[i + 1] = ys[i] + h / 24 * (9 * f(pred) + 19 * fs[-1] - 5 * fs[-2] + fs[-3])
        fs.append(f(ys[i + 1]))
        fs.pop(0)
    return ys


@runs(0.1 * normal(3, 5, 6), 1.0, 0.05, 6, wrt=("c", "M"))
def cahn_hilliard(c, eps2, M, steps, dt=0.001, dx=1.0):
    def lap(a):
        return (
            np.roll(a, 1, 0) + np.roll(a, -1, 0) + np.roll(a, 1, 1) + np.roll(a, -1, 1) - 4 * a
        ) / dx**2

    energy = []
    for n in range(steps):
        mu = c**3 - c - eps2 * lap(c)
        c = c + dt * M * lap(mu)
        if n % 5 == 0:
            gx, gy = np.gradient(c, dx)
            energy.append(float(np.sum(0.25 * (c**2 - 1) ** 2 + 0.5 * eps2 * (gx**2 + gy**2))))
    return c, np.array(energy)


def roe_flux(hl, ul, hr, ur, g=9.81):
    sl, sr = math.sqrt(hl), math.sqrt(hr)
    u = (sl * ul + sr * ur) / (sl + sr)
    c = math.sqrt(0.5 * g * (hl + hr))
    l1, l2 = u - c, u + c
    dh, du = hr - hl, hr * ur - hl * ul
    a1 = (l2 * dh - du) / (2 * c)
    a2 = (du - l1 * dh) / (2 * c)
    eps = 0.1 * c
    abs1 = abs(l1) if abs(l1) > eps else (l1 * l1 + eps * eps) / (2 * eps)
    abs2 = abs(l2) if abs(l2) > eps else (l2 * l2 + eps * eps) / (2 * eps)
    f1 = 0.5 * (hl * ul + hr * ur) - 0.5 * (abs1 * a1 + abs2 * a2)
    f2 = 0.5 * (hl * ul * ul + 0.5 * g * hl * hl + hr * ur * ur + 0.5 * g * hr * hr) - 0.5 * (
        abs1 * a1 * l1 + abs2 * a2 * l2
    )
    return f1, f2


@runs(uniform(7, 12, low=2.0, high=2.1), 0.3, 4, wrt=("h0",), by_differences=True)
def dam_break_roe(h0, drop, steps):
    n = len(h0)
    h = h0.copy()
    h[n // 2 :] *= drop
    hu = np.zeros(n)
    dx, dt = 1.0, 0.05
    for s in range(steps):
        F = np.zeros((n + 1, 2))
        for i in range(n + 1):
            l, r = max(i - 1, 0), min(i, n - 1)
            F[i] = roe_flux(h[l], hu[l] / h[l], h[r], hu[r] / h[r])
        h = h - dt / dx * (F[1:, 0] - F[:-1, 0])
        hu = hu - dt / dx * (F[1:, 1] - F[:-1, 1])
    return h, hu
