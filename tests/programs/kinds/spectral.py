"""Fourier transforms by hand, fractals, roots and contours: complex arithmetic."""

import numpy as np

from tests.programs.kinds._case import normal, runs, uniform

SIGNAL = normal(1, 16) + 1j * normal(2, 16)


@runs(SIGNAL, gives=np.fft.fft(SIGNAL))
def radix_2(x):
    N = x.shape[0]
    bits = int(np.log2(N))
    y = np.empty(N, dtype=np.complex128)
    for i in range(N):
        r, v = 0, i
        for _ in range(bits):
            r = (r << 1) | (v & 1)
            v >>= 1
        y[r] = x[i]
    size = 2
    while size <= N:
        half = size // 2
        w = np.exp(-2j * np.pi * np.arange(half) / size)
        for start in range(0, N, size):
            even = y[start : start + half].copy()
            odd = y[start + half : start + size] * w
            y[start : start + half] = even + odd
            y[start + half : start + size] = even - odd
        size *= 2
    return y


@runs(SIGNAL, gives=np.fft.fft(SIGNAL))
def slow_transform(x):
    N = x.shape[0]
    n = np.arange(N)
    return np.exp(-2j * np.pi * n[:, None] * n / N) @ x


@runs(2, 4, SIGNAL, np.empty(16, dtype=complex), gives=np.fft.fft(SIGNAL))
def stockham(R, K, x, y):
    N = R**K
    i_coord, j_coord = np.mgrid[0:R, 0:R]
    dft_mat = np.exp(-2.0j * np.pi * i_coord * j_coord / R)
    y[:] = x[:]
    ii_coord, jj_coord = np.mgrid[0:R, 0 : R**K]
    for i in range(K):
        yv = np.reshape(y, (R**i, R, R ** (K - i - 1)))
        tmp_perm = np.transpose(yv, axes=(1, 0, 2))
        D = np.empty((R, R**i, R ** (K - i - 1)), dtype=np.complex128)
        tmp = np.exp(-2.0j * np.pi * ii_coord[:, : R**i] * jj_coord[:, : R**i] / R ** (i + 1))
        D[:] = np.repeat(np.reshape(tmp, (R, R**i, 1)), R ** (K - i - 1), axis=2)
        tmp_twid = np.reshape(tmp_perm, (N,)) * np.reshape(D, (N,))
        y[:] = np.reshape(dft_mat @ np.reshape(tmp_twid, (R, R ** (K - 1))), (N,))
    return y


@runs(normal(3, 16), wrt=("x",), by_differences=True)
def power_spectrum(x):
    """Real arithmetic only: a transform in two arrays."""
    N = len(x)
    k = np.arange(N)
    angle = -2 * np.pi * k[:, None] * k[None, :] / N
    re, im = np.cos(angle) @ x, np.sin(angle) @ x
    return (re**2 + im**2)[: N // 2 + 1]


@runs(normal(4, 8), wrt=("x",), by_differences=True)
def spectrum_complex(x):
    N = len(x)
    k = np.arange(N)
    X = np.exp(-2j * np.pi * np.outer(k, k) / N) @ x
    return np.abs(X) ** 2


@runs(-2.0, 0.5, 9, -1.25, 1.25, 7, 20)
def mandelbrot_masks(xmin, xmax, xn, ymin, ymax, yn, maxiter, horizon=2.0):
    X = np.linspace(xmin, xmax, xn, dtype=np.float64)
    Y = np.linspace(ymin, ymax, yn, dtype=np.float64)
    C = X + Y[:, None] * 1j
    N = np.zeros(C.shape, dtype=np.int64)
    Z = np.zeros(C.shape, dtype=np.complex128)
    for n in range(maxiter):
        I = np.less(abs(Z), horizon)
        N[I] = n
        Z[I] = Z[I] ** 2 + C[I]
    N[N == maxiter - 1] = 0
    return Z, N


@runs(9, 7, 30)
def mandelbrot_loops(width, height, limit):
    out = np.zeros((height, width), dtype=np.uint16)
    for i in range(height):
        for j in range(width):
            c = complex(-2.0 + 2.5 * j / width, -1.25 + 2.5 * i / height)
            z = 0j
            n = 0
            while abs(z) <= 2.0 and n < limit:
                z = z * z + c
                n += 1
            out[i, j] = n
    return out


@runs(9, 7, 25)
def julia_reals(width, height, limit):
    x = np.linspace(-1.5, 1.5, width)
    y = np.linspace(-1.0, 1.0, height)
    zr, zi = np.meshgrid(x, y)
    count = np.zeros(zr.shape, dtype=int)
    alive = np.ones(zr.shape, dtype=bool)
    for n in range(limit):
        zr2, zi2 = zr * zr, zi * zi
        alive &= zr2 + zi2 < 4.0
        zi = np.where(alive, 2 * zr * zi + 0.156, zi)
        zr = np.where(alive, zr2 - zi2 - 0.8, zr)
        count += alive
    return count


@runs(np.array([1.0, -6.0, 11.0, -6.0]), gives=np.array([1.0, 2.0, 3.0]))
def durand_kerner(p):
    n = len(p) - 1
    roots = (0.4 + 0.9j) ** np.arange(n)
    for _ in range(60):
        for i in range(n):
            value = p[0] + 0j
            for c in p[1:]:
                value = value * roots[i] + c
            others = 1.0 + 0j
            for j in range(n):
                if j != i:
                    others *= roots[i] - roots[j]
            roots[i] -= value / others
    return np.sort(roots.real)


@runs(64, gives=2j * np.pi)
def contour(n):
    """The residue of exp(z)/z at nought."""
    t = 2 * np.pi * np.arange(n) / n
    z = np.exp(1j * t)
    dz = 1j * z * (2 * np.pi / n)
    return np.sum(np.exp(z) / z * dz)


@runs(normal(5, 3, 4, 4), normal(6, 3, 4, 2), np.array([0.3, 0.5, 1.1]))
def contour_moments(Ham, Y, z):
    """Moments of a resolvent: complex solves of a polynomial in z."""
    NM = Ham.shape[1]
    P0 = np.zeros((NM, Y.shape[2]), dtype=np.complex128)
    P1 = np.zeros((NM, Y.shape[2]), dtype=np.complex128)
    for k in range(len(z)):
        zz = z[k] + 0.5j
        Tz = np.zeros((NM, NM), dtype=np.complex128)
        for n in range(3):
            Tz += zz ** (1 - n) * Ham[n]
        X = np.linalg.inv(Tz) @ Y[0]
        if abs(zz) < 1.0:
            X = -X
        P0 += X
        P1 += zz * X
    return P0, P1


@runs(
    normal(7, 3, 4),
    normal(8, 3, 3, 2, 4),
    normal(9, 2, 3, 3),
    wrt=("neighbours", "dH"),
    by_differences=False,
)
def scattering(neighbours, dH, G):
    """Self energies: loops over energies and atoms, small products inside."""
    sigma = np.zeros((neighbours.shape[0], 3, 3))
    for k in range(G.shape[0]):
        for a in range(neighbours.shape[0]):
            for i in range(2):
                for j in range(3):
                    dHG = G[k] @ dH[:, :, i, j]
                    sigma[a] += neighbours[a, j] * dHG @ dH[:, :, 1 - i, j].T
    return sigma


@runs(np.array([[0, 1], [1, 0], [2, 1]]), normal(10, 2, 3, 2, 2) + 1j * normal(11, 2, 3, 2, 2),
      normal(12, 2, 2, 2) + 1j * normal(13, 2, 2, 2), normal(14, 3, 2, 2, 2) + 0j)  # fmt: skip
def scattering_self_energies(neigh_idx, G, D, dH):
    Nkz, NA, Norb, _ = G.shape
    Sigma = np.zeros_like(G)
    for k in range(Nkz):
        for q in range(D.shape[0]):
            for a in range(NA):
                for b in range(neigh_idx.shape[1]):
                    for i in range(2):
                        for j in range(2):
                            dHG = G[k - q, neigh_idx[a, b]] @ dH[a, b]
                            dHD = dH[a, i] * D[q, i, j]
                            Sigma[k, a] += dHG @ dHD
    return Sigma


@runs(uniform(15, 8, low=-1.0, high=1.0), uniform(16, 8), 0.1, 5)
def split_step(v, psi, dt, steps):
    """Schrödinger by explicit kinetic matrix in complex arithmetic."""
    n = len(psi)
    k = 2 * np.pi * np.fft.fftfreq(n)
    half = np.exp(-0.5j * dt * v)
    kinetic = np.exp(-0.5j * dt * k**2)
    psi = psi + 0j
    for _ in range(steps):
        psi = half * psi
        psi = np.fft.ifft(kinetic * np.fft.fft(psi))
        psi = half * psi
    return np.abs(psi) ** 2, psi.conj() @ psi
