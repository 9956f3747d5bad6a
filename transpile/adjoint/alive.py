"""Values that are still there when the reverse sweep comes: elements that no later write reaches.

Decided over instances: a read at some step of its loops, and any write at any later step (in the
order of the loops, the outermost first, then of the text), never have the same address. What is not
decided counts as overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpile.adjoint.chains import Chains
from transpile.adjoint.program import Program
from transpile.sym.affine import Affine, Facts, Symbol, feasible
from transpile.sym.ir import Apply, Atom, Block, Eqn, Function, If, Scan, Var
from transpile.sym.ops import shape
from transpile.sym.types import INT


class There(Struct, frozen=True):
    """The value is `array[...]`, with `array` known at the top of the function."""

    array: Var
    rhs: Apply  # an `index` whose integers are those of the program
    storage: Var | None = None  # the storage's last version, where `array` is of its end
    store: Eqn | None = None  # the write that put it there, where it was not read from there


class Region(Struct, frozen=True):
    """From `low`, before `high`, along each axis."""

    axes: tuple[tuple[Affine, Affine], ...]

    def rename(self, names: Mapping[Symbol, Affine]) -> Region:
        return Region(tuple((a.substitute(names), b.substitute(names)) for a, b in self.axes))


class Alive:
    def __init__(self, function: Function, program: Program, held: Iterable[Var]) -> None:
        self.program, self.chains = program, Chains(program)
        self.held = {*function.params, *held}
        self.sizes = tuple(map(Affine.of, function.sizes))
        self.known: dict[Var, There | None] = {}
        self.stored: dict[Var, list[Eqn]] = {}
        for eqn in program.place:
            if isinstance(eqn.rhs, Apply) and eqn.rhs.op is shape.UPDATE:
                value = eqn.rhs.args[1]
                if isinstance(value, Var):
                    self.stored.setdefault(value, []).append(eqn)

    def there(self, var: Var) -> There | None:
        """Where the value of `var`, of a loop or a branch, still is after the program has run."""
        if var not in self.known:
            self.known[var] = self.find(var)
        return self.known[var]

    def find(self, var: Var) -> There | None:
        home, eqn = self.program.home[var], self.program.maker.get(var)
        for read in self.reads(var):
            found = self.lasting(read, home)
            if found is not None:
                made = eqn is not None and eqn.rhs is read
                return found if made else replace(found, store=self.program.maker[version_of(read)])
        return None

    def reads(self, var: Var) -> Iterator[Apply]:
        """The reads of arrays that give the value: its own, and those of where it is stored."""
        eqn = self.program.maker.get(var)
        rhs = eqn.rhs if eqn is not None else None
        if isinstance(rhs, Apply) and rhs.op is shape.INDEX and isinstance(rhs.args[0], Var):
            yield rhs
        for store in self.stored.get(var, ()):
            rhs, array = store.rhs, store.outs[0]
            assert isinstance(rhs, Apply)
            same = (var.type.dtype, var.type.dims) == (array.type.dtype, rhs.params["dims"])
            same = same and not shape.is_gather(rhs.params)  # it may write one element twice
            if same and self.program.home[array] is self.program.home[var]:
                yield Apply(shape.INDEX, (array, *rhs.args[2:]), rhs.params)

    def lasting(self, rhs: Apply, home: Block) -> There | None:
        """The read of a version, done on another version that has the same there.

        That is the last version of the storage, or else an older one that is there in any case:
        the caller's arrays are not written, and `held` are kept for others.
        """
        version = version_of(rhs)
        last = self.chains.last(version)
        where = self.program.block_of(last)
        if where is self.program.block_of(version):
            return None
        once = self.program.loops(where)
        writes = list(self.chains.writes(last))
        if not any(self.may_spoil(eqn, version, rhs, home, once) for eqn in writes):
            newest = self.newest(last, rhs, home, once)
            return There(newest, replace(rhs, args=(newest, *rhs.args[1:])), last)
        for older in self.chains.way(self.chains.before(last)):
            if any(self.may_spoil(e, version, rhs, home, once, earlier=True) for e in writes):
                return None
            if older in self.held:
                return There(older, replace(rhs, args=(older, *rhs.args[1:])))
            writes = list(self.chains.writes(older))
        return None

    def newest(self, version: Var, rhs: Apply, home: Block, once: Sequence[Block]) -> Var:
        """The newest version of the same block that still has what `rhs` reads."""
        later = self.chains.after(version)
        while later is not None:
            if any(self.collide(e, rhs, home, once, None, 0) for e in self.chains.writes(later)):
                return version
            version, later = later, self.chains.after(later)
        return version

    # -- the test

    def may_spoil(
        self,
        write: Eqn,
        version: Var,
        rhs: Apply,
        home: Block,
        once: Sequence[Block] = (),
        earlier: bool = False,
    ) -> bool:
        """May a write that comes after a version of the array reach what `rhs` reads of it?

        With `earlier`, a write that comes before it, or makes it. The storage is made anew in each
        step of the loops `once`.
        """
        born = self.program.loops(self.program.home[version])
        other = self.program.loops(self.program.home[write.outs[0]])
        common = [a for a, b in zip(born, other, strict=False) if a is b]
        for depth, body in list(enumerate(common))[len(once) :]:
            for ahead in self.later(body):
                way = -ahead if earlier else ahead
                if self.collide(write, rhs, home, common[:depth], body, way):
                    return True
        if self.is_after(write, version) != earlier:
            return self.collide(write, rhs, home, common, None, 0)
        return False

    def later(self, body: Block) -> tuple[int, ...]:
        """Do later steps of a loop have a higher index (1), a lower (-1), or may it be either?"""
        scan = self.program.scan(body)
        if scan is None:
            return (0,)
        step = self.program.dim(scan.step).constant
        if step is None:
            return (1, -1)
        return (-1,) if (step < 0) != scan.reverse else (1,)

    def is_after(self, write: Eqn, version: Var) -> bool:
        """Does a write stand after a version in the text, in one step of the loops around both?"""
        homes = list(self.around(self.program.home[version]))
        for block, eqn in self.program.standing(write):
            if block in homes:
                mine = self.position(version, block)
                return mine is None or self.program.place[eqn] > mine
        return True

    def around(self, block: Block) -> Iterator[Block]:
        yield block
        while block in self.program.parent:
            block = self.program.parent[block][0]
            yield block

    def position(self, version: Var, block: Block) -> int | None:
        """Where in `block` the version begins; -1 at the block's params."""
        maker = self.program.maker.get(version)
        if maker is None:
            home = self.program.home[version]
            if home is block:
                return -1
            inner, eqn = home, None
            while inner is not block:
                inner, eqn = self.program.parent[inner]
            return self.program.place[eqn] if eqn is not None else None
        return next(self.program.place[e] for b, e in self.program.standing(maker) if b is block)

    def collide(
        self,
        write: Eqn,
        rhs: Apply,
        home: Block,
        equal: Sequence[Block],
        body: Block | None,
        later: int,
    ) -> bool:
        """Can both have an address in common, the steps of `equal` being the same, that of `body`
        later for the write?"""
        assert isinstance(write.rhs, Apply)
        other = self.program.home[write.outs[0]]
        mine, mine_facts = self.region(rhs, rhs.args[1:], home)
        its, its_facts = self.region(write.rhs, write.rhs.args[2:], other)
        names = self.renamed([its, *its_facts], equal)
        facts = [*self.sizes, *mine_facts, *(f.substitute(names) for f in its_facts)]
        if body is not None and body.params[0] in names and later != 0:
            ahead = names[body.params[0]] - Affine.of(body.params[0])
            facts.append(ahead * later - 1)
        for axis in zip(mine.axes, its.rename(names).axes, rhs.args[0].type.dims, strict=True):
            (a, b), (c, d), n = axis
            place = Affine.of(Var("", INT))
            facts += [place - a, b - place - 1, place - c, d - place - 1, place, n - place - 1]
        return feasible(facts)

    def renamed(
        self, found: Sequence[Region | Affine], equal: Sequence[Block]
    ) -> dict[Symbol, Affine]:
        """New symbols for all that may be another value at the write's step."""
        names: dict[Symbol, Affine] = {}
        for item in found:
            forms = [f for axis in item.axes for f in axis] if isinstance(item, Region) else [item]
            for symbol in (s for f in forms for s in f.symbols()):
                assert isinstance(symbol, Var)
                home = self.program.block_of(symbol)
                if not set(self.program.loops(home)) <= set(equal):
                    names.setdefault(symbol, Affine.of(Var("", INT)))
        return names

    def region(self, rhs: Apply, at: Sequence[Atom], home: Block) -> tuple[Region, list[Affine]]:
        """What an index selects at least, and what is known of the integers in it."""
        known = self.bounds(home)
        facts = Facts([*self.sizes, *known])
        integers, axes = iter(at), []
        extents = iter(rhs.args[0].type.dims)
        for item in rhs.params["index"]:
            if item == "new":
                continue
            n = next(extents)
            if item == ":":
                axes.append((Affine(), n))
            elif item == "a":
                next(integers)
                axes.append((Affine(), n))
            elif item == "i":
                place = self.from_left(self.program.dim(next(integers)), n, facts)
                axes.append((Affine(), n) if place is None else (place, place + 1))
            else:
                given = [self.program.dim(next(integers)) if there else None for there in item[1:]]
                axes.append(self.slice(given, n, facts))
        axes += [(Affine(), n) for n in extents]
        inside = [f for low, high in axes for f in (high - low - 1,) if f.terms]
        return Region(tuple(axes)), [*known, *inside]

    def slice(
        self, given: Sequence[Affine | None], n: Affine, facts: Facts
    ) -> tuple[Affine, Affine]:
        start, stop, step = given
        if step is not None and (step.constant is None or step.constant < 0):
            return Affine(), n
        low = self.from_left(start, n, facts) if start is not None else Affine()
        high = self.from_left(stop, n, facts) if stop is not None else n
        return Affine() if low is None else low, n if high is None else high

    def from_left(self, place: Affine, n: Affine, facts: Facts) -> Affine | None:
        """An index counted from the left, where its sign is known."""
        if facts.nonnegative(place):
            return place
        return n + place if facts.nonnegative(-place - 1) else None

    def bounds(self, home: Block) -> list[Affine]:
        """What the loops and the branches around say of integers."""
        known: list[Affine] = []
        for block in reversed(list(self.around(home))[:-1]):
            eqn = self.program.parent[block][1]
            match eqn.rhs:
                case Scan() as scan:
                    known += self.steps(block.params[0], scan)
                case If(test=Var() as test, then=then):
                    known += self.tested(test, block is then, Facts([*self.sizes, *known]))
        return known

    def steps(self, index: Var, scan: Scan) -> Iterator[Affine]:
        """What holds of a loop's index."""
        i, (start, stop) = Affine.of(index), map(self.program.dim, (scan.start, scan.stop))
        step = self.program.dim(scan.step).constant
        if step is not None and step > 0:
            yield from (i - start, stop - i - 1)
        elif step is not None:
            yield from (start - i, i - stop - 1)
        if step is not None and abs(step) > 1:
            turn = Affine.of(Var("", INT))
            yield from (i - start - turn * step, start + turn * step - i)

    def tested(self, test: Var, holds: bool, known: Facts) -> Iterator[Affine]:
        """What a comparison of integers says where it holds, or where it does not."""
        eqn = self.program.maker.get(test)
        rhs = eqn.rhs if eqn is not None else None
        if not isinstance(rhs, Apply) or not all(a.type.is_index for a in rhs.args):
            return
        if (name := rhs.op.name if holds else OPPOSITE.get(rhs.op.name)) not in OPPOSITE:
            return
        more = self.program.dim(rhs.args[0]) - self.program.dim(rhs.args[1])
        if name in ("greater", "greater_equal", "equal"):
            yield more - (name == "greater")
        if name in ("less", "less_equal", "equal"):
            yield -more - (name == "less")
        if name == "not_equal" and known.nonnegative(more):
            yield more - 1
        elif name == "not_equal" and known.nonnegative(-more):
            yield -more - 1


OPPOSITE = {
    "equal": "not_equal", "not_equal": "equal", "less": "greater_equal",
    "greater_equal": "less", "greater": "less_equal", "less_equal": "greater",
}  # fmt: skip


def version_of(read: Apply) -> Var:
    """The version of an array that is read."""
    array = read.args[0]
    assert isinstance(array, Var)
    return array
