"""A part of a program that is run again for its reverse, as a function of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from transpile.adjoint.cotangents import Mirror, cotangent_name, cotangent_type
from transpile.adjoint.logs import NO_LIMITS, Limits
from transpile.adjoint.reversal import Reversal
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Block, Function, Leaf, Tree, Var


class Policy(Struct, frozen=True):
    """How much a gradient may keep, and how that is held to.

    `memory` is the bytes it may take, a parameter of the gradient. `depth` is how deep loops
    inside loops are run again. `steps` is the length of a segment where the user has said it;
    with `least` a segment is one step, and only logarithmically many states are saved.
    """

    memory: Var
    depth: int = 1
    steps: int | None = None
    least: bool = False
    parts: int = 1  # how many loops share the memory

    @property
    def fixed(self) -> int | None:
        """The steps of a segment, where they are not to be chosen on entry."""
        return 1 if self.depth > 1 or self.least else self.steps

    @property
    def share(self) -> int:
        """Which part of the memory one loop has: half of it is for the loops inside."""
        return self.parts * (2 if self.depth > 1 else 1)

    def deeper(self) -> Policy:
        return replace(self, depth=self.depth - 1, parts=2 * self.parts)


Seeds: TypeAlias = "Sequence[Atom | None]"
Divide: TypeAlias = "Callable[[Reversal, Seeds, Policy, Mapping[Var, Atom]], Reversal]"


def marker(name: str) -> Function:
    """A name for what stands in a reverse until all of it is written."""
    return Function(name, (), (), Block((), (), ()), Tree("none"))


class Part:
    """A part of a program as a function of its own, with its reversal.

    `given` are cotangents of the results that have one, then those that the reverse adds to.
    """

    def __init__(self, reversal: Reversal, seeds: Seeds, running: Mapping[Var, Var]) -> None:
        self.body, self.reversal = reversal.function.body, reversal
        self.seeds, self.running = seeds, running
        cotangents = (seed for seed in seeds if isinstance(seed, Var))
        self.given = (*cotangents, *running.values())
        reversal.plan(seeds, running)

    def divide(self, divide: Divide, policy: Policy) -> None:
        """Have what keeps much in it run again too."""
        self.reversal = divide(self.reversal, self.seeds, policy, self.running)

    def reverse(self, added: Sequence[Var] = (), limits: Limits = NO_LIMITS) -> Block:
        """The body run with its logs, and reversed: a block of the body's params, then `given`."""
        build = self.reversal.builder()
        build.facts = build.facts.having(*map(Affine.of, added))
        results = self.reversal.write(build, limits)
        block = build.block([*self.body.params, *self.given, *added], results)
        return walk.effectless(block)


def part_of(
    outer: Reversal, body: Block, sources: Sequence[Var], active: frozenset[Var],
    seeded: Sequence[int], captured: Sequence[Var],
) -> Part:  # fmt: skip
    """A block of the program as a function, to be reversed from cotangents of results `seeded`.

    Its reverse gives cotangents of `sources`, and adds to those of `captured`.
    """
    seeds: list[Atom | None] = [None] * len(body.results)
    for k in seeded:
        result = body.results[k]
        seeds[k] = Var(cotangent_name(result), cotangent_type(result.type))
    running = {v: Var(cotangent_name(v), cotangent_type(v.type)) for v in captured}
    leaves = tuple(map(Leaf, range(len(body.results))))
    function = Function(
        outer.function.name, body.params, outer.function.sizes, body, Tree("tuple", leaves),
        span=outer.function.span,
    )  # fmt: skip
    mirror = Mirror(copies=dict(outer.mirror.copies))
    wanted = [*sources, *captured]
    reversal = Reversal(function, wanted, body.results, active, outer.forms, mirror)
    return Part(reversal, seeds, running)


def inserted(build: Builder, block: Block, values: Sequence[Atom]) -> tuple[Atom, ...]:
    """A block's equations written here for these params, with new variables; its results."""
    known = dict(zip(block.params, values, strict=True))
    copy = walk.substitute(Block((), block.eqns, block.results), known, fresh=True)
    build.eqns.extend(copy.eqns)
    return copy.results
