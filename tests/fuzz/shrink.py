"""A failing program made small: the first change that still fails the same way, again and again.

The changes are on the tree and are tried in one order, so the same failure gives the same program.
Each makes the tree smaller, so there is an end.
"""

from __future__ import annotations

import ast
import copy
import signal
from collections.abc import Callable, Iterator
from typing import Any

SECONDS = 20  # a candidate that runs longer has lost what ends its loop


def shrunk(text: str, fails: Callable[[str], bool]) -> str:
    """The smallest text that is found to fail."""
    tree = ast.parse(text)
    start = 0
    while True:
        for k, smaller in enumerate(candidates(tree)):
            if k >= start and in_time(fails, ast.unparse(smaller) + "\n"):
                tree, start = smaller, k
                break
        else:
            if start == 0:
                return ast.unparse(tree) + "\n"
            start = 0  # once more from the first


def in_time(fails: Callable[[str], bool], text: str) -> bool:
    """Does it fail? A program that breaks in Python itself, or does not end, is none."""

    def stop(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return fails(text)
    except Exception:
        return False
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def candidates(tree: ast.Module) -> Iterator[ast.Module]:
    """Smaller trees: without a statement, without a level, with a part of an expression only."""
    for change in (without_statements, without_levels, without_expressions):
        places = sum(1 for _ in ast.walk(tree))
        for place in range(places):
            yield from change(tree, place)


def at(tree: ast.Module, place: int) -> tuple[ast.Module, Any]:
    """A copy, and its node number `place`."""
    made = copy.deepcopy(tree)
    return made, next(node for k, node in enumerate(ast.walk(made)) if k == place)


def node_at(tree: ast.Module, place: int) -> Any:
    return next(node for k, node in enumerate(ast.walk(tree)) if k == place)


def without_statements(tree: ast.Module, place: int) -> Iterator[ast.Module]:
    node = node_at(tree, place)
    for name in ("body", "orelse"):
        held = getattr(node, name, None)
        if not isinstance(held, list):
            continue
        for k, statement in enumerate(held):
            if isinstance(statement, ast.Return | ast.Pass) and isinstance(node, ast.FunctionDef):
                continue
            if isinstance(statement, ast.Pass) and len(held) == 1:
                continue
            made, owner = at(tree, place)
            del getattr(owner, name)[k]
            if name == "body" and not owner.body:
                owner.body.append(ast.Pass())
            yield made


def without_levels(tree: ast.Module, place: int) -> Iterator[ast.Module]:
    """A loop or branch gives way to its statements."""
    node = node_at(tree, place)
    for name in ("body", "orelse"):
        held = getattr(node, name, None)
        for k, statement in enumerate(held if isinstance(held, list) else []):
            for inner in ("body", "orelse"):
                if isinstance(statement, ast.For | ast.While | ast.If) and getattr(
                    statement, inner
                ):
                    made, owner = at(tree, place)
                    there = getattr(owner, name)
                    there[k : k + 1] = getattr(there[k], inner)
                    yield made


def without_expressions(tree: ast.Module, place: int) -> Iterator[ast.Module]:
    """An expression gives way to one of its parts, or to a number."""
    node = node_at(tree, place)
    for name, value in ast.iter_fields(node):
        many = isinstance(value, list)
        for k, child in enumerate(value if many else [value]):
            if not isinstance(child, ast.expr) or name == "decorator_list":
                continue
            if isinstance(getattr(child, "ctx", ast.Load()), ast.Store):
                continue
            for part in parts(child):
                made, owner = at(tree, place)
                if many:
                    getattr(owner, name)[k] = part
                else:
                    setattr(owner, name, part)
                yield made


def parts(node: ast.expr) -> list[ast.expr]:
    """What may stand in its place: smaller, and a value too."""
    match node:
        case ast.BinOp(left=a, right=b):
            found = [a, b]
        case ast.BoolOp(values=values) | ast.Tuple(elts=values):
            found = values
        case ast.Compare(left=a, comparators=[b, *more]):
            found = [ast.Compare(a, node.ops[:1], [b])] if more else [ast.Constant(True)]
        case ast.Call(args=args):
            found = list(args)
        case ast.UnaryOp(operand=a):
            found = [a]
        case ast.IfExp(body=a, orelse=b):
            found = [a, b]
        case ast.Subscript(value=ast.Name() as a):
            found = [a]
        case _:
            found = []
    if isinstance(node, ast.BinOp | ast.Call | ast.IfExp | ast.Subscript):
        found.append(ast.Constant(0.5))
    return found
