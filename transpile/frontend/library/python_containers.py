"""`dict`, `set` and `frozenset`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transpile.frontend import hashed
from transpile.frontend.context import Context, NotKnown
from transpile.frontend.iterables import items, key_of, length, unrolled
from transpile.frontend.library import python_dicts, python_hashed
from transpile.frontend.library.python_kinds import arity
from transpile.frontend.values import Structure, Value
from transpile.sym.ir import Const

Args = Sequence[Value]
Named = Mapping[str, Value]


def dict_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "dict", args, 0, 1)
    given = args[0] if args else Structure("dict", ())
    if isinstance(given, Structure) and given.kind == "dict":
        found = dict(zip(given.keys, given.items, strict=True))
    elif not unrolled(given) and not isinstance(length(ctx, given), Const) and not named:
        return hashed.made(ctx, python_dicts.dict_of, (given,))
    else:
        found = {}
        try:
            for pair in items(ctx, given):
                key, value = items(ctx, pair)
                found[key_of(ctx, key)] = value
        except NotKnown:
            if named:
                raise
            return hashed.made(ctx, python_dicts.dict_of, (given,))
    found.update(named)
    return Structure("dict", tuple(found.values()), tuple(found))


def set_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "set", args, 0, 1)
    return hashed.made(ctx, python_hashed.set_of, args)


def frozenset_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "frozenset", args, 0, 1)
    return hashed.made(ctx, python_hashed.frozenset_of, args)
