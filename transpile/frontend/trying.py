"""`try`: what raises in its body is found while it is read, and its handlers are ways of a branch.

    try:                        check y != 0
        r = x / y          ->   r = if y != 0: x / y else: 0.0
    except ZeroDivisionError:
        r = 0.0

An error that is raised whatever the arguments leads straight to its handler. One that only the
running program tells of is a check; where a handler catches it, what follows the check is one way
of a branch, and the handler is the other, with all names as they were then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from msgspec import Struct

from transpile.errors import Span, class_of
from transpile.frontend import cells, join
from transpile.frontend.context import Context, Impossible, State
from transpile.frontend.join import hidden
from transpile.frontend.values import Static, Structure
from transpile.sym import walk
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var, constant
from transpile.sym.ops.table import Host

WITH_IF = "test for the case with `if` before it happens"
OURS = {"ShapeError": ValueError, "LinAlgError": np.linalg.LinAlgError}


class Caught(Exception):
    """An error is raised here whatever the arguments, and a `try` around it catches it."""


class Failure(Struct, frozen=True):
    """A check that a handler is for: where among the equations it stands, and what was then."""

    place: int
    test: Atom
    error: str
    message: str
    span: Span | None
    state: State


class Trial:
    """The body of a `try` while it is read."""

    def __init__(self, ctx: Context, node: Any) -> None:
        self.ctx, self.node = ctx, node
        self.frame = ctx.frame
        self.since = join.mark()
        self.failures: list[Failure] = []
        self.certain: tuple[str, str] | None = None  # what is raised at the end of what was read
        self.build: Builder | None = None

    def handler(self, error: str) -> Any:
        """The handler of an error, by its name, or None."""
        raised: Any = OURS.get(error) or class_of(error)
        for handler in self.node.handlers if raised is not None else ():
            if handler.type is None or issubclass(raised, self.classes(handler.type)):
                return handler
        return None

    def classes(self, node: Any) -> tuple[type, ...]:
        """The classes of errors that a handler names."""
        found = self.ctx.hooks.evaluate(self.ctx, node)
        parts = found.items if isinstance(found, Structure) else (found,)
        known = [part.value for part in parts if isinstance(part, Static)]
        classes = tuple(c for c in known if isinstance(c, type) and issubclass(c, BaseException))
        if len(classes) != len(parts):
            self.ctx.fail(
                "what `except` catches has to be classes of errors", "write ValueError", node
            )
        return classes

    def catches(self, *errors: str) -> bool:
        return any(self.handler(error) is not None for error in errors)

    def note(self, build: Builder, test: Atom, error: str, message: str) -> bool:
        """Sees to a check if a handler is for its error."""
        if self.handler(error) is None:
            return False
        if build is not self.build:
            self.unknown()
        if isinstance(test, Const):
            self.certain = error, message
            raise Caught
        ctx = self.ctx
        names = {**self.frame.names, **cells.cells(ctx.frame.names)}
        state = State(dict(ctx.bases), names, dict(ctx.moved))
        self.failures.append(Failure(len(build.eqns), test, error, message, build.span, state))
        return True

    def unknown(self) -> None:
        self.ctx.fail("an error that only the running program tells of is caught here", WITH_IF)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Errors of what is read inside are this trial's, if a handler is for them."""
        ctx = self.ctx
        build, outer = ctx.build, ctx.build.caught
        trials = ctx.trials

        def caught(at: Builder, test: Atom, error: str, message: str) -> bool:
            return self.note(at, test, error, message) or (
                outer is not None and outer(at, test, error, message)
            )

        self.build, build.caught, ctx.trials = build, caught, (*trials, self)
        try:
            yield
        except Caught:
            if self.certain is None:
                raise
        except Impossible as found:
            if self.handler(found.error) is None:
                raise
            if found.build is not build:
                self.unknown()
            self.certain = found.error, found.message
        finally:
            build.caught, ctx.trials = outer, trials
        self.hosted(build.eqns)

    def hosted(self, eqns: list[Eqn]) -> None:
        """Refuse what may fail in LAPACK and would be caught."""
        for eqn in eqns:
            for inner in (one for block in walk.blocks(eqn.rhs) for one in block.eqns):
                self.hosted([inner])
            spelling = eqn.rhs.op.c if isinstance(eqn.rhs, Apply) else None
            fails = isinstance(spelling, Host) and spelling.failure
            if fails and isinstance(spelling, Host) and self.handler(spelling.error) is not None:
                with self.ctx.quoting():
                    self.ctx.build.span = eqn.span
                    self.unknown()


def try_(ctx: Context, node: Any) -> None:
    """`try: ... except ...: ... else: ...`"""
    trial, live = Trial(ctx, node), ctx.frame.live[node].after
    outer = ctx.build
    with ctx.inside(branch=True) as build:
        with trial.reading():
            ctx.hooks.block(ctx, node.body, ctx.frame.live[node].head)
        final = ctx.save()
    if not trial.failures:
        absorb(outer, build)
    unfold(ctx, trial, build.eqns, final, live, 0)


def absorb(build: Builder, inner: Builder) -> None:
    """Go on after what was written into a block inside as if it had been written here."""
    build.eqns += inner.eqns
    build.facts = inner.facts
    build.forms.update(inner.forms)
    build.atoms.update(inner.atoms)
    build.opaque.update(inner.opaque)
    build.lengths.update(inner.lengths)


def unfold(
    ctx: Context, trial: Trial, eqns: list[Eqn], final: State, live: frozenset[str], k: int
) -> None:
    """What was read from the k-th possible failure on; the next one begins a branch."""
    begin = trial.failures[k - 1].place if k else 0
    if k == len(trial.failures):
        if k:
            ctx.build.eqns += eqns[begin:]
        ctx.restore(final)
        ended(ctx, trial, live)
        return
    failure = trial.failures[k]
    ctx.build.eqns += eqns[begin : failure.place]
    ctx.restore(failure.state)
    branch = join.Branch(ctx, failure.test, live)
    branch.since = trial.since
    branch.run(
        lambda: unfold(ctx, trial, eqns, final, live, k + 1),
        lambda: handle(ctx, trial, failure.error, failure.message, live),
    )


def ended(ctx: Context, trial: Trial, live: frozenset[str]) -> None:
    """What comes after the body: the handler of what it certainly raises, or its `else`."""
    if trial.certain is not None:
        handle(ctx, trial, *trial.certain, live)
        return
    body, left = trial.node.orelse, ctx.frame.names.get(hidden("left"), constant(False))
    if isinstance(left, Var):
        join.Branch(ctx, left, live).rest(lambda: ctx.hooks.block(ctx, body, live))
    elif body and left == constant(False):
        ctx.hooks.block(ctx, body, live)


def handle(ctx: Context, trial: Trial, error: str, message: str, live: frozenset[str]) -> None:
    handler = trial.handler(error)
    if handler.name is not None:
        ctx.frame.names.pop(handler.name.id, None)
    outer = ctx.handled
    ctx.handled = error, message
    try:
        ctx.hooks.block(ctx, handler.body, live)
    finally:
        ctx.handled = outer
