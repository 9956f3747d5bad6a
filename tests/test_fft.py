"""Discrete Fourier transforms: values, dtypes, shapes, and gradients of real costs."""

from __future__ import annotations

import numpy as np

import transpile
from tests.numerics import assert_close
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(8)
x, X, Y = rng.normal(size=7), rng.normal(size=(4, 6)), rng.normal(size=(2, 3, 5))
z = X + 1j * rng.normal(size=(4, 6))
w = np.linspace(0.5, 2.0, 6)
N = np.arange(8)
F = np.array([1, 2, -1, 3], np.float32)


@program((x,), (X,), (z,), (N,), (F,), (Y[:, ::2],), (np.zeros((0, 3)),))
def plain(a):
    return np.fft.fft(a), np.fft.ifft(a), np.fft.fft(a, axis=0), np.fft.fft(np.fft.ifft(a))


@program((x,), (X,), (z,))
def lengths(a):
    return (
        np.fft.fft(a, 4),
        np.fft.fft(a, n=9),
        np.fft.ifft(a, 5, axis=0),
        np.fft.fft(a, len(a) + 3),
    )


@program((x,), (z,), (F,))
def norms(a):
    return (
        np.fft.fft(a, norm="ortho"), np.fft.ifft(a, norm="ortho"), np.fft.fft(a, norm="forward"),
        np.fft.ifft(a, norm="forward"), np.fft.fft(a, norm="backward"), np.fft.fft(a, norm=None),
    )  # fmt: skip


@program((F,))
def single(a):
    return np.fft.rfft(a), np.fft.irfft(np.fft.rfft(a)), np.fft.rfft(a, 2)


@program((x,), (X,), (N,), (Y,))
def real(a):
    return (
        np.fft.rfft(a), np.fft.irfft(np.fft.rfft(a)), np.fft.irfft(np.fft.rfft(a), a.shape[-1]),
        np.fft.rfft(a, 5, norm="ortho"), np.fft.irfft(a, 5), np.fft.hfft(a), np.fft.ihfft(a),
        np.fft.hfft(a, 6, norm="ortho"),
    )  # fmt: skip


@program((X,), (z,), (Y,))
def planes(a):
    return (
        np.fft.fft2(a), np.fft.ifft2(a), np.fft.fftn(a), np.fft.ifftn(a, axes=(0,)),
        np.fft.fft2(a, s=(3, 4)), np.fft.fftn(a, s=(4,), axes=(-1,), norm="ortho"),
    )  # fmt: skip


@program((X,), (Y,))
def real_planes(a):
    f = np.fft.rfft2(a)
    return f, np.fft.irfft2(f, s=a.shape[-2:]), np.fft.rfftn(a), np.fft.irfftn(np.fft.rfftn(a))


@program((5,), (8,), (1,))
def frequencies(n):
    return np.fft.fftfreq(n), np.fft.rfftfreq(n), np.fft.fftfreq(n, d=0.25), np.fft.rfftfreq(n, 2)


@program((x,), (X,), (z,))
def shifts(a):
    return np.fft.fftshift(a), np.fft.ifftshift(a), np.fft.fftshift(a, axes=0)


@smooth((x,), (X,), (Y,), by_differences=True)
def power(a):
    f = np.fft.fft(a)
    return np.sum(np.abs(f) ** 4) + np.sum(np.fft.ifft(f * f).real ** 2) + f.imag.sum()


@smooth((X, w), by_differences=True)
def filtered(a, h):
    f = np.fft.rfft(a, n=10)
    g = np.fft.irfft(f * np.fft.rfft(h, n=10), n=10)
    return np.sum(g**3) + np.sum(np.abs(np.fft.fft2(a, norm="ortho")) ** 3)


@smooth((x,), (X,), by_differences=True)
def derivative(a):
    n = a.shape[-1]
    k = 2j * np.pi * np.fft.fftfreq(n)
    slope = np.fft.ifft(k * np.fft.fft(a)).real
    return np.sum(slope**2 * a) + np.sum(np.fft.hfft(a) ** 2) + np.sum(np.fft.ihfft(a).real)


@smooth((X, w), by_differences=True)
def steps(a, h):
    """A loop in the space of frequencies."""
    for _ in range(3):
        f = np.fft.fft(a, axis=1)
        a = np.fft.ifft(f * np.exp(-h), axis=1).real + 0.1 * a**2
    return np.sum(a**2)


@program((np.zeros(0),))
def no_points(a):
    return np.fft.fft(a)


@refused((z,))
def real_of_complex(a):
    return np.fft.rfft(a)


def test_tangent(mode):
    """Forward mode along a direction is what reverse mode has for it."""
    d = np.cos(np.arange(X.size)).reshape(X.shape)
    gradient = transpile.grad(transpile.function(filtered))(X, w)
    moved = transpile.jvp(transpile.function(filtered), wrt=0)(X, w, d)
    assert_close(moved, np.sum(gradient * d), 1e-10 * abs(moved))


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refuses = PHRASES.refuses()
