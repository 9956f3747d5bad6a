"""Random programs of the symbolic form, as loops, branches and in-place writes make them."""

from __future__ import annotations

import random

from transpile.sym import fold, verify
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import Function, If, Leaf, Scan, Tree, Var, While, constant
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import BOOL, INT, Type, array

SCALAR = Type("float64", (), "numpy")
STEPS = ("0.5 * x - y", "x * y", "np_sin(x) + y", "x - 2.0", "maximum(x, y)", "where(x < y, x, y)")


class Maker:
    """One random program. Arrays have one length n, so that any may stand for any other."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.n = Var("n", INT)
        self.vector = array("float64", Affine.of(self.n))

    def function(self) -> Function:
        params = (*(Var(f"p{k}", self.vector) for k in range(3)), Var("s", SCALAR))
        build = Builder()
        build.facts = build.facts.having(Affine.of(self.n) - 4)
        scope = list(params)
        self.statements(build, scope, self.random.randint(3, 8), 0)
        arrays = [v for v in scope if not v.type.is_scalar]
        scalars = [v for v in scope if v.type.is_scalar]
        returned = [self.random.choice(arrays), self.random.choice(arrays), scalars[-1]]
        written = tuple(k for k in range(3) if self.random.random() < 0.4)
        finals = [self.random.choice(arrays) for _ in written]
        results = (*returned, *finals)
        body = build.block(params, results)
        tree = Tree("tuple", tuple(map(Leaf, range(3))))
        return fold.fold(verify.verify(Function("f", params, (self.n,), body, tree, written)))

    def pick(self, scope, scalar):
        return self.random.choice([v for v in scope if v.type.is_scalar == scalar][-6:])

    def name(self, old):
        return self.random.choice([old.name, "", self.random.choice("abuv")])

    def statements(self, build, scope, count, depth):
        for _ in range(count):
            kinds = ["step", "scalar", "update", "increment", "copy", "slice", "sum", "total"]
            if depth < 3:
                kinds += ["scan", "branch", "while", "scan"]
            getattr(self, self.random.choice(kinds))(build, scope, depth)

    def step(self, build, scope, depth):
        x = self.pick(scope, False)
        y = self.pick(scope, self.random.random() < 0.3)
        text = self.random.choice(STEPS).replace("np_", "")
        out = build.text(text, {"x": x, "y": y})
        scope.append(self.renamed(build, out, self.name(x)))

    def renamed(self, build, out, name):
        if not name or not build.eqns or build.eqns[-1].outs != (out,):
            return out
        last = build.eqns.pop()
        return build.emit(last.rhs, [Var(name, out.type)])[0]

    def scalar(self, build, scope, depth):
        x, s = self.pick(scope, False), self.pick(scope, True)
        e = build.index(x, ["i"], [constant(self.random.choice([0, 1, -1, 2]))])
        out = build.text("0.3 * x - 0.5 * y", {"x": e, "y": s})
        scope.append(self.renamed(build, out, self.name(s)))

    def sum(self, build, scope, depth):
        x = self.pick(scope, False)
        scope.append(build.text("0.1 * y", {"y": build.sum(x, (0,))}))

    def total(self, build, scope, depth):
        s, x = self.pick(scope, True), self.pick(scope, False)
        out = build.text("x * 0.25 + y", {"x": s, "y": s})
        scope.append(self.renamed(build, out, self.name(x)))

    def where(self):
        k = self.random.randint(0, 3)
        if k < 2:
            return ["i"], [constant(self.random.choice([0, 1, -1]))], ()
        if k == 2:
            return [("slice", True, False, False)], [constant(1)], (1, None)
        return [("slice", False, True, False)], [constant(-1)], (None, -1)

    def update(self, build, scope, depth):
        x, y = self.pick(scope, False), self.pick(scope, False)
        index, at, part = self.where()
        if part:
            other = self.random.choice(
                [(index, at), ([("slice", True, False, False)], [constant(1)])]
            )
            value = build.text("0.5 * y", {"y": build.index(y, *other)})
        else:
            value = self.pick(scope, True)
        scope.append(build.update(x, value, index, at))

    def increment(self, build, scope, depth):
        x, y = self.pick(scope, False), self.pick(scope, False)
        if self.random.random() < 0.5:
            value = build.text("0.125 * y", {"y": y})
            scope.append(build.increment(x, value, []))
        else:
            index, at, part = self.where()
            value = build.index(y, index, at) if part else self.pick(scope, True)
            scope.append(build.increment(x, value, index, at))

    def copy(self, build, scope, depth):
        x = self.pick(scope, False)
        scope.append(build.apply(shape.COPY, x, name=self.name(x)))

    def slice(self, build, scope, depth):
        x = self.pick(scope, False)
        flip = build.index(x, [("slice", False, False, True)], [constant(-1)])
        if self.random.random() < 0.5:
            scope.append(flip)
        else:
            scope.append(build.text("x + 0.5 * y", {"x": flip, "y": self.pick(scope, False)}))

    # -- blocks

    def carried(self, scope):
        found = {self.pick(scope, False): None for _ in range(self.random.randint(1, 3))}
        init = [*found, self.pick(scope, True)]
        if self.random.random() < 0.2:
            init.append(init[0])
        return init

    def chosen(self, scope, wanted):
        """Results of the right types, often the newest of a name or exchanged."""
        arrays = [v for v in scope if not v.type.is_scalar][-5:]
        scalars = [v for v in scope if v.type.is_scalar][-3:]
        return [self.random.choice(scalars if v.type.is_scalar else arrays) for v in wanted]

    def scan(self, build, scope, depth):
        init = self.carried(scope)
        i, params = Var(self.random.choice("ij"), INT), [Var(v.name, v.type) for v in init]
        zero, stop = constant(0), constant(self.random.randint(0, 3))
        inner = build.child(*scan_facts(i, Affine(), Affine((), stop.value), Affine((), 1)))
        own = scope[-4:] + params
        self.statements(inner, own, self.random.randint(1, 5), depth + 1)
        results = self.chosen(own, params)
        until = self.random.random() < 0.3
        if until:
            results.append(inner.text("x < y", {"x": self.pick(own, True), "y": constant(0.1)}))
            if results[-1].type != BOOL:
                results[-1] = inner.convert(results[-1], "bool", "python")
        body = inner.block((i, *params), results)
        outs = [Var(v.name, v.type) for v in init] + ([Var("", INT)] if until else [])
        reverse = self.random.random() < 0.3
        rhs = Scan(zero, stop, constant(1), tuple(init), body, reverse, until)
        scope += build.emit(rhs, outs)[: len(init)]

    def branch(self, build, scope, depth):
        test = build.text("x < y", {"x": self.pick(scope, True), "y": self.pick(scope, True)})
        wanted = self.carried(scope)
        blocks = []
        for _ in range(2):
            inner, own = build.child(), list(scope)
            self.statements(inner, own, self.random.randint(0, 3), depth + 1)
            blocks.append(inner.block((), self.chosen(own, wanted)))
        outs = [Var(v.name, v.type) for v in wanted]
        scope += build.emit(If(test, *blocks), outs)

    def while_(self, build, scope, depth):
        init = [constant(0), *self.carried(scope)]
        count = Var("count", INT)
        types = [Var(v.name, v.type) for v in init[1:]]
        test = build.child()
        again = test.apply(arithmetic.LESS, count, constant(self.random.randint(0, 3)))
        tests = test.block((count, *types), (again,))
        count = Var("count", INT)
        params = [Var(v.name, v.type) for v in init[1:]]
        inner, own = build.child(), scope[-4:] + params
        self.statements(inner, own, self.random.randint(1, 4), depth + 1)
        after = inner.apply(arithmetic.ADD, count, constant(1))
        body = inner.block((count, *params), (after, *self.chosen(own, params)))
        outs = [Var("count", INT), *(Var(v.name, v.type) for v in init[1:]), Var("", INT)]
        scope += build.emit(While(tuple(init), tests, body), outs)[1:-1]


setattr(Maker, "while", Maker.while_)
