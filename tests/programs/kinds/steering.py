"""Control and orbits: regulators, controllers that are objects, two bodies."""

import math
from dataclasses import dataclass

import numpy as np

from tests.programs.kinds._case import runs


@runs(
    np.array([[1.0, 0.1], [0.0, 1.0]]),
    np.array([[0.0], [0.1]]),
    np.diag([1.0, 0.1]),
    np.array([[0.05]]),
    np.array([1.0, -0.5]),
    8,
    wrt=("A", "B", "Q", "R", "x0"),
)
def lqr_riccati(A, B, Q, R, x0, T=30):
    P = Q
    gains = np.zeros((T, B.shape[1], A.shape[0]))
    for t in range(T - 1, -1, -1):
        K = np.linalg.solve(R + B.T @ P @ B, B.T @ P @ A)
        P = Q + A.T @ P @ (A - B @ K)
        gains[t] = K
    x, cost = x0, 0.0
    for t in range(T):
        u = -gains[t] @ x
        cost += x @ Q @ x + u @ R @ u
        x = A @ x + B @ u
    return cost + x @ Q @ x, gains[0]


@runs(np.zeros(5), 0.5, 3.0, 3, wrt=("u0", "x0"))
def mpc_pendulum(u0, x0, umax, iters=20, dt=0.1, lr=0.5):
    def rollout(u):
        th, om = x0, 0.0
        ths, oms = [th], [om]
        for ut in u:
            om = om + dt * (np.sin(th) + ut)
            th = th + dt * om
            ths.append(th)
            oms.append(om)
        return np.array(ths), np.array(oms)

    u = u0.copy()
    for it in range(iters):
        ths, oms = rollout(u)
        lam_th, lam_om = 2 * ths[-1], 0.2 * oms[-1]
        g = np.zeros_like(u)
        for t in range(len(u) - 1, -1, -1):
            lam_om = lam_om + dt * lam_th
            g[t] = dt * lam_om + 0.02 * u[t]
            lam_th, lam_om = (
                lam_th + dt * np.cos(ths[t]) * lam_om + 2 * ths[t],
                lam_om + 0.2 * oms[t],
            )
        u = np.clip(u - lr * g, -umax, umax)
    return u, ths[-1]


@dataclass
class PID:
    kp: float
    ki: float
    kd: float
    integral: float = 0.0
    prev: float = 0.0

    def step(self, error, dt):
        self.integral += error * dt
        d = (error - self.prev) / dt
        self.prev = error
        return self.kp * error + self.ki * self.integral + self.kd * d


@runs(2.0, 0.5, 0.1, 20, wrt=("kp", "ki", "kd"), by_differences=True)
def pid_tank(kp, ki, kd, steps, dt=0.05):
    pid = PID(kp, ki, kd)
    level, trace = 0.0, np.empty(steps)
    setpoint = lambda t: 1.0 if t < 2.5 else 0.5
    for k in range(steps):
        u = pid.step(setpoint(k * dt) - level, dt)
        u = min(max(u, 0.0), 3.0)
        level += dt * (u - 0.8 * math.sqrt(max(level, 0.0)))
        trace[k] = level
    itae = sum(k * dt * abs(setpoint(k * dt) - trace[k]) for k in range(steps)) * dt
    return itae, trace


@runs(np.linspace(0.1, 6.0, 5), 0.3, 1.5, wrt=("M", "e", "a"), by_differences=True)
def kepler_positions(M, e, a):
    E = np.where(M > np.pi, M - e, M + e)
    for _ in range(50):
        dE = (E - e * np.sin(E) - M) / (1 - e * np.cos(E))
        E = E - dE
        if np.all(np.abs(dE) < 1e-13):
            break
    nu = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(E / 2), np.sqrt(1 - e) * np.cos(E / 2))
    r = a * (1 - e * np.cos(E))
    return np.stack([r * np.cos(nu), r * np.sin(nu)], axis=1)


def stumpff(z):
    if z > 1e-6:
        s = math.sqrt(z)
        return (1 - math.cos(s)) / z, (s - math.sin(s)) / s**3
    if z < -1e-6:
        s = math.sqrt(-z)
        return (math.cosh(s) - 1) / -z, (math.sinh(s) - s) / s**3
    return 1 / 2 - z / 24, 1 / 6 - z / 120


@runs(np.array([5000.0, 10000.0, 2100.0]), np.array([-14600.0, 2500.0, 7000.0]), 3600.0)
def lambert_universal(r1, r2, tof, mu=398600.0):
    n1, n2 = np.linalg.norm(r1), np.linalg.norm(r2)
    cross = np.cross(r1, r2)
    dnu = np.arccos(np.dot(r1, r2) / (n1 * n2))
    if cross[2] < 0:
        dnu = 2 * np.pi - dnu
    A = np.sin(dnu) * np.sqrt(n1 * n2 / (1 - np.cos(dnu)))

    def y(z):
        C, S = stumpff(z)
        return n1 + n2 + A * (z * S - 1) / np.sqrt(C)

    def F(z):
        C, S = stumpff(z)
        return (y(z) / C) ** 1.5 * S + A * np.sqrt(y(z)) - np.sqrt(mu) * tof

    def dF(z):
        h = 1e-5
        return (F(z + h) - F(z - h)) / (2 * h)

    z = 1.0
    for i in range(60):
        step = F(z) / dF(z)
        z -= step
        if abs(step) < 1e-9:
            break
    else:
        raise RuntimeError("no convergence")
    f = 1 - y(z) / n1
    g = A * np.sqrt(y(z) / mu)
    gdot = 1 - y(z) / n2
    return (r2 - f * r1) / g, (gdot * r2 - r1) / g
