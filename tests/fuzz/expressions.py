"""Drawn expressions: indices, slices, numbers, tests, and arrays of a wanted shape.

A shape is a tuple of lengths. A length is an integer `k` for `n + k` elements, "half" for every
second of n, "odd" for every second from the second on, "2", or ("upto", index) and ("from", index)
for as many elements as stand before an index, or from it on.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from tests.fuzz.draft import CONSTANTS, MATRIX, SMALLEST, VECTOR, Array, Cannot, Draft, Index

Length: TypeAlias = int | str | tuple[str, Index]
Shape: TypeAlias = tuple[Length, ...]

NUMBERS = ("0.5", "0.3", "1.5", "-0.7", "0.9")


# -- indices


def index(w: Draft, extent: int = 0) -> str:
    """A valid index of an axis of `n + extent` elements; loop indices most."""
    found = w.one([*CONSTANTS, *w.scope.indices * 3])
    if w.chance(0.15):
        found = found.mirrored() if w.chance(0.5) else found
    by = w.pick.choice((0, 0, 0, -1, 1, -2, 2))
    moved = found.shifted(by) if found in w.scope.indices else found
    for candidate in (moved, found):
        if candidate.low >= -(SMALLEST + extent) and candidate.high < extent:
            if candidate.low < 0:
                w.note("negative index")
            return candidate.text
    if w.chance(0.3):
        w.note("negative index")
        return w.pick.choice(("-1", "-2"))
    if w.scope.integers and extent == 0 and w.chance(0.2):
        w.note("index from array")
        return f"{w.one(w.scope.integers)}[{index(w)}]"
    return w.pick.choice(("0", "1"))


def position(w: Draft) -> Index:
    """An index that counts elements: not negative, at most n."""
    found = [i.shifted(by) for i in w.scope.indices for by in (0, 1) if i.low + by >= 0]
    return w.one([i for i in found if i.high <= 0])


def slices(w: Draft, extent: int, length: Length) -> list[str]:
    """The slices of an axis of `n + extent` elements that have a length."""
    match length:
        case int():
            return {
                0: [":", ":", "::-1"],
                1: ["1:", ":-1", ":0:-1", "-2::-1"],
                2: ["2:", ":-2", "1:-1", "-2:0:-1"],
            }.get(extent - length, [])
        case "half" if extent == 0:
            return ["::2", "::-2"]
        case "odd" if extent == 0:
            return ["1::2", "-2::-2"]
        case "2":
            ends = [i for i in w.scope.indices if i.low >= 0 and i.high + 2 <= extent]
            return ["1:3" if extent == 0 else ":2", ":2", *(f"{i.text}:{i.text} + 2" for i in ends)]
        case ("upto", i) if i.high <= extent:
            return [f":{i.text}", *([f"n - ({i.text}):"] if extent == 0 else [])]
        case ("from", i) if extent == 0:
            return [f"{i.text}:", f": n - ({i.text})"]
    return []


def length(w: Draft) -> Length:
    """Any length, of a slice."""
    choice = w.pick.random()
    if choice < 0.25 and w.scope.indices:
        try:
            found = (w.pick.choice(("upto", "from")), position(w))
        except Cannot:
            return -1
        w.note("slice up to an index")
        return found
    if choice < 0.45:
        w.note("strided slice")
        return w.pick.choice(("half", "odd"))
    return w.pick.choice((0, 0, -1, -1, -2, "2"))


# -- places


def vector_places(w: Draft, wanted: Length) -> list[str]:
    """What can be read and written, of one axis of this length."""
    found = []
    for array in w.scope.arrays:
        match array.extents:
            case (extent,):
                found += [f"{array.name}[{s}]" for s in slices(w, extent, wanted)]
            case (rows, columns):
                found += [
                    f"{array.name}[{index(w, rows)}, {s}]" for s in slices(w, columns, wanted)[:2]
                ]
                found += [
                    f"{array.name}[{s}, {index(w, columns)}]" for s in slices(w, rows, wanted)[:1]
                ]
    return found


def matrix_places(w: Draft, wanted: Shape) -> list[str]:
    found = []
    for array in w.scope.arrays:
        if len(array.extents) == 2:
            rows = slices(w, array.extents[0], wanted[0])
            columns = slices(w, array.extents[1], wanted[1])
            if rows and columns:
                found.append(f"{array.name}[{w.one(rows)}, {w.one(columns)}]")
    return found


def place(w: Draft, shape: Shape) -> str:
    if len(shape) == 2:
        return w.one(matrix_places(w, shape))
    found = w.one(vector_places(w, shape[0]))
    if re.search(r":-\d[],]", found) and re.search(r":.*:", found):
        w.note("reversed slice")
    return found


def whole(w: Draft, extents: tuple[int, ...] = VECTOR) -> Array:
    return w.one([a for a in w.scope.arrays if a.extents == extents])


def element(w: Draft) -> str:
    array = w.one(w.scope.arrays)
    at = ", ".join(index(w, extent) for extent in array.extents)
    return f"{array.name}[{at}]"


# -- numbers


def leaf(w: Draft) -> str:
    choice = w.pick.random()
    if choice < 0.3:
        return w.pick.choice(w.scope.floats)
    if choice < 0.4:
        return w.pick.choice(NUMBERS)
    if choice < 0.46 and w.scope.indices:
        w.note("index in arithmetic")
        return f"0.1 * {w.pick.choice(w.scope.indices).text}"
    if choice < 0.52 and w.scope.integers:
        w.note("element gather")
        return f"{whole(w).name}[{w.one(w.scope.integers)}[{index(w)}]]"
    return element(w)


def scalar(w: Draft, depth: int = 2) -> str:
    """A number."""
    if depth == 0:
        return leaf(w)
    if w.chance(0.12):
        return reduction(w)
    if w.scope.functions and w.chance(0.35):
        w.note("closure call")
        return f"{w.one(w.scope.functions)}({scalar(w, 0)})"
    a, b = scalar(w, depth - 1), scalar(w, w.pick.randint(0, depth - 1))
    forms = [f"{a} + {b}", f"{a} - {b}", f"np.sin({a}) * ({b})", f"np.tanh({a})"] * 2
    forms += [f"({a}) / (2.0 + np.cos({b}))", f"np.exp(-(({a}) ** 2))", f"-({a})"]
    forms += [f"np.sqrt(1.0 + ({a}) ** 2)", f"np.log1p(({a}) ** 2)", f"0.2 * ({a}) ** 3"]
    forms += [f"np.maximum({a}, {b})", f"abs({a})", f"min({a}, {b})", f"np.arctan({a}) * ({b})"]
    chosen = w.pick.choice(forms)
    if chosen.startswith(("np.maximum", "abs", "min")):
        w.note("kink")
    return chosen


def reduction(w: Draft) -> str:
    wanted = (length(w),)
    a = array(w, wanted, 1)
    choice = w.pick.random()
    if choice < 0.35:
        w.note("sum")
        return w.pick.choice((f"np.sum({a})", f"({a}).sum()"))
    if choice < 0.7:
        w.note("dot")
        b = array(w, wanted, 0)
        return w.pick.choice((f"np.dot({a}, {b})", f"(({a}) @ ({b}))"))
    if wanted[0] not in (0, -1, -2, "half", "2"):  # what may be empty
        raise Cannot
    if choice < 0.85:
        w.note("mean")
        return f"np.mean({a})"
    w.note("extremum")
    return w.pick.choice((f"np.max({a})", f"np.min({a})"))


def test(w: Draft) -> str:
    """A condition, on data most."""
    a, b = scalar(w, 1), scalar(w, 0)
    choice = w.pick.random()
    if choice < 0.6:
        w.note("branch on data")
        return f"{a} {w.pick.choice('<>')} {b}"
    if choice < 0.7:
        w.note("chained comparison")
        return f"-1.0 < {a} < 0.6"
    if choice < 0.8:
        w.note("and, or, not")
        return w.pick.choice(
            (f"{a} > 0.2 and {b} < 0.5", f"not {a} < 0.1", f"{a} > 0.7 or {b} < 0.0")
        )
    if not w.scope.indices:
        return f"{a} > 0.1"
    w.note("branch on index")
    i = w.pick.choice(w.scope.indices).text
    return w.pick.choice((f"({i}) % 2 == 0", f"{i} > 1", f"{i} == n - 2"))


# -- arrays


def array(w: Draft, shape: Shape, depth: int = 1) -> str:
    """An array of the shape, or what broadcasts to it."""
    if len(shape) == 2:
        return matrix(w, shape, depth)
    if depth == 0:
        return place(w, shape)
    if shape == (0,) and w.chance(0.4):
        return special_vector(w)
    a = array(w, shape, depth - 1)
    b = place(w, shape) if w.chance(0.7) else scalar(w, 0)
    return combined(w, a, b)


def combined(w: Draft, a: str, b: str) -> str:
    """Two operands, element by element."""
    forms = [f"0.5 * {a} + {b}", f"{a} - 0.3 * {b}", f"np.sin({a}) * {b}", f"np.tanh({a})"] * 2
    forms += [f"{a} / (1.5 + {b} * {b})", f"np.exp(-({a} ** 2))", f"-{a}", f"{a} * {b}"]
    forms += [f"np.where({a} > {b}, {b}, np.sin({a}))", f"np.maximum({a}, {b})", f"np.abs({a})"]
    chosen = w.pick.choice(forms)
    if chosen.startswith("np.where"):
        w.note("where")
    if chosen.startswith(("np.max", "np.abs")):
        w.note("kink")
    return chosen


def special_vector(w: Draft) -> str:
    """What gives n elements and is not element by element."""
    v, matrices = whole(w).name, [a.name for a in w.scope.arrays if a.extents == MATRIX]
    choice = w.pick.random()
    if choice < 0.4 and matrices:
        w.note("matrix product")
        m = w.one(matrices)
        return "0.5 * " + w.pick.choice((f"({m} @ {v})", f"np.dot({m}, {v})", f"({v} @ {m})"))
    if choice < 0.6 and matrices:
        w.note("sum over an axis")
        m, axis = w.one(matrices), w.pick.choice((0, 1))
        return "0.3 * " + w.pick.choice((f"np.sum({m}, axis={axis})", f"{m}.sum(axis={axis})"))
    if choice < 0.8:
        w.note("helper of arrays")
        return f"blend({v}, {array(w, (0,), 0)})"
    if not w.scope.integers:
        raise Cannot
    w.note("gather")
    return f"{v}[{w.one(w.scope.integers)}]"


def matrix(w: Draft, shape: Shape, depth: int) -> str:
    if depth == 0:
        return w.one(matrix_places(w, shape))
    a = matrix(w, shape, depth - 1)
    choice = w.pick.random()
    if choice < 0.25:
        w.note("broadcast")
        b = place(w, (shape[0],)) if w.chance(0.5) else ""
        b = f"{b}[:, None]" if b else place(w, (shape[1],))
    elif choice < 0.45:
        w.note("outer product")
        b = f"np.outer({place(w, (shape[0],))}, {place(w, (shape[1],))})"
    elif choice < 0.8 and shape == (0, 0):
        w.note("transpose")
        b = f"{whole(w, MATRIX).name}.T"
    else:
        b = w.one(matrix_places(w, shape))
    return combined(w, a, b)
