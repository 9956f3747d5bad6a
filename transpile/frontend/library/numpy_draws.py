"""Calls of NumPy's random numbers: which generators there are, and what they draw."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn

from transpile.frontend.context import Context
from transpile.frontend.library import numpy_random, numpy_samples
from transpile.frontend.library.numpy_args import Args, Named, bound
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.operands import described, integer
from transpile.frontend.source import Source
from transpile.frontend.values import Array, Generator, Value

PHILOX = "write np.random.Generator(np.random.Philox(seed)), which is the same in every language"
DRAWS: dict[str, Callable[..., Any]] = {
    draw.__name__: draw
    for draw in (
        numpy_samples.random,
        numpy_samples.standard_normal,
        numpy_samples.standard_exponential,
        numpy_samples.normal,
        numpy_samples.exponential,
        numpy_samples.uniform,
        numpy_samples.integers,
        numpy_samples.poisson,
        numpy_samples.choice,
        numpy_samples.shuffle,
        numpy_samples.permutation,
    )
}


@reads("random.Philox", "seed")
def philox(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.random.Philox(seed)`: a state made from an integer."""
    if "seed" not in given:
        ctx.fail("a generator without a seed is another one in every call", "pass a seed")
    seed = integer(ctx, given["seed"], "a seed")
    with ctx.quoting():
        state = ctx.hooks.inline(ctx, numpy_random.seeded, [seed], {})
    assert isinstance(state, Array)
    return Generator(state)


@reads("random.Generator", "bit_generator*")
def generator(ctx: Context, given: dict[str, Value]) -> Value:
    made = given["bit_generator"]
    if not isinstance(made, Generator):
        ctx.fail(f"a generator is made of np.random.Philox, not of {described(made)}", PHILOX)
    return made


def is_random(source: Source) -> bool:
    """Is this text of ours, whose integers wrap around on purpose?"""
    return any(source.globals is vars(module) for module in (numpy_random, numpy_samples))


def refused(ctx: Context, name: str) -> NoReturn:
    """Another generator: `np.random.default_rng`, or `np.random.rand` and its like."""
    ctx.fail(f"np.{name} is not taken: its numbers are not counter-based", PHILOX)


def draw(ctx: Context, owner: Generator, name: str, args: Args, named: Named) -> Value:
    """`rng.name(...)`."""
    if name not in DRAWS:
        ctx.fail(f"a generator's {name} is not taken", f"taken are {', '.join(DRAWS)}")
    parameters = list(inspect.signature(DRAWS[name]).parameters.values())[1:]
    signature = [p.name + "*" * (p.default is p.empty) for p in parameters]
    given = bound(ctx, f"random.Generator.{name}", signature, args, named)
    with ctx.quoting():
        return ctx.hooks.inline(ctx, DRAWS[name], [owner.state], given)
