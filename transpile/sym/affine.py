"""Index algebra: affine expressions over integer values, and what can be proved about them.

An `Affine` is `c0 + c1*s1 + c2*s2 + ...` over symbols: sizes, loop indices, or any other integer
value of the program (an opaque one stands for itself). `Facts` is a set of `e >= 0`; it proves
others by Fourier-Motzkin elimination with integer tightening, and says "not known" otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd
from operator import itemgetter
from typing import Protocol

from msgspec import Struct


class Symbol(Protocol):
    """An integer value of the program: identity is the object, `serial` orders terms."""

    @property
    def name(self) -> str: ...
    @property
    def serial(self) -> int: ...


SYMBOL = itemgetter(0)  # of a term


class Affine(Struct, frozen=True):
    """`const + sum(coefficient * symbol)`, terms ordered and without zeros, so `==` is equality."""

    terms: tuple[tuple[Symbol, int], ...] = ()
    const: int = 0

    @staticmethod
    def of(value: int | Symbol | Affine) -> Affine:
        if isinstance(value, Affine):
            return value
        if isinstance(value, int):
            return Affine((), value)
        return Affine(((value, 1),), 0)

    @staticmethod
    def build(coefficients: Mapping[Symbol, int], const: int) -> Affine:
        kept = [(s, c) for s, c in coefficients.items() if c != 0]
        kept.sort(key=lambda term: term[0].serial)
        return Affine(tuple(kept), const)

    @property
    def constant(self) -> int | None:
        """The value where no symbol is in it, else None."""
        return None if self.terms else self.const

    @property
    def symbol(self) -> Symbol | None:
        """The symbol where the whole is just that symbol, else None."""
        if len(self.terms) == 1 and self.const == 0 and self.terms[0][1] == 1:
            return self.terms[0][0]
        return None

    def coefficient(self, symbol: Symbol) -> int:
        return next((c for s, c in self.terms if s is symbol), 0)

    def symbols(self) -> tuple[Symbol, ...]:
        return tuple(map(SYMBOL, self.terms))

    def __add__(self, other: Affine | int) -> Affine:
        if isinstance(other, int):
            return Affine(self.terms, self.const + other)
        if not self.terms or not other.terms:
            return Affine(self.terms or other.terms, self.const + other.const)
        total = dict(self.terms)
        for s, c in other.terms:
            total[s] = total.get(s, 0) + c
        return Affine.build(total, self.const + other.const)

    def __neg__(self) -> Affine:
        return self * -1

    def __sub__(self, other: Affine | int) -> Affine:
        return self + (-other)

    def __mul__(self, factor: int) -> Affine:
        if factor == 0:
            return Affine()
        return Affine(tuple((s, c * factor) for s, c in self.terms), self.const * factor)

    def substitute(self, values: Mapping[Symbol, Affine]) -> Affine:
        """The same expression with some symbols replaced."""
        if values.keys().isdisjoint(map(SYMBOL, self.terms)):
            return self
        total = Affine((), self.const)
        for s, c in self.terms:
            total = total + values.get(s, Affine.of(s)) * c
        return total

    def __str__(self) -> str:
        text = ""
        for s, c in self.terms:
            sign = (" - " if c < 0 else " + ") if text else ("-" if c < 0 else "")
            text += sign + (f"{abs(c)}*" if abs(c) != 1 else "") + (s.name or "?")
        if not text:
            return str(self.const)
        if self.const == 0:
            return text
        return f"{text} {'-' if self.const < 0 else '+'} {abs(self.const)}"


LIMIT = 400  # constraints at which elimination gives up and says "not known"


class Facts:
    """What is known at a point of the program: a list of affine expressions that are >= 0."""

    def __init__(self, known: Iterable[Affine] = ()) -> None:
        self.known: tuple[Affine, ...] = tuple(known)
        self.told: dict[Affine, bool] = {}  # what was asked before

    def having(self, *more: Affine) -> Facts:
        """These facts and more."""
        new = [fact for fact in more if fact not in self.known and (fact.terms or fact.const < 0)]
        return Facts((*self.known, *new)) if new else self

    def nonnegative(self, value: Affine) -> bool:
        """Is `value >= 0` certain? False means no or not known."""
        if value.constant is not None:
            return value.constant >= 0
        if value not in self.told:
            self.told[value] = self.is_said(value) or not feasible(
                (*relevant(self.known, value), -value - 1)
            )
        return self.told[value]

    def is_said(self, value: Affine) -> bool:
        """Is it one of the facts, or more than that?"""
        return any(f.terms == value.terms and f.const <= value.const for f in self.known)

    def positive(self, value: Affine) -> bool:
        return self.nonnegative(value - 1)

    def impossible(self) -> bool:
        """Do the facts contradict one another, so that this point is never reached?"""
        return not feasible(self.known)


def relevant(known: Iterable[Affine], value: Affine) -> tuple[Affine, ...]:
    """The facts that share symbols, directly or through others, with `value`."""
    wanted = set(value.symbols())
    left, kept = [(fact, fact.symbols()) for fact in known], []
    while True:
        far = []
        for fact, symbols in left:
            if wanted.isdisjoint(symbols):
                far.append((fact, symbols))
            else:
                kept.append(fact)
                wanted.update(symbols)
        if len(far) == len(left):
            return tuple(kept)
        left = far


def feasible(constraints: Iterable[Affine]) -> bool:
    """Can all of `e >= 0` hold at once? True where that is not decided.

    Fourier-Motzkin elimination (Schrijver, Theory of Linear and Integer Programming, 12.2); each
    constraint is divided by the gcd of its coefficients and its constant rounded down, which is
    valid since all symbols are integers.
    """
    system: set[Affine] = set()
    for constraint in constraints:
        tight = tighten(constraint)
        if tight is None:
            return False
        if tight.terms:
            system.add(tight)
    while system:
        symbol = cheapest(system)
        lower = [e for e in system if e.coefficient(symbol) > 0]
        upper = [e for e in system if e.coefficient(symbol) < 0]
        system.difference_update(lower, upper)
        for low in lower:
            for up in upper:
                joined = tighten(low * -up.coefficient(symbol) + up * low.coefficient(symbol))
                if joined is None:
                    return False
                if joined.terms:
                    system.add(joined)
        if len(system) > LIMIT:
            return True
    return True


def tighten(constraint: Affine) -> Affine | None:
    """The strongest integer form of `constraint >= 0`; None where it is false."""
    if not constraint.terms:
        return None if constraint.const < 0 else constraint
    divisor = gcd(*(abs(c) for _, c in constraint.terms))
    if divisor == 1:
        return constraint
    return Affine(
        tuple((s, c // divisor) for s, c in constraint.terms), constraint.const // divisor
    )


def cheapest(system: Iterable[Affine]) -> Symbol:
    """The symbol whose elimination makes the fewest new constraints."""
    count: dict[Symbol, list[int]] = {}
    for constraint in system:
        for s, c in constraint.terms:
            count.setdefault(s, [0, 0])[c > 0] += 1
    return min(count, key=lambda s: (count[s][0] * count[s][1], s.serial))
