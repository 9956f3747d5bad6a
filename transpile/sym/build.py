"""Writes equations: types by the table's rules, integers in affine form, one line at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from transpile.errors import Span, UnsupportedError
from transpile.sym import expr
from transpile.sym.affine import Affine, Facts, Symbol
from transpile.sym.ir import Apply, Atom, Block, Check, Const, Eqn, Rhs, Var, constant
from transpile.sym.ops import Op, arithmetic, parts, reduce, shape
from transpile.sym.tested import facts_of as tested
from transpile.sym.types import COMPLEX, INT, Mismatch, Type

Index = Sequence[Any]
LENGTHS = (reduce.COUNT_NONZERO, shape.SLICE_LENGTH)  # they are not negative
DIVISIONS = (arithmetic.FLOOR_DIVIDE, arithmetic.REMAINDER)


Caught: TypeAlias = "Callable[[Builder, Atom, str, str], bool]"


class Builder:
    """The block being written. `child()` begins a block inside it.

    `facts` are what is known of integers here. `unequal` is called with two dims that are neither
    equal nor different for certain; it adds a check, or remembers what to assume. `spread` is
    asked for operands whose lengths may turn out to be 1, `caught` whether a check is seen to.
    """

    def __init__(self, parent: Builder | None = None, facts: Facts | None = None) -> None:
        self.parent = parent
        self.eqns: list[Eqn] = []
        self.span: Span | None = parent.span if parent is not None else None
        self.facts: Facts = facts or (parent.facts if parent is not None else Facts())
        self.unequal: Callable[[Builder, Affine, Affine], None] = (
            parent.unequal if parent is not None else check_equal
        )
        self.spread: Callable[[Builder, tuple[Atom, ...]], tuple[Atom, ...]] | None = (
            parent.spread if parent is not None else None
        )
        self.caught: Caught | None = parent.caught if parent is not None else None
        self.forms: dict[Var, Affine] = {}
        self.atoms: dict[Affine, Atom] = {}
        self.opaque: dict[Any, Var] = {}
        self.lengths: dict[Symbol, Affine] = {}  # of extents that were not certain

    def child(self, *facts: Affine) -> Builder:
        """A block inside this one, where moreover `facts >= 0` hold."""
        return Builder(self, self.facts.having(*facts))

    def block(self, params: Sequence[Var], results: Sequence[Atom]) -> Block:
        return Block(tuple(params), tuple(self.eqns), tuple(results))

    # -- equations

    def emit(self, rhs: Rhs, outs: Sequence[Var]) -> tuple[Var, ...]:
        self.eqns.append(Eqn(tuple(outs), rhs, self.span))
        return tuple(outs)

    def apply(self, op: Op, *args: Atom, name: str = "", **params: Any) -> Atom:
        """The result of one operator; integers that are known already are not computed again."""
        if self.spread is not None and op.elementwise and len(args) > 1:
            args = self.spread(self, args)
        type = op.type(self, op, args, params)
        if type.is_index:
            return self.integer(op, args, params, name)
        return self.emit(Apply(op, args, params), [Var(name, type)])[0]

    def integer(self, op: Op, args: tuple[Atom, ...], params: Mapping[str, Any], name: str) -> Atom:
        form = affine_result(op, [self.dim(a) if a.type.is_index else None for a in args])
        if form is not None:
            known = self.atom_if_known(form)
            if known is not None:
                return known
        key = (op.name, args, repr(sorted(params.items())))
        before = self.computed(key)
        if before is not None:
            return before
        out = self.emit(Apply(op, args, params), [Var(name, INT)])[0]
        self.opaque[key] = out
        self.facts = self.facts.having(*facts_of(self, op, args, params, Affine.of(out)))
        if form is not None:
            self.forms[out] = form
            self.atoms[form] = out
        return out

    def computed(self, key: Any) -> Atom | None:
        """The integer that was computed under this key, here or in a block around."""
        scope: Builder | None = self
        while scope is not None:
            if key in scope.opaque:
                return scope.opaque[key]
            scope = scope.parent
        return None

    def lesser(self, m: Affine, n: Affine) -> Atom:
        """The lesser of two extents, the same number wherever it is asked for."""
        if m == n:
            return self.extent(m)
        found = self.computed(("lesser", m, n))
        if found is None:
            left, right = self.extent(m), self.extent(n)
            test = self.apply(arithmetic.LESS, left, right)
            found = self.apply(arithmetic.WHERE, test, left, right, entry=True, length=True)
            if isinstance(found, Var):
                self.opaque["lesser", m, n] = found
        return found

    def check(self, test: Atom, error: str, message: str) -> None:
        """An effect, whose message says the line; nothing where the test is known to hold."""
        if isinstance(test, Const) and test.value:
            return
        if self.caught is None or not self.caught(self, test, error, message):
            place = "" if self.span is None else f"{self.span.place}: "
            self.emit(Check(test, error, place + message), [])
        self.facts = self.facts.having(*tested(test, True, self.maker, self.dim))

    def maker(self, symbol: object) -> Eqn | None:
        """The equation whose first result an integer is, in this block or around it."""
        scope: Builder | None = self
        while scope is not None:
            for eqn in reversed(scope.eqns):
                if eqn.outs and eqn.outs[0] is symbol:
                    return eqn
            scope = scope.parent
        return None

    def twin(self, atom: Atom) -> Atom:
        """The first value of this block by the same operator of the same values: often itself."""
        first: dict[Any, Var] = {}
        same: dict[Atom, Atom] = {}
        for eqn in self.eqns:
            if isinstance(eqn.rhs, Apply):
                args = tuple(same.get(a, a) for a in eqn.rhs.args)
                key = eqn.rhs.op, args, repr(sorted(eqn.rhs.params.items()))
                same[eqn.outs[0]] = first.setdefault(key, eqn.outs[0])
        return same.get(atom, atom)

    # -- integers and dims

    def dim(self, atom: Atom) -> Affine:
        """The affine form of an integer."""
        if isinstance(atom, Const):
            return Affine((), int(atom.value))
        scope: Builder | None = self
        while scope is not None:
            if atom in scope.forms:
                return scope.forms[atom]
            scope = scope.parent
        return Affine.of(atom)

    def same(self, a: Affine, b: Affine) -> Affine:
        """One of two dims that have to be equal. Raises Mismatch where they never are."""
        difference = (self.settled(a) - self.settled(b)).constant
        if difference is None and not self.equal(a, b):
            self.unequal(self, a, b)
        elif difference:
            raise Mismatch(f"{a} and {b} are different lengths")
        return a

    def equal(self, a: Affine, b: Affine) -> bool:
        """Are these certainly the same length here?"""
        apart = self.settled(a) - self.settled(b)
        return self.facts.nonnegative(apart) and self.facts.nonnegative(-apart)

    def settled(self, dim: Affine) -> Affine:
        """The same length, where it is certain now that what it was made of is not below zero."""
        while True:
            now = dim.substitute({s: form for s in dim.symbols() if (form := self.length_of(s))})
            if now == dim:
                return dim
            dim = now

    def length_of(self, symbol: Symbol) -> Affine | None:
        """What `extent` made this integer of, if that is not below zero."""
        scope: Builder | None = self
        while scope is not None:
            if symbol in scope.lengths:
                form = scope.lengths[symbol]
                return form if self.facts.nonnegative(form) else None
            scope = scope.parent
        return None

    def atom_if_known(self, form: Affine) -> Atom | None:
        if form.constant is not None:
            return constant(form.constant)
        if isinstance(form.symbol, Var):
            return form.symbol
        scope: Builder | None = self
        while scope is not None:
            if form in scope.atoms:
                return scope.atoms[form]
            scope = scope.parent
        return None

    def atom(self, form: Affine) -> Atom:
        """An integer of the program with this affine value."""
        known = self.atom_if_known(form)
        if known is not None:
            return known
        total: Atom | None = None
        terms = sorted(form.terms, key=lambda term: term[1] < 0)
        for symbol, factor in terms:
            assert isinstance(symbol, Var)
            part: Atom = symbol
            if abs(factor) != 1 or (total is None and factor < 0):
                scale = factor if total is None else abs(factor)
                part = self.apply(arithmetic.MULTIPLY, constant(scale), symbol)
            if total is None:
                total = part
            else:
                sign = arithmetic.SUBTRACT if factor < 0 else arithmetic.ADD
                total = self.apply(sign, total, part)
        assert total is not None
        if form.const != 0:
            sign = arithmetic.SUBTRACT if form.const < 0 else arithmetic.ADD
            total = self.apply(sign, total, constant(abs(form.const)))
        return total

    def extent(self, form: Affine) -> Atom:
        """A dim as the integer that `len` gives: not below zero."""
        atom = self.atom(form)
        if self.facts.nonnegative(form):
            return atom
        below = self.apply(arithmetic.LESS, atom, constant(0))
        length = self.apply(arithmetic.WHERE, below, constant(0), atom)
        self.facts = self.facts.having(self.dim(length))
        if isinstance(length, Var):
            self.lengths[length] = form
        return length

    # -- operators that take more than operands

    def text(self, rule: str, env: Mapping[str, Atom], name: str = "") -> Atom:
        """The value of an expression in NumPy's notation, as the table's rules have it."""
        return expr.read(rule, env, self, name)

    def convert(self, x: Atom, dtype: str, kind: str = "array") -> Atom:
        if x.type.dtype == dtype and x.type.kind == kind:
            return x
        if x.type.is_complex and dtype == "bool":
            return self.convert(self.apply(arithmetic.NOT_EQUAL, x, constant(0)), dtype, kind)
        if x.type.is_complex and dtype not in COMPLEX:
            help = "take z.real, or abs(z)"
            raise UnsupportedError(f"a complex number is no {dtype}", self.span, help)
        return self.apply(shape.CONVERT, x, dtype=dtype, kind=kind)

    def projected(self, x: Atom, dtype: str, kind: str = "array") -> Atom:
        """`convert` in a derivative: what belongs to a real number is the real part."""
        if x.type.is_complex and dtype not in COMPLEX:
            x = self.apply(parts.REAL, x)
        return self.convert(x, dtype, kind)

    def reshape(self, x: Atom, dims: Sequence[Affine]) -> Atom:
        x = self.convert(x, x.type.dtype, "array") if x.type.is_scalar else x
        same = x.type.dims == tuple(dims)
        return x if same else self.apply(shape.RESHAPE, x, *map(self.atom, dims))

    def broadcast_to(self, x: Atom, dims: Sequence[Affine]) -> Atom:
        if x.type.dims == tuple(dims):
            return x
        return self.apply(shape.BROADCAST_TO, x, *map(self.atom, dims))

    def transpose(self, x: Atom, axes: tuple[int, ...]) -> Atom:
        return x if axes == tuple(range(len(axes))) else self.apply(shape.TRANSPOSE, x, axes=axes)

    def sum(self, x: Atom, axis: tuple[int, ...], keepdims: bool = False) -> Atom:
        return self.apply(reduce.SUM, x, axis=axis, keepdims=keepdims) if axis else x

    def unbroadcast(self, x: Atom, type: Type) -> Atom:
        """The transpose of broadcasting: `x` summed to the dims of `type`, with its dtype."""
        lead = x.type.ndim - type.ndim
        axes = [k for k in range(x.type.ndim) if k < lead or is_one(type.dims[k - lead], x, k)]
        if axes:
            x = self.sum(x, tuple(axes))
            index = ["new" if k + lead in axes else ":" for k in range(type.ndim)]
            if "new" in index:
                x = self.index(x, index)
        return self.projected(x, type.dtype, type.kind)

    def index(self, x: Atom, index: Index, at: Sequence[Atom] = (), name: str = "") -> Atom:
        """`x[...]`; see `ops.shape` for `index` and `at`."""
        dims = self.selected(x, index, at)
        return self.apply(shape.INDEX, x, *at, name=name, index=tuple(index), dims=dims)

    def update(self, x: Atom, value: Atom, index: Index, at: Sequence[Atom] = ()) -> Atom:
        """`x` with `x[...] = value`; an empty index is the whole of it."""
        dims = self.selected(x, index, at)
        return self.apply(
            shape.UPDATE, x, value, *at, name=name_of(x), index=tuple(index), dims=dims
        )

    def increment(self, x: Atom, value: Atom, index: Index, at: Sequence[Atom] = ()) -> Atom:
        """`x` with `x[...] += value`."""
        dims = self.selected(x, index, at)
        return self.apply(
            shape.INCREMENT, x, value, *at, name=name_of(x), index=tuple(index), dims=dims
        )

    def selected(self, x: Atom, index: Index, at: Sequence[Atom]) -> tuple[Affine, ...]:
        """The dims of `x[...]`."""
        integers, extents = iter(at), iter(x.type.dims)
        dims: list[Affine] = []
        places: tuple[Affine, ...] = ()
        for item in index:
            if item == "new":
                dims.append(Affine((), 1))
            elif item == "a":
                places = next(integers).type.dims
                next(extents)
            elif item == "i":
                next(integers), next(extents)
            elif item == ":":
                dims.append(next(extents))
            else:
                given = [next(integers) if there else None for there in item[1:]]
                dims.append(sliced(self, next(extents), *given))
        if "a" in index:
            first = shape.lead(index)
            dims[first:first] = places
        return (*dims, *extents)


def sliced(
    build: Builder, n: Affine, start: Atom | None, stop: Atom | None, step: Atom | None
) -> Affine:
    """The extent of `start:stop:step` over n elements: affine where that is certain."""
    stride = 1 if step is None else build.dim(step).constant
    if stride == 1:
        low = clipped(build, start, n, first=True)
        high = clipped(build, stop, n, first=False)
        if low is not None and high is not None:
            length = high - low
            return Affine() if length.constant is not None and length.constant < 0 else length
    if stride == -1 and start is None and stop is None:
        return n
    by = step if step is not None else constant(1)
    whole = build.extent(n)
    begin = start if start is not None else end_of(build, whole, by, False)
    end = stop if stop is not None else end_of(build, whole, by, True)
    return build.dim(build.apply(shape.SLICE_LENGTH, begin, end, by, whole))


def end_of(build: Builder, length: Atom, step: Atom, last: bool) -> Atom:
    """Where a slice begins or ends that does not say so: by the sign of its step."""
    forward: Atom = length if last else constant(0)
    stride = build.dim(step).constant
    if stride is not None and stride > 0:
        return forward
    backward = build.atom(-build.dim(length) - 1 if last else build.dim(length) - 1)
    if stride is not None:
        return backward
    below = build.apply(arithmetic.LESS, step, constant(0))
    return build.apply(arithmetic.WHERE, below, backward, forward)


def clipped(build: Builder, bound: Atom | None, n: Affine, first: bool) -> Affine | None:
    """A slice's first or last bound from the left, where clipping cannot change the extent."""
    if bound is None:
        return Affine() if first else n
    form = build.dim(bound)
    if form.constant is not None and form.constant < 0:
        return n + form if not first or build.facts.nonnegative(n + form) else None
    if not build.facts.nonnegative(form):
        return None
    return form if first or build.facts.nonnegative(n - form) else None


def check_equal(build: Builder, a: Affine, b: Affine) -> None:
    """The default for dims not known to be equal: checked where they meet."""
    test = build.apply(arithmetic.EQUAL, build.extent(a), build.extent(b))
    build.check(test, "ShapeError", f"lengths {a} and {b} have to be equal here")


def facts_of(
    build: Builder, op: Op, args: Sequence[Atom], params: Mapping[str, Any], out: Affine
) -> tuple[Affine, ...]:
    """What holds of a length, and of quotient and rest of a division by a positive constant."""
    if is_length(op, params):
        return (out,)
    divisor = build.dim(args[1]).constant if op in DIVISIONS else None
    if divisor is None or divisor <= 0:
        return ()
    rest = out if op is arithmetic.REMAINDER else build.dim(args[0]) - out * divisor
    return rest, Affine((), divisor - 1) - rest


def scan_facts(scan_index: Var, start: Affine, stop: Affine, step: Affine) -> tuple[Affine, ...]:
    """What a step of `for index in range(start, stop, step)` may rely on."""
    i, stride = Affine.of(scan_index), step.constant
    if stride is None:
        return ()
    return (i - start, stop - i - 1) if stride > 0 else (start - i, i - stop - 1)


def affine_result(op: Op, args: Sequence[Affine | None]) -> Affine | None:
    """The affine form of an integer operator's result, where it has one."""
    known = [a for a in args if a is not None]
    if len(known) < len(args) or not known:
        return None
    first, last = known[0], known[-1]
    match op.name:
        case "add":
            return first + last
        case "subtract":
            return first - last
        case "negative":
            return -first
        case "positive":
            return first
        case "multiply" if first.constant is not None:
            return last * first.constant
        case "multiply" if last.constant is not None:
            return first * last.constant
        case "floor_divide" if first.constant is not None and last.constant:
            return Affine((), first.constant // last.constant)
        case "remainder" if first.constant is not None and last.constant:
            return Affine((), first.constant % last.constant)
        case "power" if first.constant is not None and (last.constant or -1) >= 0:
            return Affine((), first.constant ** (last.constant or 0))
    return None


def is_length(op: Op, params: Mapping[str, Any]) -> bool:
    """Is the integer that the operator gives not negative?"""
    return op in LENGTHS or "length" in params


def is_one(dim: Affine, x: Atom, axis: int) -> bool:
    return dim.constant == 1 and x.type.dims[axis].constant != 1


def name_of(atom: Atom) -> str:
    return atom.name if isinstance(atom, Var) else ""
