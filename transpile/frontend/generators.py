"""Generator functions of the user's, read where a loop goes over what they yield.

    def halves(x):                  for v in halves(x): total += v
        while x > 1:
            x /= 2           ->     while x > 1:
            yield x                     x /= 2; v = x; total += v

The generator's text takes the place of the loop, with names that the function does not have, and
the loop's body stands where it yields. A `break` in the body, and a `return` in the generator, end
all of the generator's loops.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import gast

from transpile.frontend import cells, scope
from transpile.frontend.context import Context
from transpile.frontend.inlining import arguments, check_recursion, default_values, read_helper
from transpile.frontend.values import Closure, Enumerate, Frame, Value, Yielded

LOOPS = gast.For | gast.While


def yields(node: Any) -> bool:
    """Is it a generator function?"""
    if not isinstance(node, gast.FunctionDef):
        return False
    return any(isinstance(one, gast.Yield | gast.YieldFrom) for one in scope.walk_here(node.body))


def called(ctx: Context, callee: Any, given: Any, named: Any) -> Yielded:
    """A call of one: nothing of it is read yet."""
    if isinstance(callee, Closure):
        frame = scope.frame_of(callee.frame.source, callee.node, callee.frame)
        outside = dict(callee.defaults)
        name = callee.name
    else:
        text, node = read_helper(ctx, callee)
        frame, name, outside = scope.frame_of(text, node, None), callee.__name__, None
    check_recursion(ctx, frame.node, name)
    passed = arguments(ctx, name, frame.node, given, named)
    if outside is None:
        outside = default_values(ctx, callee, passed)
    values = {**outside, **passed}
    missing = [one for one in scope.parameters(frame.node) if one not in values]
    if missing:
        ctx.fail(f"{name} is called without {', '.join(missing)}")
    frame.names = {key: cells.stored(ctx, value) for key, value in values.items()}
    return Yielded(frame)


def is_yielded(value: Value) -> bool:
    """Is it what a generator function yields, perhaps numbered?"""
    return isinstance(value.part if isinstance(value, Enumerate) else value, Yielded)


def loop(ctx: Context, node: Any, value: Value) -> None:
    """`for target in generator(...): ...`"""
    start = value.start if isinstance(value, Enumerate) else None
    over = value.part if isinstance(value, Enumerate) else value
    assert isinstance(over, Yielded)
    if node.orelse:
        ctx.fail("a loop over a generator has an `else`", "set a flag before its break", node)
    frame, key = ctx.frame, (node, over.frame.node, start is None)
    if key not in frame.spliced:
        frame.spliced[key] = Splice(ctx, node, over.frame, start is not None).statements()
    body, names, own = frame.spliced[key]
    if start is not None:
        frame.names[own[1]] = start
    for name, new in names.items():
        frame.names.pop(new, None)
        if name in over.frame.names:
            frame.names[new] = over.frame.names[name]
        elif name not in over.frame.local:
            frame.names[new] = outside(ctx, over.frame, name)
    calls, frame.calls = frame.calls, (*frame.calls, over.frame.node)
    try:
        ctx.hooks.block(ctx, body, frame.live[node].after)
    finally:
        frame.calls = calls
    for new in (*names.values(), *own):
        frame.names.pop(new, None)


def outside(ctx: Context, frame: Frame, name: str) -> Value:
    """What a name means in the generator that is not its own."""
    caller, ctx.frame = ctx.frame, frame
    try:
        found = ctx.hooks.evaluate(ctx, placed(gast.Name(name, gast.Load(), None, None), frame))
    finally:
        ctx.frame = caller
    return cells.stored(ctx, found)


def placed(made: Any, frame: Frame) -> Any:
    return gast.copy_location(made, frame.node)


class Splice:
    """The statements that take the place of a loop over a generator."""

    def __init__(self, ctx: Context, node: Any, frame: Frame, numbered: bool) -> None:
        self.ctx, self.node, self.frame = ctx, node, frame
        self.names = self.renaming()
        self.own: list[str] = []  # ours
        self.done = self.mine("done")
        self.number = self.mine("number") if numbered else None
        self.leaves = False  # is there a way out of the generator before its end?

    def renaming(self) -> dict[str, str]:
        """The generator's names, and what they are here."""
        found: dict[str, str] = {}
        read = scope.read_in(self.frame.node.body)
        mine = self.ctx.frame.node is getattr(self.frame.parent, "node", None)
        for name in sorted({*self.frame.local, *read}):
            if name in self.frame.local or not mine:
                found[name] = self.fresh(name, found)
        return found

    def mine(self, name: str) -> str:
        self.own.append(self.fresh(name, dict(self.names)))
        return self.own[-1]

    def fresh(self, name: str, found: dict[str, str] | None = None) -> str:
        frame = self.ctx.frame
        taken = {*frame.local, *frame.names, *scope.read_in([frame.node]), *(found or {}).values()}
        taken |= {*getattr(self, "own", ())}
        while name in taken:
            name += "_"
        return name

    def statements(self) -> tuple[list[Any], dict[str, str], list[str]]:
        frame = self.ctx.frame
        body = [copy.deepcopy(one) for one in scope.statements(self.frame.node)]
        for one in body:
            self.rename(one)
        body = self.block(body, in_loop=False)
        if self.leaves:
            body = [self.assigned(False), self.once(body)]
        live = frame.live[self.node]
        reader = scope.Liveness(scope.captured(frame.node))
        reader.block(body, set(live.after))
        frame.live.update(reader.found)
        frame.local |= frozenset((*self.names.values(), *self.own))
        return body, self.names, self.own

    def rename(self, node: Any) -> None:
        for one in gast.walk(node):
            ctx = self.ctx
            ctx.shared.origins[one] = self.frame.source
            if isinstance(one, gast.Name):
                one.id = self.names.get(one.id, one.id)
            elif isinstance(one, gast.FunctionDef | gast.Lambda | gast.Try):
                what = "a `try`" if isinstance(one, gast.Try) else "a function"
                ctx.fail(f"{what} inside a generator", "fill a list and return it", one)

    def block(self, body: list[Any], in_loop: bool) -> list[Any]:
        """The statements with the loop's body in place of what they yield."""
        found: list[Any] = []
        for one in body:
            found += self.statement(one, in_loop)
        return found

    def statement(self, one: Any, in_loop: bool) -> list[Any]:
        match one:
            case gast.Expr(value=gast.Yield(value=value)):
                given = value if value is not None else gast.Constant(None, None)
                return self.round(gast.copy_location(given, one))
            case gast.Expr(value=gast.YieldFrom(value=value)):
                item = self.mine("item")
                inner = self.round(self.here(gast.Name(item, gast.Load(), None, None)))
                target = self.here(gast.Name(item, gast.Store(), None, None))
                made = gast.copy_location(gast.For(target, value, inner, [], None), one)
                self.ctx.shared.origins[made] = self.frame.source
                return [made, *self.leaving(inner)]
            case gast.Return():
                self.leaves = True
                return [self.assigned(True), self.here(gast.Break())]
            case gast.If():
                one.body, one.orelse = (
                    self.block(part, in_loop) for part in (one.body, one.orelse)
                )
            case gast.With():
                one.body = self.block(one.body, in_loop)
            case gast.For() | gast.While():
                one.body = self.block(one.body, True)
                one.orelse = self.block(one.orelse, in_loop)
                return [one, *self.leaving([one])]
        given = any(isinstance(n, gast.Yield | gast.YieldFrom) for n in scope.walk_here([one]))
        if given and not isinstance(one, gast.If | gast.With):
            self.ctx.fail("what is sent to a generator", "pass it as an argument", one)
        return [one]

    def round(self, value: Any) -> list[Any]:
        """One item: it is assigned, and the body of the loop is run."""
        body = [copy.deepcopy(one) for one in self.node.body]
        for one in body:
            for old in gast.walk(one):
                self.ctx.shared.origins[old] = self.ctx.frame.source
        ends = {type(one) for one in leaving(body)}
        body = [replaced(one, self.out) for one in body]
        flat = [part for one in body for part in one]
        target = copy.deepcopy(self.node.target)
        if self.number is not None:
            number = self.here(gast.Name(self.number, gast.Load(), None, None))
            value = self.here(gast.Tuple([number, value], gast.Load()))
            more = self.here(gast.BinOp(number, gast.Add(), self.here(gast.Constant(1, None))))
            to = self.here(gast.Name(self.number, gast.Store(), None, None))
            flat.insert(0, self.here(gast.Assign([to], more, None)))
        given = self.here(gast.Assign([target], value, None))
        if not ends:
            return [given, *flat]
        self.leaves = self.leaves or gast.Break in ends
        made = [given, self.once(flat)]
        return made + (self.leaving(made) if gast.Break in ends else [])

    def out(self) -> list[Any]:
        """The loop is left."""
        return [self.assigned(True), self.here(gast.Break())]

    def leaving(self, body: list[Any]) -> list[Any]:
        """Leave what is around, too, where the loop was left inside."""
        inside = scope.walk_here(body)
        if not any(isinstance(n, gast.Name) and n.id == self.done for n in inside):
            return []
        test = gast.Name(self.done, gast.Load(), None, None)
        return [self.here(gast.If(self.here(test), [self.here(gast.Break())], []))]

    def once(self, body: list[Any]) -> Any:
        """A loop of one round, which `break` and `continue` leave."""
        name = self.mine("once")
        target = self.here(gast.Name(name, gast.Store(), None, None))
        over = gast.Tuple([self.here(gast.Constant(0, None))], gast.Load())
        return self.here(gast.For(target, self.here(over), body, [], None))

    def assigned(self, value: bool) -> Any:
        target = self.here(gast.Name(self.done, gast.Store(), None, None))
        return self.here(gast.Assign([target], self.here(gast.Constant(value, None)), None))

    def here(self, made: Any) -> Any:
        self.ctx.shared.origins[made] = self.ctx.frame.source
        return gast.copy_location(made, self.node)


def leaving(body: list[Any]) -> list[Any]:
    """The `break` and `continue` of the loop that has this body."""
    found: list[Any] = []
    for one in body:
        if isinstance(one, gast.Break | gast.Continue):
            found.append(one)
        elif not isinstance(one, gast.FunctionDef):
            for part in ("orelse",) if isinstance(one, LOOPS) else ("body", "orelse"):
                found += leaving(getattr(one, part, None) or [])
            for handler in getattr(one, "handlers", ()):
                found += leaving(handler.body)
    return found


def replaced(one: Any, out: Callable[[], list[Any]]) -> list[Any]:
    """The statement with what leaves the loop in place of each `break`."""
    if isinstance(one, gast.Break):
        return out()
    if isinstance(one, gast.If | gast.With | gast.Try | LOOPS):
        for part in ("orelse",) if isinstance(one, LOOPS) else ("body", "orelse"):
            inner = getattr(one, part, None) or []
            if inner:
                setattr(one, part, [made for each in inner for made in replaced(each, out)])
        for handler in getattr(one, "handlers", ()):
            handler.body = [made for each in handler.body for made in replaced(each, out)]
    return [one]
