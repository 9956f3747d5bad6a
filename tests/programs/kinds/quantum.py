"""Green's functions, contours, evolution and response: linear algebra of complex matrices."""

import numpy as np
import scipy.linalg

from tests.programs.kinds._case import normal, runs

FLAT = np.zeros(6)
BLOCKS = normal(1, 4, 3, 3)
LINKS = normal(2, 3, 3, 3)
STATES = np.diag([0.2, -0.3 + 0.4j, 2.0, -3.0j]) + 0.05 * normal(3, 4, 4)
SYSTEM = normal(4, 3, 3) - 3 * np.eye(3)


def self_energy(energy, hopping):
    """Of a half-infinite chain, inside its band."""
    k = np.arccos(energy / (2 * hopping))
    return hopping * np.exp(1j * k)


@runs(0.7, FLAT, 1.0, gives=1.0)
@runs(-0.4, 0.3 * normal(5, 6), 1.2, wrt=("onsite", "hopping"), by_differences=True)
def transmission(energy, onsite, hopping):
    """A chain between two leads; without a barrier all that comes goes through."""
    n = len(onsite)
    H = np.diag(onsite) + 0j
    for i in range(n - 1):
        H[i, i + 1] = H[i + 1, i] = hopping
    sigma = self_energy(energy, hopping)
    H[0, 0] += sigma
    H[n - 1, n - 1] += sigma
    G = np.linalg.inv(energy * np.eye(n) - H)
    gamma = -2 * sigma.imag
    return gamma * gamma * np.abs(G[0, n - 1]) ** 2


@runs(0.3, 0.2, BLOCKS, LINKS, wrt=("blocks", "eta"), by_differences=True)
def recursive_green(energy, eta, blocks, links):
    """The density of states of layers, from the diagonal blocks of the inverse."""
    n, size = blocks.shape[0], blocks.shape[1]
    z = (energy + 1j * eta) * np.eye(size)
    left = np.zeros((n, size, size), dtype=np.complex128)
    H = blocks + blocks.transpose(0, 2, 1)
    left[0] = np.linalg.inv(z - H[0])
    for i in range(1, n):
        left[i] = np.linalg.inv(z - H[i] - links[i - 1].T @ left[i - 1] @ links[i - 1])
    G = left[n - 1]
    total = -np.trace(G).imag
    for i in range(n - 2, -1, -1):
        G = left[i] + left[i] @ links[i] @ G @ links[i].T @ left[i]
        total -= np.trace(G).imag
    return total / np.pi


@runs(0.3, 0.1, BLOCKS[0], LINKS[0])
def surface_green(energy, eta, block, link):
    """Decimation: each round doubles the length of the lead."""
    z = (energy + 1j * eta) * np.eye(block.shape[0])
    bulk = (block + block.T).astype(np.complex128)
    surface = bulk.copy()
    a, b = link + 0j, link.T + 0j
    rounds = 0
    while np.linalg.norm(a) > 1e-12 and rounds < 60:
        g = np.linalg.inv(z - bulk)
        surface = surface + a @ g @ b
        bulk = bulk + a @ g @ b + b @ g @ a
        a, b = a @ g @ a, b @ g @ b
        rounds += 1
    return np.linalg.inv(z - surface), rounds


@runs(STATES, 1.0, 64, gives=2.0)
def states_inside(A, radius, points):
    """How many eigenvalues lie in a circle, by the trace of the resolvent along it."""
    count = 0j
    for k in range(points):
        z = radius * np.exp(2j * np.pi * (k + 0.5) / points)
        count += np.trace(np.linalg.inv(z * np.eye(A.shape[0]) - A)) * z / points
    return np.round(count.real, 8)


@runs(normal(6, 4, 3, 3), normal(7, 3, 2), np.array([0.2 + 0.5j, 1.4 - 0.3j, -0.4j]))
def contour_solves(ham, Y, points):
    """Two moments over points on both sides of the unit circle."""
    size, slabs = ham.shape[1], ham.shape[0]
    P0 = np.zeros((size, Y.shape[1]), dtype=np.complex128)
    P1 = np.zeros((size, Y.shape[1]), dtype=np.complex128)
    for z in points:
        Tz = np.zeros((size, size), dtype=np.complex128)
        for n in range(slabs):
            Tz += np.power(z, slabs / 2 - n) * ham[n]
        if size == Y.shape[1]:
            X = np.linalg.inv(Tz) @ Y
        else:
            X = np.linalg.solve(Tz, Y)
        if abs(z) < 1.0:
            X = -X
        P0 += X
        P1 += z * X
    return P0, P1


@runs(BLOCKS[1], np.array([1.0, 0.5j, -0.5]), 0.7)
def evolution(H, psi, t):
    """By the exponential, by eigenvectors, and by small implicit steps."""
    H = H + H.T + 0j
    exact = scipy.linalg.expm(-1j * t * H) @ psi
    w, v = np.linalg.eigh(H)
    spectral = v @ (np.exp(-1j * t * w) * (v.conj().T @ psi))
    n, eye = 50, np.eye(3)
    left, right = eye + 0.5j * t / n * H, eye - 0.5j * t / n * H
    for _ in range(n):
        psi = np.linalg.solve(left, right @ psi)
    return exact, np.abs(spectral - exact).max() < 1e-12, psi, np.linalg.norm(psi)


@runs(SYSTEM, normal(8, 3), normal(9, 3), np.linspace(0.1, 5.0, 6),
      wrt=("A", "B"), by_differences=True)  # fmt: skip
def response(A, B, C, frequencies):
    """The gain of a linear system over frequencies."""
    gain = np.empty(len(frequencies))
    for k, w in enumerate(frequencies):
        gain[k] = np.abs(C @ np.linalg.solve(1j * w * np.eye(len(A)) - A, B))
    return gain


@runs(SYSTEM, wrt=("A",), by_differences=True)
def spectral_abscissa(A):
    """The growth of the slowest mode."""
    return np.max(np.linalg.eigvals(A.astype(complex)).real)


@runs(STATES, np.linspace(-1, 1, 3))
def pseudospectrum(A, grid):
    found = np.empty((len(grid), len(grid)))
    for i, y in enumerate(grid):
        for j, x in enumerate(grid):
            shifted = complex(x, y) * np.eye(len(A)) - A
            found[i, j] = np.linalg.svd(shifted, compute_uv=False)[-1]
    return found


@runs(normal(10, 4, 20), normal(11, 4, 20), 0.3, wrt=("angle",), by_differences=True)
def beam(x, y, angle):
    """The power that passes a beam formed towards an angle."""
    samples = x + 1j * y
    R = samples @ samples.conj().T / samples.shape[1] + 0.1 * np.eye(len(x))
    steering = np.exp(1j * np.pi * np.arange(len(x)) * np.sin(angle))
    weights = scipy.linalg.cho_solve(scipy.linalg.cho_factor(R), steering)
    weights = weights / np.vdot(steering, weights)
    return np.vdot(weights, R @ weights).real
