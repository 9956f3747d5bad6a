"""Four gradients beside those of a C programmer, written by hand in hand.c, and those of JAX."""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from large import LARGE
from turns import in_turns

import transpile
from transpile.runtime import build

jax.config.update("jax_enable_x64", True)
HERE = Path(__file__).parent

# -- the programs in JAX: loops are scans, whose reverse keeps what it needs of each step


def heat_3d(u, c, steps):
    def step(u, _):
        laplacian = (
            u[2:, 1:-1, 1:-1] + u[:-2, 1:-1, 1:-1] + u[1:-1, 2:, 1:-1] + u[1:-1, :-2, 1:-1]
            + u[1:-1, 1:-1, 2:] + u[1:-1, 1:-1, :-2] - 6.0 * u[1:-1, 1:-1, 1:-1]
        )  # fmt: skip
        return u.at[1:-1, 1:-1, 1:-1].add(c * laplacian), None

    return jnp.sum(lax.scan(step, u, length=steps)[0] ** 3)


def nonlinear_gauss_seidel(u, f, h, sweeps):
    """Rows one after the other, in each the cells one after the other: nothing is copied whole."""

    def cell(left, given):
        up, down, right, own, f = given
        new = 0.25 * (up + down + left + right - h * h * (f + own**3))
        return new, new

    def row(up, given):
        own, down, f = given
        inner = (up[1:-1], down[1:-1], own[2:], own[1:-1], f[1:-1])
        _, new = lax.scan(cell, own[0], inner)
        new = jnp.concatenate([own[:1], new, own[-1:]])
        return new, new

    def sweep(u, _):
        _, inner = lax.scan(row, u[0], (u[1:-1], u[2:], f[1:-1]))
        return jnp.concatenate([u[:1], inner, u[-1:]]), None

    u, _ = lax.scan(sweep, u, length=sweeps)
    return jnp.sum(u * u)


def durbin(r):
    """Shapes do not change in a loop: every step goes over all n, with a mask."""
    n = len(r)
    i = jnp.arange(n)

    def step(carry, k):
        y, alpha, beta = carry
        beta = (1.0 - alpha * alpha) * beta
        back, inside = k - i - 1, i < k
        s = jnp.sum(jnp.where(inside, r[back] * y, 0.0))
        alpha = -(r[k] + s) / beta
        y = y + jnp.where(inside, alpha * y[back], 0.0)
        return (y.at[k].set(alpha), alpha, beta), None

    first = (jnp.zeros(n).at[0].set(-r[0]), -r[0], jnp.ones(()))
    y = lax.scan(step, first, jnp.arange(1, n))[0][0]
    return jnp.sum(y * y)


def recurrent_cell(W, U, b, h, xs, target):
    def step(h, given):
        x, target = given
        h = jnp.tanh(W @ h + U @ x + b)
        e = h - target
        return h, 0.5 * e @ e

    return jnp.sum(lax.scan(step, h, (xs, target))[1])


# -- what is called by hand


@dataclass(frozen=True)
class ByHand:
    """How hand.c takes a program's arguments, and how many doubles its tape has."""

    sizes: Callable[..., Sequence[int]]
    tape: Callable[..., int]


BY_HAND = {
    heat_3d: ByHand(lambda u, c, steps: u.shape, lambda u, c, steps: (steps + 2) * u.size),
    nonlinear_gauss_seidel: ByHand(
        lambda u, f, h, sweeps: u.shape, lambda u, f, h, sweeps: (sweeps + 1) * u.size
    ),
    durbin: ByHand(lambda r: r.shape, lambda r: len(r) * (len(r) + 9) // 2),
    recurrent_cell: ByHand(
        lambda W, U, b, h, xs, target: (*U.shape, len(xs)),
        lambda W, U, b, h, xs, target: (len(xs) + 2) * len(h),
    ),
}


def in_c(value: Any) -> Any:
    match value:
        case np.ndarray():
            return value.ctypes.data_as(ctypes.c_void_p)  # which keeps the array
        case float():
            return ctypes.c_double(value)
        case _:
            return ctypes.c_int64(value)


@dataclass(frozen=True)
class Calls:
    """A program's value and gradient: ours, by hand, JAX's. `refill` undoes what values write."""

    refill: Callable[[], None]
    values: tuple[Callable[[], Any], ...]
    slopes: tuple[Callable[[], Sequence[Any]], ...]


def prepared(library: ctypes.CDLL, in_jax: Callable[..., Any], hand: ByHand) -> Calls:
    name = in_jax.__name__
    module = import_module(f"tests.programs.{name}")
    program = getattr(module, name)
    args = LARGE[name](np.random.default_rng(0))
    wrt = [program.__code__.co_varnames.index(w) for w in module.wrt]
    ours = transpile.function(program)
    slope = transpile.grad(ours, wrt=module.wrt)

    work = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
    arrays = [(w, a) for w, a in zip(work, args, strict=True) if isinstance(a, np.ndarray)]
    results = [np.zeros_like(args[k]) for k in wrt]
    sizes, tape = hand.sizes(*args), np.zeros(hand.tape(*args))
    theirs, their_slope = library[name], library[f"{name}_grad"]
    theirs.restype = ctypes.c_double
    to_value = [in_c(v) for v in (*sizes, *work, tape)]
    to_slope = [in_c(v) for v in (*sizes, *args, *results, tape)]

    static = [k for k, arg in enumerate(args) if isinstance(arg, int)]
    jitted = jax.jit(in_jax, static_argnums=static)
    jitted_slope = jax.jit(jax.grad(in_jax, argnums=tuple(wrt)), static_argnums=static)
    there = [jnp.asarray(arg) if isinstance(arg, np.ndarray) else arg for arg in args]

    def refill() -> None:
        for to, source in arrays:
            to[...] = source

    def by_hand() -> Sequence[Any]:
        their_slope(*to_slope)
        return results

    return Calls(
        refill,
        (lambda: ours(*work), lambda: theirs(*to_value), lambda: jitted(*there)),
        (lambda: slope(*args), by_hand, lambda: jitted_slope(*there)),
    )


def compared(name: str, calls: Calls) -> Iterator[tuple[str, ...]]:
    """The rows of one program; what the three give is compared before it is timed."""

    def refilled(value: Callable[[], Any]) -> Any:
        calls.refill()
        return value()

    mine, *others = (np.asarray(refilled(value)) for value in calls.values)
    np.testing.assert_allclose(others, [mine, mine], rtol=1e-10)
    for found in zip(*(slope() for slope in calls.slopes), strict=True):
        mine, *others = map(np.asarray, found)
        for other in others:
            np.testing.assert_allclose(other, mine, rtol=0, atol=1e-9 * np.abs(mine).max())

    fill, *times = in_turns(
        calls.refill,
        *(partial(refilled, value) for value in calls.values[:2]),
        *calls.slopes[:2],
        rounds=25,
    )
    finished = [
        partial(lambda call: jax.block_until_ready(call()), call)
        for call in (calls.values[2], calls.slopes[2])
    ]
    in_jax = in_turns(*finished, clock=perf_counter)  # apart: it has threads, which go on
    values = (times[0] - fill, times[1] - fill, in_jax[0])
    slopes = (*times[2:], in_jax[1])
    for what, (ours, by_hand, jaxs) in (("value", values), ("gradient", slopes)):
        shown = (f"{1e3 * t:.2f} ms" for t in (ours, by_hand, jaxs))
        yield f"{name}, {what}", *shown, f"{ours / by_hand:.2f}", f"{ours / jaxs:.2f}"
    ratios = (f"{g / v:.2f}" for v, g in zip(values, slopes, strict=True))
    yield f"{name}, gradient over value", *ratios, "", ""


def rivals() -> Iterator[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        shared = Path(folder) / "hand.so"
        build.compile_c(HERE / "hand.c", shared)
        library = ctypes.CDLL(str(shared))
        for in_jax, hand in BY_HAND.items():
            yield from compared(in_jax.__name__, prepared(library, in_jax, hand))
