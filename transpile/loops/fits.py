"""Python's integers have no bounds and C's have 64 bits: where it is seen that one fits."""

from __future__ import annotations

from transpile.loops.context import Context
from transpile.loops.element import element
from transpile.loops.nest import Binary, Check, Expr, If, Invoke, Lit, Unary, dtype_of
from transpile.sym import ir
from transpile.sym.ir import Apply, Atom, Var, constant
from transpile.sym.ops import TABLE

# -- of a float


def checked_cast(c: Context, out: Var, rhs: Apply) -> None:
    """Python's int of a float raises where that is NaN or too large."""
    if rhs.op.name != "convert" or not out.type.is_index or not rhs.args[0].type.is_float:
        return
    value = element(c, rhs.args[0])
    if "entry" in rhs.params or is_checked(c, value):
        return
    dtype = rhs.args[0].type.dtype
    low = Binary(">=", value, Lit(-(2.0**63), dtype), "bool")
    high = Binary("<", value, Lit(2.0**63, dtype), "bool")
    fits = Binary("&&", low, high, "bool")
    c.check(Unary("!", fits, "bool"), "OverflowError", "cannot convert float to integer")


def is_checked(c: Context, value: Expr) -> bool:
    """Has the program itself looked whether it fits? Then it asks why not only where it fails.

    if (x != x) return 1; if (!(|x| < 2**63)) return 2;
    if (!(|x| < 2**63)) { if (x != x) return 1; return 2; }
    """
    dtype = dtype_of(value)
    size = Invoke(f"absolute_{dtype}", (value,), dtype, TABLE["absolute"], dtype)
    large = Unary("!", Binary("<", size, Lit(2.0**63, dtype), "bool"), "bool")
    missing = Binary("!=", value, value, "bool")
    match c.bodies[-1][-2:]:
        case [Check() as first, Check() as last] if (first.fails, last.fails) == (missing, large):
            why = (first, Check(Lit(True, "bool"), last.number, last.place))
            c.bodies[-1][-2:] = [If(large, why, (), last.place)]
            return True
    return False


# -- of arithmetic


def is_overflow(c: Context, check: ir.Check) -> bool:
    """Is it asked of floats whether an integer fits, which in C is seen where it is computed?

    |float(x) * float(y)| < 2**63
    """
    if check.error != "OverflowError":
        return False
    truth = operation(c, check.test, "convert")
    size = operation(c, truth[0] if truth else check.test, "less")
    inner = operation(c, size[0], "absolute") if size and size[1] == constant(2.0**63) else ()
    rhs = definition(c, inner[0]) if inner else None
    if rhs is None or rhs.op.name not in ("add", "subtract", "multiply"):
        return False
    made = [operation(c, a, "convert") for a in rhs.args if isinstance(a, Var)]
    return bool(made) and all(arg and arg[0].type.is_index for arg in made)


def operation(c: Context, atom: Atom, name: str) -> tuple[Atom, ...]:
    """The arguments of the operator of this name that gives the value, if one does."""
    rhs = definition(c, atom)
    return rhs.args if rhs is not None and rhs.op.name == name else ()


def definition(c: Context, atom: Atom) -> Apply | None:
    eqn = c.defs.get(atom) if isinstance(atom, Var) else None
    return eqn.rhs if eqn is not None and isinstance(eqn.rhs, Apply) else None
