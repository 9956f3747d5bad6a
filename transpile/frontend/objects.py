"""Objects of users' classes: how one is made, and what it has of its class.

An object is a structure of its attributes, in a cell: see `cells`. Its methods are read where they
are called, as helpers are.
"""

from __future__ import annotations

import dataclasses
import gc
import inspect
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

from transpile.frontend import captures, cells
from transpile.frontend.args import ORIGINAL
from transpile.frontend.context import Context
from transpile.frontend.operands import as_atom, described, of_numpy, truth
from transpile.frontend.values import NONE, Above, Frame, Partial, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import constant

Args = Sequence[Value]
Named = Mapping[str, Value]


def made(ctx: Context, cls: Any, args: Args, named: Named) -> Value:
    """`cls(...)`: by the `__init__` that `dataclass` wrote for it, or by its own."""
    if getattr(cls, "__abstractmethods__", ()):
        missing = ", ".join(sorted(cls.__abstractmethods__))
        ctx.fail(f"{cls.__name__} is abstract, without {missing}", "make one of a class below it")
    init = inspect.getattr_static(cls, "__init__")
    code = getattr(init, "__code__", None)
    if code is not None and code.co_filename == "<string>":  # by `dataclass`, that is
        return record(ctx, cls, args, named)
    owner = cells.owned(ctx, Structure("dataclass", (), (), cls))
    if isinstance(init, FunctionType):
        call(ctx, owner, "__init__", args, named)
    elif args or named:
        ctx.fail(f"{cls.__name__} takes no arguments")
    return cells.again(ctx, owner)


def record(ctx: Context, cls: Any, args: Args, named: Named) -> Value:
    """A dataclass made from its fields by the `__init__` that `dataclass` wrote for it."""
    try:
        bound = inspect.signature(cls).bind(*args, **named)
    except TypeError as error:
        ctx.fail(f"{cls.__name__}: {error}")
    found = dict(bound.arguments)
    for field in dataclasses.fields(cls):
        if field.name in found:
            continue
        if field.default is not dataclasses.MISSING:
            found[field.name] = captures.known(ctx, field.name, field.default)
        elif field.default_factory is not dataclasses.MISSING:
            made = ctx.hooks.call(ctx, Static(field.default_factory), (), {})
            found[field.name] = cells.owned(ctx, made)
    names = tuple(field.name for field in dataclasses.fields(cls) if field.name in found)
    made = Structure("dataclass", tuple(found[name] for name in names), names, cls)
    if not hasattr(cls, "__post_init__"):
        return made
    owner = cells.owned(ctx, made)
    call(ctx, owner, "__post_init__", [found[n] for n in found if n not in names], {})
    return cells.again(ctx, owner)


def call(ctx: Context, owner: Value, name: str, args: Args, named: Named | None = None) -> Value:
    """`owner.name(...)`, the method being that of the class."""
    assert isinstance(owner, Structure) and owner.cls is not None
    return ctx.hooks.call(ctx, of_class(ctx, owner, owner.cls, name), args, named or {})


def is_own(cls: type) -> bool:
    """Was the class made by a `class` statement?"""
    return cls.__flags__ & HEAP != 0


HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE


# -- what an object has of its class


def holds(cls: type, name: str, above: type | None = None) -> bool:
    """Is it an attribute of the class, or of one that it is made from?"""
    return any(name in vars(one) for one in order(cls, above))


def order(cls: type, above: type | None) -> Sequence[type]:
    """Where attributes are looked for; `above` a class, where one is given."""
    return cls.__mro__ if above is None else cls.__mro__[cls.__mro__.index(above) + 1 :]


def of_class(ctx: Context, owner: Value, cls: type, name: str, above: type | None = None) -> Value:
    """What an object has of its class: a method, a property, a constant."""
    where = place(cls, name, above)
    if hasattr(where[name], ORIGINAL):
        return Partial(Static(where[name]), (owner,), ())
    match where[name]:
        case FunctionType():
            return Partial(captures.captured(ctx, where, name, where[name]), (owner,), ())
        case property(fget=FunctionType() as read):
            return ctx.hooks.call(ctx, Static(read), (owner,), {})
    return of_type(ctx, cls, name, above)


def of_type(ctx: Context, cls: type, name: str, above: type | None = None) -> Value:
    """`cls.name`."""
    where = place(cls, name, above)
    match where[name]:
        case property():
            ctx.fail(f"{cls.__name__}.{name} is a property, which objects have", "ask one for it")
        case staticmethod(__func__=function):
            return Static(function)
        case classmethod(__func__=function):
            return Partial(Static(function), (Static(cls),), ())
    return captures.captured(ctx, where, name, where[name])


def place(cls: type, name: str, above: type | None) -> dict[str, Any]:
    """The dict of the class that has the attribute: it is compared on each call."""
    (where,) = gc.get_referents(next(vars(one) for one in order(cls, above) if name in vars(one)))
    return where


# -- super


def super_(ctx: Context, args: Args) -> Value:
    """`super()`: the object as one of the classes above that whose method this is."""
    match args:
        case [Static(value=type() as cls), Structure(cls=type()) as first]:
            return Above(first, cls)
        case []:
            frame: Frame | None = ctx.frame
            while frame is not None and "__class__" not in frame.source.closure:
                frame = frame.parent
            if frame is not None:
                owner = cells.loaded(ctx, frame.names[frame.node.args.args[0].id])
                if isinstance(owner, Structure):
                    return Above(owner, frame.source.closure["__class__"].cell_contents)
    ctx.fail("super is taken in methods of objects only", "name the class, Base.method(self, ...)")


def of_above(ctx: Context, found: Above, name: str) -> Value:
    """`super().name`."""
    owner, cls = found.owner, found.owner.cls
    assert cls is not None
    if name == "__init__" and not holds(cls, name, found.cls):
        return NONE
    if name == "__init__" and place(cls, name, found.cls) is place(object, name, None):
        return Partial(Static(nothing), (), ())
    if not holds(cls, name, found.cls):
        ctx.fail(f"no class above {found.cls.__name__} has {name}")
    return of_class(ctx, owner, cls, name, found.cls)


def nothing() -> None:
    """What `object.__init__` does."""


# -- operators

METHODS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
    "@": "matmul", "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne",
}  # fmt: skip
MIRRORED = {"<": "gt", "<=": "ge", ">": "lt", ">=": "le", "==": "eq", "!=": "ne"}


def in_place(symbol: str) -> str:
    """The method for `x symbol= y`."""
    return f"__i{METHODS[symbol]}__"


def written(value: Value, name: str) -> bool:
    """Has the object's class this method, in Python?"""
    if not isinstance(value, Structure) or value.cls is None:
        return False
    found = inspect.getattr_static(value.cls, name, None)
    return isinstance(found, FunctionType) and found.__code__.co_filename != "<string>"


def operator(ctx: Context, symbol: str, x: Value, y: Value) -> Value | None:
    """`x symbol y` by a method of one of them; None where neither has it."""
    name = METHODS.get(symbol)
    if name is None or not (isinstance(x, Structure) or isinstance(y, Structure)):
        return None
    mirrored = MIRRORED.get(symbol, "r" + name)
    asked = ((x, f"__{name}__", y), (y, f"__{mirrored}__", x))
    for one, method, other in asked:
        if not written(one, method):
            continue
        if one is y and of_numpy(x):
            ctx.fail(f"{described(x)} of NumPy's stands before an object", "write the object first")
        found = call(ctx, one, method, (other,))
        if found != Static(NotImplemented):
            return found
    if symbol == "!=":  # where there is no method for it, it is what == is not
        equal = operator(ctx, "==", x, y)
        if equal is not None:
            test = truth(ctx, equal)
            known = isinstance(test, bool)
            return constant(not test) if known else expr.unary(ctx.build, "not", as_atom(test))
    return None
