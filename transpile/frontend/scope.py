"""What the names of one function mean: which it assigns, and where each is read later."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

import gast

from transpile.frontend.source import Source
from transpile.frontend.values import Frame, Live

KEPT = 4096  # nodes of which it is kept what they mean: they never change, and are asked for often
CODE = (gast.FunctionDef, gast.Lambda)
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def frame_of(text: Source, node: Any, parent: Frame | None) -> Frame:
    """A frame in which the function is to be read; it has no values yet."""
    local = frozenset(assigned(statements(node))) | frozenset(parameters(node))
    return Frame(text, node, parent, liveness(node), local)


def parameters(node: Any) -> list[str]:
    """The parameters' names: by position, `*args`, by name only, `**kwargs`."""
    args = node.args
    more = [arg.id for arg in (args.vararg,) if arg is not None]
    last = [arg.id for arg in (args.kwarg,) if arg is not None]
    return positional(node) + more + keyword_only(node) + last


def keyword_only(node: Any) -> list[str]:
    return [arg.id for arg in getattr(node.args, "kwonlyargs", ())]


def positional(node: Any) -> list[str]:
    """The parameters that may be passed by position."""
    return [arg.id for arg in (*getattr(node.args, "posonlyargs", ()), *node.args.args)]


def statements(node: Any) -> list[Any]:
    """The body of a `def`; a lambda is one `return`."""
    if isinstance(node, gast.Lambda):
        made = gast.Return(value=node.body)
        return [gast.copy_location(made, node.body)]
    return list(node.body)


def walk_here(nodes: Iterable[Any]) -> Iterator[Any]:
    """All nodes of these statements but for what stands inside nested functions; of a
    comprehension only what it goes over first, the rest of it has names of its own.
    """
    for node in nodes:
        yield from within(node)


@functools.lru_cache(KEPT)
def within(node: Any) -> tuple[Any, ...]:
    """The node and those inside it, in the order of the text."""
    found, left = [], [node]
    while left:
        node = left.pop()
        found.append(node)
        if isinstance(node, COMPREHENSIONS):
            inner = [node.generators[0].iter]
        elif isinstance(node, CODE):
            keyword = getattr(node.args, "kw_defaults", ())
            inner = [*getattr(node.args, "defaults", ()), *(d for d in keyword if d is not None)]
        else:
            inner = [*gast.iter_child_nodes(node)]
        left.extend(reversed(inner))
    return tuple(found)


def assigned(nodes: Iterable[Any]) -> list[str]:
    """The names that these statements assign, in order of first appearance."""
    found: dict[str, None] = {}
    for node in walk_here(nodes):
        match node:
            case gast.Name(id=name, ctx=gast.Store()):
                found[name] = None
            case gast.FunctionDef(name=name):
                found[name] = None
            case gast.alias(name=name, asname=other):
                found[other or name.partition(".")[0]] = None
    return list(found)


def may_come(frame: Frame, name: str) -> bool:
    """Does some loop of the function assign the name?"""
    loops = (node for node in frame.live if isinstance(node, gast.For | gast.While))
    return any(name in assigned(loop.body) for loop in loops)


def rebound(nodes: Iterable[Any]) -> set[str]:
    """The names that these statements bind to something else, not counting `x += ...`."""
    found: set[str] = set()
    for node in walk_here(nodes):
        match node:
            case gast.Assign(targets=targets):
                found.update(assigned(targets))
            case gast.For(target=target):
                found.update(assigned([target]))
            case gast.AnnAssign(target=target) | gast.NamedExpr(target=target):
                found.update(assigned([target]))
    return found


def written(nodes: Iterable[Any]) -> list[str]:
    """The names whose arrays these statements write into, as far as the text shows."""
    found: dict[str, None] = {}
    for node in walk_here(nodes):
        match node:
            case gast.Subscript(ctx=gast.Store()):
                owner = node.value
                while isinstance(owner, gast.Subscript | gast.Attribute):
                    owner = owner.value
                if isinstance(owner, gast.Name):
                    found[owner.id] = None
            case gast.AugAssign(target=gast.Name(id=name)):
                found[name] = None
    return list(found)


@functools.lru_cache(KEPT)
def loaded(node: Any) -> frozenset[str]:
    """The names that an expression or statement reads, nested functions included."""
    if isinstance(node, COMPREHENSIONS):
        targets = assigned([part.target for part in node.generators])
        inside = read_in(gast.iter_child_nodes(node))
        return loaded(node.generators[0].iter) | inside.difference(targets)
    return read_in([node])


def read_in(nodes: Iterable[Any]) -> frozenset[str]:
    """The names that these nodes read."""
    found: set[str] = set()
    left = [*nodes]
    while left:
        node = left.pop()
        if isinstance(node, COMPREHENSIONS):
            found |= loaded(node)
        elif isinstance(node, gast.Name):
            found |= {node.id} if isinstance(node.ctx, gast.Load) else set()
        else:
            left.extend(gast.iter_child_nodes(node))
    return frozenset(found)


@functools.lru_cache(KEPT)
def captured(node: Any) -> frozenset[str]:
    """The names that functions nested in this one read: at any time they are called."""
    found: set[str] = set()
    for inner in gast.walk(node):
        if inner is not node and isinstance(inner, CODE):
            found |= loaded(inner)
    return frozenset(found)


@functools.lru_cache(KEPT)
def liveness(node: Any) -> dict[Any, Live]:
    """For each loop and branch of a function, the names read at its head and after it."""
    return Liveness(captured(node)).function(node)


class Liveness:
    """Goes through statements backwards, with the set of names that are read later."""

    def __init__(self, always: frozenset[str]) -> None:
        self.found: dict[Any, Live] = {}
        self.always = always
        self.breaks: list[set[str]] = []
        self.heads: list[set[str]] = []

    def function(self, node: Any) -> dict[Any, Live]:
        self.block(statements(node), set(self.always))
        return self.found

    def block(self, body: list[Any], after: set[str]) -> set[str]:
        for statement in reversed(body):
            after = self.statement(statement, after)
        return after

    def statement(self, node: Any, after: set[str]) -> set[str]:
        match node:
            case gast.If(test=test, body=body, orelse=orelse):
                before = self.block(body, after) | self.block(orelse, after) | loaded(test)
                self.note(node, before, after)
                return before
            case gast.For() | gast.While():
                return self.loop(node, after)
            case gast.Return(value=value) | gast.Raise(exc=value):
                return {*self.always, *(loaded(value) if value is not None else ())}
            case gast.With(items=items, body=body):
                return self.block(body, after).union(*map(loaded, items))
            case gast.Try():
                return self.trial(node, after)
            case gast.Break():
                return set(self.breaks[-1])
            case gast.Continue():
                return set(self.heads[-1])
            case gast.FunctionDef(name=name):
                return (after - {name}) | self.always | loaded(node)
            case gast.AugAssign(target=target):
                named = {target.id} if isinstance(target, gast.Name) else set()
                return after | named | loaded(node)
        return (after - set(assigned([node]))) | self.always | loaded(node)

    def trial(self, node: Any, after: set[str]) -> set[str]:
        """All through the body of a `try` the names are alive that its handlers read."""
        caught: set[str] = set()
        for handler in node.handlers:
            caught |= self.block(handler.body, after)
            caught |= loaded(handler.type) if handler.type is not None else set()
        always, self.always = self.always, self.always | caught
        ended = self.block(node.orelse, after)
        before = self.block(node.body, ended | caught)
        self.note(node, ended | caught, after)
        self.always = always
        return before | caught

    def loop(self, node: Any, after: set[str]) -> set[str]:
        ended = self.block(node.orelse, after)
        is_while = isinstance(node, gast.While)
        again = loaded(node.test) if is_while else frozenset()
        gone = set() if is_while else set(assigned([node.target]))
        head = set(ended) | again
        self.breaks.append(after)
        while True:
            self.heads.append(head)
            grown = head | ended | again | (self.block(node.body, head) - gone)
            self.heads.pop()
            if grown == head:
                break
            head = grown
        self.breaks.pop()
        self.note(node, head, after | ended)
        return head if is_while else {*head, *loaded(node.iter), *loaded(node.target)}

    def note(self, node: Any, head: set[str], after: set[str]) -> None:
        self.found[node] = Live(frozenset(head | self.always), frozenset(after | self.always))


def is_check(node: Any) -> bool:
    """Is this `if test: raise error`?"""
    return len(node.body) == 1 and isinstance(node.body[0], gast.Raise) and not node.orelse


def ways_of(node: Any) -> list[list[Any]]:
    """The statements on each way through a `try`."""
    return [[*node.body, *node.orelse], *(handler.body for handler in node.handlers)]


def leaves_always(body: list[Any]) -> bool:
    """Does control never reach the end of these statements?"""
    for node in body:
        match node:
            case gast.Return() | gast.Break() | gast.Continue() | gast.Raise():
                return True
            case gast.If(body=then, orelse=orelse) if leaves_always(then) and leaves_always(orelse):
                return True
            case gast.With(body=inside) if leaves_always(inside):
                return True
            case gast.Try() if all(map(leaves_always, ways_of(node))):
                return True
    return False


def may_leave(body: Iterable[Any]) -> bool:
    """May control leave these statements other than at their end?"""
    for node in body:
        match node:
            case gast.Return() | gast.Break() | gast.Continue() | gast.Raise():
                return True
            case gast.If(body=then, orelse=orelse):
                if not is_check(node) and (may_leave(then) or may_leave(orelse)):
                    return True
            case gast.With(body=inside) if may_leave(inside):
                return True
            case gast.Try() if any(map(may_leave, ways_of(node))):
                return True
            case gast.For() | gast.While():
                inside = walk_here([*node.body, *node.orelse])
                if any(isinstance(n, gast.Return) for n in inside):
                    return True
    return False


def breaks(body: Iterable[Any]) -> bool:
    """Is there a `break` of the loop that has this body?"""
    for node in body:
        match node:
            case gast.Break():
                return True
            case gast.If(body=then, orelse=orelse):
                if breaks(then) or breaks(orelse):
                    return True
            case gast.With(body=inside) if breaks(inside):
                return True
            case gast.Try() if any(map(breaks, ways_of(node))):
                return True
            case gast.For(orelse=orelse) | gast.While(orelse=orelse):
                if breaks(orelse):
                    return True
    return False
