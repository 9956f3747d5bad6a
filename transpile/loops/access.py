"""What an index selects: for each axis of the array, an integer made from the selection's indices.

Integers are proved in range, or checked where they stand; a negative one counts from the end.
Slices are clipped as Python clips them; what they select is in range by their extents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from transpile.loops.bounds import in_range
from transpile.loops.context import Context, Int
from transpile.loops.convert import converted, implicit
from transpile.loops.nest import Binary, Choose, Expr, Invoke, Lit, Opaque, dtype_of
from transpile.loops.walk import affine
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Const, Var
from transpile.sym.ops import shape, sorting
from transpile.sym.types import UNSIGNED

ZERO = Int.of(0)


Element = Callable[[Atom, Sequence[Int]], Expr]


class Axis(Struct, frozen=True):
    """`start + step * (the selection's axis number `of`)`; a fixed integer where that is None."""

    start: Int
    step: Int
    of: int | None


class Listed(Struct, frozen=True):
    """The integers of an array, which begins at the selection's axis number `of`; `found` where
    they are places of the axis by the way they were made."""

    array: Atom
    extent: Int
    of: int
    found: bool
    element: Element

    def place(self, index: Sequence[Int]) -> Expr:
        """An element of the array."""
        found = self.element(self.array, index)
        signed = dtype_of(found) not in UNSIGNED  # else C would compare it as one without a sign
        return implicit(found, "int64") if signed else converted(found, "int64")


class Pick(Struct, frozen=True):
    """One `Axis` for each axis of the array that is indexed."""

    axes: tuple[Axis | Listed, ...]

    def at(self, index: Sequence[Int]) -> tuple[Int, ...]:
        return tuple(along(axis, index) for axis in self.axes)

    @property
    def listed(self) -> dict[int, Listed]:
        """The axes that are indexed by arrays."""
        return {k: axis for k, axis in enumerate(self.axes) if isinstance(axis, Listed)}


def along(axis: Axis | Listed, index: Sequence[Int]) -> Int:
    if isinstance(axis, Listed):
        place = axis.place(index[axis.of : axis.of + axis.array.type.ndim])
        if not (axis.found or is_counted(place, index)):
            place = Invoke("from_left", (place, axis.extent.shown), "int64")
        form = affine(place)
        return Int(form, form)
    if axis.of is None:
        return axis.start
    step = axis.step.constant
    if step is not None:
        return axis.start + index[axis.of] * step
    product = Binary("*", axis.step.shown, index[axis.of].shown, "int64")
    opaque = Opaque(product)
    return axis.start + Int(Affine.of(opaque), Affine.of(opaque))


def is_counted(place: Expr, index: Sequence[Int]) -> bool:
    """Is the place made of the loops' own indices, so that it is not negative?"""
    if not isinstance(place, Affine) or place.const < 0:
        return False
    loops = {s for i in index for s in i.shown.symbols()}
    return all(s in loops and factor > 0 for s, factor in place.terms)


def pick(
    c: Context, x: Atom, params: Mapping[str, Any], at: Sequence[Atom], element: Element,
    keep: bool = False,
) -> Pick:  # fmt: skip
    """What `x[index]` selects; `keep` where the integers may change before it is read."""
    integers: Iterator[Atom] = iter(at)
    index, within = params["index"], params.get("within", False)
    dims = iter(enumerate(x.type.dims))
    outs = own_axes(params, at)
    axes: list[Axis | Listed] = []
    for item in index:
        if item == "new":
            next(outs)
            continue
        k, dim = next(dims)
        extent = c.dim(dim)
        if item == "i":
            atom = kept(c, next(integers), keep)
            axes.append(Axis(atom if within else fixed(c, atom, extent, k, x), ZERO, None))
        elif item == "a":
            array, first = next(integers), shape.lead(index)
            axes.append(Listed(array, extent, first, is_found(c, array, extent), element))
        elif item == ":":
            axes.append(Axis(ZERO, Int.of(1), next(outs)))
        else:
            given = [kept(c, next(integers), keep) if there else None for there in item[1:]]
            axes.append(sliced(c, given[0], given[2], extent, next(outs)))
    axes += [Axis(ZERO, Int.of(1), next(outs)) for _ in dims]
    return Pick(tuple(axes))


def is_found(c: Context, array: Atom, extent: Int) -> bool:
    """Are the integers places of an axis of this length, by the way they were made?"""
    eqn = c.defs.get(array) if isinstance(array, Var) else None
    match eqn.rhs if eqn is not None else None:
        case Apply(op=shape.FLATNONZERO | shape.NONZERO, args=(mask, _), params=params):
            return c.dim(mask.type.dims[params.get("axis", 0)]).form == extent.form
        case Apply(op=sorting.ARGSORT | sorting.STABLE_ARGSORT, args=(x,)):
            return c.dim(x.type.dims[-1]).form == extent.form
    return False


def own_axes(params: Mapping[str, Any], at: Sequence[Atom]) -> Iterator[int]:
    """The selection's axes, those left out that arrays of integers make."""
    count = len(params["dims"])
    if not shape.is_gather(params):
        return iter(range(count))
    first = shape.lead(params["index"])
    arrays = next(a.type.ndim for a in at if a.type.dims)
    return (k for k in range(count) if not first <= k < first + arrays)


def kept(c: Context, atom: Atom, keep: bool) -> Int:
    """The integer, in a variable of its own where its own may be written again."""
    value = c.integer(atom)
    if not keep or isinstance(atom, Const) or not is_variable(c, atom):
        return value
    local = c.local(f"{atom.name or 'index'}_at", "int64")
    c.assign(local, value.shown)
    return Int(Affine.of(local), value.form)


def is_variable(c: Context, var: Var) -> bool:
    """Is the integer, or one that it is computed from where it is used, written more than once?"""
    if var in c.placed.inline:
        return True
    slot = c.slots[var]
    own = var in c.ranges_local and c.locals.get(slot) is c.ranges_local[var]
    return not own and c.versions[slot] > 1


def fixed(c: Context, index: Int, extent: Int, axis: int, x: Atom) -> Int:
    """An integer index, counted from the left and in range from here on."""
    low, high = in_range(c.facts, index.form, extent.form)
    if low and high:
        return index
    if (index.constant is not None and index.constant < 0) or c.facts.nonnegative(-index.form - 1):
        index = index + extent
        low, high = c.facts.nonnegative(index.form), True
    elif not low:
        return wrapped(c, index, extent, axis, x)
    tests: list[Expr] = []
    if not low:
        tests.append(less(index.shown, Affine()))
    if not high:
        least = index.constant is None
        tests.append(Binary(">=", index.shown, extent.shown, "bool") if least
                     else Binary("<=", extent.shown, index.shown, "bool"))  # fmt: skip
    if tests:
        c.check(joined(tests), "IndexError", out_of_bounds(axis, x))
        c.facts = c.facts.having(index.form, extent.form - index.form - 1)
    return index


def wrapped(c: Context, index: Int, extent: Int, axis: int, x: Atom) -> Int:
    """An index of unknown sign: `i < 0 ? i + n : i`, then in range."""
    key = index.form, extent.form
    if key not in c.wrapped:
        local = c.local("at", "int64")
        below = less(index.shown, Affine())
        value = Choose(below, index.shown + extent.shown, index.shown, "int64")
        c.assign(local, value)
        tests: list[Expr] = []
        if not c.facts.nonnegative(index.form + extent.form):
            tests.append(less(Affine.of(local), Affine()))
        if not c.facts.nonnegative(extent.form - index.form - 1):
            tests.append(Binary(">=", Affine.of(local), extent.shown, "bool"))
        if tests:
            c.check(joined(tests), "IndexError", out_of_bounds(axis, x))
        var = c.value_of(local)
        c.facts = c.facts.having(Affine.of(var), extent.form - Affine.of(var) - 1)
        c.wrapped[key] = Int(Affine.of(local), Affine.of(var))
    return c.wrapped[key]


def less(a: Expr, b: Expr) -> Expr:
    return Binary("<", a, b, "bool")


def joined(tests: Sequence[Expr]) -> Expr:
    return tests[0] if len(tests) == 1 else Binary("||", tests[0], tests[1], "bool")


def out_of_bounds(axis: int, x: Atom) -> str:
    name = f" of {x.name}" if isinstance(x, Var) and x.name else ""
    return f"index is out of bounds for axis {axis}{name}"


def sliced(c: Context, start: Int | None, step: Int | None, extent: Int, out: int) -> Axis:
    stride = step or Int.of(1)
    by = stride.constant
    if start is None and by is not None:
        return Axis(ZERO if by > 0 else extent - Int.of(1), stride, out)
    if by is not None and start is not None:
        first = clipped(c, start, by, extent)
        if first is not None:
            return Axis(first, stride, out)
    begin: Expr
    if start is None:
        begin = Choose(less(Affine(), stride.shown), Lit(0, "int64"), extent.shown - 1, "int64")
    else:
        begin = Invoke("slice_start", (start.shown, stride.shown, extent.shown), "int64")
    local = c.local("first", "int64")
    c.assign(local, begin)
    return Axis(Int(Affine.of(local), Affine.of(c.value_of(local))), stride, out)


def clipped(c: Context, start: Int, step: int, extent: Int) -> Int | None:
    """Where a slice begins, if clipping is certain not to matter or to be simple."""
    if start.constant is not None and start.constant < 0:
        moved = start + extent
        return moved if c.facts.nonnegative(moved.form) else None
    if not c.facts.nonnegative(start.form):
        return None
    if step > 0 or c.facts.nonnegative(extent.form - start.form - 1):
        return start
    return None
