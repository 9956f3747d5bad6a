"""What a symbolic program means, said by running it with NumPy, one equation after the other.

Slow and plain: arrays are copied at each update. Every other way of running a program is held
against this one.
"""

from __future__ import annotations

import builtins
import importlib
import operator
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from transpile.errors import class_of, never
from transpile.sym.affine import Affine
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Check,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Print,
    Scan,
    Var,
    While,
)  # fmt: skip
from transpile.sym.ops import Infix, Op, Prefix, Text
from transpile.sym.ops.shape import is_gather
from transpile.sym.types import PYTHON_TYPES, Type

Env = dict[Var, Any]

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "@": operator.matmul,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
}  # fmt: skip
PREFIXES: dict[str, Callable[..., Any]] = {
    "-": operator.neg, "+": operator.pos, "not": operator.not_, "~": operator.invert,
}  # fmt: skip


def evaluate(function: Function, args: Sequence[Any]) -> list[Any]:
    """The flat results of a function: what it returns, then the final values of written params.

    Raises the error of a check that fails.
    """
    env: Env = {}
    for param, arg in zip(function.params, args, strict=True):
        env[param] = np.array(arg) if param.type.kind == "array" else arg
        for dim, extent in zip(param.type.dims, np.shape(arg), strict=True):
            if isinstance(dim.symbol, Var):
                env[dim.symbol] = extent
    with np.errstate(all="ignore"):
        run(function.body.eqns, env)
    return [read(atom, env) for atom in function.body.results]


def read(atom: Atom, env: Env) -> Any:
    return atom.value if isinstance(atom, Const) else env[atom]


def extent(dim: Affine, env: Env) -> int:
    """The value of a dim: never below zero."""
    return max(0, dim.const + sum(c * int(env[s]) for s, c in dim.terms if isinstance(s, Var)))


def run(eqns: Sequence[Eqn], env: Env) -> None:
    for eqn in eqns:
        values = list(results(eqn, env))
        for out, value in zip(eqn.outs, values, strict=True):
            env[out] = of_type(value, out.type)


def of_type(value: Any, type: Type) -> Any:
    """The value as the kind of thing that its type says: carried values are joined so."""
    match type.kind:
        case "python":
            return PYTHON_TYPES[type.dtype](value)
        case "numpy":
            return np.dtype(type.dtype).type(value)
        case "array":
            return np.asarray(value, type.dtype)


def enter(block: Block, args: Sequence[Any], env: Env) -> list[Any]:
    for param, value in zip(block.params, args, strict=True):
        env[param] = of_type(value, param.type)
    run(block.eqns, env)
    return [read(atom, env) for atom in block.results]


def results(eqn: Eqn, env: Env) -> Iterator[Any]:
    match eqn.rhs:
        case Apply() as rhs:
            yield apply(rhs, [read(a, env) for a in rhs.args], eqn.outs[0].type, env)
        case Call(function=function, args=args):
            yield from evaluate(function, [read(a, env) for a in args])
        case Custom(values=values):
            yield from (read(value, env) for value in values)
        case If(test=test, then=then, orelse=orelse):
            yield from enter(then if read(test, env) else orelse, [], env)
        case Scan() as scan:
            yield from scanned(scan, env)
        case While() as loop:
            yield from looped(loop, env)
        case Check(test=test, error=error, message=message):
            if not read(test, env):
                raise getattr(builtins, error, ValueError)(message)
        case Print(parts=parts, formats=formats, warned=warned):
            shown = [p if isinstance(p, str) else read(p, env) for p in parts]
            if warned is not None:
                text = "".join(map(format, shown, formats))
                warnings.warn(text, class_of(warned.category), stacklevel=2)
            elif formats:
                print(*map(format, shown, formats), sep="", end="")
            else:
                print(*shown)
        case _:
            never(eqn.rhs)


def scanned(scan: Scan, env: Env) -> Iterator[Any]:
    steps = range(*(int(read(a, env)) for a in (scan.start, scan.stop, scan.step)))
    carried = [read(a, env) for a in scan.init]
    trips = 0
    for i in reversed(steps) if scan.reverse else steps:
        carried = enter(scan.body, [i, *carried], env)
        trips += 1
        if scan.until and carried.pop():
            break
    yield from carried
    if scan.until:
        yield trips


def looped(loop: While, env: Env) -> Iterator[Any]:
    carried = [read(a, env) for a in loop.init]
    trips = 0
    while enter(loop.test, carried, env)[0]:
        carried = enter(loop.body, carried, env)
        trips += 1
    yield from carried
    yield trips


def apply(rhs: Apply, args: list[Any], type: Type, env: Env) -> Any:
    op, params = rhs.op, rhs.params
    if op.name in STRUCTURAL:
        return STRUCTURAL[op.name](args, params, type, env)
    if "axis" in params:
        return getattr(np, op.name)(args[0], axis=params["axis"], keepdims=params["keepdims"])
    if isinstance(op.numpy, Infix):
        return OPERATORS[op.numpy.symbol](*args)
    if isinstance(op.numpy, Prefix):
        return PREFIXES[op.numpy.symbol](*args)
    if isinstance(op.numpy, Text):
        return of_text(op, op.numpy.text, args)
    return named(op.numpy.name)(*args)


def of_text(op: Op, text: str, args: Sequence[Any]) -> Any:
    """The value of an operator that is spelled as an expression."""
    names = {"np": np, **dict(zip(op.args, args, strict=True))}
    for module in ("scipy.linalg", "scipy") if "scipy" in text else ():
        names["scipy"] = importlib.import_module(module)
    return eval(text, names)


def named(name: str) -> Any:
    """The function that has this name in a program: `np.sin`, `scipy.special.erf`."""
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module.replace("np", "numpy", 1)), function)


def place(x: Any, params: Any, at: Sequence[Any]) -> tuple[Any, tuple[Any, ...]]:
    """A view of `x` and the index into it, as NumPy takes them.

    Integers come first, since NumPy takes them for arrays where arrays stand beside them.
    """
    left = iter(at)
    apart = is_gather(params)
    first: list[Any] = []
    items: list[Any] = []
    for item in params["index"]:
        if apart and item != "new":
            first.append(next(left) if item == "i" else slice(None))
        match item:
            case "i":
                items += [] if apart else [next(left)]
            case "a":
                items.append(next(left))
            case ":":
                items.append(slice(None))
            case "new":
                items.append(None)
            case _:
                items.append(slice(*(next(left) if given else None for given in item[1:])))
    return x[(*first, ...)], tuple(items)


def shape_of(type: Type, env: Env) -> tuple[int, ...]:
    return tuple(extent(d, env) for d in type.dims)


def updated(args: list[Any], params: Any, type: Type, env: Env) -> Any:
    x = np.array(args[0])
    view, where = place(x, params, args[2:])
    view[where] = args[1]
    return x


def incremented(args: list[Any], params: Any, type: Type, env: Env) -> Any:
    x = np.array(args[0])
    view, where = place(x, params, args[2:])
    if is_gather(params):
        np.add.at(view, where, args[1])
    else:
        view[where] += args[1]
    return x


def indexed(args: list[Any], params: Any, type: Type, env: Env) -> Any:
    view, where = place(np.asarray(args[0]), params, args[1:])
    return view[where]


def make(value: Any) -> Callable[..., Any]:
    return lambda args, params, type, env: np.full(shape_of(type, env), value, type.dtype)


def contracted(args: list[Any], params: Any, type: Type, env: Env) -> Any:
    return np.einsum(f"{params['x']},{params['y']}->{params['out']}", *args)


STRUCTURAL: dict[str, Callable[..., Any]] = {
    "zeros": make(0),
    "empty": make(0),
    "ones": make(1),
    "full": lambda args, params, type, env: np.full(shape_of(type, env), args[0], type.dtype),
    "arange": lambda args, params, type, env: np.arange(*args[:3], dtype=type.dtype),
    "flatnonzero": lambda args, params, type, env: np.flatnonzero(args[0]),
    "nonzero": lambda args, params, type, env: np.nonzero(args[0])[params["axis"]],
    "copy": lambda args, params, type, env: args[0],
    "joined": lambda args, params, type, env: complex(*args),
    "reshape": lambda args, params, type, env: np.reshape(args[0], shape_of(type, env)),
    "broadcast_to": lambda args, params, type, env: np.broadcast_to(args[0], shape_of(type, env)),
    "contract": contracted,
    "transpose": lambda args, params, type, env: np.transpose(args[0], params["axes"]),
    "convert": lambda args, params, type, env: args[0],
    "index": indexed,
    "update": updated,
    "increment": incremented,
    "roll": lambda args, params, type, env: np.roll(args[0], args[1], params["axis"]),
    "argsort": lambda args, params, type, env: np.argsort(args[0], kind="stable"),
    "searchsorted": lambda args, params, type, env: np.searchsorted(
        args[0], args[1], "right" if args[2] else "left"
    ),
    "slice_length": lambda args, params, type, env: len(range(*slice(*args[:3]).indices(args[3]))),
}
