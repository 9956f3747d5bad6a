"""The same program in other words: renamed, unrolled, split. Value and gradient must not change."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator

TRIPS = 5  # the most steps of a loop over n


def renamed(text: str) -> str:
    """The locals of `f` have other names, in another order of the alphabet."""
    tree = ast.parse(text)
    f = function(tree)
    bound = dict.fromkeys(
        node.id
        for node in ast.walk(f)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    mine = [name for name in bound if name not in {arg.arg for arg in f.args.args}]
    new = {name: f"z_{len(mine) - k}" for k, name in enumerate(mine)}
    for node in ast.walk(f):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
    return ast.unparse(tree) + "\n"


def unrolled(text: str) -> str:
    """The first loop over a range that can be: each step is written out, under its test."""

    def steps(loop: ast.For, start: str, stop: str, step: int) -> list[ast.stmt]:
        inside = f"{{at}} {'<' if step > 0 else '>'} end_"
        lines = ast.parse(f"begin_ = {start}\nend_ = {stop}").body
        for k in range(TRIPS):
            at = f"begin_ + {k * step}"
            test = ast.parse(f"if {inside.format(at=at)}:\n    pass").body[0]
            assert isinstance(test, ast.If)
            first = ast.parse(f"{ast.unparse(loop.target)} = {at}").body
            test.body = [*first, *copy.deepcopy(loop.body)]
            lines.append(test)
        return lines

    return rewritten(text, steps)


def split(text: str) -> str:
    """The first loop over a range that can be: two loops, one after the other."""

    def halves(loop: ast.For, start: str, stop: str, step: int) -> list[ast.stmt]:
        middle, nearer = f"begin_ + {2 * step}", "min" if step > 0 else "max"
        lines = ast.parse(f"begin_ = {start}\nend_ = {stop}").body
        for bounds in (f"begin_, {nearer}({middle}, end_), {step}", f"{middle}, end_, {step}"):
            half = ast.parse(f"for _ in range({bounds}):\n    pass").body[0]
            assert isinstance(half, ast.For)
            half.target, half.body = loop.target, copy.deepcopy(loop.body)
            lines.append(half)
        return lines

    return rewritten(text, halves)


def rewritten(text: str, change: Callable[..., list[ast.stmt]]) -> str:
    """`change` of the first loop that is over a range and is not left early but by a return."""
    tree = ast.parse(text)
    for body in bodies(function(tree)):
        for k, node in enumerate(body):
            found = range_of(node)
            if found is not None and not is_left_early(node):
                body[k : k + 1] = change(node, *found)
                return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    return text


def function(tree: ast.Module) -> ast.FunctionDef:
    return next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "f")


def bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements, outermost first."""
    for child in ast.walk(node):
        for name in ("body", "orelse"):
            found = getattr(child, name, None)
            if isinstance(found, list) and found:
                yield found


def range_of(node: ast.stmt) -> tuple[str, str, int] | None:
    """Start, stop and step of a loop over `range(...)`, if its step is known."""
    match node:
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=args), orelse=[]):
            texts = [ast.unparse(arg) for arg in args]
            start, stop, step = {1: ["0", *texts, "1"], 2: [*texts, "1"]}.get(len(texts), texts)
            return (start, stop, int(step)) if re.fullmatch(r"-?\d+", step) else None
    return None


def is_left_early(loop: ast.stmt) -> bool:
    """Does a `break` or `continue` belong to this loop?"""
    open_ = list(ast.iter_child_nodes(loop))
    while open_:
        node = open_.pop()
        if isinstance(node, ast.Break | ast.Continue):
            return True
        if isinstance(node, ast.For | ast.While):
            open_ += node.orelse
        else:
            open_ += ast.iter_child_nodes(node)
    return False
