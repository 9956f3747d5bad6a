"""Bodies, rays and detectors: broadcasting over pairs, histograms over radii."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform


def acceleration(pos, mass, G, softening):
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    z = pos[:, 2:3]
    dx = x.T - x
    dy = y.T - y
    dz = z.T - z
    inv_r3 = dx**2 + dy**2 + dz**2 + softening**2
    inv_r3[inv_r3 > 0] = inv_r3[inv_r3 > 0] ** (-1.5)
    ax = G * (dx * inv_r3) @ mass
    ay = G * (dy * inv_r3) @ mass
    az = G * (dz * inv_r3) @ mass
    return np.hstack((ax, ay, az))


def energy(pos, vel, mass, G):
    KE = 0.5 * np.sum(mass * vel**2)
    x = pos[:, 0:1]
    y = pos[:, 1:2]
    z = pos[:, 2:3]
    dx, dy, dz = x.T - x, y.T - y, z.T - z
    inv_r = np.sqrt(dx**2 + dy**2 + dz**2)
    inv_r[inv_r > 0] = 1.0 / inv_r[inv_r > 0]
    PE = G * np.sum(np.triu(-(mass * mass.T) * inv_r, 1))
    return KE, PE


@runs(uniform(1, 5, 1), normal(2, 5, 3), normal(3, 5, 3), 3, 0.01)
def n_body_energies(mass, pos, vel, steps, dt, G=1.0, softening=0.1):
    KE = np.ndarray(steps + 1, dtype=np.float64)
    PE = np.ndarray(steps + 1, dtype=np.float64)
    vel -= np.mean(mass * vel, axis=0) / np.mean(mass)
    acc = acceleration(pos, mass, G, softening)
    KE[0], PE[0] = energy(pos, vel, mass, G)
    for i in range(steps):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = acceleration(pos, mass, G, softening)
        vel += acc * dt / 2.0
        KE[i + 1], PE[i + 1] = energy(pos, vel, mass, G)
    return KE, PE


@runs(uniform(1, 5, 1), normal(2, 5, 3), normal(3, 5, 3), 3, 0.01, wrt=("mass", "pos", "vel"))
def n_body(mass, pos, vel, steps, dt, G=1.0, softening=0.1):
    acc = acceleration(pos, mass, G, softening)
    for _ in range(steps):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = acceleration(pos, mass, G, softening)
        vel += acc * dt / 2.0
    return pos, 0.5 * np.sum(mass * vel**2)


@runs(normal(4, 5, 3), uniform(5, 5), 0.1, wrt=("x", "m", "eps"))
def gravity(x, m, eps):
    d = x[np.newaxis, :, :] - x[:, np.newaxis, :]
    r2 = (d * d).sum(axis=-1) + eps * eps
    return (m[np.newaxis, :, np.newaxis] * d / (r2 * np.sqrt(r2))[:, :, np.newaxis]).sum(axis=1)


@runs(3.0 * uniform(6, 6, 3), 3.0, wrt=("x",))
def lennard_jones(x, box):
    total = 0.0
    forces = np.zeros_like(x)
    for i in range(len(x) - 1):
        d = x[i] - x[i + 1 :]
        d -= box * np.round(d / box)
        r2 = np.sum(d**2, axis=1)
        near = r2 < (box / 2) ** 2
        s6 = np.where(near, 1.0 / r2**3, 0.0)
        total += np.sum(4.0 * (s6**2 - s6))
        f = (24.0 * (2.0 * s6**2 - s6) / r2)[:, None] * d
        forces[i] += f.sum(axis=0)
        forces[i + 1 :] -= f
    return total, forces


@runs(uniform(7, 40, low=0.0, high=6.0), uniform(8, 40), 6)
def azimuthal(radius, data, npt):
    rmax = radius.max()
    histu = np.histogram(radius, npt, range=(0.0, rmax))[0]
    histw = np.histogram(radius, npt, weights=data, range=(0.0, rmax))[0]
    return histw / np.maximum(histu, 1)


@runs(uniform(9, 40, low=0.0, high=6.0), uniform(10, 40), 6, wrt=("data",))
def azimuthal_loops(radius, data, npt):
    rmax = radius.max()
    count = np.zeros(npt, dtype=np.int64)
    total = np.zeros(npt)
    for r, d in zip(radius, data):
        k = min(int(r / rmax * npt), npt - 1)
        count[k] += 1
        total[k] += d
    return total / np.maximum(count, 1)


@runs(uniform(11, 30), integers(12, 30, high=5), wrt=("weights",))
def binned(weights, labels):
    n = labels.max() + 1
    total = np.zeros(n)
    np.add.at(total, labels, weights)
    return total / np.bincount(labels, minlength=n)


@runs(integers(13, 5, 6, high=3), integers(14, 5, 6, high=4), wrt=())
def contingency(a, b):
    table = np.zeros((3, 4), dtype=int)
    np.add.at(table, (a.ravel(), b.ravel()), 1)
    return table, table.sum(axis=0), table.sum(axis=1, keepdims=True)


@runs(normal(15, 12), normal(16, 12), uniform(17, 12), 5, wrt=("x", "q"), by_differences=True)
def particle_in_cell(x, v, q, cells):
    """Charges to a periodic grid by linear weights, the field, and back."""
    length = float(cells)
    x = x % length
    cell = np.floor(x).astype(int)
    w = x - cell
    rho = np.zeros(cells)
    for p in range(len(x)):
        rho[cell[p]] += q[p] * (1 - w[p])
        rho[(cell[p] + 1) % cells] += q[p] * w[p]
    rho -= rho.mean()
    E = np.cumsum(rho)
    E -= E.mean()
    field = E[cell] * (1 - w) + E[(cell + 1) % cells] * w
    return np.sum(v * field * q)


@runs(
    normal(18, 3),
    np.array([0.0, 0.0, 5.0]),
    1.0,
    normal(19, 4, 3),
    wrt=("origin", "centre", "d"),
    by_differences=True,
)
def ray_sphere(origin, centre, radius, d):
    d = d / np.linalg.norm(d, axis=1, keepdims=True)
    oc = origin - centre
    b = d @ oc
    c = oc @ oc - radius**2
    disc = b * b - c
    hit = disc > 0
    t = np.where(hit, -b - np.sqrt(np.where(hit, disc, 1.0)), 100.0)
    return origin + t[:, None] * d
