"""Makes a program smaller without changing a bit of what it computes.

`simplify` goes forward and rewrites equations by the rules below, each with its notation; `prune`
goes backward and drops what nothing reads: equations, results of branches, and carried values one
by one. Both keep every effect.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from transpile.errors import Span
from transpile.sym import evaluate, walk
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, Function, If, Scan, Var, While
from transpile.sym.ops import Infix, Op, arithmetic, parts, shape
from transpile.sym.types import Mismatch, Type
from transpile.sym.verify import Lenient


def fold(function: Function) -> Function:
    """The function with every rule applied and nothing dead left."""
    body = function.body
    for _ in range(2):
        body = prune_block(Folder().block(body), set(range(len(body.results))))
    return replace(function, body=body)


# -- the rules: each gives an atom or another equation's right-hand side, or None


class Context:
    """What a rule may look at and do: the equation that defines a variable, and a new equation."""

    def __init__(self, defs: dict[Var, Eqn]) -> None:
        self.defs = defs
        self.new: list[Eqn] = []
        self.span: Span | None = None

    def made_by(self, atom: Atom, op: Op) -> Apply | None:
        eqn = self.defs.get(atom) if isinstance(atom, Var) else None
        rhs = eqn.rhs if eqn is not None else None
        return rhs if isinstance(rhs, Apply) and rhs.op is op else None

    def emit(self, op: Op, *args: Atom) -> Var:
        out = Var("", op.type(Lenient(), op, args, {}))
        eqn = Eqn((out,), Apply(op, args), self.span)
        self.new.append(eqn)
        self.defs[out] = eqn
        return out


Found: TypeAlias = "Atom | Apply | None"
FoldRule: TypeAlias = "Callable[[Context, Apply, Type], Found]"


def is_value(atom: Atom, value: float) -> bool:
    """Is it this constant? 0 means +0.0."""
    if not isinstance(atom, Const) or isinstance(atom.value, bool | complex):
        return False
    if atom.value != value:
        return False
    return math.copysign(1.0, atom.value) == math.copysign(1.0, value)


def same_dtype(x: Atom, type: Type) -> bool:
    """Is it negated alike at its own dtype and at the result's? Integers wrap at their own."""
    return x.type.dtype == type.dtype or x.type.is_float or x.type.is_complex


def negated_by(c: Context, atom: Atom, type: Type) -> Atom | None:
    """The x of which this is `-x`, where the sign may be taken out of a result of this type."""
    negated = c.made_by(atom, arithmetic.NEGATIVE)
    return negated.args[0] if negated is not None and same_dtype(atom, type) else None


def add(c: Context, rhs: Apply, type: Type) -> Found:
    x, y = rhs.args
    if type.is_complex:  # whose zeros have signs in both parts
        return None
    if is_value(y, -0.0) or (is_value(y, 0) and not type.is_float):  # x + -0.0 -> x
        return x
    if (positive := negated_by(c, y, type)) is not None:  # x + -y -> x - y
        return Apply(arithmetic.SUBTRACT, (x, positive))
    if (positive := negated_by(c, x, type)) is not None:  # -x + y -> y - x
        return Apply(arithmetic.SUBTRACT, (y, positive))
    return None


def subtract(c: Context, rhs: Apply, type: Type) -> Found:
    x, y = rhs.args
    if is_value(y, 0):  # x - 0 -> x
        return x
    if (positive := negated_by(c, y, type)) is not None:  # x - -y -> x + y
        return Apply(arithmetic.ADD, (x, positive))
    return None


def multiply(c: Context, rhs: Apply, type: Type) -> Found:
    x, y = rhs.args
    if type.is_complex:  # 1 stands for 1 + 0j, and an infinity times 0 is no number
        return None
    if is_value(y, 1):  # x * 1 -> x
        return of_type(x, type) if isinstance(x, Const) else x
    if is_value(x, 1):  # 1 * x -> x
        return of_type(y, type) if isinstance(y, Const) else y
    if is_value(y, -1) and x.type.dtype == type.dtype:  # x * -1 -> -x
        return Apply(arithmetic.NEGATIVE, (x,))
    if is_value(x, -1) and y.type.dtype == type.dtype:  # -1 * x -> -x
        return Apply(arithmetic.NEGATIVE, (y,))
    return spread_product(c, rhs, type) or signs(c, rhs, type)


def spread_product(c: Context, rhs: Apply, type: Type) -> Found:
    """`2 * broadcast_to(1.0) -> broadcast_to(2.0)`, where the product is whole."""
    for factor, array in (rhs.args, reversed(rhs.args)):
        wide = c.made_by(array, shape.BROADCAST_TO)
        if not isinstance(factor, Const) or wide is None or array.type != type:
            continue
        element = wide.args[0]
        if isinstance(element, Const) and type.is_float:
            value = float(factor.value) * float(element.value)
            if value.is_integer() and 0 < abs(value) < 2**24:
                return replace(wide, args=(Const(value, element.type), *wide.args[1:]))
    return None


def divide(c: Context, rhs: Apply, type: Type) -> Found:
    if type.is_complex:
        return None
    if is_value(rhs.args[1], 1):  # x / 1 -> x
        return rhs.args[0]
    return signs(c, rhs, type)


def signs(c: Context, rhs: Apply, type: Type) -> Found:
    """`-x * y -> -(x * y)`, `x * -y -> -(x * y)`, and so for division."""
    for k in (0, 1):
        if (positive := negated_by(c, rhs.args[k], type)) is not None:
            args = (positive, rhs.args[1]) if k == 0 else (rhs.args[0], positive)
            return Apply(arithmetic.NEGATIVE, (c.emit(rhs.op, *args),))
    return None


def negative(c: Context, rhs: Apply, type: Type) -> Found:
    negated = c.made_by(rhs.args[0], arithmetic.NEGATIVE)
    return negated.args[0] if negated is not None else None  # --x -> x


def conjugate(c: Context, rhs: Apply, type: Type) -> Found:
    turned = c.made_by(rhs.args[0], parts.CONJ)
    return turned.args[0] if turned is not None else None  # conj(conj(x)) -> x


def power(c: Context, rhs: Apply, type: Type) -> Found:
    one = is_value(rhs.args[1], 1) and not type.is_complex
    return rhs.args[0] if one else None  # x ** 1 -> x


def where(c: Context, rhs: Apply, type: Type) -> Found:
    test, x, y = rhs.args
    if isinstance(test, Const):  # where(True, x, y) -> x
        return x if test.value else y
    return x if x == y else None  # where(c, x, x) -> x


def of_type(x: Const, type: Type) -> Const:
    """The constant as a scalar of another type."""
    value = evaluate.of_type(x.value, type)
    return Const(value.item() if type.kind == "numpy" else value, type)


def convert(c: Context, rhs: Apply, type: Type) -> Found:
    x = rhs.args[0]
    if isinstance(x, Const) and type.is_scalar:
        return of_type(x, type)
    return x if x.type == type else None  # a conversion to what it is


def index(c: Context, rhs: Apply, type: Type) -> Found:
    """`x[i] = v; x[i] -> v`, the indices being the same and all integers."""
    written = c.made_by(rhs.args[0], shape.UPDATE)
    if written is not None and not type.dims:
        same = written.params["index"] == rhs.params["index"]
        if same and written.args[2:] == rhs.args[1:]:
            return written.args[1]
    return None


def same_dims(c: Context, rhs: Apply, type: Type) -> Found:
    return rhs.args[0] if rhs.args[0].type == type else None


def stored(c: Context, rhs: Apply, type: Type) -> Found:
    """`x[...] = broadcast_to(v) -> x[...] = v`: NumPy broadcasts what is stored by itself. What has
    no elements stores nothing."""
    if rhs.args[0].type == type and any(dim.constant == 0 for dim in rhs.args[1].type.dims):
        return rhs.args[0]
    spread = c.made_by(rhs.args[1], shape.BROADCAST_TO)
    if spread is None:
        return None
    return replace(rhs, args=(rhs.args[0], spread.args[0], *rhs.args[2:]))


RULES: dict[Op, FoldRule] = {
    arithmetic.ADD: add,
    arithmetic.SUBTRACT: subtract,
    arithmetic.MULTIPLY: multiply,
    arithmetic.TRUE_DIVIDE: divide,
    arithmetic.NEGATIVE: negative,
    parts.CONJ: conjugate,
    arithmetic.POWER: power,
    arithmetic.WHERE: where,
    shape.CONVERT: convert,
    shape.INDEX: index,
    shape.RESHAPE: same_dims,
    shape.BROADCAST_TO: same_dims,
    shape.UPDATE: stored,
    shape.INCREMENT: stored,
}


def constants(c: Context, rhs: Apply, type: Type) -> Found:
    """Python's arithmetic of constants, where the result is whole: `2.0 - 1 -> 1.0`; a difference
    may be a half too: `x ** (1.5 - 1)` is a root.

    Others, such as `2.0 * np.pi`, stay as the user wrote them.
    """
    if not isinstance(rhs.op.numpy, Infix) or type.kind != "python":
        return None
    values = [a.value for a in rhs.args if isinstance(a, Const)]
    if len(values) < len(rhs.args) or rhs.op.numpy.symbol not in evaluate.OPERATORS:
        return None
    try:
        value = evaluate.OPERATORS[rhs.op.numpy.symbol](*values)
    except (ArithmeticError, ValueError):
        return None
    parts = 2 if rhs.op is arithmetic.SUBTRACT else 1
    if isinstance(value, complex) or not abs(value) <= 2**52:
        return None
    if parts * value != int(parts * value):
        return None
    return Const(evaluate.of_type(value, type), type)


def unspread(c: Context, rhs: Apply, type: Type) -> Found:
    """`broadcast_to(x) * y -> x * y`, where the result is of the same type all the same."""
    if not rhs.op.elementwise:
        return None
    args = tuple(
        spread.args[0] if (spread := c.made_by(a, shape.BROADCAST_TO)) is not None else a
        for a in rhs.args
    )
    if args == rhs.args:
        return None
    for chosen in (args, *((*rhs.args[:k], args[k], *rhs.args[k + 1 :]) for k in range(len(args)))):
        try:
            if chosen != rhs.args and rhs.op.type(Lenient(), rhs.op, chosen, {}) == type:
                return replace(rhs, args=chosen)
        except Mismatch:
            continue
    return None


# -- forward


class Folder:
    """Applies the rules to each equation, in the order of the program."""

    def __init__(self) -> None:
        self.known = walk.Substitution({})
        self.context = Context({})

    def block(self, block: Block) -> Block:
        eqns: list[Eqn] = []
        params = tuple(map(self.known.define, block.params))
        for eqn in block.eqns:
            self.eqn(eqn, eqns)
        return Block(params, tuple(eqns), tuple(map(self.known.atom, block.results)))

    def eqn(self, eqn: Eqn, eqns: list[Eqn]) -> None:
        if isinstance(eqn.rhs, Scan | While):
            eqn = self.without_invariants(eqn)
        rhs = walk.with_atoms(eqn.rhs, map(self.known.atom, walk.atoms(eqn.rhs)))
        if isinstance(rhs, If) and isinstance(rhs.test, Const):
            self.branch(rhs.then if rhs.test.value else rhs.orelse, eqn.outs, eqns)
            return
        rhs = walk.with_blocks(rhs, [self.block(block) for block in walk.blocks(rhs)])
        if isinstance(rhs, Apply):
            self.apply(eqn, rhs, eqns)
            return
        if isinstance(rhs, If):
            for out, a, b in zip(eqn.outs, rhs.then.results, rhs.orelse.results, strict=True):
                if a == b and a.type == out.type:  # both branches give the same value
                    self.known.values[out] = a
        outs = (
            tuple(map(self.known.define, eqn.outs))
            if not isinstance(rhs, If)
            else tuple(o if o in self.known.values else self.known.define(o) for o in eqn.outs)
        )
        eqns.append(Eqn(outs, rhs, eqn.span))

    def apply(self, eqn: Eqn, rhs: Apply, eqns: list[Eqn]) -> None:
        if "dims" in rhs.params:
            dims = tuple(map(self.known.dim, rhs.params["dims"]))
            rhs = replace(rhs, params={**rhs.params, "dims": dims})
        out, context = eqn.outs[0], self.context
        type = self.known.type(out.type)
        context.span = eqn.span
        found: Found = rhs
        while isinstance(found, Apply):
            rhs = found
            rules = (RULES.get(rhs.op), constants, unspread)
            tried = (rule(context, rhs, type) for rule in rules if rule is not None)
            found = next((f for f in tried if f is not None and fits(f, type)), None)
        eqns.extend(context.new)
        context.new.clear()
        if found is not None:
            self.known.values[out] = found
            return
        new = Eqn((self.known.define(out),), rhs, eqn.span)
        context.defs[new.outs[0]] = new
        eqns.append(new)

    def branch(self, block: Block, outs: Sequence[Var], eqns: list[Eqn]) -> None:
        """The branch that is certainly taken, in place of the equation."""
        inner = self.block(block)
        eqns.extend(inner.eqns)
        self.known.values.update(zip(outs, inner.results, strict=True))

    def without_invariants(self, eqn: Eqn) -> Eqn:
        """A carried value that no step changes is its initial value, in the loop and after."""
        rhs = eqn.rhs
        assert isinstance(rhs, Scan | While)
        skip = 1 if isinstance(rhs, Scan) else 0
        params = rhs.body.params[skip:]
        keep = []
        for k, (param, init) in enumerate(zip(params, rhs.init, strict=True)):
            if rhs.body.results[k] is param and init.type == param.type:
                value = self.known.atom(init)
                self.known.values.update({param: value, eqn.outs[k]: value})
                if isinstance(rhs, While):
                    self.known.values[rhs.test.params[k]] = value
            else:
                keep.append(k)
        return eqn if len(keep) == len(params) else keep_carries(eqn, keep)


def fits(found: Found, type: Type) -> bool:
    """A rule may only give a value of the same type: `x * 1.0` of an integer is not x."""
    return not isinstance(found, Var | Const) or found.type == type


# -- backward


def keep_carries(eqn: Eqn, keep: Sequence[int]) -> Eqn:
    """A loop with only some of its carried values."""
    rhs = eqn.rhs
    assert isinstance(rhs, Scan | While)
    count = len(rhs.init)
    outs = (*(eqn.outs[k] for k in keep), *eqn.outs[count:])
    init = tuple(rhs.init[k] for k in keep)
    skip = 1 if isinstance(rhs, Scan) else 0
    body = kept_block(rhs.body, keep, skip, count)
    if isinstance(rhs, Scan):
        return Eqn(outs, replace(rhs, init=init, body=body), eqn.span)
    test = Block(tuple(rhs.test.params[k] for k in keep), rhs.test.eqns, rhs.test.results)
    return Eqn(outs, While(init, test, body), eqn.span)


def kept_block(block: Block, keep: Sequence[int], skip: int, count: int) -> Block:
    params = (*block.params[:skip], *(block.params[skip + k] for k in keep))
    results = (*(block.results[k] for k in keep), *block.results[count:])
    return Block(params, block.eqns, results)


def prune_block(block: Block, needed: set[int]) -> Block:
    """The block without what nothing reads; `needed` are the results that someone does."""
    return Pruning().block(block, frozenset(needed))


def prune_eqn(eqn: Eqn, live: set[Var]) -> Eqn:
    """The equation with the results that are live, and with what these need."""
    return Pruning().eqn(eqn, live)


class Pruning:
    """Drops what nothing reads. Which values a loop has to carry is found by trying, so its blocks
    are asked for more than once: what a block comes to is kept for each set of needed results."""

    def __init__(self) -> None:
        self.done: dict[tuple[Block, frozenset[int]], Block] = {}

    def block(self, block: Block, needed: frozenset[int]) -> Block:
        if (block, needed) not in self.done:
            self.done[block, needed] = self.pruned(block, needed)
        return self.done[block, needed]

    def pruned(self, block: Block, needed: frozenset[int]) -> Block:
        live = {a for k, a in enumerate(block.results) if k in needed and isinstance(a, Var)}
        eqns: list[Eqn] = []
        for eqn in reversed(block.eqns):
            if not any(out in live for out in eqn.outs) and not walk.has_effect(eqn):
                continue
            kept = self.eqn(eqn, live)
            live.update(walk.reads(kept))
            eqns.append(kept)
        return Block(block.params, tuple(reversed(eqns)), block.results)

    def eqn(self, eqn: Eqn, live: set[Var]) -> Eqn:
        match eqn.rhs:
            case Scan() | While():
                return self.loop(eqn, live)
            case If(test=test, then=then, orelse=orelse):
                keep = [k for k, out in enumerate(eqn.outs) if out in live]
                branches = [
                    replace(
                        self.block(b, frozenset(keep)), results=tuple(b.results[k] for k in keep)
                    )
                    for b in (then, orelse)
                ]
                return Eqn(tuple(eqn.outs[k] for k in keep), If(test, *branches), eqn.span)
        return eqn

    def loop(self, eqn: Eqn, live: set[Var]) -> Eqn:
        """A loop with the carried values that its results, its end or one another need."""
        rhs = eqn.rhs
        assert isinstance(rhs, Scan | While)
        test_reads: set[Var] = set()
        if isinstance(rhs, While):
            rhs = replace(rhs, test=self.block(rhs.test, frozenset({0})))
            test_reads.update(walk.captures(Block((), rhs.test.eqns, rhs.test.results)))
        count, skip = len(rhs.init), 1 if isinstance(rhs, Scan) else 0
        params = rhs.body.params[skip:]
        needed = frozenset(k for k in range(count) if eqn.outs[k] in live)
        ends = frozenset(range(count, len(rhs.body.results)))
        while True:
            body = self.block(rhs.body, needed | ends)
            asked = Block((), body.eqns, tuple(body.results[k] for k in sorted(needed | ends)))
            read = set(walk.captures(asked))
            grown = {k for k, p in enumerate(params) if p in read}
            if isinstance(rhs, While):
                grown |= {k for k, p in enumerate(rhs.test.params) if p in test_reads}
            if grown <= needed:
                break
            needed |= grown
        return keep_carries(Eqn(eqn.outs, replace(rhs, body=body), eqn.span), sorted(needed))
