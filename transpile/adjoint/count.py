"""How often the body of a nest of loops is entered at most, from integers known before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transpile.adjoint.program import Program
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import Apply, Atom, Block, Const, Scan, Var, constant
from transpile.sym.ops import arithmetic
from transpile.sym.types import INT

Known = Mapping[Var, Atom]


def integer(program: Program, build: Builder, atom: Atom, known: Known) -> Atom | None:
    """The same integer computed here from what is known, where that can be done."""
    if isinstance(atom, Const) or program.is_outside(atom):
        return atom
    if atom in known:
        return known[atom]
    eqn = program.maker.get(atom)
    if eqn is None or not isinstance(eqn.rhs, Apply) or not atom.type.is_index:
        return None
    args = [integer(program, build, arg, known) for arg in eqn.rhs.args]
    found = [arg for arg in args if arg is not None]
    return build.apply(eqn.rhs.op, *found, **eqn.rhs.params) if len(found) == len(args) else None


def bounds(
    program: Program, build: Builder, body: Block, known: Known
) -> tuple[Atom, Atom, Atom] | None:
    """Start, stop and step of a Scan, where they are known."""
    scan = program.scan(body)
    if scan is None:
        return None
    start, stop, step = (
        integer(program, build, a, known) for a in (scan.start, scan.stop, scan.step)
    )
    return None if start is None or stop is None or step is None else (start, stop, step)


def steps(build: Builder, start: Atom, stop: Atom, step: Atom) -> Atom:
    """The length of a range; of one with step 1 or -1 in affine form, below zero where empty."""
    match build.dim(step).constant:
        case 1:
            return build.atom(build.dim(stop) - build.dim(start))
        case -1:
            return build.atom(build.dim(start) - build.dim(stop))
    return expr.range_length(build, start, stop, step)


def entered(program: Program, build: Builder, loops: Sequence[Block], known: Known) -> Atom | None:
    """How often the last of `loops` is entered if none is left early; None where that is open."""
    found = bounds(program, build, loops[0], known)
    if found is None:
        return None
    trips = build.extent(build.dim(steps(build, *found)))
    if len(loops) == 1:
        return trips
    each = entered(program, build, loops[1:], known)
    if each is not None:
        return build.apply(arithmetic.MULTIPLY, trips, each)
    start, _, step = found
    old = loops[0].params[0]
    index, total = Var(old.name, INT), Var("", INT)
    inner = build.child(*scan_facts(index, *map(build.dim, found)))
    each = entered(program, inner, loops[1:], {**known, old: index})
    if each is None:
        return None
    form, stride = inner.dim(each), build.dim(step).constant
    made = {out for eqn in inner.eqns for out in eqn.outs}
    if stride is not None and not made.intersection(form.symbols()):
        return progression(build, trips, form, index, build.dim(start), stride)
    results = [inner.apply(arithmetic.ADD, total, each)]
    scan = Scan(*found, (constant(0),), inner.block([index, total], results))
    return build.emit(scan, [Var("", INT)])[0]


def progression(
    build: Builder, trips: Atom, form: Affine, index: Var, start: Affine, stride: int
) -> Atom:
    """The sum of an affine form over the steps of a loop: trips * first + growth * trips'."""
    first = build.atom(form.substitute({index: start}))
    total = build.apply(arithmetic.MULTIPLY, trips, first)
    growth = form.coefficient(index) * stride
    if growth == 0:
        return total
    less = build.apply(arithmetic.SUBTRACT, trips, constant(1))
    pairs = build.apply(arithmetic.MULTIPLY, trips, less)
    half = build.apply(arithmetic.FLOOR_DIVIDE, pairs, constant(2))
    sign = arithmetic.ADD if growth > 0 else arithmetic.SUBTRACT
    more = build.apply(arithmetic.MULTIPLY, constant(abs(growth)), half)
    return build.apply(sign, total, more if abs(growth) != 1 else half)
