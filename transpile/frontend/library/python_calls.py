"""Python's own functions, over numbers, arrays and what can be gone over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transpile.frontend import comprehensions, hashed, letters, listed, objects, records, texts
from transpile.frontend.context import Context
from transpile.frontend.iterables import items, length, unrolled
from transpile.frontend.library import python_written
from transpile.frontend.library.python_containers import dict_, frozenset_, set_
from transpile.frontend.library.python_kinds import (
    arity,
    callable_,
    isinstance_,
    issubclass_,
    type_,
)
from transpile.frontend.library.python_numbers import (
    abs_,
    bool_,
    complex_,
    divmod_,
    float_,
    int_,
    pow_,
    round_,
)  # fmt: skip
from transpile.frontend.library.python_printing import print_
from transpile.frontend.operands import (
    CONSTANT,
    as_atom,
    compute,
    described,
    integer,
    logic,
    number,
    truth,
)  # fmt: skip
from transpile.frontend.values import (
    NONE,
    Array,
    Enumerate,
    Generated,
    Letter,
    Letters,
    Listed,
    Mapped,
    Range,
    Records,
    Reversed,
    Static,
    Structure,
    Text,
    Value,
    Yielded,
    Zip,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import arithmetic

Args = Sequence[Value]
Named = Mapping[str, Value]


def builtin(ctx: Context, name: str, args: Args, named: Named) -> Value:
    if args and name in OF_OBJECTS and objects.written(args[0], f"__{name}__"):
        return objects.call(ctx, args[0], f"__{name}__", args[1:])
    found = BUILTINS.get(name)
    if found is None and not (name == "next" and args and isinstance(args[0], Yielded)):
        ctx.fail(f"the built-in {name} is not taken", REMEDIES.get(name, OUTSIDE))
    if named and name not in KEYWORDS:
        ctx.fail(f"{name} takes no keywords here")
    if found is None or (args and isinstance(args[0], Yielded) and name != "enumerate"):
        return from_function(ctx, name, args, named)
    if args and isinstance(args[0], Generated):
        return from_generator(ctx, name, args[0], args[1:], named)
    return found(ctx, hashed.of_set(ctx, name, args, named), named)


OF_OBJECTS = ("len", "abs", "float", "int", "complex", "round", "str")
KEYWORDS = ("enumerate", "print", "max", "min", "sum", "zip", "dict", "round", "sorted")
REMEDIES = {
    "open": "read the file before, and pass its numbers in",
    "input": "pass the value in",
    "iter": "write a `for` loop",
    "getattr": "write x.name",
    "setattr": "write x.name = value",
    "eval": "write the expression itself",
    "exec": "write the statements themselves",
}
OUTSIDE = "call it outside the function, and pass in what it gives"


def from_generator(
    ctx: Context, name: str, generator: Generated, args: Args, named: Named
) -> Value:
    """`sum(... for ...)` and its like: the loops are the generator's own."""
    if name in ("list", "tuple", "sorted", "dict", "set", "frozenset", "bytes", "bytearray"):
        return BUILTINS[name](ctx, (unfolded(ctx, generator), *args), named)
    consumer = python_written.CONSUMERS.get(name)
    if consumer is None:
        ctx.fail(f"{name} of a generator is not taken", "make a list, [... for ...]")
    if name == "sum":
        named = {**named, **dict(zip(("start",), args, strict=False))}
    elif args or set(named) - ({"key", "default"} if name in ("max", "min") else set()):
        ctx.fail(f"{name} of a generator takes no more here", "make a list, [... for ...]")
    return comprehensions.consumed(ctx, consumer, generator, named)


def from_function(ctx: Context, name: str, args: Args, named: Named) -> Value:
    """`sum(numbers(x))` and its like, of a generator function."""
    if name in ("tuple", "sorted", "dict", "set", "frozenset"):
        return BUILTINS[name](ctx, (written(ctx, "list", args[:1]), *args[1:]), named)
    if name not in python_written.CONSUMERS:
        ctx.fail(f"{name} of a generator is not taken", "make a list of it, list(...)")
    return written(ctx, name, args, named)


def unfolded(ctx: Context, value: Value) -> Value:
    """A generator's items as a list; another value as it is."""
    if not isinstance(value, Generated):
        return value
    with comprehensions.outside(ctx, value):
        return comprehensions.listed(ctx, value.node)


def len_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "len", args, 1)
    return length(ctx, args[0])


def zip_(ctx: Context, args: Args, named: Named) -> Value:
    """`zip`; with `strict=True` all have to be of one length, before the first round."""
    strict = named.get("strict", constant(False))
    if not isinstance(strict, Const) or set(named) - {"strict"}:
        ctx.unknown("zip takes strict=True or strict=False only", CONSTANT)
    if strict.value:
        for other in args[1:]:
            fits = compute(ctx, "==", length(ctx, args[0]), length(ctx, other))
            ctx.check(as_atom(fits), "ValueError", "what is zipped differs in length")
    return Zip(tuple(args))


def extreme(name: str) -> Callable[[Context, Args, Named], Value]:
    symbol = {"max": ">", "min": "<"}[name]

    def found(ctx: Context, args: Args, named: Named) -> Value:
        if not args:
            ctx.fail(f"{name} takes an argument or more, not 0")
        if "key" in named or (len(args) == 1 and not unrolled(args[0])):
            if set(named) - {"key", "default"}:
                ctx.fail(f"{name} takes no {', '.join(named)} here", "write a loop")
            over = args[0] if len(args) == 1 else Structure("tuple", tuple(args))
            given = (over, named.get("key", NONE), named.get("default", Static(...)))
            return written(ctx, name, given)
        if set(named) - {"default"}:
            ctx.fail(f"{name} takes no {', '.join(named)} here", "write a loop")
        parts = items(ctx, args[0]) if len(args) == 1 else list(args)
        if not parts and "default" in named:
            return named["default"]
        if not parts:
            ctx.check(constant(False), "ValueError", f"{name}() iterable argument is empty")
            return constant(0)
        texts = [part.value for part in parts if isinstance(part, Static)]
        if len(texts) == len(parts) and all(isinstance(text, str) for text in texts):
            return Static({"max": max, "min": min}[name](texts))
        best = number(ctx, parts[0])
        for part in parts[1:]:
            other = number(ctx, part)
            if best.type.dims or other.type.dims:
                ctx.fail(f"{name} of arrays is ambiguous", f"write np.{name}imum(a, b)")
            better = truth(ctx, compute(ctx, symbol, other, best))
            if isinstance(better, bool):
                best = other if better else best
            else:
                best = ctx.build.apply(arithmetic.WHERE, better, other, best)
        return best

    return found


def sum_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "sum", args, 1, 2)
    start = args[1] if len(args) == 2 else named.get("start", constant(0))
    if isinstance(args[0], Array):
        total = expr.call(ctx.build, "sum", [number(ctx, args[0])], {"axis": 0})
        return ctx.made(compute(ctx, "+", number(ctx, start), total))
    if not unrolled(args[0]) or isinstance(start, Structure | Listed):
        return written(ctx, "sum", (args[0], start))
    atom = number(ctx, start)
    for part in items(ctx, args[0]):
        atom = compute(ctx, "+", atom, number(ctx, part))
    return ctx.made(atom)


def range_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "range", args, 1, 2, 3)
    bounds = [integer(ctx, a, "a bound of range") for a in args]
    start, stop = (bounds[0], bounds[1]) if len(bounds) > 1 else (constant(0), bounds[0])
    step = bounds[2] if len(bounds) == 3 else constant(1)
    facts, form = ctx.build.facts, ctx.build.dim(step)
    if not (facts.positive(form) or facts.positive(-form)):
        proper = compute(ctx, "!=", step, constant(0))
        ctx.check(proper, "ValueError", "range() arg 3 must not be zero")
    return Range(start, stop, step)


def enumerate_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "enumerate", args, 1, 2)
    start = args[1] if len(args) == 2 else named.get("start", constant(0))
    return Enumerate(args[0], integer(ctx, start, "the start of enumerate"))


def reversed_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "reversed", args, 1)
    if isinstance(args[0], Zip | Enumerate):
        ctx.fail(f"{described(args[0])} cannot be reversed", "reverse its parts")
    return Reversed(args[0])


def tuple_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "tuple", args, 0, 1)
    return Structure("tuple", tuple(items(ctx, args[0])) if args else ())


def list_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "list", args, 0, 1)
    if args and isinstance(args[0], Listed):
        return listed.part_of(ctx, args[0], args[0].array)
    if args and isinstance(args[0], Records):
        return records.method(ctx, args[0], "copy", [], {})
    if args and not unrolled(args[0]) and not isinstance(length(ctx, args[0]), Const):
        return written(ctx, "list", args)
    return Structure("list", tuple(items(ctx, args[0])) if args else ())


def written(ctx: Context, name: str, args: Args, named: Named | None = None) -> Value:
    """A function of Python's as it would be written in Python, over what only a loop can go."""
    with ctx.quoting():
        return ctx.hooks.inline(ctx, python_written.CONSUMERS[name], args, named or {})


def reduced(ctx: Context, args: Args) -> Value:
    """`functools.reduce(function, items, initial)`."""
    arity(ctx, "reduce", args, 2, 3)
    if not unrolled(args[1]):
        if len(args) == 2 and not isinstance(args[1], Array | Listed | Range):
            ctx.fail("reduce without an initial value", "pass one, or write a loop")
        return written(ctx, "reduce" if len(args) == 3 else "reduce_from_first", args)
    parts = items(ctx, args[1])
    if len(args) == 2 and not parts:
        ctx.check(constant(False), "TypeError", "reduce() of empty iterable with no initial value")
        return NONE
    value, rest = (args[2], parts) if len(args) == 3 else (parts[0], parts[1:])
    for part in rest:
        value = ctx.hooks.call(ctx, args[0], (value, part), {})
    return value


def decided(name: str) -> Callable[[Context, Args, Named], Value]:
    """`any` and `all`."""

    def found(ctx: Context, args: Args, named: Named) -> Value:
        arity(ctx, name, args, 1)
        if not unrolled(args[0]):
            return written(ctx, name, args)
        test: Atom | bool = name == "all"
        for part in items(ctx, args[0]):
            symbol = "|" if name == "any" else "&"
            test = logic(ctx, symbol, as_atom(test), as_atom(truth(ctx, part)))
        return as_atom(test)

    return found


def map_(ctx: Context, args: Args, named: Named) -> Value:
    if len(args) < 2:
        ctx.fail("map takes a function and what it goes over")
    return Mapped(args[0], Zip(tuple(args[1:])))


def str_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "str", args, 0, 1)
    if not args:
        return Static("")
    match args[0]:
        case Static(value=found) | Const(value=found):
            return Static(str(found))
        case Text() | Letter() | Letters(kind="str"):
            return args[0]
    if isinstance(args[0], Structure):
        return texts.shown(ctx, args[0], "", "...", str)
    return Text((number(ctx, args[0]),), ("",), ("...",))


def sorted_(ctx: Context, args: Args, named: Named) -> Value:
    """`sorted` of what is known now, and of what only the running program knows."""
    arity(ctx, "sorted", args, 1)
    backwards, key = named.get("reverse", constant(False)), named.get("key", NONE)
    if not isinstance(backwards, Const) or set(named) - {"reverse", "key"}:
        ctx.unknown("sorted takes reverse=True or reverse=False, and a key", CONSTANT)
    ready = isinstance(args[0], Listed) or unrolled(args[0])
    given = args[0] if ready else list_(ctx, args, {})
    if key == NONE:
        found = listed.ordered(ctx, given, backwards)
        if found is not None:
            return found
    if unrolled(given):
        parts = items(ctx, given)
        ranks = parts if key == NONE else [ctx.hooks.call(ctx, key, (one,), {}) for one in parts]
        known = [found for rank in ranks if (found := rank_of(rank)) is not None]
        if len(known) == len(parts):
            try:
                order = sorted(
                    range(len(known)), key=known.__getitem__, reverse=bool(backwards.value)
                )
            except TypeError as error:
                ctx.fail(str(error))
            return Structure("list", tuple(parts[k] for k in order))
        keys: Value = Structure("list", tuple(ranks))
    elif key == NONE:
        keys = given
    else:
        keys = ranked(ctx, key, given)
    return by_rank(ctx, given, keys, backwards)


def by_rank(ctx: Context, given: Value, keys: Value, backwards: Const) -> Value:
    """The items in the order of their keys."""
    with ctx.quoting():
        rank = records.opened(ctx, keys) if isinstance(keys, Structure) else keys
        row = rank.array if isinstance(rank, Listed) else rank
        columns = Structure("tuple", rank.columns) if isinstance(rank, Records) else row
        order = ctx.hooks.inline(ctx, python_written.order_of, (columns, backwards), {})
        found = listed.picked(ctx, given, number(ctx, order))
        if found is not None:
            return found
        items = records.opened(ctx, given) if isinstance(given, Structure) else given
        return ctx.hooks.inline(ctx, python_written.picked, (items, order), {})


def rank_of(value: Value) -> Any:
    """A number or text that is known, or a tuple of these."""
    match value:
        case Static(value=str() as found) | Const(value=found):
            return found
        case Structure(kind="tuple", items=parts):
            ranks = tuple(map(rank_of, parts))
            return None if None in ranks else ranks
    return None


def ranked(ctx: Context, key: Value, given: Value) -> Value:
    with ctx.quoting():
        return ctx.hooks.inline(ctx, python_written.ranks, (key, given), {})


def slice_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "slice", args, 1, 2, 3)
    bounds = (NONE, args[0]) if len(args) == 1 else tuple(args)
    return Structure("slice", (*bounds, NONE)[:3], ("start", "stop", "step"), slice)


def bytes_(kind: str) -> Callable[[Context, Args, Named], Value]:
    """`bytes(...)` and `bytearray(...)`."""

    def found(ctx: Context, args: Args, named: Named) -> Value:
        arity(ctx, kind, args, 0, 1)
        return letters.made(ctx, kind, args[0] if args else constant(0))

    return found


def ord_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "ord", args, 1)
    return letters.ord_(ctx, args[0])


def chr_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "chr", args, 1)
    return letters.chr_(ctx, args[0])


BUILTINS: dict[str, Callable[[Context, Args, Named], Value]] = {
    "len": len_, "abs": abs_, "max": extreme("max"), "min": extreme("min"), "sum": sum_,
    "int": int_, "float": float_, "complex": complex_, "bool": bool_, "range": range_,
    "enumerate": enumerate_, "zip": zip_, "reversed": reversed_, "map": map_,
    "any": decided("any"), "all": decided("all"),
    "tuple": tuple_, "list": list_, "dict": dict_, "set": set_, "frozenset": frozenset_,
    "print": print_, "pow": pow_,
    "divmod": divmod_, "round": round_, "isinstance": isinstance_, "issubclass": issubclass_,
    "type": type_, "str": str_, "callable": callable_, "sorted": sorted_, "slice": slice_,
    "bytes": bytes_("bytes"), "bytearray": bytes_("bytearray"), "ord": ord_, "chr": chr_,
}  # fmt: skip
