"""Checks a program of the symbolic form: scopes, arities, and the type rules once more."""

from __future__ import annotations

from collections.abc import Sequence

from transpile.errors import TranspileError, never
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Check,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Print,
    Scan,
    Var,
    While,
)  # fmt: skip
from transpile.sym.types import BOOL, INT, Malformed, Type


class Invalid(TranspileError):
    """A pass has made a program that means nothing: a fault of ours, with the user's line."""


class Lenient:
    """What the type rules ask while verifying: dims not known to be equal were checked before."""

    def __init__(self) -> None:
        self.forms: dict[Var, Affine] = {}

    def dim(self, atom: Atom) -> Affine:
        if isinstance(atom, Const):
            return Affine((), int(atom.value))
        return self.forms.get(atom, Affine.of(atom))

    def same(self, a: Affine, b: Affine) -> Affine:
        if (a - b).constant not in (None, 0):
            raise Malformed(f"{a} and {b} are different lengths")
        return a


def verify(function: Function) -> Function:
    """The function itself. Raises Invalid where a variable is read before it is defined, defined
    twice, or where a type is not what the rules give."""
    if function.body.params != function.params:
        raise Invalid(f"{function.name}: the body's params are not the function's", function.span)
    Verifier().block(function.body, {*function.sizes})
    return function


class Verifier:
    def __init__(self) -> None:
        self.shapes = Lenient()
        self.defined: set[Var] = set()

    def block(self, block: Block, scope: set[Var]) -> None:
        inner = set(scope)
        for param in block.params:
            self.define(param, inner, None)
        for eqn in block.eqns:
            for atom in walk.atoms(eqn.rhs):
                self.read(atom, inner, eqn)
            self.rhs(eqn, inner)
            for out in eqn.outs:
                self.define(out, inner, eqn)
        for atom in block.results:
            self.read(atom, inner, block.eqns[-1] if block.eqns else None)

    def define(self, var: Var, scope: set[Var], eqn: Eqn | None) -> None:
        if var in self.defined:
            raise Invalid(
                f"{describe(var)} is defined twice", eqn.span if eqn is not None else None
            )
        for symbol in walk.type_symbols(var.type):
            if symbol not in scope:
                raise Invalid(
                    f"the type of {describe(var)} mentions {describe(symbol)}, unknown here",
                    eqn.span if eqn is not None else None,
                )
        self.defined.add(var)
        scope.add(var)

    def read(self, atom: Atom, scope: set[Var], eqn: Eqn | None) -> None:
        if isinstance(atom, Var) and atom not in scope:
            raise Invalid(
                f"{describe(atom)} is read where it is not known",
                eqn.span if eqn is not None else None,
            )

    def same(self, found: Type, wanted: Type, what: str, eqn: Eqn) -> None:
        equal = (found.dtype, found.kind, found.ndim) == (wanted.dtype, wanted.kind, wanted.ndim)
        apart = [(a - b).constant for a, b in zip(found.dims, wanted.dims, strict=False)]
        if not equal or any(d not in (None, 0) for d in apart):
            raise Invalid(f"{what} is {found}, not {wanted}", eqn.span)

    def all_same(self, found: Sequence[Atom], wanted: Sequence[Atom], what: str, eqn: Eqn) -> None:
        if len(found) != len(wanted):
            raise Invalid(f"{what}: {len(found)} values for {len(wanted)}", eqn.span)
        for a, b in zip(found, wanted, strict=True):
            name = f"{what} {describe(b)}"
            self.same(a.type, b.type, name, eqn)

    def rhs(self, eqn: Eqn, scope: set[Var]) -> None:
        match eqn.rhs:
            case Apply(op=op, args=args, params=params):
                type = op.type(self.shapes, op, args, params)
                self.same(type, eqn.outs[0].type, f"the result of {op.name}", eqn)
                if type.is_index:
                    self.learn(eqn.outs[0], op.name, args)
            case Call(function=function, args=args):
                self.all_same(args, function.params, "argument", eqn)
            case Custom(values=values, args=args, rule=rule):
                self.all_same(values, eqn.outs, "value", eqn)
                outside, given = [*args, *eqn.outs], rule.params[: len(args) + len(eqn.outs)]
                if args:
                    self.all_same(outside, given, "argument of the rule", eqn)
                Verifier().block(rule, set())
            case Scan(init=init, body=body, until=until):
                self.block(body, scope)
                carried, index = body.params[1:], body.params[0]
                self.same(index.type, INT, "a loop's index", eqn)
                self.all_same(init, carried, "initial value of", eqn)
                last = [Const(False, BOOL)] if until else []
                stop = body.results[len(carried) :]
                if len(stop) != len(last):
                    raise Invalid("a loop's results are not its carried values", eqn.span)
                self.all_same(body.results[: len(carried)], carried, "next value of", eqn)
                trips = [Const(0, INT)] if until else []
                self.all_same([*carried, *trips], eqn.outs, "result", eqn)
            case While(init=init, test=test, body=body):
                self.block(test, scope)
                self.block(body, scope)
                self.all_same(init, test.params, "initial value of", eqn)
                self.all_same(init, body.params, "initial value of", eqn)
                self.all_same(body.results, body.params, "next value of", eqn)
                self.all_same([*body.params, Const(0, INT)], eqn.outs, "result", eqn)
            case If(then=then, orelse=orelse):
                self.block(then, scope)
                self.block(orelse, scope)
                self.all_same(then.results, eqn.outs, "result", eqn)
                self.all_same(orelse.results, eqn.outs, "result", eqn)
            case Check() | Print():
                pass
            case _:
                never(eqn.rhs)

    def learn(self, out: Var, name: str, args: Sequence[Atom]) -> None:
        """The affine form of an integer, so that dims made of it are told apart."""
        a, b = self.shapes.dim(args[0]), self.shapes.dim(args[-1])
        match name:
            case "add":
                self.shapes.forms[out] = a + b
            case "subtract":
                self.shapes.forms[out] = a - b
            case "negative":
                self.shapes.forms[out] = -a
            case "multiply" if a.constant is not None or b.constant is not None:
                self.shapes.forms[out] = b * a.const if a.constant is not None else a * b.const


def describe(atom: Atom) -> str:
    if isinstance(atom, Const):
        return repr(atom.value)
    return atom.name or f"v{atom.serial}"
