"""What lowering knows while it goes through a function: where values lie, and what is certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from transpile.errors import CheckSite, Span, Tell
from transpile.loops import bounds
from transpile.loops.nest import (
    Array,
    Assign,
    Bind,
    Check,
    Expr,
    Local,
    Loop,
    Opaque,
    Reserve,
    Room,
    Stmt,
)
from transpile.loops.place import Placed, Slot
from transpile.sym import tested, walk
from transpile.sym.affine import Affine, Facts, Symbol
from transpile.sym.build import affine_result
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var
from transpile.sym.types import INT

KEYWORDS = (
    "auto break case char const continue default do double else enum extern float for goto if "
    "inline int long register restrict return short signed sizeof static struct switch typedef "
    "union unsigned void volatile while bool true false main given plan "
    "scratch bytes take host Host Loop caller Caller Buffer at_least "
    "room extent elements "
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t size_t "
    "complex imaginary I CMPLX CMPLXF CMPLXL order uint64_of "
    "memcpy memset printf snprintf fputs stdout strlen strspn "
    "strtod NULL NAN INFINITY INT32_MIN INT64_MIN INT64_MAX INT64_C from_left "
    "slice_start slice_length range_length power_overflow print_float int32_of int64_of errno "
    "signgam abs labs div exit abort atexit system rand random free malloc calloc realloc "
    "asm unix linux cos_apart cosf_apart"
)
MATHS = (
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 "
    "exp2 expm1 fabs fdim floor fma fmax fmin fmod frexp gamma hypot ilogb isfinite isinf isnan "
    "isnormal j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf "
    "nan nearbyint nextafter nexttoward pow pow10 remainder remquo rint round scalb scalbln "
    "scalbn significand signbit sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 yn"
)
COMPLEX_MATHS = (
    "cabs cacos cacosh carg casin casinh catan catanh ccos ccosh cexp cimag clog conj cpow cproj "
    "creal csin csinh csqrt ctan ctanh"
)
MATH_NAMES = frozenset(
    name + end for name in f"{MATHS} {COMPLEX_MATHS}".split() for end in ("", "f", "l")
)
RESERVED = MATH_NAMES.union(KEYWORDS.split())


class Int(Struct, frozen=True):
    """An integer in two forms: as it is written where it is used, and resolved for proofs."""

    shown: Affine
    form: Affine

    @staticmethod
    def of(value: int) -> Int:
        return Int(Affine((), value), Affine((), value))

    def __add__(self, other: Int) -> Int:
        return Int(self.shown + other.shown, self.form + other.form)

    def __sub__(self, other: Int) -> Int:
        return Int(self.shown - other.shown, self.form - other.form)

    def __mul__(self, factor: int) -> Int:
        return Int(self.shown * factor, self.form * factor)

    @property
    def constant(self) -> int | None:
        return self.form.constant


def located(place: str, message: str) -> str:
    """The message of a check of ours, with the Python line."""
    return f"{place}: {message}" if place else message


class Context:
    """The function that is lowered, and the statements written so far."""

    def __init__(self, placed: Placed) -> None:
        self.placed = placed
        self.function = placed.function
        self.slots: Mapping[Var, Slot] = placed.slots
        eqns = walk.equations(self.function.body)
        self.defs: dict[Var, Eqn] = {out: eqn for eqn in eqns for out in eqn.outs}
        self.versions: dict[Slot, int] = {}
        for slot in self.slots.values():
            self.versions[slot] = self.versions.get(slot, 0) + 1
        self.forms: dict[Var, Affine] = {}
        self.bits: dict[Var, int] = {}
        self.facts = Facts()
        self.ranges: dict[Var, tuple[Affine, Affine]] = {}  # a loop's index: least and greatest
        self.ranges_local: dict[Var, Local] = {}  # its variable, where nothing else writes that
        self.locals: dict[Slot, Local] = {}
        self.symbols: dict[Var, Affine] = {}  # the integers of dims, as they are written
        self.arrays: dict[Slot, Array] = {}
        self.given: dict[Slot, str] = {}  # results whose shape is not known on entry
        self.ready: dict[Var, Expr] = {}
        self.known: set[Symbol] = {*self.function.sizes}  # integers that are known on entry
        self.stored: dict[Var, Array] = {}  # inline or view, but needed as storage
        self.picks: dict[Var, Any] = {}
        self.wrapped: dict[tuple[Affine, Affine], Int] = {}
        self.in_range: set[tuple[Atom, Affine]] = set()  # arrays of indices, and below what
        self.rooms: list[Room] = []
        self.depths: dict[Var, int] = {}  # of the scopes that values are made in, but the first
        self.moving: set[str] = set()  # arrays whose pointers some loop exchanges
        self.checks: list[CheckSite] = []
        self.tells: list[Tell] = []
        self.host: set[str] = set()  # functions that the caller of the kernel gives
        self.taken = {slot.name for slot in self.slots.values()} | RESERVED
        self.name = self.function.name + "_" * (self.function.name in RESERVED)
        self.taken |= {self.name, f"{self.name}_plan", f"{self.name}_entry"}
        self.active: list[str] = []
        self.bodies: list[list[Stmt]] = [[]]
        self.declared: list[set[Local]] = [set()]
        self.span: Span | None = None

    # -- writing statements

    @property
    def place(self) -> str:
        return self.span.place if self.span is not None else ""

    def emit(self, stmt: Stmt) -> None:
        self.bodies[-1].append(stmt)

    @contextmanager
    def scope(self, *facts: Affine) -> Iterator[list[Stmt]]:
        """Statements inside a loop or branch, where moreover `facts >= 0` hold."""
        known, names = (self.facts, dict(self.wrapped), set(self.in_range)), len(self.active)
        self.facts = self.facts.having(*facts)
        self.bodies.append([])
        self.declared.append(set())
        yield self.bodies[-1]
        self.bodies.pop()
        self.declared.pop()
        del self.active[names:]
        self.facts, self.wrapped, self.in_range = known

    def fresh(self, *names: str) -> str:
        """The first free name for something that only this scope sees."""
        used = self.taken.union(self.active)
        name = next((n for n in names if n not in used), None)
        number = 1
        while name is None:
            name = f"{names[0]}_{number}" if f"{names[0]}_{number}" not in used else None
            number += 1
        self.active.append(name)
        return name

    def local(self, base: str, dtype: str) -> Local:
        return Local(self.fresh(base), dtype)

    def is_declared(self, local: Local) -> bool:
        return any(local in scope for scope in self.declared)

    def assign(self, local: Local, value: Expr | None, op: str = "=") -> None:
        """`local = value`, declared where it is the first."""
        first = not self.is_declared(local)
        if first:
            self.declared[-1].add(local)
        if first or value is not None:
            self.emit(Assign(local, value, op, first, self.place))

    def check(self, fails: Expr, error: str, message: str) -> None:
        self.emit(Check(fails, self.site(error, located(self.place, message)), self.place))

    def site(self, error: str, message: str) -> int:
        site = CheckSite(error, message)
        if site not in self.checks:
            self.checks.append(site)
        return self.checks.index(site) + 1

    # -- integers

    def integer(self, atom: Atom) -> Int:
        """A Python integer of the program."""
        if isinstance(atom, Const):
            return Int.of(int(atom.value))
        return Int(self.shown(atom), self.form(atom))

    def form(self, atom: Atom) -> Affine:
        if isinstance(atom, Const):
            return Affine((), int(atom.value))
        if atom not in self.forms:
            self.forms[atom] = self.resolved(atom)
        return self.forms[atom]

    def resolved(self, var: Var) -> Affine:
        eqn = self.defs.get(var)
        if eqn is not None and isinstance(eqn.rhs, Apply) and var.type == INT:
            if eqn.rhs.op.name == "slice_length":
                self.ranges[var] = Affine(), self.form(eqn.rhs.args[3])
            if eqn.rhs.op.name == "count_nonzero":
                self.ranges[var] = Affine(), self.dim(eqn.rhs.args[0].type.dims[0]).form
            args = [self.form(a) if a.type.is_index else None for a in eqn.rhs.args]
            if eqn.rhs.op.name == "floor_divide":
                whole, by = args
                moves = whole is not None and any(s in self.ranges for s in whole.symbols())
                if whole is not None and moves and by is not None and (by.constant or 0) > 0:
                    self.ranges[var] = Affine(), whole
            found = affine_result(eqn.rhs.op, args)
            if found is not None:
                return found
        return Affine.of(var)

    def shown(self, var: Var) -> Affine:
        ready = self.ready.get(var)
        if isinstance(ready, Affine):
            return ready
        if isinstance(ready, Local):
            return Affine.of(ready)
        if var not in self.placed.inline:
            steady = self.steady_form(var)
            return steady if steady is not None else Affine.of(self.variable(var))
        rhs = self.defs[var].rhs
        assert isinstance(rhs, Apply)
        args = [self.integer(a).shown if a.type.is_index else None for a in rhs.args]
        found = affine_result(rhs.op, args)
        return found if found is not None else Affine.of(Opaque(self.opaque(var)))

    def steady_form(self, var: Var) -> Affine | None:
        """What a temporary of ours is made of, where that can be said again instead of it."""
        if var.name or self.form(var).symbol is var:
            return None
        form = self.form(var)
        for symbol in form.symbols():
            assert isinstance(symbol, Var)
            slot = self.slots.get(symbol)
            if symbol in self.symbols or slot is None:
                continue
            own = symbol in self.ranges and self.locals.get(slot) is self.ranges_local.get(symbol)
            if not own and self.versions[slot] > 1:
                return None
        return form.substitute({s: self.symbol(s) for s in form.symbols() if isinstance(s, Var)})

    def opaque(self, var: Var) -> Expr:
        raise NotImplementedError

    def dim(self, dim: Affine) -> Int:
        """A dim of a type."""
        values: dict[Symbol, Affine] = {}
        form = Affine((), dim.const)
        for symbol, factor in dim.terms:
            assert isinstance(symbol, Var)
            values[symbol] = self.symbol(symbol)
            form = form + self.form(symbol) * factor
        return Int(dim.substitute(values), form)

    def symbol(self, var: Var) -> Affine:
        if var in self.symbols:
            return self.symbols[var]
        return self.shown(var)

    def freeze(self, var: Var) -> None:
        """Keep an integer that dims are made of, where its variable is written again later."""
        slot = self.slots.get(var)
        own = (
            var in self.ranges_local
            and slot is not None
            and self.locals.get(slot) is self.ranges_local[var]
        )
        if slot is not None and self.versions[slot] > 1 and not own:
            kept = self.local(f"{slot.name}_at", "int64")
            self.assign(kept, self.variable(var))
            self.symbols[var] = Affine.of(kept)

    def magnitude(self, atom: Atom) -> int:
        if isinstance(atom, Const):
            return bounds.constant_bits(atom)
        if atom not in self.bits:
            eqn = self.defs.get(atom)
            if eqn is None or not isinstance(eqn.rhs, Apply):
                return bounds.FULL_BITS
            self.bits[atom] = min(self.exact_bits(eqn), bounds.FULL_BITS)
        return self.bits[atom]

    def exact_bits(self, eqn: Eqn) -> int:
        assert isinstance(eqn.rhs, Apply)
        args = eqn.rhs.args
        values = [bounds.whole(a) for a in args]
        return bounds.bits_of(eqn.rhs.op.name, [self.magnitude(a) for a in args], values)

    def know(self, test: Atom, truth: bool) -> tuple[Affine, ...]:
        return tuple(tested.facts_of(test, truth, self.defs.get, self.form))

    # -- variables and storage

    def variable(self, var: Var) -> Local:
        """The C variable of a scalar."""
        slot = self.slots[var]
        if slot not in self.locals:
            self.locals[slot] = Local(self.named(slot.name), slot.type.dtype)
        return self.locals[slot]

    def named(self, name: str) -> str:
        """The user's name, unless C has it for something else."""
        clash = {self.name, f"{self.name}_plan", f"{self.name}_entry"} | RESERVED
        return name + "_" if name in clash else name

    def array(self, var: Var) -> Array:
        """The storage of an array; its pointer is bound where it is first spoken of."""
        if var in self.stored:
            return self.stored[var]
        slot = self.slots[var]
        if slot not in self.arrays:
            if slot in self.given:
                self.bodies[0].append(Bind(self.shaped(slot), None, False, self.place))
                return self.arrays[slot]
            name, type = self.named(slot.name), slot.type
            self.arrays[slot] = self.allocate(name, type.dtype, type.dims)
        return self.arrays[slot]

    def shaped(self, slot: Slot) -> Array:
        """The caller's array with its shape, which is known by now."""
        name = self.named(slot.name)
        dims = tuple(self.dim(d).shown for d in slot.type.dims)
        self.arrays[slot] = Array(name, slot.type.dtype, dims, "out", given=self.given[slot])
        return self.arrays[slot]

    def allocate(self, name: str, dtype: str, dims: Sequence[Affine]) -> Array:
        """An array in scratch, with its room taken at entry or before the outermost loop."""
        return self.take(name, dtype, [self.dim(d) for d in dims])

    def take(self, name: str, dtype: str, dims: Sequence[Int]) -> Array:
        """The same, of dims in both forms; its name stays taken: it is bound further out."""
        self.taken.add(name)
        shown, moving = tuple(d.shown for d in dims), name in self.moving
        array = Array(name, dtype, shown, "scratch", swapped=moving)
        forms, number = tuple(d.form for d in dims), len(self.rooms)
        inside = made_at(self, [bounds.greatest(d, self.ranges) for d in forms]) > 0
        self.rooms.append(Room(dtype, forms, inside, inside))
        symbols = {s for d in array.dims[1:] for s in d.symbols()}
        depth = made_at(self, forms) if inside else self.depth_of(symbols)
        if depth > 0:
            self.bodies[0].append(Reserve(f"{name}_room", number))
        self.bodies[depth].append(Bind(array, number, depth > 0, self.place))
        return array

    def emit_nest(
        self, store: Stmt, loops: Sequence[Local], extents: Sequence[Affine],
        order: Sequence[int], simd: str | None,
    ) -> None:  # fmt: skip
        """One statement inside loops over extents, each upwards (1) or downwards (-1)."""
        for k in reversed(range(len(loops))):
            start, stop = Affine(), extents[k]
            if order[k] < 0:
                start, stop = stop - 1, Affine((), -1)
            clause = simd if k == len(loops) - 1 else None
            store = Loop(loops[k], start, stop, order[k], (store,), clause, self.place)
        self.emit(store)

    def depth_of(self, symbols: set[Symbol]) -> int:
        """The outermost scope in which all of `symbols` are declared."""
        for depth in reversed(range(len(self.declared))):
            if symbols & self.declared[depth]:
                return depth
        return 0

    def is_stored(self, var: Var) -> bool:
        """Does an array lie in storage of its own, rather than being a function of the index?"""
        return var in self.stored or (
            var not in self.placed.inline and var not in self.placed.views
        )

    def index_local(self, names: Sequence[str] = tuple("ijklmpqrs")) -> Int:
        """An index of our own; it is a value of the program for proofs."""
        local = Local(self.fresh(*names), "int64")
        self.declared[-1].add(local)
        return Int(Affine.of(local), Affine.of(self.value_of(local)))

    def value_of(self, local: Local) -> Var:
        """A value of the program, for proofs, that is what `local` holds."""
        var = Var(local.name, INT)
        self.bits[var] = bounds.SIZE_BITS
        return var


def made_at(c: Context, forms: Iterable[Affine]) -> int:
    """The outermost scope in which all the integers of these are made."""
    inner = (s for form in forms for s in form.symbols() if s not in c.known)
    return max((c.depths.get(s, 0) for s in inner if isinstance(s, Var)), default=0)
