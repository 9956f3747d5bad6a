"""States of a loop that are saved on the way, to run its steps again from there.

A loop's steps are grouped into segments. Some of the states between segments are held in a few
slots, a stack: the reverse begins at the newest, runs on to the segment that it wants, and saves
more states where slots have become free. Where the next one goes is the binomial choice (Griewank,
1992): from s slots, C(s + r, s) segments can be reversed so that none is run more than r times.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from transpile.adjoint import numbers
from transpile.adjoint.kept import KEPT
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, If, Scan, Var, While, constant
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import INT, Type, array, result_of_element


class Stack(Struct, frozen=True):
    """What is carried of the saved states.

    `arrays` hold a state each along their first axis, `places` the segments they stand before;
    `newest` is the last slot in use.
    """

    arrays: tuple[Atom, ...]
    places: Atom
    newest: Atom

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return (*self.arrays, self.places, self.newest)

    def like(self) -> Stack:
        """New variables for the same things."""
        names = [a.name if isinstance(a, Var) else "" for a in self.arrays]
        arrays = [Var(n, a.type) for n, a in zip(names, self.arrays, strict=True)]
        return Stack(tuple(arrays), Var("saved_before", self.places.type), Var("newest", INT))

    @property
    def vars(self) -> tuple[Var, ...]:
        return tuple(a for a in self.atoms if isinstance(a, Var))


# -- the stack


def begun(build: Builder, states: Sequence[Atom], slots: Atom) -> Stack:
    """The slots, the first of them with the state before all segments."""
    extent = build.dim(slots)
    arrays = []
    for state in states:
        name = state.name if isinstance(state, Var) else ""
        made = empty(
            build, f"{name or 'state'}_saved", array(state.type.dtype, extent, *state.type.dims)
        )
        arrays.append(written(build, made, state, constant(0)))
    places = empty(build, "saved_before", array("int64", extent))
    places = written(build, places, constant(0), constant(0))
    return Stack(tuple(arrays), places, constant(0))


def empty(build: Builder, name: str, type: Type) -> Atom:
    dims = tuple(map(build.extent, type.dims))
    return build.emit(Apply(shape.EMPTY, dims, {"dtype": type.dtype, **KEPT}), [Var(name, type)])[0]


def written(build: Builder, saved: Atom, value: Atom, slot: Atom) -> Atom:
    dims = saved.type.dims[1:]
    params = {"index": ("i", *(":" for _ in dims)), "dims": dims, "within": True}
    name = saved.name if isinstance(saved, Var) else ""
    return build.emit(Apply(shape.UPDATE, (saved, value, slot), params), [Var(name, saved.type)])[0]


def read(build: Builder, saved: Atom, slot: Atom, like: Var) -> Atom:
    """The state in a slot, as a value of the type of `like`."""
    dims = saved.type.dims[1:]
    params = {"index": ("i", *(":" for _ in dims)), "dims": dims, "within": True}
    type = result_of_element(like.type.dtype, dims)
    out = Var(like.name if dims or type == like.type else "", type)
    found = build.emit(Apply(shape.INDEX, (saved, slot), params), [out])[0]
    if dims:  # the slot may be written while the state is still read
        return build.apply(shape.COPY, found, name=like.name)
    if found.type == like.type:
        return found
    params = {"dtype": like.type.dtype, "kind": like.type.kind}
    return build.apply(shape.CONVERT, found, name=like.name, **params)


def place(build: Builder, stack: Stack, slot: Atom) -> Atom:
    """The segment before which the state in a slot stands."""
    return read(build, stack.places, slot, Var("begin", INT))


def is_due(build: Builder, stack: Stack, here: Atom, slots: Atom, wanted: Atom) -> Atom:
    """Is the state before the segment `here` to be saved, on the way to the segment `wanted`?

    Of the `left` segments that some open slots and the newest state reach with r repeats, the
    first left r / (open + r) are to be reversed from that state, the others from one saved here.
    """
    slot, total = numbers.real(build, stack.newest), numbers.real(build, slots)
    begin = numbers.real(build, place(build, stack, stack.newest))
    env = {"n": total, "k": slot, "a": begin, "here": numbers.real(build, here)}
    env["s"] = build.text("n - k", env, "open_slots")
    env["left"] = build.text("b + 1 - a", {**env, "b": numbers.real(build, wanted)}, "left")
    env["r"] = fewest(build, env["s"], env["left"])
    first = build.text("(left * r + s + r - 1) // (s + r)", env, "ahead")
    env["first"] = build.text("minimum(left - 1, first)", {**env, "first": first}, "ahead")
    tests = (build.text(rule, env) for rule in ("s > 1", "here - a == first"))
    return build.apply(arithmetic.LOGICAL_AND, *(build.convert(t, "bool", "python") for t in tests))


def fewest(build: Builder, s: Atom, m: Atom) -> Atom:
    """The least r, at least 1, with C(s + r, s) >= m."""
    test, inner = build.child(), build.child()
    names = ("again", "reach")
    r, reach = (Var(n, numbers.REAL) for n in names)
    tested = test.block([r, reach], [test.text("c < m", {"c": reach, "m": m})])
    r1, reach1 = (Var(n, numbers.REAL) for n in names)
    more = inner.text("r + 1", {"r": r1})
    reached = inner.text("c * (s + r) / r", {"c": reach1, "s": s, "r": more})
    first = numbers.real(build, constant(1)), build.text("s + 1", {"s": s})
    outs = (*(Var(n, numbers.REAL) for n in names), Var("", INT))
    rhs = While(first, tested, inner.block([r1, reach1], [more, reached]))
    return build.emit(rhs, outs)[0]


def pushed(build: Builder, stack: Stack, due: Atom, here: Atom, state: Sequence[Atom]) -> Stack:
    """The stack with the state before segment `here` on it, if that is `due`."""
    then = build.child()
    newest = then.text("k + 1", {"k": stack.newest})
    arrays = tuple(written(then, a, s, newest) for a, s in zip(stack.arrays, state, strict=True))
    return chosen(
        build, due, then, Stack(arrays, written(then, stack.places, here, newest), newest), stack
    )


def chosen(build: Builder, test: Atom, then: Builder, new: Stack, old: Stack) -> Stack:
    """The new stack where `test` holds, else the old one."""
    outs = old.like()
    blocks = then.block([], new.atoms), build.child().block([], old.atoms)
    build.emit(If(test, *blocks), outs.vars)
    return outs


def thinned(build: Builder, stack: Stack, slots: Atom, spacing: Atom) -> tuple[Stack, Atom]:
    """Where all slots are in use, every second state given up, and twice the spacing."""
    full = build.text("newest + 1 == slots", {"newest": stack.newest, "slots": slots})
    then = build.child()
    half = then.text("newest // 2", {"newest": stack.newest})
    k = Var("k", INT)
    inner = then.child(Affine.of(k) - 1)
    old = stack.like()
    twice = inner.text("2 * k", {"k": k})
    arrays = []
    for saved in (*old.arrays, old.places):
        dims = saved.type.dims[1:]
        like = Var("", result_of_element(saved.type.dtype, dims))
        arrays.append(written(inner, saved, read(inner, saved, twice, like), k))
    params = [k, *(a for a in (*old.arrays, old.places) if isinstance(a, Var))]
    outs = stack.like()
    stop = then.text("half + 1", {"half": half})
    first = (*stack.arrays, stack.places)
    then.emit(
        Scan(constant(1), stop, constant(1), first, inner.block(params, arrays)),
        [a for a in (*outs.arrays, outs.places) if isinstance(a, Var)],
    )
    new = Stack(outs.arrays, outs.places, half)
    wider = then.text("2 * spacing", {"spacing": spacing})
    made, spaced = stack.like(), Var("spacing", INT)
    blocks = (
        then.block([], [*new.atoms, wider]),
        build.child().block([], [*stack.atoms, spacing]),
    )
    build.emit(If(full, *blocks), [*made.vars, spaced])
    return made, spaced


def regrouped(build: Builder, stack: Stack, factor: Atom) -> Stack:
    """The stack with its places counted in segments that are `factor` times as long."""
    k, old, new = Var("k", INT), Var("saved_before", stack.places.type), stack.like().places
    inner = build.child(Affine.of(k))
    begin = read(inner, old, k, Var("begin", INT))
    fewer = inner.text("begin // factor", {"begin": begin, "factor": factor})
    body = inner.block([k, old], [written(inner, old, fewer, k)])
    stop = build.text("newest + 1", {"newest": stack.newest})
    assert isinstance(new, Var)
    build.emit(Scan(constant(0), stop, constant(1), (stack.places,), body), [new])
    return Stack(stack.arrays, new, stack.newest)


def returned(build: Builder, stack: Stack, wanted: Atom) -> Stack:
    """The stack without what was saved after the segment `wanted`."""
    late = build.text("a > b", {"a": place(build, stack, stack.newest), "b": wanted})
    before = build.text("k - 1", {"k": stack.newest})
    env = {"late": late, "before": before, "k": stack.newest}
    return Stack(stack.arrays, stack.places, build.text("where(late, before, k)", env, "newest"))
