"""Python's own operators on values: exact arithmetic of constants, and the errors Python raises."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.library.python_deque import is_deque, opened
from transpile.frontend.library.python_dicts import SAMPLES
from transpile.frontend.values import (
    Above,
    Array,
    Closure,
    Enumerate,
    Generated,
    Generator,
    Letter,
    Letters,
    Listed,
    Mapped,
    Maybe,
    Method,
    Option,
    Partial,
    Range,
    Records,
    Ref,
    Reversed,
    Static,
    Structure,
    Text,
    Value,
    View,
    Yielded,
    Zip,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import Infix, Op, arithmetic, parts
from transpile.sym.ops.table import COMPARISONS
from transpile.sym.types import (
    BOOL,
    IMAGINARY,
    INT,
    INTEGERS,
    LARGE,
    SIGNED,
    TOO_LARGE,
    Mismatch,
    NoLoop,
    Type,
)

EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
}  # fmt: skip
DIVISIONS = ("/", "//", "%")


def described(value: Value) -> str:
    """What a value is, in words for a message."""
    match value:
        case Var() | Const():
            return f"a number ({value.type})"
        case Array():
            return "an array"
        case Static(value=None):
            return "None"
        case Static(value=str()):
            return "a text"
        case Static(value=found):
            return f"{getattr(found, '__name__', None) or type(found).__name__}"
        case Structure(kind="dataclass", cls=type() as cls) | Above(cls=cls):
            return f"an object of {SAMPLES.get(cls, cls).__name__}"
        case Structure(kind=kind):
            return "a deque" if is_deque(value) else f"a {kind}"
        case Range() | Zip() | Enumerate() | Reversed():
            return f"a {type(value).__name__.lower()}"
        case Ref():
            return "a list, dict or dataclass"
        case View(name=name):
            return f"the {name} of a dict"
        case Mapped():
            return "a map"
        case Listed() | Records():
            return "a list whose length is not known"
        case Letters(kind=kind):
            return "a text" if kind == "str" else kind if kind == "bytes" else f"a {kind}"
        case Letter():
            return "a character"
        case Option():
            return f"{described(value.value)} that may be None"
        case Text():
            return "a text made of values of the running program"
        case Generated() | Yielded():
            return "a generator"
        case Partial():
            return "a partial"
        case Generator():
            return "a generator of random numbers"
        case Method(name=name):
            return f"the method {name}"
        case Closure(name=name):
            return f"the function {name}"
        case Maybe(value=inner):
            return described(inner)


def of_numpy(value: Value) -> bool:
    return isinstance(value, Array) or (
        isinstance(value, Var | Const) and value.type.kind != "python"
    )


def number(ctx: Context, value: Value) -> Atom:
    """The operand of a computation: a number, or what an array holds now."""
    match value:
        case Var() | Const():
            return value
        case Array():
            return views.read(ctx, value)
        case Static(value=int() as member):  # of an enumeration
            return constant(int(member))
        case Option(value=found, given=given):
            ctx.check(given, "TypeError", "this is None, where a number is expected")
            return number(ctx, found)
    message = f"a number or an array is expected here, this is {described(value)}"
    ctx.fail(message, instead(value))


def instead(value: Value) -> str:
    """What to write where something is no number."""
    match value:
        case Static(value=None):
            return "write np.nan, or another number"
        case Letter() | Letters(kind="str"):
            return "write ord(...) of a character, or int(...) of a digit"
        case Letters():
            return "write np.frombuffer(x, dtype=np.uint8)"
        case Static(value=str()) | Text():
            return "write an f-string where a text is to be made, and numbers elsewhere"
        case Generated():
            return "make a list, [... for ...]"
        case Structure() | Listed() | Records() | Range() | Zip() | Enumerate() | Mapped() | View():
            return "take its items, one by one, or an array of them"
    return "pass a number or an array"


def many(count: int, what: str) -> str:
    """`2 arguments`, as an error shows it."""
    return f"{count} {what}{'s' * (count != 1)}"


# What helps where a value has to be known when a function is compiled.
CONSTANT = "write the value itself, or a global of the module"


def counted(ctx: Context, atom: Atom) -> Atom:
    """The operand of a sign: Python's booleans are integers there."""
    if atom.type.kind == "python" and atom.type.dtype == "bool":
        return ctx.build.convert(atom, INT.dtype, INT.kind)
    return atom


def integer(ctx: Context, value: Value, what: str = "an index") -> Atom:
    """A Python integer: an index, a bound, an extent."""
    atom = number(ctx, value)
    type = atom.type
    if type.dims or not (type.is_integer or type == type.having(dtype="bool")):
        shown = f"an array, {type}" if type.dims else described(value)
        help = "write int(...) around it" if type.is_float and not type.dims else None
        ctx.fail(f"{what} has to be an integer, this is {shown}", help or "pass an integer")
    if type.dtype == "bool":
        ctx.fail(f"{what} has to be an integer, this is a bool", "write int(...) around it")
    if type == LARGE:
        ctx.fail(TOO_LARGE, "write a smaller one")
    return atom if type.is_index else ctx.build.convert(atom, INT.dtype, INT.kind)


def whole(ctx: Context, atom: Atom) -> Atom:
    """An integer as Python's own."""
    if atom.type.dtype == "uint64":
        fits = expr.binary(ctx.build, "<=", atom, constant(2**63 - 1))
        ctx.check(ctx.build.convert(fits, "bool", "python"), "OverflowError", TOO_LARGE)
    return ctx.build.convert(atom, INT.dtype, INT.kind)


def truth(ctx: Context, value: Value) -> Atom | bool:
    """What `if value` decides on: a Python bool, known now or when the program runs."""
    value = opened(value)
    match value:
        case Static(value=found):
            return bool(found) if found is None or isinstance(found, str) else True
        case Structure(kind="dataclass"):
            return truth_of_object(ctx, value)
        case Structure(items=items):
            return bool(items)
        case Closure() | Method() | Partial():
            return True
        case Letter():
            return True
        case Records(columns=(column, *_)):
            return truth(ctx, column)
        case Listed(array=array) | Letters(array=array):
            count = ctx.build.extent(views.type_of(ctx, array).dims[0])
            return truth(ctx, compute(ctx, ">", count, constant(0)))
        case Const(value=found):
            return bool(found)
        case Option(value=found, given=given):
            return logic(ctx, "&", given, as_atom(truth(ctx, found)))
    atom = number(ctx, value)
    if atom.type.dims:
        ctx.fail(
            "the truth of an array is ambiguous", "use np.any(...) or np.all(...), or an element"
        )
    if atom.type.dtype != "bool":
        atom = compute(ctx, "!=", atom, constant(0))
    if isinstance(atom, Const):
        return bool(atom.value)
    return ctx.build.convert(atom, "bool", "python")


def truth_of_object(ctx: Context, value: Structure) -> Atom | bool:
    """What its class says of it; that it is there at all, where that says nothing."""
    for name in ("__bool__", "__len__"):
        found = inspect.getattr_static(value.cls, name, None)
        if found is None:
            continue
        said = ctx.hooks.call(ctx, Static(found), (value,), {})
        if number(ctx, said).type != (BOOL if name == "__bool__" else INT):
            ctx.check(constant(False), "TypeError", f"{name} gives {described(said)}")
        return truth(ctx, said)
    return True


def as_atom(test: Atom | bool) -> Atom:
    return constant(test) if isinstance(test, bool) else test


def logic(ctx: Context, symbol: str, x: Atom, y: Atom) -> Atom | bool:
    """`&` or `|` of two Python bools."""
    for a, b in ((x, y), (y, x)):
        if isinstance(a, Const):
            return as_test(b) if bool(a.value) == (symbol == "&") else bool(a.value)
    return expr.binary(ctx.build, symbol, x, y)


def as_test(atom: Atom) -> Atom | bool:
    return bool(atom.value) if isinstance(atom, Const) else atom


def compute(ctx: Context, symbol: str, x: Atom, y: Atom) -> Atom:
    """`x + y` and its like, as Python and NumPy have it."""
    if x.type == IMAGINARY and y.type == Type("float64", (), "numpy"):
        y = as_python(ctx, y)  # a NumPy double is one of Python's floats to Python's `1j * y`
    plain = x.type.kind == "python" and y.type.kind == "python"
    if plain and isinstance(x, Const) and isinstance(y, Const) and symbol in EXACT:
        return exact(ctx, symbol, x, y)
    if plain and symbol in ("==", "!=") and never_equal(ctx, x, y):
        return constant(symbol == "!=")
    if plain and LARGE in (x.type, y.type):
        ctx.fail(TOO_LARGE, "start with np.uint64(...)")
    if plain and (x.type.is_complex or y.type.is_complex):
        return complex_result(ctx, symbol, x, y)
    if plain and symbol in DIVISIONS:
        check_divisor(ctx, y)
        if symbol != "/":
            found = expr.binary(ctx.build, symbol, x, y)
            if isinstance(found, Var) and tame(ctx, x if symbol == "//" else y):
                ctx.tame.add(found)
            return found
    if plain and symbol == "**":
        return power(ctx, x, y)
    if plain and symbol == "@":
        ctx.fail("@ is not taken between numbers")
    if plain and symbol in ("<<", ">>"):
        return shifted(ctx, symbol, x, y)
    if plain and symbol in ("+", "-", "*") and not (x.type.is_float or y.type.is_float):
        check_range(ctx, symbol, x, y)
    if symbol == "**" and x.type.having(dims=()) == BOOLEANS and y.type.kind == "python":
        ctx.fail(
            "NumPy's dtype for a power of booleans depends on the exponent",
            "write x.astype(np.int64)",
        )
    try:
        x, y = fitting(ctx, expr.INFIX[symbol], [x, y])
        return expr.binary(ctx.build, symbol, x, y)
    except Mismatch as error:
        if x.type.dims and y.type.dims and not isinstance(error, NoLoop):
            shapes = f"{views.shown(x.type.dims)} {symbol} {views.shown(y.type.dims)}"
            ctx.misfit(f"shapes do not fit, {shapes}: {error}")
        ctx.fail(str(error), error.help)


def is_flag(value: Value) -> TypeGuard[Atom]:
    """Is it True or False, of which Python has one each?"""
    return isinstance(value, Var | Const) and value.type == BOOL


def never_equal(ctx: Context, x: Atom, y: Atom) -> bool:
    """Is one of these the length of an argument's axis and the other 1, or less than a length?

    A program is read for arguments whose lengths are 1 where they are written so in their types.
    """
    if not (x.type.is_index and y.type.is_index):
        return False
    apart = ctx.build.dim(x) - ctx.build.dim(y)
    return any(ctx.is_size(one.symbol) for one in (apart + 1, -apart + 1))


BOOLEANS, AS_INTEGERS = Type("bool"), "write x.astype(np.int64)"


def exact(ctx: Context, symbol: str, x: Const, y: Const) -> Atom:
    """Constants are computed now, by Python itself."""
    try:
        found = EXACT[symbol](x.value, y.value)
    except ZeroDivisionError as error:
        ctx.check(constant(False), "ZeroDivisionError", str(error))
        return constant(0.0 if symbol == "/" or isinstance(x.value, float) else 0)
    except (OverflowError, ValueError, TypeError) as error:
        ctx.fail(str(error))
    if isinstance(found, int) and found.bit_length() > 1023:
        ctx.fail(TOO_LARGE, "write it as a float")
    return constant(found)


def fitting(ctx: Context, op: Op, args: Sequence[Atom]) -> list[Atom]:
    """The operands as NumPy takes them: a Python int has to fit into the dtype of the others, but
    is compared as it is; an integer has no negative power."""
    found = list(args)
    if not op.elementwise or all(a.type.kind == "python" for a in args):
        return found
    if op is arithmetic.WHERE and any(a.type.dims for a in args):
        return found  # which cuts off what does not fit
    dtypes = op.operand_dtypes(tuple(a.type for a in args))
    for k, (a, dtype) in enumerate(zip(args, dtypes, strict=True)):
        if isinstance(op.numpy, Infix) and op.numpy.symbol in COMPARISONS:
            if a.type in (INT, LARGE) and dtype in INTEGERS and not views.fits(ctx, a, dtype):
                if isinstance(a, Const) and not -(2**63) <= a.value < 2**64:
                    ctx.fail(TOO_LARGE, "write it as a float")
                found[k] = ctx.build.convert(a, a.type.dtype, "numpy")
        else:
            found[k] = views.in_range(ctx, a, dtype)
    if op is arithmetic.POWER and dtypes[0] in SIGNED:
        check_exponent(ctx, found[1])
    return found


def check_exponent(ctx: Context, y: Atom) -> None:
    if (isinstance(y, Const) and y.value >= 0) or y.type.dtype not in SIGNED:
        return
    fits = expr.binary(ctx.build, ">=", y, constant(0))
    if fits.type.dims:
        fits = expr.call(ctx.build, "all", [fits], {})
    wrong = "Integers to negative integer powers are not allowed."
    ctx.check(as_python(ctx, fits), "ValueError", wrong)


def shifted(ctx: Context, symbol: str, x: Atom, y: Atom) -> Atom:
    """`x << y` of Python integers, whose bits have no end, and `x >> y`."""
    build = ctx.build
    if x.type.is_float or y.type.is_float:
        ctx.fail(f"{symbol} is of integers")
    x, y = (build.convert(a, INT.dtype, INT.kind) for a in (x, y))
    if not build.facts.nonnegative(build.dim(y)):
        proper = expr.binary(build, ">=", y, constant(0))
        ctx.check(proper, "ValueError", "negative shift count")
    if symbol == "<<":
        size = expr.call(build, "absolute", [build.convert(x, "float64", "python")], {})
        power = expr.binary(build, "**", constant(2.0), build.convert(y, "float64", "python"))
        small = expr.binary(build, "<", expr.binary(build, "*", size, power), constant(2.0**63))
        none = expr.binary(build, "==", x, constant(0))
        fits = expr.binary(build, "|", none, as_python(ctx, small))
        ctx.check(fits, "OverflowError", TOO_LARGE)
    return expr.binary(build, symbol, x, y)


SMALL = 2**31


def tame(ctx: Context, atom: Atom) -> bool:
    """Is the integer bounded by what fits into memory or into the time of a loop?

    Sizes and loop indices are, and small multiples and sums of them; products of two still fit.
    """
    if isinstance(atom, Const):
        return abs(atom.value) < SMALL
    if not atom.type.is_index:
        return atom.type.dtype == "bool"
    form = ctx.build.dim(atom)
    known = all(s in ctx.tame or ctx.is_size(s) for s in form.symbols())
    return known and all(abs(c) < SMALL for _, c in form.terms) and abs(form.const) < SMALL


def check_range(ctx: Context, symbol: str, x: Atom, y: Atom) -> None:
    """Python's integers have no bounds, ours have 64 bits: beyond them is an OverflowError."""
    wild = [a for a in (x, y) if not tame(ctx, a)]
    if symbol in ("+", "-") and len(wild) < 2:
        return
    if symbol == "*" and (not wild or any(a in UNITS for a in (x, y))):
        return
    build = ctx.build
    a, b = (build.convert(v, "float64", "python") for v in (x, y))
    result = expr.call(build, "absolute", [expr.binary(build, symbol, a, b)], {})
    fits = as_python(ctx, expr.binary(build, "<", result, constant(2.0**63)))
    ctx.check(fits, "OverflowError", "this integer does not fit into 64 bits")


UNITS = (constant(0), constant(1), constant(-1))


def check_divisor(ctx: Context, y: Atom) -> None:
    if isinstance(y, Const) and y.value != 0:
        return
    if y.type.is_index:
        form, facts = ctx.build.dim(y), ctx.build.facts
        if facts.positive(form) or facts.positive(-form):
            return
    kind = "float " if y.type.is_float else "complex " if y.type.is_complex else ""
    wrong = f"{kind}division by zero"
    ctx.check(expr.binary(ctx.build, "!=", y, constant(0)), "ZeroDivisionError", wrong)


def power(ctx: Context, x: Atom, y: Atom) -> Atom:
    """`x ** y` of Python numbers, whose result's type depends on the exponent's sign."""
    build = ctx.build
    if not x.type.is_float and not y.type.is_float:
        if isinstance(y, Const) and y.value < 0:
            check_divisor(ctx, x)
            return expr.binary(build, "**", build.convert(x, "float64", "python"), y)
        if not (y.type.is_index and build.facts.nonnegative(build.dim(y))):
            proper = expr.binary(build, ">=", y, constant(0))
            ctx.check(proper, "ValueError", "an integer power needs an exponent of at least 0")
        if not (isinstance(y, Const) and y.value <= (2 if tame(ctx, x) else 1)):
            check_range(ctx, "**", x, y)
        return expr.binary(build, "**", x, y)
    whole = isinstance(y, Const) and float(y.value).is_integer()
    positive = isinstance(x, Const) and x.value > 0
    if not whole and y.type.is_float and not positive:
        real = expr.binary(build, ">=", x, constant(0))
        if not isinstance(y, Const):
            floor = expr.call(build, "floor", [y], {})
            real = expr.binary(build, "|", real, as_python(ctx, expr.binary(build, "==", floor, y)))
        ctx.check(real, "ValueError", "a negative number has no real power of this kind")
    if not positive and not (isinstance(y, Const) and y.value >= 0):
        good = expr.binary(build, "!=", x, constant(0))
        if not isinstance(y, Const):
            good = expr.binary(build, "|", good, expr.binary(build, ">=", y, constant(0)))
        wrong = "0.0 cannot be raised to a negative power"
        ctx.check(good, "ZeroDivisionError", wrong)
    return expr.binary(build, "**", x, y)


def complex_result(ctx: Context, symbol: str, x: Atom, y: Atom) -> Atom:
    """`x + y` and its like, where one of Python's numbers is complex."""
    if symbol not in ("+", "-", "*", "/", "**", "==", "!="):
        ctx.fail(f"Python has no {symbol} of complex numbers", "take their parts, or abs(...)")
    if symbol == "/":
        check_divisor(ctx, y)
    if symbol == "**" and not (isinstance(y, Const) and y.value.imag == 0 <= y.value.real):
        known = expr.binary(ctx.build, "!=", x, constant(0))
        wrong = "0.0 to a negative or complex power"
        ctx.check(known, "ZeroDivisionError", wrong)
    return expr.binary(ctx.build, symbol, x, y)


def conjugate(ctx: Context, atom: Atom) -> Atom:
    """The conjugate of a complex number; a real one is its own."""
    if not atom.type.is_complex:
        return atom
    if isinstance(atom, Const) and atom.type.kind == "python":
        return constant(atom.value.conjugate())
    found = ctx.build.apply(parts.CONJ, atom)
    return ctx.build.convert(found, atom.type.dtype, atom.type.kind)


def as_python(ctx: Context, atom: Atom) -> Atom:
    """The same number as a Python bool, int or float."""
    if atom.type.is_integer:
        return whole(ctx, atom)
    wide = {"float32": "float64", "complex64": "complex128"}.get(atom.type.dtype, atom.type.dtype)
    return ctx.build.convert(atom, wide, "python")
