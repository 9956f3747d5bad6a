"""Storage is shared where that changes nothing, and copied where NumPy's meaning demands it.

A machine runs placed programs as C would: one buffer a slot, views and inline values read when
they are used, results written over what they share storage with, pointers exchanged.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from placed_programs import Maker

import transpile
from transpile.loops.place import place
from transpile.sym import evaluate, show, walk
from transpile.sym.ir import Apply, Check, Const, If, Scan, Var, While


class Machine:
    def __init__(self, placed, args):
        self.placed, self.function = placed, placed.function
        self.held = {}
        self.defs = {o: e for e in walk.equations(placed.function.body) for o in e.outs}
        for param, arg in zip(self.function.params, args, strict=True):
            self.held[placed.slots[param]] = arg
            for dim, extent in zip(param.type.dims, np.shape(arg), strict=True):
                if isinstance(dim.symbol, Var):
                    self.held[placed.slots[dim.symbol]] = extent

    def run(self):
        self.block(self.function.body)
        returned = [self.read(a) for a in self.function.returned]
        slots = [self.placed.slots[a] for a in self.function.returned if not a.type.is_scalar]
        assert len(set(slots)) == len(slots)
        assert all(slot.role == "out" for slot in slots)
        for param, final in zip(self.function.written, self.finals(), strict=True):
            assert self.placed.slots[final] is self.placed.slots[self.function.params[param]]
        return returned

    def finals(self):
        return self.function.body.results[len(self.function.returned) :]

    def read(self, atom):
        if isinstance(atom, Const):
            return atom.value
        if atom in self.placed.inline or atom in self.placed.views:
            return self.value(self.defs[atom])
        return self.held[self.placed.slots[atom]]

    def value(self, eqn):
        env = {}
        for symbol in walk.reads(eqn):
            if not symbol.type.dims and symbol.type.kind == "python":
                env[symbol] = self.read(symbol)
        args = [self.read(a) for a in eqn.rhs.args]
        value = evaluate.apply(eqn.rhs, args, eqn.outs[0].type, env)
        return evaluate.of_type(value, eqn.outs[0].type)

    def store(self, var, value):
        slot = self.placed.slots[var]
        if var.type.is_scalar:
            self.held[slot] = value
            return
        assert slot.role != "param" or slot.name in self.written()
        if slot in self.held:
            self.held[slot][...] = value
        else:
            self.held[slot] = np.array(value)

    def written(self):
        return {self.placed.slots[self.function.params[k]].name for k in self.function.written}

    def block(self, block):
        for eqn in block.eqns:
            if not eqn.outs or eqn.outs[0] not in self.placed.inline | self.placed.views:
                self.eqn(eqn)

    def eqn(self, eqn):
        match eqn.rhs:
            case Apply(op=op, args=args):
                if op.name in ("update", "increment"):
                    assert self.placed.slots[args[0]] is self.placed.slots[eqn.outs[0]]
                    self.store(eqn.outs[0], self.value(eqn))
                else:
                    self.store(eqn.outs[0], self.fresh(eqn))
            case Scan() as rhs:
                self.scan(eqn, rhs)
            case While() as rhs:
                self.loop(eqn, rhs)
            case If(test=test, then=then, orelse=orelse):
                taken = then if self.read(test) else orelse
                self.block(taken)
                self.move(eqn.outs, taken.results)
            case Check():
                pass

    def fresh(self, eqn):
        """The value, which may be written element by element while it is computed."""
        value, held = self.value(eqn), self.held.get(self.placed.slots[eqn.outs[0]])
        if eqn.outs[0].type.is_scalar or held is None:
            return value
        op, before = eqn.rhs.op, held.copy()
        ours = op.elementwise or op.name in ("convert", "copy")
        for own in (np.s_[0::2], np.s_[1::2]) if ours else (np.s_[:],):
            held[own] = np.nan
            again = self.value(eqn)
            held[...] = before
            again[own] = value[own] if ours else again[own]
            assert np.array_equal(again, value, equal_nan=True), "overwritten while it is read"
        return value

    def move(self, targets, atoms):
        values = [self.read(a) for a in atoms]
        for target, atom, value in zip(targets, atoms, values, strict=True):
            if target.type.is_scalar:
                self.store(target, value)
            else:
                assert self.placed.slots[target] is self.placed.slots[atom]

    def step(self, params, results):
        """The end of a loop's body: the carried slots, or those exchanged."""
        arrays = [(p, r) for p, r in zip(params, results, strict=True) if not p.type.is_scalar]
        ours = [self.placed.slots[p] for p, _ in arrays]
        theirs = [self.placed.slots[r] for _, r in arrays]
        assert set(ours) == set(theirs)
        assert len(set(theirs)) == len(theirs)
        moved = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not b]
        assert all(slot.role == "local" for slot, _ in moved)
        scalars = [(p, self.read(r)) for p, r in zip(params, results, strict=True)]
        buffers = [self.held[b] for _, b in moved]
        for (slot, _), buffer in zip(moved, buffers, strict=True):
            self.held[slot] = buffer
        for param, value in scalars:
            if param.type.is_scalar:
                self.store(param, value)

    def scan(self, eqn, rhs):
        index, *params = rhs.body.params
        steps = range(*(self.read(a) for a in (rhs.start, rhs.stop, rhs.step)))
        self.move(params, rhs.init)
        trips = 0
        for i in reversed(steps) if rhs.reverse else steps:
            self.store(index, i)
            self.block(rhs.body)
            self.step(params, rhs.body.results[: len(params)])
            assert self.held[self.placed.slots[index]] == i, "the loop's own count is overwritten"
            trips += 1
            if rhs.until and self.read(rhs.body.results[-1]):
                break
        self.move(eqn.outs[: len(params)], params)
        if rhs.until:
            self.store(eqn.outs[-1], trips)

    def loop(self, eqn, rhs):
        self.move(rhs.test.params, rhs.init)
        trips = 0
        while True:
            self.block(rhs.test)
            if not self.read(rhs.test.results[0]):
                break
            self.move(rhs.body.params, rhs.test.params)
            self.block(rhs.body)
            self.step(rhs.test.params, rhs.body.results)
            trips += 1
        self.move(eqn.outs[:-1], rhs.test.params)
        self.store(eqn.outs[-1], trips)


@pytest.mark.parametrize("seed", range(300))
def test_random_programs(seed):
    function = Maker(seed).function()
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=5) for _ in range(3)] + [np.float64(rng.normal())]
    given = [np.array(a) if np.ndim(a) else a for a in args]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = evaluate.evaluate(function, args)
        placed = place(function)
        text = f"{show.show(function)}\n{show.show(placed.function)}"
        found = Machine(placed, given).run() + [given[k] for k in function.written]
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        assert np.array_equal(a, b, equal_nan=True), f"{k}\n{text}"
    for k, (a, b) in enumerate(zip(args, given, strict=True)):
        assert k in function.written or np.array_equal(a, b)


def test_placing_is_deterministic():
    for seed in range(20):
        names = [[s.name for s in place(Maker(seed).function()).slots.values()] for _ in range(2)]
        assert names[0] == names[1]


def copies(block, in_loop=False):
    """How many arrays are copied inside of loops, and outside."""
    count = np.zeros(2, int)
    for eqn in block.eqns:
        if isinstance(eqn.rhs, Apply) and eqn.rhs.op.name == "copy":
            count[0 if in_loop else 1] += 1
        for inner in walk.blocks(eqn.rhs):
            count += copies(inner, in_loop or not isinstance(eqn.rhs, If))
    return count


def relaxed(u, steps):
    for _ in range(steps):
        un = u.copy()
        u[1:-1] = 0.5 * (un[:-2] + un[2:])
    return np.sum(u)


def swept(u, c, steps):
    for _ in range(steps):
        for i in range(1, len(u)):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
    return np.sum(u * u)


def swung(u, v, c, steps):
    u, v = u.copy(), v.copy()
    for _ in range(steps):
        v[1:-1] = 2.0 * u[1:-1] - v[1:-1] + c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u, v = v, u
    return np.sum(u * u)


def cell(W, h, xs):
    for t in range(len(xs)):
        h = np.tanh(W @ h + xs[t])
    return np.sum(h)


@pytest.mark.parametrize(
    ("program", "args", "value", "gradient"),
    [
        (relaxed, (np.ones(5), 3), 1, 2),  # the user's copy; in reverse what the write replaced
        (swept, (np.ones(5), 0.1, 3), 0, 0),
        (swung, (np.ones(5), np.ones(5), 0.1, 3), 0, 1),  # what the write replaced, once more
        (cell, (np.eye(3), np.ones(3), np.ones((4, 3))), 0, 0),
    ],
)
def test_loops_copy_what_numpy_demands(program, args, value, gradient):
    placed = transpile.function(program).graph("place", *args)
    assert copies(placed.body)[0] <= value
    placed = transpile.grad(program).graph("place", *args)
    assert copies(placed.body)[0] <= gradient


def test_written_arguments_are_written_in_place():
    placed = transpile.function(swept).graph("place", np.ones(5), 0.1, 3)
    assert copies(placed.body).sum() == 0
