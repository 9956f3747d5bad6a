"""Stencils: relaxation, waves, and the columns and rows of weather and climate models."""

import numpy as np

from tests.programs.kinds._case import normal, runs, uniform


@runs(normal(1, 12), normal(2, 12), 4, wrt=("A", "B"))
def jacobi_1d(A, B, tsteps):
    for _ in range(1, tsteps):
        B[1:-1] = 0.33333 * (A[:-2] + A[1:-1] + A[2:])
        A[1:-1] = 0.33333 * (B[:-2] + B[1:-1] + B[2:])
    return A


@runs(normal(1, 6, 7), normal(2, 6, 7), 3, wrt=("A", "B"))
def jacobi_2d(A, B, tsteps):
    for t in range(tsteps):
        B[1:-1, 1:-1] = 0.2 * (
            A[1:-1, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] + A[2:, 1:-1] + A[:-2, 1:-1]
        )
        A[1:-1, 1:-1] = 0.2 * (
            B[1:-1, 1:-1] + B[1:-1, :-2] + B[1:-1, 2:] + B[2:, 1:-1] + B[:-2, 1:-1]
        )
    return A, B


@runs(normal(3, 7, 6), 2, wrt=("A",))
def seidel_2d(A, tsteps):
    n, m = A.shape
    for t in range(tsteps):
        for i in range(1, n - 1):
            A[i, 1:-1] += A[i - 1, :-2] + A[i - 1, 1:-1] + A[i - 1, 2:]
            A[i, 1:-1] += A[i, 2:] + A[i + 1, :-2] + A[i + 1, 1:-1] + A[i + 1, 2:]
            for j in range(1, m - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 9.0
    return A


@runs(normal(4, 5, 6), normal(5, 5, 6), normal(6, 5, 6), normal(7, 3), wrt=("ex", "ey", "hz"))
def fdtd_2d(ex, ey, hz, source):
    for fict in source:
        ey[0, :] = fict
        ey[1:, :] -= 0.5 * np.diff(hz, axis=0)
        ex[:, 1:] -= 0.5 * np.diff(hz)
        hz[:-1, :-1] -= 0.7 * (np.diff(ex)[:-1] + np.diff(ey, axis=0)[:, :-1])
    return hz


@runs(normal(8, 4, 5, 6), normal(9, 4, 5, 6), 2, wrt=("A",))
def heat_3d(A, B, tsteps):
    for t in range(1, tsteps + 1):
        B[1:-1, 1:-1, 1:-1] = (
            0.125 * (A[2:, 1:-1, 1:-1] - 2.0 * A[1:-1, 1:-1, 1:-1] + A[:-2, 1:-1, 1:-1])
            + 0.125 * (A[1:-1, 2:, 1:-1] - 2.0 * A[1:-1, 1:-1, 1:-1] + A[1:-1, :-2, 1:-1])
            + 0.125 * (A[1:-1, 1:-1, 2:] - 2.0 * A[1:-1, 1:-1, 1:-1] + A[1:-1, 1:-1, :-2])
            + A[1:-1, 1:-1, 1:-1]
        )
        A[...] = B
    return A


@runs(normal(10, 8, 9, 2), uniform(11, 4, 5, 2), wrt=("field", "coefficient"))
def horizontal_diffusion(field, coefficient):
    """The fourth-order diffusion of a weather model, with limited fluxes."""
    laplacian = 4.0 * field[1:-1, 1:-1, :] - (
        field[2:, 1:-1, :] + field[:-2, 1:-1, :] + field[1:-1, 2:, :] + field[1:-1, :-2, :]
    )
    res = laplacian[1:, 1:-1, :] - laplacian[:-1, 1:-1, :]
    flx = np.where(res * (field[2:-1, 2:-2, :] - field[1:-2, 2:-2, :]) > 0, 0, res)
    res = laplacian[1:-1, 1:, :] - laplacian[1:-1, :-1, :]
    fly = np.where(res * (field[2:-2, 2:-1, :] - field[2:-2, 1:-2, :]) > 0, 0, res)
    return field[2:-2, 2:-2, :] - coefficient * (
        flx[1:, :, :] - flx[:-1, :, :] + fly[:, 1:, :] - fly[:, :-1, :]
    )


@runs(
    normal(12, 3, 4, 6), normal(13, 4, 4, 6), normal(14, 3, 4, 6), normal(15, 3, 4, 6),
    wrt=("u_stage", "wcon", "u_pos"),
)  # fmt: skip
def vertical_advection(u_stage, wcon, u_pos, utens):
    """An implicit vertical advection: a tridiagonal system in each column."""
    I, J, K = u_stage.shape
    beta, dtr = 0.1, 3.0
    ccol = np.ndarray((I, J, K), dtype=u_stage.dtype)
    dcol = np.ndarray((I, J, K), dtype=u_stage.dtype)
    out = np.empty_like(u_stage)
    for k in range(1):
        gcv = 0.25 * (wcon[1:, :, k + 1] + wcon[:-1, :, k + 1])
        cs = gcv * beta
        ccol[:, :, k] = gcv * (0.5 - beta)
        bcol = dtr - ccol[:, :, k]
        correction = -cs * (u_stage[:, :, k + 1] - u_stage[:, :, k])
        dcol[:, :, k] = dtr * u_pos[:, :, k] + utens[:, :, k] + correction
        divided = 1.0 / bcol
        ccol[:, :, k] = ccol[:, :, k] * divided
        dcol[:, :, k] = dcol[:, :, k] * divided
    for k in range(1, K - 1):
        gav = -0.25 * (wcon[1:, :, k] + wcon[:-1, :, k])
        gcv = 0.25 * (wcon[1:, :, k + 1] + wcon[:-1, :, k + 1])
        as_ = gav * beta
        cs = gcv * beta
        acol = gav * (0.5 - beta)
        ccol[:, :, k] = gcv * (0.5 - beta)
        bcol = dtr - acol - ccol[:, :, k]
        correction = -as_ * (u_stage[:, :, k - 1] - u_stage[:, :, k]) - cs * (
            u_stage[:, :, k + 1] - u_stage[:, :, k]
        )
        dcol[:, :, k] = dtr * u_pos[:, :, k] + utens[:, :, k] + correction
        divided = 1.0 / (bcol - ccol[:, :, k - 1] * acol)
        ccol[:, :, k] = ccol[:, :, k] * divided
        dcol[:, :, k] = (dcol[:, :, k] - (dcol[:, :, k - 1]) * acol) * divided
    datacol = np.zeros((I, J), dtype=u_stage.dtype)
    for k in range(K - 1, K - 2, -1):
        datacol[:] = dcol[:, :, k - 1]
        out[:, :, k] = dtr * (datacol - u_pos[:, :, k])
    for k in range(K - 2, -1, -1):
        datacol[:] = dcol[:, :, k] - ccol[:, :, k] * datacol[:, :]
        out[:, :, k] = dtr * (datacol - u_pos[:, :, k])
    return out


def lap(u):
    return (
        -4.0 * u
        + np.roll(u, 1, axis=0)
        + np.roll(u, -1, axis=0)
        + np.roll(u, 1, axis=1)
        + np.roll(u, -1, axis=1)
    )


@runs(uniform(16, 5, 6), uniform(17, 5, 6), 3, wrt=("u", "v"))
def gray_scott(u, v, steps, du=0.16, dv=0.08, f=0.035, k=0.06):
    """Two species that react and diffuse on a torus."""
    for _ in range(steps):
        uvv = u * v**2
        u += du * lap(u) - uvv + f * (1 - u)
        v += dv * lap(v) + uvv - (f + k) * v
    return u, v


@runs(normal(18, 20), 0.1, 4, wrt=("q", "c"))
def upwind(q, c, steps):
    """Advection with a minmod limiter, periodic by padding."""
    for _ in range(steps):
        padded = np.concatenate((q[-2:], q, q[:2]))
        d = np.diff(padded)
        slope = np.where(
            d[:-1] * d[1:] > 0, np.sign(d[:-1]) * np.minimum(np.abs(d[:-1]), np.abs(d[1:])), 0.0
        )
        face = padded[1:-1] + 0.5 * (1 - c) * slope
        q = q - c * (face[1:-1] - face[:-2])
    return q


@runs(uniform(19, 4, 8), uniform(20, 4, 8, low=280.0, high=300.0), wrt=("humidity", "temperature"))
def saturation_column(humidity, temperature):
    """Condensation from the top of each column down, what falls evaporates below."""
    ncol, nlev = humidity.shape
    rain = np.zeros(ncol)
    q, t = humidity.copy() * 0.02, temperature.copy()
    for k in range(nlev):
        es = 610.78 * np.exp(17.27 * (t[:, k] - 273.15) / (t[:, k] - 35.86))
        qs = 0.622 * es / 1.0e5
        excess = np.maximum(q[:, k] - qs, 0.0)
        q[:, k] -= excess
        t[:, k] += 2.5e6 / 1004.0 * excess
        evap = np.minimum(rain, 0.1 * np.maximum(qs - q[:, k], 0))
        q[:, k] += evap
        rain = rain + excess - evap
    return rain, q, t
