"""What comes from the lines of a `with np.errstate(...)` stands in one again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gast

from transpile.emit_py import trees
from transpile.emit_py.statements import Line
from transpile.errors import Quiet

Kinds = tuple[tuple[str, str], ...]


def quieted(quiet: Sequence[Quiet], line: Line) -> Kinds:
    """What is said where the line comes from, by the innermost `with` last."""
    here = [one for one in quiet if one.has(line.span or line.inside)]
    found = {kind: how for one in here for kind, how in one.kinds}
    return tuple(found.items())


def within(kinds: Kinds, nodes: list[Any]) -> list[Any]:
    """The statements in a `with`, if anything is said of them, and none of the same in that."""
    if not kinds:
        return nodes
    said = [gast.Constant(how, None) for _, how in kinds]
    names = [kind for kind, _ in kinds]
    made = trees.call(trees.numpy("errstate"), **dict(zip(names, said, strict=True)))
    inner = Opened(gast.dump(made))
    body = [one for node in nodes for one in inner.opened(node)]
    return [gast.With([gast.withitem(made, None)], body, None)]


class Opened(gast.NodeTransformer):
    """Takes the body of a `with` of this text in its place."""

    def __init__(self, text: str) -> None:
        self.text = text

    def opened(self, node: Any) -> list[Any]:
        found = self.visit(node)
        return found if isinstance(found, list) else [found]

    def visit_With(self, node: Any) -> Any:
        self.generic_visit(node)
        return node.body if gast.dump(node.items[0].context_expr) == self.text else node
