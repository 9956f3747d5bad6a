"""Runge-Kutta on y' = a y: n steps multiply by R(a dt) to the n."""


def end(y, a, dt, n):
    for step in range(n):
        k1 = a * y
        k2 = a * (y + 0.5 * dt * k1)
        k3 = a * (y + 0.5 * dt * k2)
        k4 = a * (y + dt * k3)
        y = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y


def identities(gradient):
    y, a, dt, n = 1.5, -0.8, 0.1, 30
    z = a * dt
    R = 1.0 + z + z**2 / 2.0 + z**3 / 6.0 + z**4 / 24.0
    slope = 1.0 + z + z**2 / 2.0 + z**3 / 6.0
    dR = n * R ** (n - 1) * slope * y
    yield gradient(end, (y, a, dt, n), ("y", "a", "dt")), (R**n, dR * dt, dR * a)
