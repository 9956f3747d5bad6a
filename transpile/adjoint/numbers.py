"""How many steps a segment of a loop has, and how many states are saved, chosen on entry.

Bytes are floats here: they neither overflow nor raise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from transpile.adjoint.part import Policy
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Scan, Var, While, constant
from transpile.sym.ops import shape
from transpile.sym.types import INT, Type

REAL = Type("float64", (), "numpy")
CACHED = 2.0**18  # bytes of logs that stay near the processor


class Numbers(Struct, frozen=True):
    """The steps of a segment, the slots for saved states, and the most steps that logs have room
    for."""

    segment: Atom
    slots: Atom
    longest: Atom


def real(build: Builder, atom: Atom) -> Atom:
    """A number as NumPy's float, which neither overflows nor raises."""
    return build.convert(atom, "float64", "numpy")


def least(build: Builder, a: Atom, b: Atom) -> Atom:
    return build.text("where(a < b, a, b)", {"a": a, "b": b})


def greatest(build: Builder, a: Atom, b: Atom) -> Atom:
    return build.text("where(a > b, a, b)", {"a": a, "b": b})


def size(build: Builder, type: Type) -> Atom:
    """The bytes of a value, as a float."""
    total: Atom = real(build, constant(type.itemsize))
    for dim in type.dims:
        total = build.text("a * b", {"a": total, "b": real(build, build.extent(dim))})
    return total


def total(build: Builder, parts: Sequence[Atom]) -> Atom:
    found: Atom = real(build, constant(0))
    for part in parts:
        found = build.text("a + b", {"a": found, "b": part})
    return found


def known(
    build: Builder, steps: Atom, memory: Atom, step: Atom, state: Atom, policy: Policy
) -> Numbers:
    """Numbers for a loop of so many steps, whose logs take `step` bytes each and a state `state`.

    The least number of times r that a step is run again, such that segments of `memory / (r + 1)`
    bytes and states in the rest reach over all steps. For r = 1 less will do: segments whose logs
    stay in the cache, but not more states than half of the memory holds, nor segments longer than
    the sqrt(steps * state / step) steps that take least memory.
    """
    env = {"n": real(build, steps), "m": memory, "a": step, "b": state}
    if policy.fixed is not None:
        return at_fixed(build, env, policy.fixed, policy.least)
    again, segment, slots = repeats(build, env)
    root = build.text("(sqrt(n * b / a) + 1) // 1", env, "root")
    env |= {"r": again, "k": segment, "s": slots, "root": root}
    env["near"] = build.text(f"maximum({CACHED} // a, 2 * n * b // m + 1)", env, "near")
    env["k"] = build.text("where(r == 1, minimum(k, minimum(root, near)), k)", env, "length")
    env["k"] = build.text("maximum(1, minimum(k, n))", env, "length")
    env["all"] = build.text("(n + k - 1) // k", env, "divisions")
    env["s"] = build.text("where(r == 1, all, s)", env, "held")
    count = build.text("maximum(1, minimum(s, all))", env)
    segment = named(build, "segment", env["k"])
    return Numbers(segment, named(build, "slots", count), segment)


def at_fixed(build: Builder, env: Mapping[str, Atom], fixed: int, least: bool) -> Numbers:
    """Segments of `fixed` steps; as many slots as there is memory for, or about log2 of all."""
    k = real(build, constant(fixed))
    count = build.text("maximum(1, (n + k - 1) // k)", {**env, "k": k})
    room = build.text("(m - k * a) // b", {**env, "k": k})
    if least:
        room = build.text("log(c) / log(2.0) + 2", {"c": count})
    slots = build.text("maximum(1, minimum(c, s))", {"c": count, "s": room})
    segment = named(build, "segment", k)
    return Numbers(segment, named(build, "slots", slots), segment)


def named(build: Builder, name: str, value: Atom) -> Atom:
    """An integer that a buffer's size is made of: to be known on entry (see `sym.lift`)."""
    out = Var(name, INT)
    params = {"dtype": "int64", "kind": "python", "entry": True}
    return build.emit(Apply(shape.CONVERT, (value,), params), [out])[0]


def repeats(build: Builder, env: Mapping[str, Atom]) -> tuple[Atom, Atom, Atom]:
    """r, and the segment and slots with which each step is run at most r times again."""
    r, k, s, reach = (
        Var(n, t) for n, t in (("again", INT), ("k", REAL), ("s", REAL), ("reach", REAL))
    )
    test = build.child()
    goes_on = test.text("reach < n", {"reach": reach, **env})
    tested = test.block([r, k, s, reach], [goes_on])
    r1, k1, s1, reach1 = (Var(v.name, v.type) for v in (r, k, s, reach))
    inner = build.child()
    more = inner.text("r + 1", {"r": r1})
    now = {**env, "r": real(inner, more)}
    now["k"] = inner.text("maximum(1, minimum(n, m // ((r + 1) * a)))", now)
    now["s"] = inner.text("maximum(1, m * r // ((r + 1) * b))", now)
    far = inner.text("c * k", {**now, "c": binomial(inner, now["s"], more)})
    body = inner.block([r1, k1, s1, reach1], [more, now["k"], now["s"], far])
    zero = real(build, constant(0))
    outs = [Var(v.name, v.type) for v in (r, k, s, reach)] + [Var("", INT)]
    found = build.emit(While((constant(0), zero, zero, zero), tested, body), outs)
    return found[0], found[1], found[2]


def binomial(build: Builder, s: Atom, r: Atom) -> Atom:
    """C(s + r, r) as a float."""
    i, c = Var("i", INT), Var("c", REAL)
    inner = build.child()
    more = inner.text("c * (s + i) / i", {"c": c, "s": s, "i": real(inner, i)})
    stop = build.text("r + 1", {"r": r})
    scan = Scan(
        constant(1), stop, constant(1), (real(build, constant(1)),), inner.block([i, c], [more])
    )
    return build.emit(scan, [Var("c", c.type)])[0]


def unknown(build: Builder, memory: Atom, step: Atom, state: Atom, fixed: int | None) -> Numbers:
    """Numbers for a loop of unknown length: half for the logs of a segment, half for states."""
    env = {"m": memory, "a": step, "b": state}
    slots = build.text("maximum(1, m // (2 * b))", env)
    if fixed is not None:
        segment: Atom = constant(fixed)
        return Numbers(segment, named(build, "slots", slots), segment)
    longest = build.text("maximum(1, minimum(m // (2 * a), 2.0**40))", env)
    near = build.text(f"maximum(1, minimum(k, {CACHED} // a))", {**env, "k": longest})
    return Numbers(
        named(build, "segment", near),
        named(build, "slots", slots),
        named(build, "longest", longest),
    )


def within(build: Builder, numbers: Numbers, steps: Atom) -> Numbers:
    """Those of a loop of unknown length for one run of it, whose length is known by then.

    Segments are longer than they were to be, where the slots would not do otherwise.
    """
    env = {"n": steps, "s": numbers.slots, "k": numbers.segment}
    even = build.text("(n + s - 1) // s", env)
    longer = greatest(build, numbers.segment, even)
    return Numbers(least(build, longer, numbers.longest), numbers.slots, numbers.longest)


def joined(build: Builder, numbers: Numbers, spacing: Atom) -> Atom:
    """How many segments may be one, where states are saved before every `spacing` of them."""
    test, inner = build.child(), build.child()
    tested, body = Var("joined", INT), Var("joined", INT)
    env = {"k": numbers.segment, "most": numbers.longest, "spacing": spacing, "f": tested}
    goes_on = test.text("where(2 * f <= spacing, 2 * f * k <= most, False)", env)
    twice = inner.text("2 * f", {"f": body})
    rhs = While((constant(1),), test.block([tested], [goes_on]), inner.block([body], [twice]))
    return build.emit(rhs, [Var("joined", INT), Var("", INT)])[0]
