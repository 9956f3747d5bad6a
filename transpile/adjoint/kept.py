"""What a gradient keeps of the program for its reverse sweep: which value, of which line, how much.

A log, or a copy of an array that is overwritten later, is made by an equation marked as `KEPT`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import prod

from msgspec import Struct
from msgspec.structs import replace

from transpile.adjoint.program import forms
from transpile.errors import Span
from transpile.sym import walk
from transpile.sym.affine import Affine, Symbol
from transpile.sym.fold import fold
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, Function, Scan, Var, constant
from transpile.sym.ops import arithmetic
from transpile.sym.types import Type

KEPT = {"kept": True}


class Residual(Struct, frozen=True):
    """One array that is kept: its name in the generated text, and the line whose value it keeps.

    `size` is its bytes as a formula in the program's sizes and arguments. `bytes` is the number for
    the arguments that were asked about, or None.
    """

    name: str
    type: Type
    shape: str
    size: str
    span: Span | None
    bytes: int | None = None

    @property
    def line(self) -> str:
        """`decay.py:9:  y = y - dt * k * y * y`"""
        return "" if self.span is None else f"{self.span.place}:  {self.span.text.strip()}"


def kept(function: Function, names: Callable[[Var], str]) -> list[Residual]:
    """What a gradient keeps, in the order of its text, where the arrays have these names."""
    found = []
    for eqn in kept_equations(function):
        out, formula = eqn.outs[0], Formula(function)
        dims = [formula.sum(dim) for dim in out.type.dims]
        each = [Text(str(out.type.itemsize), ATOM)] if out.type.itemsize > 1 or not dims else []
        size = formula.product([*each, *dims]).text
        size += ", counted while running" if formula.counted else ""
        shape = f"{out.type.dtype}[{', '.join(d.text for d in dims)}]"
        found.append(Residual(names(out), out.type, shape, size, eqn.span))
    return found


def kept_equations(function: Function) -> Iterable[Eqn]:
    for eqn in walk.equations(function.body):
        if isinstance(eqn.rhs, Apply) and "kept" in eqn.rhs.params:
            yield eqn


def lengths(function: Function) -> tuple[tuple[Var, ...], Function]:
    """The integers that the lengths of what a gradient keeps are made of, and the part of it that
    gives them as its results."""
    found = (s for e in kept_equations(function) for s in walk.type_symbols(e.outs[0].type))
    symbols = tuple(dict.fromkeys(found))
    body = replace(function.body, results=symbols)
    return symbols, fold(replace(function, body=body))


def measured(found: Iterable[Residual], values: Mapping[Var, int]) -> list[Residual]:
    """The same with their bytes, where the program's integers have these values."""

    def length(dim: Affine) -> int:
        terms = (c * int(values[s]) for s, c in dim.terms if isinstance(s, Var))
        return max(0, dim.const + sum(terms))

    return [replace(r, bytes=r.type.itemsize * prod(map(length, r.type.dims))) for r in found]


# -- formulas

SUM, QUOTIENT, PRODUCT, ATOM = range(4)


class Text(Struct, frozen=True):
    """A formula, and the operator that binds it least."""

    text: str
    level: int

    def within(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


class Formula:
    """Writes the integers of a function in terms of its sizes and arguments.

    A length means `max(0, length)`, which is not written.
    """

    def __init__(self, function: Function) -> None:
        self.forms = forms(function.body)
        self.makers = {out: e for e in walk.equations(function.body) for out in e.outs}
        self.counted = False  # is some integer known only when its loop has run?
        self.inside = False  # of a sum, where a length below zero would count

    def sum(self, form: Affine) -> Text:
        form = form if self.inside else self.unclipped(form)
        terms = [(self.scaled(s, abs(c)), c < 0) for s, c in form.terms]
        if form.const or not terms:
            terms.append((Text(str(abs(form.const)), ATOM), form.const < 0))
        terms.sort(key=lambda term: term[1])
        (first, minus), *others = terms
        if not others and not minus:
            return first
        text = f"{'-' * minus}{first.within(QUOTIENT)}"
        for term, minus in others:
            text += f" {'-' if minus else '+'} {term.within(QUOTIENT)}"
        return Text(text, SUM)

    def unclipped(self, form: Affine) -> Affine:
        """With `length` in place of `max(0, length)`."""
        known: dict[Symbol, Affine] = {}
        for symbol in form.symbols():
            assert isinstance(symbol, Var)
            length = self.clipped(symbol)
            if length is not None:
                known[symbol] = self.unclipped(self.form(length))
        return form.substitute(known)

    def clipped(self, symbol: Var) -> Atom | None:
        """The length, where the symbol is `max(0, length)`."""
        eqn = self.makers.get(symbol)
        match eqn.rhs if eqn is not None else None:
            case Apply(op=arithmetic.WHERE, args=(_, Const(value=0), length)):
                return length
        return None

    def form(self, atom: Atom) -> Affine:
        if isinstance(atom, Const):
            return Affine((), int(atom.value))
        return self.forms.get(atom, Affine.of(atom))

    def scaled(self, symbol: Symbol, factor: int) -> Text:
        assert isinstance(symbol, Var)
        term = self.symbol(symbol)
        return term if factor == 1 else self.product([Text(str(factor), ATOM), term])

    def product(self, factors: Iterable[Text]) -> Text:
        factors = list(factors)
        if len(factors) == 1:
            return factors[0]
        return Text("*".join(f.within(PRODUCT) for f in factors), PRODUCT)

    def symbol(self, symbol: Var) -> Text:
        form = self.forms.get(symbol)
        if form is not None and form.symbol is not symbol:
            return self.sum(form)
        length = self.clipped(symbol)
        if length is not None:
            inner = self.atom(length)
            return Text(f"max(0, {inner.text})", ATOM) if self.inside else inner
        eqn = self.makers.get(symbol)
        match eqn.rhs if eqn is not None else None:
            case Apply(op=arithmetic.MULTIPLY, args=args):
                return self.product(map(self.atom, args))
            case Apply(op=arithmetic.FLOOR_DIVIDE, args=args):
                number, by = map(self.atom, args)
                return Text(f"{number.within(PRODUCT)}//{by.within(ATOM)}", QUOTIENT)
            case Scan(body=Block(params=(index, total), results=(Var() as after,))) as scan:
                added = self.forms.get(after, Affine()) - Affine.of(total)
                if total not in added.symbols():
                    return self.total(index, scan, added)
        self.counted |= eqn is not None and not (isinstance(eqn.rhs, Apply) and symbol.name)
        return Text(symbol.name or "count", ATOM)

    def total(self, index: Var, scan: Scan, added: Affine) -> Text:
        """What a loop adds up that counts the steps of others."""
        bounds = [scan.start, scan.stop]
        if scan.step != constant(1):
            bounds.append(scan.step)
        elif scan.start == constant(0):
            bounds.pop(0)
        steps = ", ".join(self.atom(a).text for a in bounds)
        outer, self.inside = self.inside, True
        each = self.sum(added)
        self.inside = outer
        return Text(f"sum({each.text} for {index.name} in range({steps}))", ATOM)

    def atom(self, atom: Atom) -> Text:
        return self.sum(self.form(atom))
