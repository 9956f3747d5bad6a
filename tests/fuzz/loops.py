"""The grammar's loops, their ends, and what leaves them early."""

from __future__ import annotations

from tests.fuzz.draft import MATRIX, Array, Cannot, Draft, Index, Loop, statement
from tests.fuzz.expressions import array, element, index, scalar, test, whole

DEEPEST = 3


def enter(w: Draft) -> None:
    """Room for one more loop?"""
    if len(w.loops) >= DEEPEST or w.depth > 4 or (len(w.loops) == 2 and w.chance(0.6)):
        raise Cannot
    if w.loops:
        w.note("nested loop")
        if len(w.loops) == 2:
            w.note("three loops deep")


def body(w: Draft, *indices: Index, loop: Loop, first: tuple[str, ...] = ()) -> None:
    """The block of a loop, perhaps left early, and perhaps an else."""
    leaves = False
    with w.block(*indices, loop=loop):
        for line in first:
            w.put(line)
        w.statements_of_block()
        if w.chance(0.35 if loop.kind == "for" else 0.7):
            leaves = leave(w)
            w.statements_of_block(1)
    if w.chance(0.25 if leaves else 0.1 if loop.kind == "for" else 0.3):
        w.put("else:", f"{loop.kind} else")
        with w.block():
            w.statements_of_block(1)


def leave(w: Draft) -> bool:
    way = w.pick.choice(("break", "continue", "return"))
    w.put(f"if {test(w)}:")
    with w.block():
        if w.chance(0.3):
            w.statement()
        if way == "return":
            w.put(f"return {scalar(w, 1)} * {w.one(w.scope.floats)} + np.sum({whole(w).name})")
            w.note("return from nested loops" if len(w.loops) > 1 else "return from a loop")
        else:
            w.put(way, f"{way} in {w.loops[-1].kind}")
    return way == "break"


def ranged(w: Draft, header: str, low: int, high: int, name: str | None = None) -> None:
    """A loop over a range, whose index lies between low and n + high."""
    enter(w)
    i = Index(name or w.new("i"), low, high)
    w.put(f"for {i.text} in {header}:")
    body(w, i, loop=Loop("for", i))


@statement("range", 2)
def upward(w: Draft) -> None:
    ranged(w, *w.one((("range(n)", 0, -1), ("range(1, n)", 1, -1), ("range(n - 1)", 0, -2))))


@statement("reversed range", 1.5)
def downward(w: Draft) -> None:
    ranges = [("range(n - 1, -1, -1)", 0, -1), ("range(n - 2, 0, -1)", 1, -2)]
    ranges += [("reversed(range(n))", 0, -1), ("reversed(range(1, n))", 1, -1)]
    ranged(w, *w.one(ranges))


@statement("strided range", 1.5)
def strided(w: Draft) -> None:
    ranges = [("range(0, n, 2)", 0, -1), ("range(1, n, 2)", 1, -1), ("range(n - 1, -1, -2)", 0, -1)]
    ranges += [("reversed(range(0, n, 2))", 0, -1), ("range(0, n, 3)", 0, -1)]
    ranged(w, *w.one(ranges))


@statement("triangular range", 3.5)
def triangular(w: Draft) -> None:
    outer = w.one(
        [loop.index for loop in w.loops if loop.index is not None and loop.index.low >= 0]
    )
    i, low, high = outer.text, outer.low, outer.high
    ranges = [
        (f"range({i})", 0, high - 1),
        (f"range({i} + 1)", 0, high),
        (f"range({i}, n)", low, -1),
        (f"range({i} + 1, n)", low + 1, -1),
        (f"range(n - 1, {i}, -1)", low + 1, -1),
        (f"range({i} - 1, -1, -1)", 0, high - 1),
        (f"reversed(range({i}))", 0, high - 1),
        (f"range(0, {i}, 2)", 0, high - 1),
    ]
    ranged(w, *w.one(ranges))


@statement("computed trips", 1.5)
def computed(w: Draft) -> None:
    ranges = [("range(m)", 0, -1), ("range(m, n)", 0, -1), ("range(m - 1, -1, -1)", 0, -1)]
    ranges += [(f"range(min(int(abs({scalar(w, 1)})), n))", 0, -1)]
    if w.scope.integers:
        ranges += [(f"range({w.one(w.scope.integers)}[{index(w)}])", 0, -2)]
    ranged(w, *w.one(ranges))


@statement("no trips")
def zero(w: Draft) -> None:
    header = w.one(("range(3, 3)", "range(n, 2)", "range(n - 1, n)", "range(0, 1 - n)"))
    ranged(w, header, 0, -1)


@statement("steps without an index")
def steps(w: Draft) -> None:
    enter(w)
    w.put(f"for _ in range({w.pick.choice(('2', '3', 'm', 'n - 1'))}):")
    body(w, loop=Loop("for"))


@statement("swapped in each step")
def swapping(w: Draft) -> None:
    """`u, v = v, u`, or three in a ring, at the end of each step."""
    enter(w)
    names = [a.name for a in w.scope.arrays if a.extents == (0,)]
    ring = w.pick.sample(names, w.pick.choice((2, 2, min(3, len(names)))))
    w.put(f"for _ in range({w.pick.choice(('1', '2', '3', 'm'))}):")
    with w.block(loop=Loop("for")):
        if w.chance(0.5):
            u, v = ring[:2]
            w.put(f"{v}[1:-1] = {u}[1:-1] + 0.3 * ({u}[2:] * {u}[:-2] - {v}[1:-1])")
        w.statements_of_block(2)
        w.put(f"{', '.join(ring)} = {', '.join([*ring[1:], ring[0]])}")
        w.note("array carried whole")


@statement("stepped by a new array")
def stepping(w: Draft) -> None:
    """A state that each step makes anew, whole."""
    enter(w)
    u = whole(w).name
    w.put(f"for _ in range({w.pick.choice(('2', '3', 'm'))}):")
    with w.block(loop=Loop("for")):
        w.statements_of_block(1)
        w.put(f"{u} = {array(w, (0,))}", "array carried whole")


# -- loops over what is in an array


@statement("over elements")
def elements(w: Draft) -> None:
    enter(w)
    v = w.new("e")
    w.put(f"for {v} in {whole(w).name}:")
    elements_body(w, [v])


@statement("zip")
def zipped(w: Draft) -> None:
    enter(w)
    v, u = w.new("e"), w.new("e")
    w.put(f"for {v}, {u} in zip({whole(w).name}, {whole(w).name}[::-1]):")
    elements_body(w, [v, u])


@statement("enumerate")
def enumerated(w: Draft) -> None:
    enter(w)
    v, i = w.new("e"), Index(w.new("i"), 0, -1)
    w.put(f"for {i.text}, {v} in enumerate({whole(w).name}):")
    elements_body(w, [v], i)


@statement("over rows")
def rows(w: Draft) -> None:
    enter(w)
    v = w.new("e")
    w.put(f"for {v} in {whole(w, MATRIX).name}:")
    w.scope, outer = w.scope.copy(), w.scope
    w.scope.arrays.append(Array(v, (0,)))
    body(w, loop=Loop("for"))
    w.scope = outer


def elements_body(w: Draft, names: list[str], *indices: Index) -> None:
    w.scope, outer = w.scope.copy(), w.scope
    s = w.one(w.scope.floats)
    w.scope.floats += names
    body(w, *indices, loop=Loop("for"), first=(f"{s} = 0.7 * {s} + {' * '.join(names)}",))
    w.scope = outer


# -- while


@statement("while", 2.5)
def while_(w: Draft) -> None:
    enter(w)
    i = Index(w.new("count"), 1, 0)
    w.put(f"{i.text} = 0")
    w.put(f"while ({test(w)}) and {i.text} < {w.pick.choice(('3', 'n', 'm'))}:")
    body(w, i, loop=Loop("while"), first=(f"{i.text} += 1",))


@statement("while over an index")
def while_index(w: Draft) -> None:
    """A for that is written as a while; its body does not leave the step early."""
    enter(w)
    i = Index(w.new("i"), 0, -1)
    w.put(f"{i.text} = 0")
    w.put(f"while {i.text} < n:")
    with w.block(i):
        w.statements_of_block(2)
        if w.chance(0.5):
            w.put(f"{element(w)} += {scalar(w, 1)}")
        w.put(f"{i.text} += {w.pick.choice(('1', '2'))}")


@statement("while True", 1.5)
def forever(w: Draft) -> None:
    enter(w)
    i = Index(w.new("count"), 1, 0)
    w.put(f"{i.text} = 0")
    w.put("while True:")
    with w.block(i, loop=Loop("while")):
        w.put(f"{i.text} += 1")
        w.statements_of_block(1)
        w.put(f"if {test(w)} or {i.text} >= 3:")
        w.put("    break")
        w.statements_of_block(2)
        if w.chance(0.3):
            leave(w)


@statement("index after its loop", 0.7)
def last_index(w: Draft) -> None:
    if len(w.loops) > 1:
        raise Cannot
    i = w.new("i")
    upward_loop = w.pick.choice(("range(n)", "range(1, n)", "range(n - 1, 0, -1)"))
    ranged(w, upward_loop, 0 if "range(n)" in upward_loop else 1, -1, i)
    w.put(f"{w.one(w.scope.floats)} += {whole(w).name}[{i}] * {i}")
