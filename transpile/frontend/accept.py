"""The one table of taken syntax: everything else is refused before anything is run."""

from __future__ import annotations

from typing import Any

import gast

from transpile.errors import Several, TranspileError, UnsupportedError
from transpile.frontend import scope
from transpile.frontend.source import Source, shallow

TAKEN = (
    gast.FunctionDef, gast.Lambda, gast.arguments, gast.Return, gast.Assign,
    gast.AugAssign, gast.AnnAssign, gast.For, gast.While, gast.If, gast.Assert, gast.Expr,
    gast.Pass, gast.Break, gast.Continue, gast.BoolOp, gast.BinOp, gast.UnaryOp, gast.IfExp,
    gast.Compare, gast.Call, gast.keyword, gast.Constant, gast.Attribute, gast.Subscript,
    gast.Slice, gast.Name, gast.List, gast.Tuple, gast.Dict, gast.JoinedStr,
    gast.FormattedValue, gast.Starred, gast.Raise, gast.With, gast.withitem, gast.Delete,
    gast.Global, gast.NamedExpr, gast.ListComp, gast.DictComp, gast.GeneratorExp,
    gast.Set, gast.SetComp, gast.Yield, gast.YieldFrom,
    gast.comprehension, gast.Import, gast.ImportFrom, gast.alias, gast.Try, gast.ExceptHandler,
    gast.expr_context, gast.operator, gast.unaryop, gast.boolop, gast.cmpop,
)  # fmt: skip

# What is refused: how it is called, and what to write instead.
REFUSED: dict[Any, tuple[str, str]] = {
    gast.AsyncFunctionDef: ("an async function", "write a plain `def`"),
    gast.ClassDef: ("a class inside the function", "define it outside"),
    gast.Nonlocal: ("nonlocal", "pass the value in and return it"),
}
if hasattr(gast, "Match"):
    REFUSED[gast.Match] = ("a pattern of this `match`", "write if and elif")


COLLECTED = "write it as a helper, and go over it in a function that returns a list or array"


def check(source: Source, helper: bool = False) -> None:
    """Refuse everything outside the taken syntax, all at once. Only a helper may yield."""
    errors: list[TranspileError] = []
    with shallow(source.name, source.span(source.tree)):
        visit(source, source.tree, errors)
        for node in () if helper else scope.walk_here(scope.statements(source.tree)):
            if isinstance(node, gast.Yield | gast.YieldFrom):
                name = "yield" if isinstance(node, gast.Yield) else "yield from"
                message = f"{name} is not taken in what is called from outside"
                errors.append(UnsupportedError(message, source.span(node), COLLECTED))
    if errors:
        raise errors[0] if len(errors) == 1 else Several(errors)


def visit(source: Source, node: Any, errors: list[TranspileError]) -> None:
    found = refused(node)
    if found is not None:
        what, remedy = found
        errors.append(UnsupportedError(f"{what} is not taken", source.span(node), remedy))
        return
    for name, child in gast.iter_fields(node):
        if name in ("decorator_list", "annotation", "returns", "type_comment"):
            continue
        for one in child if isinstance(child, list) else [child]:
            if isinstance(one, gast.AST):
                visit(source, one, errors)


def refused(node: Any) -> tuple[str, str] | None:
    """What the node is called and what to write instead, where it is not taken."""
    match node:
        case gast.ListComp() | gast.DictComp() | gast.SetComp() | gast.GeneratorExp() if any(
            isinstance(inner, gast.NamedExpr) for inner in gast.walk(node)
        ):
            return "`:=` in a comprehension", "write a `for` loop"
        case gast.While(test=test) if any(isinstance(n, gast.NamedExpr) for n in gast.walk(test)):
            return "`:=` in the test of a `while` with an `else`", "assign in the body, and break"
        case gast.Try(finalbody=[_, *_]):
            return "`finally`", "write its statements after the `try`"
    if isinstance(node, TAKEN):
        return None
    kind = type(node)
    return REFUSED.get(kind, (f"{kind.__name__}", "write it with assignments, loops and branches"))
