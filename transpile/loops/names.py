"""Names for what the user gave none: by content for values, i, j, k for indices."""

from __future__ import annotations

from collections.abc import Iterable

from transpile.sym.ir import Apply, Atom, Const, Eqn, If, Scan, Var, While

INDICES = "ijklmpqrs"
WORDS = {
    "add": "sum", "subtract": "diff", "multiply": "prod", "true_divide": "ratio",
    "floor_divide": "quotient", "remainder": "rest", "power": "pow", "negative": "minus",
    "positive": "plus", "matmul": "product", "absolute": "abs", "convert": "cast",
    "transpose": "t", "broadcast_to": "wide", "reshape": "flat", "where": "chosen",
    "sum": "total", "max": "top", "min": "low", "slice_length": "length", "zeros": "zeros",
}  # fmt: skip
TESTS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "not_")


class Names:
    """Names already taken, and the next free one like a given one."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def free(self, name: str) -> str:
        """The name itself, or with a number where it is taken."""
        if name in self.taken:
            number = 1
            while f"{name}_{number}" in self.taken:
                number += 1
            name = f"{name}_{number}"
        self.taken.add(name)
        return name

    def index(self) -> str:
        """The first free of i, j, k, ..."""
        for name in INDICES:
            if name not in self.taken:
                return self.free(name)
        return self.free("i")


def by_content(eqn: Eqn, position: int, known: dict[Var, str], out: bool) -> str:
    """A name that says what the value is: `sin_x`, `y_t`, `trips`; `u_out` where it returns u."""
    match eqn.rhs:
        case Scan() | While() if position == len(eqn.rhs.init):
            return "trips"
        case Apply(op=op, args=args):
            if op.name in TESTS:
                return "test"
            if op.name == "index":
                return element(eqn.rhs, known)
            if op.name == "copy":
                return f"{first_name(args, known) or 'value'}_{'out' if out else 'copy'}"
            word = WORDS.get(op.name, op.name)
            operand = first_name(args, known)
            return f"{word}_{operand}" if operand and len(operand) <= 16 else "value"
        case If():
            return "chosen"
        case _:
            return "value"


def element(rhs: Apply, known: dict[Var, str]) -> str:
    """`y_t` for `y[t]`, `y_part` for a slice."""
    stem = first_name(rhs.args[:1], known) or "value"
    if all(item == "i" for item in rhs.params["index"]):
        return "_".join([stem, *map(short, rhs.args[1:3])])
    return f"{stem}_part"


def first_name(args: Iterable[Atom], known: dict[Var, str]) -> str:
    for arg in args:
        if isinstance(arg, Var) and (arg.name or known.get(arg)):
            return arg.name or known[arg]
    return ""


def short(atom: Atom) -> str:
    """An index as part of a name."""
    if isinstance(atom, Const):
        return str(atom.value).replace("-", "m")
    return atom.name or "at"
