"""The grammar's simple statements: numbers, elements, slices, views, names, helpers, branches."""

from __future__ import annotations

from tests.fuzz.draft import MATRIX, VECTOR, Array, Cannot, Draft, Index, statement
from tests.fuzz.expressions import (
    array,
    element,
    index,
    length,
    place,
    position,
    scalar,
    slices,
    test,
    whole,
)

AUGMENTED = {
    "+=": "{}",
    "-=": "{}",
    "*=": "np.cos({})",
    "/=": "(2.0 + np.sin({}))",
    "**=": "2",
    "%=": "1.7",
}


def put_augmented(w: Draft, target: str, value: str) -> None:
    symbol = w.pick.choice(("+=", "-=", "+=", "-=", *AUGMENTED))
    w.put(f"{target} {symbol} {AUGMENTED[symbol].format(value)}", f"augmented {symbol}")


# -- numbers


@statement("assign a number", 2)
def assign(w: Draft) -> None:
    w.put(f"{w.one(w.scope.floats)} = {scalar(w)}")


@statement("augment a number", 2)
def augment(w: Draft) -> None:
    put_augmented(w, w.one(w.scope.floats), scalar(w))


@statement("new number")
def new_number(w: Draft) -> None:
    name = w.new("t")
    w.put(f"{name} = {scalar(w)}")
    w.scope.floats.append(name)


@statement("tuple assignment")
def unpack(w: Draft) -> None:
    name = w.new("t")
    old = w.one(w.scope.floats)
    w.put(f"{old}, {name} = {scalar(w, 1)}, {scalar(w, 1)}")
    w.scope.floats.append(name)


@statement("chained assignment")
def chained(w: Draft) -> None:
    name = w.new("t")
    w.put(f"{name} = {element(w)} = {scalar(w, 1)}")
    w.scope.floats.append(name)


@statement("conditional expression")
def conditional(w: Draft) -> None:
    w.put(f"{w.one(w.scope.floats)} = {scalar(w, 1)} if {test(w)} else {scalar(w, 1)}")


@statement("assert")
def assertion(w: Draft) -> None:
    w.put(f"assert {w.one(w.scope.floats)} < 1e9, 'too large'")


@statement("integer arithmetic", 2)
def integer(w: Draft) -> None:
    """An index of the program's own."""
    i, name = index(w), w.new("q")
    forms = [f"abs({i} * 3 + 1) % n", f"({i}) % n", f"abs({i}) // 2"]
    w.put(f"{name} = {w.pick.choice(forms)}")
    w.scope.indices.append(Index(name, 0, -1))


@statement("carried integer")
def carried_integer(w: Draft) -> None:
    """An index that changes from step to step."""
    if not w.loops:
        raise Cannot
    i, own = index(w), [j.text for j in w.scope.indices if j.text.startswith("q")]
    name = w.one(own) if own else w.new("q")
    if not own:
        w.head.append(f"    {name} = 1")
        w.scope.indices.append(Index(name, 0, -1))
    forms = [f"({name} + 3 * abs({i})) % n", f"(5 * {name} + 2) % n", f"abs({i}) // 2"]
    if w.scope.integers:
        forms += [f"({name} + {w.one(w.scope.integers)}[{i}]) % n"]
    w.put(f"{name} = {w.pick.choice(forms)}")


@statement("integer array write")
def write_integer(w: Draft) -> None:
    k = w.one(w.scope.integers)
    w.put(f"{k}[{index(w)}] = ({k}[{index(w)}] + {w.pick.choice((1, 2))}) % n")


# -- elements, slices


@statement("element write", 3)
def write_element(w: Draft) -> None:
    w.put(f"{element(w)} = {scalar(w)}")


@statement("element augmented", 2)
def augment_element(w: Draft) -> None:
    put_augmented(w, element(w), scalar(w))


@statement("reuse after overwrite")
def reuse(w: Draft) -> None:
    """An element is read, overwritten by what its old value made, and read again."""
    a, s = element(w), w.one(w.scope.floats)
    w.put(f"{s} += np.sin({a}) * {a}")
    w.put(f"{a} = 0.5 * {a} * {a} + {scalar(w, 1)}")
    w.put(f"{s} -= {a} * {a}")


@statement("scatter")
def scatter(w: Draft) -> None:
    target = f"{whole(w).name}[{w.one(w.scope.integers)}[{index(w)}]]"
    if w.chance(0.5):
        w.put(f"{target} = {scalar(w)}")
    else:
        put_augmented(w, target, scalar(w, 1))


@statement("scatter by an array", 0.5)
def scatter_array(w: Draft) -> None:
    v, k = whole(w).name, w.one(w.scope.integers)
    value = array(w, (0,))
    forms = [f"{v}[{k}] = {value}", f"{v}[{k}] += {value}", f"np.add.at({v}, {k}, {value})"]
    w.put(w.pick.choice(forms))


@statement("slice write", 2)
def write_slice(w: Draft) -> None:
    wanted = (length(w),)
    w.put(f"{place(w, wanted)} = {array(w, wanted)}")


@statement("slice augmented", 2)
def augment_slice(w: Draft) -> None:
    wanted = (length(w),)
    put_augmented(w, place(w, wanted), array(w, wanted))


@statement("fill a slice with a number")
def fill_slice(w: Draft) -> None:
    w.put(f"{place(w, (length(w),))} = {scalar(w, 1)}")


@statement("whole array augmented")
def augment_whole(w: Draft) -> None:
    chosen = w.one(w.scope.arrays)
    put_augmented(w, chosen.name, array(w, chosen.extents))


@statement("block of a matrix", 1.5)
def write_block(w: Draft) -> None:
    wanted = (w.pick.choice((0, -1, -2)), w.pick.choice((0, -1, -2)))
    target = place(w, wanted)
    if w.chance(0.5):
        w.put(f"{target} = {array(w, wanted)}")
    else:
        put_augmented(w, target, array(w, wanted))


@statement("whole matrix written", 1.5)
def write_matrix(w: Draft) -> None:
    m = whole(w, MATRIX).name
    w.put(f"{m}[:] = {array(w, (0, 0))}")


# -- views and names


@statement("slice view")
def view_slice(w: Draft) -> None:
    wanted = w.pick.choice((0, -1))
    bind(w, [f"{a.name}[{w.one(slices(w, e, wanted))}]"
             for a in w.scope.arrays for e in a.extents[:1]
             if len(a.extents) == 1 and slices(w, e, wanted)], (wanted,))  # fmt: skip


@statement("row view")
def view_row(w: Draft) -> None:
    a = w.one([a for a in w.scope.arrays if len(a.extents) == 2])
    bind(w, [f"{a.name}[{index(w, a.extents[0])}]"], a.extents[1:])


@statement("column view")
def view_column(w: Draft) -> None:
    a = w.one([a for a in w.scope.arrays if len(a.extents) == 2])
    bind(w, [f"{a.name}[:, {index(w, a.extents[1])}]"], a.extents[:1])


@statement("transposed view")
def view_transpose(w: Draft) -> None:
    a = w.one([a for a in w.scope.arrays if len(a.extents) == 2])
    bind(w, [f"{a.name}.T"], a.extents[::-1])


@statement("alias")
def alias(w: Draft) -> None:
    a = w.one(w.scope.arrays)
    bind(w, [a.name], a.extents)


def bind(w: Draft, sources: list[str], extents: tuple[int, ...]) -> None:
    """A name for a view, and a write through one of the two."""
    name = w.new("v")
    w.put(f"{name} = {w.one(sources)}")
    w.scope.arrays.append(Array(name, extents))
    if w.chance(0.6):
        at = ", ".join(index(w, e) for e in extents)
        put_augmented(w, f"{name}[{at}]", scalar(w, 1))
        w.note("write through a view")


@statement("conditional alias", 0.5)
def conditional_alias(w: Draft) -> None:
    a, b, name = whole(w).name, whole(w).name, w.new("v")
    w.put(f"{name} = {a} if {test(w)} else {b}")
    w.put(f"{w.one(w.scope.floats)} += {name}[{index(w)}] * {scalar(w, 1)}")


@statement("new array")
def new_array(w: Draft) -> None:
    a, name = whole(w).name, w.new("u")
    forms = [f"{a}.copy()", f"np.zeros_like({a})", "np.zeros(n)", "np.ones(n)", f"np.copy({a})"]
    w.put(f"{name} = {w.pick.choice(forms)}")
    w.scope.arrays.append(Array(name, VECTOR))


@statement("array of a computation")
def computed_array(w: Draft) -> None:
    extents = w.pick.choice((VECTOR, VECTOR, (-1,), MATRIX))
    value, name = array(w, extents), w.new("u")
    w.put(f"{name} = {value}")
    w.scope.arrays.append(Array(name, extents))


@statement("new matrix")
def new_matrix(w: Draft) -> None:
    name = w.new("M")
    extents = w.pick.choice((MATRIX, (0, -1), (-1, 0)))
    shape = ", ".join("n" if e == 0 else "n - 1" for e in extents)
    w.put(f"{name} = np.{w.pick.choice(('zeros', 'ones'))}(({shape}))")
    w.scope.arrays.append(Array(name, extents))


@statement("array rebound")
def rebind(w: Draft) -> None:
    a = w.one(w.scope.arrays)
    w.put(f"{a.name} = {array(w, a.extents)}")
    if w.loops:
        w.note("array carried whole")


@statement("swap", 2)
def swap(w: Draft) -> None:
    a = w.one(w.scope.arrays)
    b = w.one([b for b in w.scope.arrays if b.extents == a.extents and b != a])
    w.put(f"{a.name}, {b.name} = {b.name}, {a.name}")
    if w.loops:
        w.note("swap in a loop")


@statement("copied before it is swept")
def copied_state(w: Draft) -> None:
    u, old, i = whole(w).name, w.new("old"), w.new("i")
    w.put(f"{old} = {u}.copy()")
    w.put(f"for {i} in range(1, n - 1):")
    s, symbol = w.one(w.scope.floats), w.pick.choice(("=", "+="))
    w.put(f"    {u}[{i}] {symbol} 0.4 * ({old}[{i} - 1] + {old}[{i} + 1]) - {s} * {old}[{i}] ** 2")


# -- helpers


@statement("helper")
def helper(w: Draft) -> None:
    s = w.one(w.scope.floats)
    forms = [
        f"{s} = mix({scalar(w, 1)}, {scalar(w, 1)})",
        f"{s} += mix({scalar(w, 1)}, b={scalar(w, 0)})",
        f"{s} = first_large({place(w, (0,))}, {scalar(w, 1)})",
        f"{s} += damped({scalar(w, 1)})",
        f"{s}, {element(w)} = both({scalar(w, 1)}, {scalar(w, 0)})",
    ]
    w.put(w.pick.choice(forms))


@statement("helper that writes")
def helper_writes(w: Draft) -> None:
    v = place(w, (0,)) if w.chance(0.4) else whole(w).name
    w.put(f"{w.one(w.scope.floats)} -= bump({v}, {scalar(w, 1)})")


@statement("closure", 2.5)
def closure(w: Draft) -> None:
    if w.depth > 1:
        raise Cannot
    name = w.new("local")
    w.put(f"def {name}(r):")
    w.put(f"    return {scalar(w, 1)} * r + {element(w)}")
    w.scope.functions.append(name)


# -- branches


@statement("if", 1.5)
def branch(w: Draft) -> None:
    if w.depth > 4:
        raise Cannot
    w.put(f"if {test(w)}:")
    with w.block():
        w.statements_of_block(2)
    if w.chance(0.25):
        w.put(f"elif {test(w)}:", "elif")
        with w.block():
            w.statements_of_block(2)
    if w.chance(0.5):
        w.put("else:", "else")
        with w.block():
            w.statements_of_block(2)


@statement("accumulation into a slice", 3)
def accumulate(w: Draft) -> None:
    """One row or segment after the other, from a loop around it."""
    i, (a, b) = position(w), (whole(w).name, whole(w).name)
    if i.high > -1:
        raise Cannot
    forms = [
        f"{a}[{i.text}:] += 0.3 * {b}[{i.text}:] * {scalar(w, 1)}",
        f"{a}[: {i.text}] -= 0.2 * {b}[: {i.text}] * {scalar(w, 1)}",
        f"{a}[{i.text} : {i.text} + 1] += np.sin({b}[{i.text} : {i.text} + 1])",
    ]
    w.put(w.pick.choice(forms))


@statement("early return", 2.5)
def early_return(w: Draft) -> None:
    if w.loops or w.depth > 2:
        raise Cannot
    w.put(f"if {test(w)}:")
    w.put(f"    return {scalar(w, 1)} + np.sum({whole(w).name})")
