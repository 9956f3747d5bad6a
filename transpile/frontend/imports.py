"""Imports inside the function: what they bind is known before anything is run."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import gast

from transpile.frontend import captures
from transpile.frontend.context import Context
from transpile.frontend.values import Static


def bind(ctx: Context, node: Any) -> None:
    """`import numpy as np`, `from math import sqrt`. A `try` around it may catch an ImportError."""
    try:
        bound(ctx, node)
    except ImportError as error:
        ctx.impossible(type(error).__name__, str(error), "import a module that is installed")


def bound(ctx: Context, node: Any) -> None:
    for alias in node.names:
        if isinstance(node, gast.ImportFrom):
            ctx.frame.names[alias.asname or alias.name] = part(ctx, node, alias.name)
            continue
        module, root = importlib.import_module(alias.name), alias.name.partition(".")[0]
        if alias.asname is not None:
            ctx.frame.names[alias.asname] = Static(module)
        else:
            ctx.frame.names[root] = Static(importlib.import_module(root))


def part(ctx: Context, node: Any, name: str) -> Any:
    """`from module import name`: what a module has, or a module in it."""
    package = ctx.frame.source.globals.get("__package__")
    module = importlib.import_module("." * node.level + (node.module or ""), package)
    if not hasattr(module, name):
        if importlib.util.find_spec(f"{module.__name__}.{name}") is None:
            raise ImportError(f"cannot import name {name!r} from {module.__name__!r}")
        return Static(importlib.import_module(f"{module.__name__}.{name}"))
    value = getattr(module, name)
    return captures.captured(ctx, vars(module), name, value, module)
