"""Names for what the user gave none: by content for values, i, j, k for indices."""

from __future__ import annotations

from collections.abc import Iterable

from transpile.sym.ir import Apply, Atom, Const, Eqn, If, Scan, Var, While
from transpile.sym.words import CASTS, LINKS, TESTS, word

INDICES = "ijkmpqrs"
MADE = ("zeros", "ones", "empty", "full", "arange")
LONGEST = 16  # letters of a name that becomes a part of another


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
        case Scan() | While():
            if position == len(eqn.rhs.init):
                return "trips"
            return "done" if eqn.outs[position].type.dtype == "bool" else "carried"
        case If():
            return "chosen"
        case Apply(op=op, args=args):
            if op.name in TESTS or op.name in MADE:
                return word(op)
            if op.name == "index":
                return element(eqn.rhs, known)
            if op.name == "copy":
                return f"{first_name(args, known) or 'array'}_{'out' if out else 'copy'}"
            return linked(eqn.rhs) or described(eqn, first_name(args, known))
        case _:
            return "value"


def linked(rhs: Apply) -> str:
    """`dt_times_k` for `dt * k`; "" unless the user has a name for each of two operands."""
    names = [atom.name for atom in rhs.args if isinstance(atom, Var)]
    link = LINKS.get(rhs.op.name)
    if link is None or len(names) < len(rhs.args) or not all(names):
        return ""
    return f"{names[0]}_{link}_{names[1]}" if len("".join(names)) <= LONGEST else ""


def described(eqn: Eqn, operand: str) -> str:
    """`sin_x`: what is done, and to what if that is short."""
    assert isinstance(eqn.rhs, Apply)
    said = CASTS[eqn.outs[0].type.dtype[0]] if eqn.rhs.op.name == "convert" else word(eqn.rhs.op)
    return f"{said}_{operand}" if operand and len(operand) <= LONGEST else said


def element(rhs: Apply, known: dict[Var, str]) -> str:
    """`y_t` for `y[t]`, `y_part` for a slice, `y_was` for what a history has of `y`."""
    stem = first_name(rhs.args[:1], known) or "array"
    if stem.endswith("_at"):
        return f"{stem.removesuffix('_at')}_was"
    if all(item in ("i", "a") for item in rhs.params["index"]):
        return "_".join([stem, *filter(None, (short(a, known) for a in rhs.args[1:3]))])
    return f"{stem}_part"


def first_name(args: Iterable[Atom], known: dict[Var, str]) -> str:
    for arg in args:
        if isinstance(arg, Var) and (arg.name or known.get(arg)):
            return arg.name or known[arg]
    return ""


def short(atom: Atom, known: dict[Var, str]) -> str:
    """An index as part of a name."""
    if isinstance(atom, Const):
        return str(atom.value).replace("-", "m")
    return atom.name or known.get(atom, "")
