"""Logs: arrays that the program fills as it runs, and the reverse sweep reads.

A log is carried by the loops around the value that it keeps and written by `update`: at the steps
of the loops where all their lengths are known before the first of them starts, else at a counter
that is carried too, and that the reverse sweep carries downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from transpile.adjoint import count
from transpile.adjoint.kept import KEPT
from transpile.adjoint.program import Program
from transpile.errors import UnsupportedError
from transpile.sym import walk
from transpile.sym.affine import Affine, Symbol
from transpile.sym.build import Builder, is_length, scan_facts
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Const,
    Custom,
    Eqn,
    If,
    Print,
    Scan,
    Var,
    While,
    constant,
)  # fmt: skip
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import INT, Type
from transpile.sym.words import word


class Counter(Struct, frozen=True, eq=False):
    """How often the body of a loop has been entered."""

    body: Block
    name: str = "kept"
    type: Type = INT

    @property
    def home(self) -> Block:
        return self.body

    def is_plain(self, eqn: Eqn) -> bool:
        """Is this the counted loop, and does it run as often as its range says?"""
        return isinstance(eqn.rhs, Scan) and eqn.rhs.body is self.body and not eqn.rhs.until


class Log(Struct, frozen=True, eq=False):
    """The values that `var` takes. `counter` is None where the loops' own steps are the place.

    Of a carried value that is also read as it is after the step, one log has both: what it is after
    a step is its entry at the next. `last` is then the loop's result, written after the loop, and
    the log of the value after the step is the `main` one with another `shift` of the place.
    """

    var: Var
    home: Block
    loops: tuple[Block, ...]
    counter: Counter | None
    origins: tuple[tuple[Atom, Atom], ...]
    name: str
    type: Type
    last: Var | None = None
    shift: int = 0
    main: Log | None = None

    def is_plain(self, eqn: Eqn) -> bool:
        return False

    def entry(
        self, build: Builder, atom: Callable[[Var], Atom], state: Mapping[Store | Var, Atom]
    ) -> list[Atom]:
        """Where the entry of this step is: its place along each of the log's leading axes."""
        if self.counter is not None:
            return [state[self.counter]]
        at = [
            position(build, atom(body.params[0]), start, step)
            for body, (start, step) in zip(self.loops, self.origins, strict=True)
        ]
        if self.shift:
            at[-1] = build.atom(build.dim(at[-1]) + self.shift)
        return at

    def access(self, build: Builder, at: Sequence[Atom], dims: Sequence[Affine]) -> Access:
        """How `update` and `index` name that entry."""
        index = self.index(dims)
        stops = [build.extent(d) for d, i in zip(dims, index[len(at) :], strict=True) if i != ":"]
        return {"index": index, "dims": tuple(dims), "within": True}, [*at, *stops]

    def index(self, extents: Sequence[Affine]) -> tuple[object, ...]:
        """The index of one entry, whose extents may be less than what the log has room for."""
        lead = len(self.type.dims) - len(extents)
        room = self.type.dims[lead:]
        exact = [a == b for a, b in zip(room, extents, strict=True)]
        return ("i",) * lead + tuple(":" if e else ("slice", False, True, False) for e in exact)


SAME_VALUES = (shape.INDEX, shape.CONVERT, shape.COPY, shape.RESHAPE, shape.TRANSPOSE, shape.UPDATE)

Store: TypeAlias = "Log | Counter"
State: TypeAlias = "dict[Store | Var, Atom]"  # a Var: an array that is carried backwards
Access: TypeAlias = tuple[dict[str, object], list[Atom]]


class Limits(Struct, frozen=True):
    """What is known of loops whose own bounds do not say it.

    `entered` is how often a body is entered at most; `ranges` the start and the stop between which
    the index of a body is.
    """

    entered: Mapping[Block, Atom] = {}
    ranges: Mapping[Block, tuple[Atom, Atom]] = {}


NO_LIMITS = Limits()


class Room:
    """Makes the logs that belong to one equation at the top of a program, before it runs."""

    def __init__(self, program: Program, build: Builder, limits: Limits = NO_LIMITS) -> None:
        self.program, self.build, self.limits = program, build, limits
        self.counters: dict[Block, Counter] = {}
        self.totals: dict[Counter, Atom] = {}

    def logs(self, found: Sequence[Var]) -> dict[Var, Log]:
        """The logs of all these variables."""
        made: dict[Var, Log] = {}
        for var in found:
            after, last = self.after_step(var)
            if after is not None and after in found and after not in made:
                main = made[var] = self.log(var, last)
                shift = 1 - main.shift
                made[after] = replace(main, var=after, last=None, shift=shift, main=main)
        for var in found:
            if var not in made:
                made[var] = self.log(var)
        return made

    def after_step(self, var: Var) -> tuple[Var | None, Var | None]:
        """What a carried value is after the step, and after the loop, if one log can have both."""
        home = self.program.home[var]
        scan = self.program.scan(home)
        known = [count.bounds(self.program, self.build, b, {}) for b in self.program.loops(home)]
        if scan is None or var not in home.params or None in known:
            return None, None
        k = home.params.index(var) - 1
        after = home.results[k]
        if not isinstance(after, Var) or after.type != var.type:
            return None, None
        after = self.program.twin(after)
        if self.program.block_of(after) is not home or after in home.params:
            return None, None
        return after, self.program.parent[home][1].outs[k]

    def log(self, var: Var, last: Var | None = None) -> Log:
        """A log for the values of a variable that a loop or a branch defines."""
        self.build.span = self.program.span(var)
        home = self.program.home[var]
        loops = self.program.loops(home)
        counter = None
        bounds = [count.bounds(self.program, self.build, body, {}) for body in loops]
        known = [b for b in bounds if b is not None]
        if len(known) < len(bounds):
            counter = self.counters.setdefault(loops[-1], Counter(loops[-1]))
            known, lead = [], [self.build.dim(self.total(counter))]
        else:
            lead = [self.steps(body, b) for body, b in zip(loops, known, strict=True)]
        if last is not None:
            lead[-1] = self.build.dim(self.build.extent(lead[-1])) + 1
        room = [self.bound(dim, var) for dim in var.type.dims]
        type = var.type
        if lead or room:
            type = Type(var.type.dtype, (*lead, *room), "array")
        origins = tuple((start, step) for start, _, step in known)
        scan = self.program.scan(home)
        shift = 1 if last is not None and scan is not None and scan.reverse else 0
        return Log(var, home, loops, counter, origins, self.name(var), type, last, shift)

    def steps(self, body: Block, bounds: tuple[Atom, Atom, Atom]) -> Affine:
        """The room that a log has for the steps of a loop."""
        most = self.limits.entered.get(body)
        return self.build.dim(count.steps(self.build, *bounds) if most is None else most)

    def name(self, var: Var) -> str:
        """`y_at`; the history of a temporary is named after what it reads or does."""
        eqn = self.program.maker.get(var)
        while not var.name and eqn is not None and isinstance(eqn.rhs, Apply):
            source = eqn.rhs.args[0] if eqn.rhs.args else None
            if eqn.rhs.op not in SAME_VALUES or not isinstance(source, Var):
                return f"{word(eqn.rhs.op)}_at"
            var, eqn = source, self.program.maker.get(source)
        if eqn is not None and has_trips(eqn) and var is eqn.outs[-1]:
            return "trips_at"
        if eqn is not None and isinstance(eqn.rhs, Custom) and not var.name:
            return f"{eqn.rhs.name}_at"
        return f"{var.name or ('done' if var.type.dtype == 'bool' else 'value')}_at"

    def empty(self, log: Log) -> Atom:
        if log.type.kind != "array":
            return Const({"b": False, "i": 0, "f": 0.0}[log.type.dtype[0]], log.type)
        dims = tuple(map(self.build.extent, log.type.dims))
        out = Var(log.name, log.type)
        self.build.span = self.program.span(log.var)
        params = {"dtype": log.type.dtype, **KEPT}
        return self.build.emit(Apply(shape.EMPTY, dims, params), [out])[0]

    def copy(self, old: Var) -> Atom:
        """A version of an array that is about to be overwritten."""
        self.build.span = self.program.span(old)
        name = f"{old.name or 'value'}_at"
        return self.build.emit(Apply(shape.COPY, (old,), KEPT), [Var(name, old.type)])[0]

    # -- what is known before the loops

    def bound(self, dim: Affine, var: Var) -> Affine:
        """The most that a dim can be, over all steps of the loops around."""
        for _ in range(100):
            inner = [
                s for s in dim.symbols() if isinstance(s, Var) and not self.program.is_outside(s)
            ]
            if not inner:
                return dim
            values: dict[Symbol, Affine] = {}
            for symbol in inner:
                form = self.extreme(symbol, most=dim.coefficient(symbol) > 0)
                if form is not None:
                    values[symbol] = form
            if len(values) == len(inner):
                dim = dim.substitute(values)
            elif dim in self.axes:
                dim = self.axes[dim]
            else:
                break
        raise UnsupportedError(
            "the gradient has to keep an array here whose length depends on computed values",
            self.program.span(var),
            "take the array as a slice of one whose length is known before the loops",
        )

    @cached_property
    def axes(self) -> dict[Affine, Affine]:
        """For the length of a slice, that of the axis that it is cut from."""
        found: dict[Affine, Affine] = {}
        for eqn in self.program.place:
            if isinstance(eqn.rhs, Apply) and "index" in eqn.rhs.params:
                found.update(sliced_axes(eqn.rhs))
        return found

    def extreme(self, symbol: Var, most: bool) -> Affine | None:
        """The last or the first value of a loop's index; the most or least that is counted."""
        eqn = self.program.maker.get(symbol)
        if eqn is not None and isinstance(eqn.rhs, Apply) and is_length(eqn.rhs.op, eqn.rhs.params):
            *_, whole = eqn.rhs.args
            if not most:
                return Affine()
            return whole.type.dims[0] if whole.type.dims else self.program.dim(whole)
        if not self.program.is_index(symbol):
            found = count.integer(self.program, self.build, symbol, {})
            return None if found is None else self.build.dim(found)
        scan = self.program.scan(self.program.home[symbol])
        assert scan is not None
        stride = self.program.dim(scan.step).constant
        if stride is None:
            return None
        ends = self.limits.ranges.get(self.program.home[symbol], (scan.start, scan.stop))
        start, stop = map(self.program.dim, ends)
        if stride > 0:
            return stop - 1 if most else start
        return start if most else stop + 1

    # -- how often an inner loop runs in all

    def total(self, counter: Counter) -> Atom:
        """How often the body is entered at most, as an integer known before it."""
        if counter.body in self.limits.entered:
            return self.limits.entered[counter.body]
        if counter not in self.totals:
            loops = self.program.loops(counter.body)
            found = count.entered(self.program, self.build, loops, {})
            if found is None:
                found = self.rehearsed(counter)
            self.build.facts = self.build.facts.having(self.build.dim(found))
            self.totals[counter] = found
        return self.totals[counter]

    def rehearsed(self, counter: Counter) -> Atom:
        """How often the body is entered: the program's loops, run once with nothing but a count."""
        eqn = self.program.outermost(counter.body)
        build = self.build.child()
        counter = replace(counter, name="entries")
        Recorder(self.program, [counter], counting=True).eqn(eqn, {counter: constant(0)}, build)
        made = build.eqns[-1]
        copy = walk.substitute(
            walk.effectless(Block((), (made,), made.outs), Print), {}, fresh=True
        )
        self.build.eqns.extend(copy.eqns)
        return copy.results[-2] if has_trips(made) else copy.results[-1]


def sliced_axes(rhs: Apply) -> Iterator[tuple[Affine, Affine]]:
    """The length of each slice that an index without arrays takes, and of the axis it is of."""
    axes, dims = iter(rhs.args[0].type.dims), iter(rhs.params["dims"])
    if shape.is_gather(rhs.params):
        return
    for item in rhs.params["index"]:
        if item == "new":
            next(dims)
        elif item == "i":
            next(axes)
        else:
            yield next(dims), next(axes)


def has_trips(eqn: Eqn) -> bool:
    """Is the last result the number of steps?"""
    return isinstance(eqn.rhs, While) or (isinstance(eqn.rhs, Scan) and eqn.rhs.until)


def position(build: Builder, index: Atom, start: Atom, step: Atom) -> Atom:
    """The number of the step at which a loop's index has this value."""
    match build.dim(step).constant:
        case 1:
            return build.atom(build.dim(index) - build.dim(start))
        case -1:
            return build.atom(build.dim(start) - build.dim(index))
    ahead = build.apply(arithmetic.SUBTRACT, index, start)
    return build.apply(arithmetic.FLOOR_DIVIDE, ahead, step)


class Recorder:
    """Rewrites the program so that it carries and fills the stores given."""

    def __init__(self, program: Program, stores: Sequence[Store], counting: bool = False) -> None:
        self.program, self.stores, self.counting = program, stores, counting

    def inside(self, eqn: Eqn) -> list[Store]:
        """The stores that the blocks of an equation write."""
        blocks = set(walk.blocks(eqn.rhs))
        return [s for s in self.stores if self.is_inside(s.home, blocks)]

    def is_inside(self, block: Block, blocks: set[Block]) -> bool:
        while block not in blocks:
            if block not in self.program.parent:
                return False
            block = self.program.parent[block][0]
        return True

    def eqn(self, eqn: Eqn, state: State, build: Builder) -> None:
        """Write an equation, and bring the state to what it is after it."""
        stores = self.inside(eqn)
        if not stores:
            build.eqns.append(eqn)
            return
        build.span = eqn.span
        if self.counting and stores[0].is_plain(eqn):
            rhs = eqn.rhs
            assert isinstance(rhs, Scan)
            build.eqns.append(eqn)
            trips = count.steps(build, rhs.start, rhs.stop, rhs.step)
            trips = build.extent(build.dim(trips))
            state[stores[0]] = build.apply(arithmetic.ADD, state[stores[0]], trips)
        else:
            self.carried(eqn, stores, state, build)

    def carried(self, eqn: Eqn, stores: list[Store], state: State, build: Builder) -> None:
        """An equation with blocks, carrying the stores too."""
        first = tuple(state[s] for s in stores)
        rhs, outs = eqn.rhs, tuple(Var(s.name, s.type) for s in stores)
        trips = 1 if has_trips(eqn) else 0
        last = len(eqn.outs) - trips
        match rhs:
            case Scan(init=init, body=body):
                new = self.block(body, stores, state, build, params=True)
                rhs = replace(rhs, init=(*init, *first), body=new)
            case While(init=init, test=test, body=body):
                extra = tuple(Var(s.name, s.type) for s in stores)
                new_test = replace(test, params=(*test.params, *extra))
                new = self.block(body, stores, state, build, params=True)
                rhs = While((*init, *first), new_test, new)
            case If(test=test, then=then, orelse=orelse):
                sides = [self.block(b, stores, state, build, params=False) for b in (then, orelse)]
                rhs = If(test, *sides)
        state.update(zip(stores, outs, strict=True))
        build.eqns.append(Eqn((*eqn.outs[:last], *outs, *eqn.outs[last:]), rhs, eqn.span))
        for log in stores:
            if isinstance(log, Log) and log.last in eqn.outs:
                state[log] = self.finished(log, eqn, state, build)

    def finished(self, log: Log, eqn: Eqn, state: State, build: Builder) -> Atom:
        """The log with the value after the loop, at the entry after its last step."""
        scan, dims = eqn.rhs, log.var.type.dims
        assert isinstance(scan, Scan) and log.last is not None
        outer = replace(log, loops=log.loops[:-1], origins=log.origins[:-1], shift=0)
        at = outer.entry(build, lambda var: var, state)
        steps = build.extent(build.dim(count.steps(build, scan.start, scan.stop, scan.step)))
        taken = eqn.outs[-1] if scan.until else steps
        end = build.dim(steps) - build.dim(taken) if scan.reverse else build.dim(taken)
        at.append(build.atom(end))
        params, at = log.access(build, at, dims)
        rhs = Apply(shape.UPDATE, (state[log], log.last, *at), params)
        return build.emit(rhs, [Var(log.name, log.type)])[0]

    def block(
        self, block: Block, stores: list[Store], outer: State, build: Builder, params: bool
    ) -> Block:
        inner = build.child(*self.facts(block, build))
        new = tuple(Var(s.name, s.type) for s in stores) if params else ()
        state = dict(outer)
        state.update(zip(stores, new, strict=False))
        for var in block.params:
            self.write(var, block, state, inner)
        for eqn in self.program.listed(block):
            self.eqn(eqn, state, inner)
            for out in eqn.outs:
                self.write(out, block, state, inner)
        for store in stores:
            if isinstance(store, Counter) and store.body is block:
                state[store] = inner.apply(arithmetic.ADD, state[store], constant(1))
        carried = len(block.params) - 1 if self.program.scan(block) else len(block.results)
        results = list(block.results)
        results[carried:carried] = [state[s] for s in stores]
        return Block((*block.params, *new), tuple(inner.eqns), tuple(results))

    def facts(self, body: Block, build: Builder) -> tuple[Affine, ...]:
        scan = self.program.scan(body)
        if scan is None:
            return ()
        return scan_facts(body.params[0], *map(build.dim, (scan.start, scan.stop, scan.step)))

    def write(self, var: Var, block: Block, state: State, build: Builder) -> None:
        for log in self.stores:
            if isinstance(log, Log) and log.var is var and log.home is block:
                build.span = self.program.span(var)
                state[log] = self.written(log, state, build)

    def written(self, log: Log, state: State, build: Builder) -> Atom:
        dims = log.var.type.dims
        if log.type.dims == dims:
            return log.var
        params, at = log.access(build, log.entry(build, lambda var: var, state), dims)
        rhs = Apply(shape.UPDATE, (state[log], log.var, *at), params)
        return build.emit(rhs, [Var(log.name, log.type)])[0]
