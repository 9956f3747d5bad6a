"""Which values are needed at the same time, and so cannot share storage.

Sets of variables are bits of a Python integer. Two values conflict where one comes into being
while the other is still to be read, unless both are the same value by copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transpile.loops.inline import variables
from transpile.sym import walk
from transpile.sym.ir import Apply, Atom, Block, Eqn, Function, If, Scan, Var, While


class Liveness:
    """The conflicts of one function.

    `ends` are variables that stand for what has to hold a value when the function returns: for
    each, the value. `inline` values are read where their text stands; a view reads its base.
    """

    def __init__(
        self,
        function: Function,
        inline: frozenset[Var],
        views: frozenset[Var],
        ends: Mapping[Var, Atom],
    ) -> None:
        self.inline, self.views = inline, views
        self.bit: dict[Var, int] = {}
        self.value: dict[Var, Var] = {}
        self.conflicts: list[int] = []
        self.same: dict[Var, int] = {}  # by value: the variables that hold it
        self.reached: dict[Var, int] = {}
        self.definition: dict[Var, Eqn] = {}
        self.free: dict[Block, int] = {}
        self.inside: dict[Block, int] = {}  # what is defined in a block
        for var in (*function.sizes, *function.params):
            self.declare(var)
        self.declare_block(function.body)
        for var, atom in ends.items():
            self.declare(var, atom)
        self.finish(function, ends)

    # -- variables

    def declare(self, var: Var, source: Atom | None = None) -> None:
        self.bit[var] = 1 << len(self.conflicts)
        self.conflicts.append(0)
        value = self.value.get(source, source) if isinstance(source, Var) else var
        self.value[var] = value
        self.same[value] = self.same.get(value, 0) | self.bit[var]

    def declare_block(self, block: Block) -> None:
        first = len(self.conflicts)
        for param in block.params:
            if param not in self.bit:
                self.declare(param)
        for eqn in block.eqns:
            for out in eqn.outs:
                self.definition[out] = eqn
                self.declare(out, copied(eqn))
            for inner in walk.blocks(eqn.rhs):
                self.declare_block(inner)
        self.inside[block] = (1 << len(self.conflicts)) - (1 << first)

    def reach(self, atoms: Iterable[Atom]) -> int:
        """What is read with these atoms."""
        mask = 0
        for var in variables(atoms):
            if var not in self.reached:
                self.reached[var] = self.reach_of(var)
            mask |= self.reached[var]
        return mask

    def reach_of(self, var: Var) -> int:
        if var in self.inline:
            return self.reach(walk.atoms(self.definition[var].rhs))
        if var in self.views:
            base = self.definition[var].rhs
            assert isinstance(base, Apply)
            return self.bit[var] | self.reach(base.args[:1])
        return self.bit[var]

    def conflict(self, var: Var, others: int) -> None:
        """`var` comes into being while `others` are needed."""
        others &= ~self.same[self.value[var]]
        self.conflicts[self.bit[var].bit_length() - 1] |= others
        while others:
            low = others & -others
            self.conflicts[low.bit_length() - 1] |= self.bit[var]
            others ^= low

    def mask(self, found: Iterable[Var]) -> int:
        total = 0
        for var in found:
            total |= self.bit[var]
        return total

    # -- the walk, backwards

    def finish(self, function: Function, ends: Mapping[Var, Atom]) -> None:
        written = {function.params[k] for k in function.written}
        kept = self.mask(p for p in function.params if not p.type.is_scalar and p not in written)
        kept |= self.mask(function.sizes)  # what arguments are long, to the end
        for var, atom in ends.items():
            others = [a for v, a in ends.items() if a is not atom]
            self.conflict(var, kept | self.mask(ends) | self.reach(others))
        live = self.block(function.body, kept | self.reach(ends.values()))
        for var in (*function.sizes, *function.params):
            self.conflict(var, live | self.mask((*function.sizes, *function.params)))

    def block(self, block: Block, after: int) -> int:
        """What is needed before the block, params included, when `after` is needed at its end."""
        live = after | self.reach(block.results)
        for eqn in reversed(block.eqns):
            if eqn.outs and eqn.outs[0] in self.inline:
                continue
            live = self.eqn(eqn, live)
        return live

    def eqn(self, eqn: Eqn, after: int) -> int:
        outs = self.mask(eqn.outs)
        for out in eqn.outs:
            self.conflict(out, after | outs)
        rest = after & ~outs
        read = self.reach(walk.atoms(eqn.rhs)) | self.reach(dims_of(eqn))
        match eqn.rhs:
            case Apply():
                self.apply(eqn, eqn.rhs)
            case Scan(init=init, body=body):
                rest = self.scan(eqn.rhs, rest)
                self.begin(body.params[1:], init, eqn.rhs)
            case While(init=init, test=test):
                rest = self.loop(eqn.rhs, rest)
                self.begin(test.params, init, eqn.rhs)
            case If():
                rest = self.branches(eqn, eqn.rhs, rest)
        return rest | read

    def apply(self, eqn: Eqn, rhs: Apply) -> None:
        """The result must not lie where operands lie that are read at other elements."""
        (out,) = eqn.outs
        if out.type.is_scalar or out in self.views:
            return
        if rhs.op.name in ("update", "increment"):
            own = 0 if rhs.args[0] in self.views else self.reach(rhs.args[:1])
            self.conflict(out, self.reach(rhs.args) & ~own)
        else:
            self.conflict(out, self.elsewhere(rhs, out))

    def elsewhere(self, rhs: Apply, out: Var) -> int:
        """The arrays that an expression reads at other indices than that of its result."""
        if not (rhs.op.elementwise or rhs.op.name in ("convert", "copy")):
            return self.reach(rhs.args)
        mask = 0
        for arg in variables(rhs.args):
            if arg.type.is_scalar:
                continue
            if arg in self.inline and arg.type.dims == out.type.dims:
                inner = self.definition[arg].rhs
                assert isinstance(inner, Apply)
                mask |= self.elsewhere(inner, out)
            elif arg in self.inline or arg in self.views or arg.type.dims != out.type.dims:
                mask |= self.reach((arg,))
        return mask

    def begin(self, params: tuple[Var, ...], init: tuple[Atom, ...], rhs: Scan | While) -> None:
        """Carried values are set one after another, while the other operands are still read."""
        for param, own in zip(params, init, strict=True):
            if not param.type.is_scalar:
                self.conflict(param, self.reach(a for a in walk.atoms(rhs) if a is not own))

    def scan(self, rhs: Scan, after: int) -> int:
        around = after | self.captured(rhs.body)
        live = self.block(rhs.body, around)
        for param in rhs.body.params:
            self.conflict(param, live | self.mask(rhs.body.params))
        self.conflict(rhs.body.params[0], self.inside[rhs.body] | around)  # it counts the loop
        if rhs.until:
            self.flag(rhs.body.results[-1], rhs.body.params)
        return (live | around) & ~self.mask(rhs.body.params)

    def loop(self, rhs: While, after: int) -> int:
        around = after | self.captured(rhs.body) | self.captured(rhs.test)
        live = self.block(rhs.body, around)
        for param in rhs.body.params:
            self.conflict(param, live | self.mask(rhs.body.params))
        inside = (live & ~self.mask(rhs.body.params)) | self.mask(rhs.test.params)
        live = self.block(rhs.test, around | inside)
        for param in rhs.test.params:
            self.conflict(param, live | self.mask(rhs.test.params))
        return (live | around) & ~self.mask(rhs.test.params) & ~self.mask(rhs.body.params)

    def flag(self, flag: Atom, params: tuple[Var, ...]) -> None:
        """The flag is read after the carried values are set."""
        if isinstance(flag, Var) and flag not in self.inline:
            self.conflict(flag, self.mask(params))

    def branches(self, eqn: Eqn, rhs: If, after: int) -> int:
        live = 0
        for block in (rhs.then, rhs.orelse):
            for out, own in zip(eqn.outs, block.results, strict=True):
                if not out.type.is_scalar:
                    self.conflict(out, self.reach(a for a in block.results if a is not own))
            live |= self.block(block, after)
        return live

    def captured(self, block: Block) -> int:
        """What a block reads from around it: needed again at its end when it is repeated."""
        if block not in self.free:
            self.free[block] = self.reach(walk.captures(block)) & ~self.mask(block.params)
        return self.free[block]


def copied(eqn: Eqn) -> Atom | None:
    """What the equation is a copy of."""
    if isinstance(eqn.rhs, Apply) and eqn.rhs.op.name == "copy":
        return eqn.rhs.args[0]
    return None


def dims_of(eqn: Eqn) -> tuple[Var, ...]:
    return tuple(v for out in eqn.outs for v in walk.type_symbols(out.type))
