"""Flow solvers and differential equations."""

import numpy as np

from tests.programs.kinds._case import normal, runs, uniform


def build_up_b(b, rho, dt, u, v, dx, dy):
    b[1:-1, 1:-1] = rho * (
        1
        / dt
        * ((u[1:-1, 2:] - u[1:-1, 0:-2]) / (2 * dx) + (v[2:, 1:-1] - v[0:-2, 1:-1]) / (2 * dy))
        - ((u[1:-1, 2:] - u[1:-1, 0:-2]) / (2 * dx)) ** 2
        - 2 * ((u[2:, 1:-1] - u[0:-2, 1:-1]) / (2 * dy) * (v[1:-1, 2:] - v[1:-1, 0:-2]) / (2 * dx))
        - ((v[2:, 1:-1] - v[0:-2, 1:-1]) / (2 * dy)) ** 2
    )


def pressure_poisson(nit, p, dx, dy, b):
    pn = np.empty_like(p)
    for q in range(nit):
        pn[:] = p.copy()
        p[1:-1, 1:-1] = (
            (pn[1:-1, 2:] + pn[1:-1, 0:-2]) * dy**2 + (pn[2:, 1:-1] + pn[0:-2, 1:-1]) * dx**2
        ) / (2 * (dx**2 + dy**2)) - dx**2 * dy**2 / (2 * (dx**2 + dy**2)) * b[1:-1, 1:-1]
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0


@runs(7, 6, 3, 4, 0.1 * normal(1, 6, 7), 0.1 * normal(2, 6, 7), 0.001, normal(3, 6, 7), 1.0, 0.1,
      wrt=("u", "v", "p", "rho", "nu"))  # fmt: skip
def cavity_flow(nx, ny, nt, nit, u, v, dt, p, rho, nu):
    un = np.empty_like(u)
    vn = np.empty_like(v)
    b = np.zeros((ny, nx))
    dx, dy = 2 / (nx - 1), 2 / (ny - 1)
    for n in range(nt):
        un[:] = u.copy()
        vn[:] = v.copy()
        build_up_b(b, rho, dt, u, v, dx, dy)
        pressure_poisson(nit, p, dx, dy, b)
        u[1:-1, 1:-1] = (
            un[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, 0:-2])
            - vn[1:-1, 1:-1] * dt / dy * (un[1:-1, 1:-1] - un[0:-2, 1:-1])
            - dt / (2 * rho * dx) * (p[1:-1, 2:] - p[1:-1, 0:-2])
            + nu * (dt / dx**2 * (un[1:-1, 2:] - 2 * un[1:-1, 1:-1] + un[1:-1, 0:-2])
                    + dt / dy**2 * (un[2:, 1:-1] - 2 * un[1:-1, 1:-1] + un[0:-2, 1:-1]))
        )  # fmt: skip
        v[1:-1, 1:-1] = (
            vn[1:-1, 1:-1]
            - un[1:-1, 1:-1] * dt / dx * (vn[1:-1, 1:-1] - vn[1:-1, 0:-2])
            - vn[1:-1, 1:-1] * dt / dy * (vn[1:-1, 1:-1] - vn[0:-2, 1:-1])
            - dt / (2 * rho * dy) * (p[2:, 1:-1] - p[0:-2, 1:-1])
        )
        u[0, :] = 0
        u[:, 0] = 0
        u[:, -1] = 0
        u[-1, :] = 1
        v[0, :] = v[-1, :] = 0
        v[:, 0] = 0
        v[:, -1] = 0
    return u, v, p


@runs(5, 3, uniform(4, 5, 6), uniform(5, 5, 6), 0.01, 0.1, 0.1, 0.1, 1.0)
def channel_flow(nit, steps, u, v, dt, dx, dy, nu, F):
    """Periodic in x by columns of its own; stops where little changes."""
    p = np.zeros_like(u)
    udiff, stepcount = 1.0, 0
    while udiff > 0.001 and stepcount < steps:
        un, vn = u.copy(), v.copy()
        for q in range(nit):
            pn = p.copy()
            p[1:-1, 1:-1] = 0.25 * (pn[1:-1, 2:] + pn[1:-1, :-2] + pn[2:, 1:-1] + pn[:-2, 1:-1])
            p[1:-1, -1] = 0.25 * (pn[1:-1, 0] + pn[1:-1, -2] + pn[2:, -1] + pn[:-2, -1])
            p[1:-1, 0] = 0.25 * (pn[1:-1, 1] + pn[1:-1, -1] + pn[2:, 0] + pn[:-2, 0])
            p[-1, :] = p[-2, :]
            p[0, :] = p[1, :]
        u[1:-1, :] = (
            un[1:-1, :]
            - un[1:-1, :] * dt / dx * (un[1:-1, :] - np.roll(un, 1, axis=1)[1:-1, :])
            - vn[1:-1, :] * dt / dy * (un[1:-1, :] - un[:-2, :])
            + nu * dt / dy**2 * (un[2:, :] - 2 * un[1:-1, :] + un[:-2, :])
            + F * dt
        )
        u[0, :] = u[-1, :] = 0
        v[0, :] = v[-1, :] = 0
        udiff = (np.sum(u) - np.sum(un)) / np.sum(u)
        stepcount += 1
    return u, stepcount


@runs(1.0 + 0.1 * normal(6, 6, 6), 4, 0.05, wrt=("h",))
def shallow_water(h, steps, dt, g=1.0):
    u, v = np.zeros_like(h), np.zeros_like(h)
    for _ in range(steps):
        u[:, 1:] -= dt * g * (h[:, 1:] - h[:, :-1])
        v[1:, :] -= dt * g * (h[1:, :] - h[:-1, :])
        u[:, 0] = 0
        v[0] = 0
        flux_x, flux_y = h * u, h * v
        h[:, :-1] -= dt * (flux_x[:, 1:] - flux_x[:, :-1])
        h[:-1] -= dt * np.diff(flux_y, axis=0)
    return h, 0.5 * np.sum(h * (u**2 + v**2))


CX = np.array([0, 1, 0, -1, 0, 1, -1, -1, 1])
CY = np.array([0, 0, 1, 0, -1, 1, 1, -1, -1])
WEIGHTS = np.array([4 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 36, 1 / 36, 1 / 36, 1 / 36])


@runs(uniform(7, 9, 4, 5), 0.8, 2, wrt=("f", "tau"))
def lattice_boltzmann(f, tau, steps):
    for _ in range(steps):
        for i in range(9):
            f[i] = np.roll(f[i], (CX[i], CY[i]), axis=(0, 1))
        rho = np.sum(f, axis=0)
        ux = np.sum(f * CX[:, None, None], axis=0) / rho
        uy = np.sum(f * CY[:, None, None], axis=0) / rho
        for i in range(9):
            cu = CX[i] * ux + CY[i] * uy
            feq = WEIGHTS[i] * rho * (1 + 3 * cu + 4.5 * cu**2 - 1.5 * (ux**2 + uy**2))
            f[i] += -(1.0 / tau) * (f[i] - feq)
    return f


@runs(1.5 + np.sin(np.linspace(0, 2 * np.pi, 12)), 0.07, 0.02, 6, wrt=("u", "nu"))
def burgers(u, nu, dt, steps):
    dx = 2 * np.pi / (u.size - 1)
    for n in range(steps):
        un = u.copy()
        for i in range(1, u.size - 1):
            u[i] = (un[i] - un[i] * dt / dx * (un[i] - un[i - 1])
                    + nu * dt / dx**2 * (un[i + 1] - 2 * un[i] + un[i - 1]))  # fmt: skip
        u[0] = (un[0] - un[0] * dt / dx * (un[0] - un[-2])
                + nu * dt / dx**2 * (un[1] - 2 * un[0] + un[-2]))  # fmt: skip
        u[-1] = u[0]
    return u


def lorenz_rate(state, sigma, rho, beta):
    x, y, z = state
    return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


def rk4(f, y, dt, *args):
    k1 = f(y, *args)
    k2 = f(y + dt / 2 * k1, *args)
    k3 = f(y + dt / 2 * k2, *args)
    k4 = f(y + dt * k3, *args)
    return y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@runs(np.array([1.0, 1.0, 1.0]), 10.0, 28.0, 8 / 3, 12, wrt=("start", "rho"))
def lorenz(start, sigma, rho, beta, n):
    path = np.empty((n + 1, 3))
    path[0] = start
    for i in range(n):
        path[i + 1] = rk4(lorenz_rate, path[i], 0.01, sigma, rho, beta)
    return path


@runs(np.array([10.0, 5.0]), {"a": 1.1, "b": 0.4, "c": 0.4, "d": 0.1}, 0.05, 10, wrt=("z",))
def lotka_volterra(z, p, dt, steps):
    history = np.zeros((steps, 2))
    for k in range(steps):
        prey, predator = z
        dz = np.array([
            p["a"] * prey - p["b"] * prey * predator,
            p["d"] * prey * predator - p["c"] * predator,
        ])  # fmt: skip
        z = z + dt * dz
        history[k, :] = z
    return history


@runs(np.array([1.0, 0.0]), 0.1, 10, wrt=("y",))
def midpoint(y, dt, steps):
    f = lambda t, y: np.array([y[1], -y[0] + 0.1 * np.sin(t)])  # noqa: E731
    t = 0.0
    for _ in range(steps):
        y = y + dt * f(t + dt / 2, y + dt / 2 * f(t, y))
        t += dt
    return y


@runs(2.0, 1e-3, wrt=("y0",), by_differences=True)
def adaptive(y0, tol):
    """Heun's method with its step chosen by an error estimate."""
    t, y, h = 0.0, y0, 0.1
    while t < 1.0:
        h = min(h, 1.0 - t)
        k1 = -y * y
        k2 = -((y + h * k1) ** 2)
        error = abs(h * (k2 - k1) / 2)
        if error < tol:
            y = y + h * (k1 + k2) / 2
            t = t + h
            h *= 2.0
        else:
            h *= 0.5
    return y


@runs(normal(8, 9), 2, wrt=("f",))
def multigrid(f, cycles):
    """V-cycles of two grids for -u'' = f."""
    n = len(f)
    h = 1.0 / (n - 1)
    u = np.zeros_like(f)
    for _ in range(cycles):
        for _ in range(2):
            for i in range(1, n - 1):
                u[i] = 0.5 * (u[i - 1] + u[i + 1] + h * h * f[i])
        r = np.zeros(n)
        r[1:-1] = f[1:-1] + (u[:-2] - 2 * u[1:-1] + u[2:]) / h**2
        rc = np.zeros((n + 1) // 2)
        rc[1:-1] = 0.25 * r[1:-3:2] + 0.5 * r[2:-2:2] + 0.25 * r[3:-1:2]
        e = np.zeros_like(rc)
        for _ in range(10):
            e[1:-1] = 0.5 * (e[:-2] + e[2:] + (2 * h) ** 2 * rc[1:-1])
        u[::2] += e
        u[1::2] += 0.5 * (e[:-1] + e[1:])
        u[0] = u[-1] = 0
    return u
