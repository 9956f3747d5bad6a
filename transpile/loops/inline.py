"""Which values are written where they are used, and which are only views of another's storage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from transpile.sym import walk
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Check,
    Const,
    Eqn,
    Function,
    If,
    Print,
    Scan,
    Var,
    While,
)
from transpile.sym.ops import Host, Op, shape

VIEWS = ("index", "transpose", "reshape", "broadcast_to")
WRITES = ("update", "increment")
MADE = ("zeros", "ones", "full", "arange")  # a function of the index, cheap to write anywhere
DIVIDES = ("true_divide", "floor_divide", "remainder", "power")
DEAR = 8  # the cost from which an operator is not evaluated again for each broadcast element
OFFSETS = ("add", "subtract", "multiply")
LARGEST = 40  # operators in one expression; more would not be read


class Uses(Struct, frozen=True):
    """Where each variable is read: the equation, or None for the results of its block. `tests`
    are the blocks that test whether a loop goes on, `steady` are sizes and loop indices."""

    block: dict[Var, Block]
    definition: dict[Var, tuple[int, Eqn]]
    readers: dict[Var, list[tuple[Block, int, Eqn | None]]]
    dims: frozenset[Var]
    tests: set[Block]
    steady: set[Var]


def is_view(eqn: Eqn) -> bool:
    """Does the equation give an array that lies in its operand's storage?"""
    rhs = eqn.rhs
    if not isinstance(rhs, Apply) or rhs.op.name not in VIEWS or eqn.outs[0].type.is_scalar:
        return False
    if rhs.op is shape.INDEX and shape.is_gather(rhs.params):
        return False
    return isinstance(rhs.args[0], Var) and not rhs.args[0].type.is_scalar


def is_write(eqn: Eqn) -> bool:
    return isinstance(eqn.rhs, Apply) and eqn.rhs.op.name in WRITES


def variables(atoms: Iterable[Atom]) -> Iterator[Var]:
    return (atom for atom in atoms if isinstance(atom, Var))


def uses(function: Function) -> Uses:
    """Every definition and every read of the function."""
    found = Uses({}, {}, {}, frozenset(dim_symbols(function)), set(), {*function.sizes})

    def visit(block: Block) -> None:
        for position, eqn in enumerate(block.eqns):
            for out in eqn.outs:
                found.block[out] = block
                found.definition[out] = position, eqn
            for var in variables(walk.atoms(eqn.rhs)):
                found.readers.setdefault(var, []).append((block, position, eqn))
            match eqn.rhs:
                case While(test=test):
                    found.tests.add(test)
                case Scan(body=body):
                    found.steady.add(body.params[0])
            for inner in walk.blocks(eqn.rhs):
                visit(inner)
        for var in variables(block.results):
            found.readers.setdefault(var, []).append((block, len(block.eqns), None))

    visit(function.body)
    return found


def dim_symbols(function: Function) -> Iterator[Var]:
    for eqn in walk.equations(function.body):
        for out in eqn.outs:
            yield from walk.type_symbols(out.type)
        if isinstance(eqn.rhs, Apply):
            for dim in eqn.rhs.params.get("dims", ()):
                yield from (s for s in dim.symbols() if isinstance(s, Var))


class Inlining:
    """Decides for one function, every equation after all that read its result."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.uses = uses(function)
        self.inline: set[Var] = set()
        self.stored: set[Var] = set()  # what has storage, since it is read wherever its sign is
        self.size: dict[Var, int] = {}
        self.until: dict[Var, tuple[Block, int]] = {}  # where an inline value is evaluated

    def run(self) -> frozenset[Var]:
        self.visit(self.function.body)
        return frozenset(self.inline)

    def visit(self, block: Block) -> None:
        for position in reversed(range(len(block.eqns))):
            eqn = block.eqns[position]
            for inner in walk.blocks(eqn.rhs):
                self.visit(inner)
            if not isinstance(eqn.rhs, Apply):
                continue
            if self.is_offset(eqn) or self.single(block, position, eqn):
                self.inline.add(eqn.outs[0])
            elif self.is_sign(block, position, eqn):
                self.inline.add(eqn.outs[0])
                self.stored.update(variables(eqn.rhs.args))

    def is_offset(self, eqn: Eqn) -> bool:
        """Is it `i + 1`, `n - 1` or the like? That is written wherever it is used."""
        (out,), args = eqn.outs, walk.atoms(eqn.rhs)
        if out.name or out in self.uses.dims or not out.type.is_index:
            return False
        if not isinstance(eqn.rhs, Apply) or eqn.rhs.op.name not in OFFSETS:
            return False
        steady = all(isinstance(a, Const) or a in self.uses.steady for a in args)
        return steady and all(reader is not None for _, _, reader in self.uses.readers.get(out, ()))

    def is_sign(self, block: Block, position: int, eqn: Eqn) -> bool:
        """Is it an array `-x`? That is written wherever it is used: `d -= x`."""
        (out,) = eqn.outs
        assert isinstance(eqn.rhs, Apply)
        if eqn.rhs.op.name != "negative" or out.type.is_scalar or out.name:
            return False
        readers = self.uses.readers.get(out, ())
        return all(
            where is block
            and self.may_hold(eqn, reader)
            and self.may_move(block, position, self.root(reader, at)[1], eqn)
            for where, at, reader in readers
        )

    def single(self, block: Block, position: int, eqn: Eqn) -> bool:
        (out,) = eqn.outs
        readers = self.uses.readers.get(out, ())
        if out.name or len(readers) != 1 or out in self.uses.dims or out in self.stored:
            return False
        where, at, reader = readers[0]
        if where is not block or not self.may_hold(eqn, reader):
            return False
        root, end = self.root(reader, at)
        size = self.size.get(root, 1) + 1 if root is not None else 1
        if size > LARGEST or not self.may_move(block, position, end, eqn):
            return False
        if root is not None:
            self.size[root] = size
        self.until[out] = block, end
        return True

    def root(self, reader: Eqn | None, at: int) -> tuple[Var | None, int]:
        """The result of the equation in whose text the reader stands, and its position."""
        while reader is not None and reader.outs and reader.outs[0] in self.inline:
            _, at, reader = self.uses.readers[reader.outs[0]][0]
        return (reader.outs[0] if reader is not None and reader.outs else None), at

    def may_hold(self, eqn: Eqn, reader: Eqn | None) -> bool:
        """Can the text of `eqn` stand in the reader's?"""
        (out,) = eqn.outs
        assert isinstance(eqn.rhs, Apply)
        op = eqn.rhs.op
        if out.type.is_scalar:
            return reader is not None or self.may_end(eqn)
        if not (op.elementwise or op.name in (*MADE, *VIEWS, "convert")):
            return False
        match reader:
            case Eqn(rhs=Apply(op=into, args=args)):
                if into.name in WRITES:
                    return args[0] is not out and spread_is_cheap(eqn, reader)
                if into.name == "copy":
                    return False
                if is_view(reader) and not is_view(eqn):
                    return reader.outs[0] in self.inline and op.cost < DEAR
                return spread_is_cheap(eqn, reader)
            case _:
                return False

    def may_end(self, eqn: Eqn) -> bool:
        """Can the text stand as a result: as the test of a loop, or in the return, unless written
        arrays get their final values before it?"""
        block = self.uses.readers[eqn.outs[0]][0][0]
        if block is self.function.body:
            return not self.function.written
        return block in self.uses.tests

    def may_move(self, block: Block, start: int, end: int, eqn: Eqn) -> bool:
        """Does the value stay the same when it is evaluated at `end` rather than at `start`?"""
        between = block.eqns[start + 1 : end]
        assert isinstance(eqn.rhs, Apply)
        if raises(eqn.outs[0], eqn.rhs.op) and any(map(stops, between)):
            return False
        names = {v.name for v in variables(eqn.rhs.args)} - {""}
        if any(out.name in names for other in between for out in other.outs):
            return False
        arrays = {self.base(v) for v in variables(eqn.rhs.args) if not v.type.is_scalar}
        return not any(arrays & self.consumed(other) for other in between)

    def base(self, var: Var) -> Var:
        """The array in whose storage `var` certainly or possibly lies."""
        while var in self.uses.definition:
            eqn = self.uses.definition[var][1]
            if not is_view(eqn) and not is_copy(eqn):
                break
            assert isinstance(eqn.rhs, Apply)
            if not isinstance(eqn.rhs.args[0], Var):
                break
            var = eqn.rhs.args[0]
        return var

    def consumed(self, eqn: Eqn) -> set[Var]:
        """The arrays whose storage the equation may write into."""
        match eqn.rhs:
            case Apply(args=args) if is_write(eqn):
                found: Iterable[Atom] = args[:1]
            case Scan(init=init) | While(init=init):
                found = init
            case If(then=then, orelse=orelse):
                found = (*then.results, *orelse.results)
            case _:
                return set()
        bases = {self.base(var) for var in variables(found)}
        for block in walk.blocks(eqn.rhs):
            for inner in block.eqns:
                bases |= self.consumed(inner)
        return bases


def is_copy(eqn: Eqn) -> bool:
    return isinstance(eqn.rhs, Apply) and eqn.rhs.op.name == "copy"


def spread_is_cheap(eqn: Eqn, reader: Eqn) -> bool:
    """Is no dear operator evaluated again for every element that the reader broadcasts it to?"""
    assert isinstance(eqn.rhs, Apply)
    (out,) = eqn.outs
    dims = reader.outs[0].type.dims
    return eqn.rhs.op.cost < DEAR or out.type.dims == dims or reads_once(reader)


def reads_once(reader: Eqn) -> bool:
    """A reduction reads every element once."""
    return isinstance(reader.rhs, Apply) and "axis" in reader.rhs.params


def raises(out: Var, op: Op) -> bool:
    """May it end the program? Division of NumPy's floats does not, by zero either."""
    if op.name in DIVIDES:
        return out.type.kind == "python" or not out.type.is_float
    return op is shape.INDEX or isinstance(op.c, Host)


def stops(eqn: Eqn) -> bool:
    """Can the program end, or print, in this equation?"""
    return isinstance(eqn.rhs, Check | Print | Scan | While | If)


def views(function: Function, inline: frozenset[Var]) -> frozenset[Var]:
    """The results that lie in their operand's storage."""
    return frozenset(
        eqn.outs[0]
        for eqn in walk.equations(function.body)
        if is_view(eqn) and eqn.outs[0] not in inline
    )
