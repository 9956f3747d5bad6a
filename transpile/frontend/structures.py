"""What tuples, lists, dicts and texts do by their methods and operators."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any, TypeAlias

from msgspec.structs import replace

from transpile.frontend import cells, hashed, letters, listed, objects, operands, texts
from transpile.frontend.args import is_plain
from transpile.frontend.context import Context
from transpile.frontend.iterables import items, unrolled
from transpile.frontend.library import python_dicts
from transpile.frontend.library.python_deque import is_deque, opened
from transpile.frontend.library.python_hashed import is_table
from transpile.frontend.operands import as_atom, as_test, compute, described, many, truth
from transpile.frontend.values import (
    CALLERS,
    EITHER,
    MUTABLE,
    NONE,
    Array,
    Letter,
    Letters,
    Listed,
    Option,
    Range,
    Static,
    Structure,
    Value,
    View,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import arithmetic
from transpile.sym.types import BOOL

Args = Sequence[Value]
Named = Mapping[str, Value]


def method(ctx: Context, owner: Structure, name: str, args: Args, named: Named) -> Value:
    """`owner.name(...)` of a structure."""
    match owner.kind, name, args, named:
        case "dict", ("keys" | "values" | "items"), [], {}:
            return View(owner, name)
        case "dict", "get", [key, *default], {}:
            found = hashed.key_of(ctx, owner, key)
            if found in owner.keys:
                return owner.items[owner.keys.index(found)]
            return default[0] if default else NONE
        case (("tuple" | "list"), "count", [value], {}):
            total: Atom = constant(0)
            for part in owner.items:
                total = compute(ctx, "+", total, as_atom(truth(ctx, equal(ctx, part, value))))
            return total
        case (("tuple" | "list"), "index", [value], {}):
            return constant(place_of(ctx, owner, value))
        case "tuple", "_replace", [], _ if owner.keys and set(named) <= set(owner.keys):
            found = dict(zip(owner.keys, owner.items, strict=True)) | dict(named)
            return replace(owner, items=tuple(found.values()))
        case "tuple", "_asdict", [], {} if owner.keys:
            return Structure("dict", owner.items, owner.keys)
        case (("list" | "dict"), "copy", [], {}):
            return replace(owner, cell=None)
        case "list", "sort", [], _:
            found = ctx.hooks.call(ctx, Static(sorted), (owner,), named)
            assert isinstance(found, Structure | Listed)
            cells.put(ctx, owner, "list", found)
            return NONE
        case "list", _, _, _ if name in CHANGES:
            change, *counts = CHANGES[name]
            if len(args) + len(named) not in counts:
                ctx.fail(f"{name} of a list does not take {many(len(args), 'argument')}")
            items, value = change(ctx, owner, [*args, *named.values()])
            cells.write(ctx, owner, items)
            return value
        case "dict", ("update" | "pop" | "setdefault" | "clear"), _, _:
            return change_dict(ctx, owner, name, args, named)
    ctx.fail(f"the method {name} of {described(owner)} is not taken here", "write it with a loop")


def place_of(ctx: Context, owner: Structure, value: Value) -> int:
    """Where the value is first."""
    for k, part in enumerate(owner.items):
        test = truth(ctx, equal(ctx, part, value))
        if test is True:
            return k
        if test is not False:
            ctx.fail("where something is that only the running program knows", "use a loop")
    ctx.check(constant(False), "ValueError", "the value is not in the list")
    return 0


Changed: TypeAlias = "tuple[Sequence[Value], Value]"


def append(ctx: Context, owner: Structure, args: Args) -> Changed:
    (value,) = args
    return (*owner.items, value), NONE


def extend(ctx: Context, owner: Structure, args: Args) -> Changed:
    (more,) = args
    return (*owner.items, *items(ctx, more)), NONE


def insert(ctx: Context, owner: Structure, args: Args) -> Changed:
    place, value = args
    made = list(owner.items)
    made.insert(known_index(ctx, place), value)
    return made, NONE


def pop(ctx: Context, owner: Structure, args: Args) -> Changed:
    place = known_index(ctx, args[0]) if args else -1
    made = list(owner.items)
    if not -len(made) <= place < len(made):
        ctx.check(constant(False), "IndexError", "pop index out of range")
        return made, NONE
    value = made.pop(place)
    return made, value


def remove(ctx: Context, owner: Structure, args: Args) -> Changed:
    (value,) = args
    made = list(owner.items)
    place = place_of(ctx, owner, value)
    return (made[:place] + made[place + 1 :]), NONE


def turn(ctx: Context, owner: Structure, args: Args) -> Changed:
    () = args
    return owner.items[::-1], NONE


def clear(ctx: Context, owner: Structure, args: Args) -> Changed:
    () = args
    return (), NONE


CHANGES: dict[str, tuple[Any, ...]] = {  # each with the numbers of arguments that it takes
    "append": (append, 1), "extend": (extend, 1), "insert": (insert, 2), "pop": (pop, 0, 1),
    "remove": (remove, 1), "reverse": (turn, 0), "clear": (clear, 0),
}  # fmt: skip


def change_dict(ctx: Context, owner: Structure, name: str, args: Args, named: Named) -> Value:
    """`d.update(...)` and its like."""
    found = dict(zip(owner.keys, owner.items, strict=True))
    value: Value = NONE
    match name, args:
        case "update", [Structure(kind="dict", keys=keys, items=parts)]:
            found.update({**dict(zip(keys, parts, strict=True)), **named})
        case "update", []:
            found.update(named)
        case "pop", [key, *default]:
            place = hashed.key_of(ctx, owner, key)
            if place not in found and not default:
                ctx.check(constant(False), "KeyError", repr(place))
            value = found.pop(place) if place in found else default[0] if default else NONE
        case "setdefault", [key, default]:
            value = found.setdefault(hashed.key_of(ctx, owner, key), default)
        case "clear", []:
            found = {}
        case _:
            ctx.fail(f"{name} of a dict is not taken with these arguments")
    cells.write(ctx, owner, tuple(found.values()), tuple(found))
    return value


def known_index(ctx: Context, value: Value, kind: str = "list") -> int:
    if not isinstance(value, Const) or not isinstance(value.value, int):
        ctx.unknown(
            f"the index of a {kind} has to be known", f"make an array of the {kind} with np.array"
        )
    return int(value.value)


# -- assignment


def set_item(ctx: Context, owner: Structure, key: Value, value: Value) -> None:
    """`owner[key] = value`."""
    match owner.kind:
        case "dict":
            found = dict(zip(owner.keys, owner.items, strict=True))
            found[hashed.key_of(ctx, owner, key)] = value
            cells.write(ctx, owner, tuple(found.values()), tuple(found))
        case "list" if isinstance(key, Structure) and key.kind == "slice":
            made = list(owner.items)
            made[known_slice(ctx, key)] = items(ctx, value)
            cells.write(ctx, owner, made)
        case "list":
            place, made = known_index(ctx, key), list(owner.items)
            if not -len(made) <= place < len(made):
                ctx.check(constant(False), "IndexError", "list assignment index out of range")
                return
            made[place] = value
            cells.write(ctx, owner, made)
        case _:
            ctx.fail(
                f"only elements of arrays, lists and dicts can be assigned, this is a {owner.kind}",
                "make a new tuple",
            )


def del_item(ctx: Context, owner: Structure, key: Value) -> None:
    """`del owner[key]`."""
    if owner.kind == "dict":
        change_dict(ctx, owner, "pop", (key,), {})
    elif isinstance(key, Structure) and key.kind == "slice":
        made = list(owner.items)
        del made[known_slice(ctx, key)]
        cells.write(ctx, owner, made)
    else:
        method(ctx, owner, "pop", (key,), {})


def known_slice(ctx: Context, key: Structure) -> slice:
    bounds = [None if bound == NONE else known_index(ctx, bound) for bound in key.items]
    return slice(*bounds)


ELEMENTS = "write into its elements, x[...] = ..."
ASSIGNED = {
    "shape": "bind a new name, y = x.reshape(...)", "dtype": "bind a new name, y = x.astype(...)",
}  # fmt: skip


def set_field(ctx: Context, owner: Value, name: str, value: Value) -> None:
    """`owner.name = value` of an object."""
    if not isinstance(owner, Structure) or owner.kind != "dataclass":
        ctx.fail(f"{name} of {described(owner)} cannot be assigned", ASSIGNED.get(name, ELEMENTS))
    assert owner.cls is not None
    params = getattr(owner.cls, "__dataclass_params__", None)
    if params is not None and params.frozen:
        ctx.fail("a frozen dataclass is changed", "make a new one with dataclasses.replace")
    found = inspect.getattr_static(owner.cls, name, None)
    if isinstance(found, property) and isinstance(found.fset, FunctionType):
        ctx.hooks.call(ctx, Static(found.fset), (owner, value), {})
        return
    if isinstance(found, property) or (name not in owner.keys and not is_plain(owner.cls)):
        ctx.fail(f"{name} of {described(owner)} cannot be assigned", "use another name")
    made = dict(zip(owner.keys, owner.items, strict=True)) | {name: value}
    cells.write(ctx, owner, tuple(made.values()), tuple(made))


def has_method(owner: Structure, name: str) -> bool:
    """Is this a method of Python's own class, or of all tuples with names?"""
    if owner.cls is not None:
        return owner.kind == "tuple" and name in ("_replace", "_asdict")
    return callable(getattr({"tuple": tuple, "list": list, "dict": dict}[owner.kind], name, None))


# -- texts


def of_text(ctx: Context, text: str, name: str, args: Args, named: Named) -> Value:
    """A method of a text: what it gives is known now, but for `format`."""
    if name == "format":
        return texts.filled(ctx, text, args, named)
    given = [known(ctx, value) for value in args]
    by_name = {key: known(ctx, value) for key, value in named.items()}
    try:
        found = getattr(text, name)(*given, **by_name)
    except (TypeError, ValueError) as error:
        ctx.fail(str(error))
    return as_value(ctx, found)


def known(ctx: Context, value: Value) -> Any:
    match value:
        case Static(value=found) | Const(value=found):
            return found
        case Structure(kind="tuple" | "list", items=parts):
            made = tuple(known(ctx, part) for part in parts)
            return made if value.kind == "tuple" else list(made)
    message = f"a value known now is expected here, this is {described(value)}"
    ctx.fail(message, "write an f-string, or compare items one by one")


def as_value(ctx: Context, found: Any) -> Value:
    """A text, number or tuple of these as a value."""
    if isinstance(found, tuple | list):
        return Structure(type(found).__name__, tuple(as_value(ctx, one) for one in found))
    if isinstance(found, bool | int | float):
        return constant(found)
    if not isinstance(found, str):
        ctx.fail(
            f"this gives {type(found).__name__}, which is not taken",
            "do it outside the function",
        )
    return Static(found)


# -- comparisons


def equal(ctx: Context, x: Value, y: Value) -> Value:
    """`x == y`."""
    return compared(ctx, "==", x, y)


def compared(ctx: Context, symbol: str, x: Value, y: Value) -> Value:
    """`x < y` and its like."""
    if is_deque(x) and is_deque(y):
        x, y = opened(x), opened(y)
    if isinstance(x, Static | Var | Const) and isinstance(y, Static | Var | Const):
        x, y = (member_value(one) for one in (x, y))
    if isinstance(x, Letters | Letter) or isinstance(y, Letters | Letter):
        return letters.compared(ctx, symbol, x, y)
    found = objects.operator(ctx, symbol, x, y)
    if found is not None:
        return found
    if isinstance(x, Structure) and isinstance(y, Structure) and symbol in ("==", "!="):
        parts = as_atom(equal_parts(ctx, x, y))
        if symbol == "==":
            return parts
        if isinstance(parts, Const):
            return constant(not parts.value)
        return expr.unary(ctx.build, "not", parts)
    lists = all(
        isinstance(v, Listed) or (isinstance(v, Structure) and v.kind == "list") for v in (x, y)
    )
    if lists and symbol in ("==", "!="):
        same = as_atom(truth(ctx, listed.equal(ctx, x, y)))
        return same if symbol == "==" else ctx.made(expr.unary(ctx.build, "not", same))
    if symbol in ("==", "!=") and (isinstance(x, Option) or isinstance(y, Option)):
        maybe = x if isinstance(x, Option) else y
        ctx.fail(f"{operands.described(maybe)} is compared", "test it with `is None` first")
    if isinstance(x, Static | Structure) or isinstance(y, Static | Structure):
        if symbol in ("==", "!="):
            return constant(alike(x, y) == (symbol == "=="))
        if isinstance(x, Structure) and isinstance(y, Structure) and x.kind == y.kind:
            return as_atom(in_turn(ctx, symbol, x.items, y.items))
        if type(x) is type(y):
            return ordered(ctx, symbol, known(ctx, x), known(ctx, y))
    return ctx.made(compute(ctx, symbol, operands.number(ctx, x), operands.number(ctx, y)))


def in_turn(ctx: Context, symbol: str, x: Args, y: Args) -> Atom | bool:
    """The order of two tuples or lists: that of the first items which differ."""
    if not x or not y:
        return bool(ORDER[symbol](len(x), len(y)))
    same = as_atom(truth(ctx, equal(ctx, x[0], y[0])))
    rest = as_atom(in_turn(ctx, symbol, x[1:], y[1:]))
    strict = as_atom(truth(ctx, compared(ctx, symbol[0], x[0], y[0])))
    if isinstance(same, Const):
        return as_test(rest if same.value else strict)
    return as_test(ctx.build.apply(arithmetic.WHERE, same, rest, strict))


def member_value(value: Static | Atom) -> Static | Atom:
    """A member of an enumeration of integers compares as an integer."""
    if isinstance(value, Static) and isinstance(value.value, int):
        return constant(int(value.value))
    return value


def ordered(ctx: Context, symbol: str, x: Any, y: Any) -> Value:
    """The order of two Python objects."""
    try:
        return constant(ORDER[symbol](x, y))
    except TypeError as error:
        ctx.fail(str(error))


ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def same(ctx: Context, x: Value, y: Value) -> bool:
    """`x is y`."""
    if isinstance(x, Structure) and isinstance(y, Structure) and x.kind == y.kind:
        if x.kind not in MUTABLE or EITHER in (x.cell, y.cell):
            ctx.fail("`is` between tuples, or what may be one of several", "write ==")
        return x is y if x.cell == CALLERS else x.cell == y.cell
    known = isinstance(x, Static | Structure) or isinstance(y, Static | Structure)
    arrays = [v for v in (x, y) if isinstance(v, Array)]
    truths = [v for v in (x, y) if isinstance(v, Const) and v.type == BOOL]
    if len({v.base for v in arrays if v.base.param is not None}) == 2:
        ctx.fail("`is` between arguments, which may be one array", "write np.array_equal")
    sure = len(arrays) == 2 and not any(v.base in ctx.frozen or v.path for v in arrays)
    others = [v for v in (x, y) if isinstance(v, Var | Const) and v.type.kind != "python"]
    sure = sure or (len(truths) > 0 and len(truths) + len(arrays) + len(others) == 2)
    if not known and not sure:
        ctx.fail("`is` between numbers or views", "write ==")
    return x == y


def equal_parts(ctx: Context, x: Structure, y: Structure) -> Atom | bool:
    """`x == y` of two tuples or lists, such as two shapes."""
    if (x.kind, x.keys, len(x.items)) != (y.kind, y.keys, len(y.items)):
        return False
    if x.kind == "dataclass":
        if x.cls is not y.cls:
            return False
        if inspect.getattr_static(x.cls, "__eq__") is object.__eq__:
            return same(ctx, x, y)
    found: Atom | bool = True
    for a, b in zip(x.items, y.items, strict=True):
        part = truth(ctx, equal(ctx, a, b))
        found = operands.logic(ctx, "&", as_atom(found), as_atom(part))
    return found


def alike(x: Value, y: Value) -> bool:
    """`x == y` of what is known now: Python's own answer, so that `x.dtype == "f8"` holds."""
    if isinstance(x, Static) and isinstance(y, Static):
        return bool(x.value == y.value)
    return x == y


def contains(ctx: Context, owner: Value, value: Value) -> Atom | bool:
    """`value in owner`."""
    if isinstance(owner, View) and is_table(owner.owner):
        owner = owner.owner if owner.name == "keys" else python_dicts.opened(owner)
    if objects.written(owner, "__contains__"):
        return truth(ctx, objects.call(ctx, owner, "__contains__", (value,)))
    owner = opened(owner)
    match owner, value:
        case Static(value=str() as text), Static(value=str() as part):
            return part in text
        case (Letters() | Letter(), _) | (Static(value=str()), Letters() | Letter()):
            return letters.contains(ctx, owner, value)
        case (Structure(kind="dict") as d, _) | (View(owner=Structure() as d, name="keys"), _):
            return hashed.key_of(ctx, d, value) in d.keys
        case Range(start=start, stop=stop, step=step), Var() | Const():
            return in_range(ctx, start, stop, step, value)
        case Array(), _:
            return in_array(ctx, owner, value)
        case Listed(array=array, kind="python" | "numpy", tuples=""), _:
            return in_array(ctx, array, value)
    if not unrolled(owner):
        ctx.fail(f"`in` of {described(owner)}", "compare in a loop")
    found: Atom | bool = False
    for one in items(ctx, owner):
        test = truth(ctx, equal(ctx, one, value))
        found = operands.logic(ctx, "|", as_atom(found), as_atom(test))
    return found


def in_array(ctx: Context, array: Array, value: Value) -> Atom | bool:
    """Is the number equal to some element?"""
    same = compute(ctx, "==", operands.number(ctx, array), operands.number(ctx, value))
    return truth(ctx, expr.call(ctx.build, "any", [same], {"axis": None, "keepdims": False}))


def in_range(ctx: Context, start: Atom, stop: Atom, step: Atom, value: Atom) -> Atom | bool:
    """Is the number one of a range's?"""
    if not isinstance(step, Const):
        ctx.fail("`in` of a range whose step is not known", "compare with its bounds")
    low, high = (start, stop) if step.value > 0 else (stop, start)
    above, below = (">=", "<") if step.value > 0 else (">", "<=")
    found = truth(ctx, compute(ctx, above, value, low))
    found = operands.logic(
        ctx, "&", as_atom(found), as_atom(truth(ctx, compute(ctx, below, value, high)))
    )
    rest = compute(ctx, "%", compute(ctx, "-", value, start), step)
    return operands.logic(
        ctx, "&", as_atom(found), as_atom(truth(ctx, compute(ctx, "==", rest, constant(0))))
    )
