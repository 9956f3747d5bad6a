"""Vector maths: what lets gcc call glibc's vector versions of functions in loops that run in lanes.

    __attribute__((simd("notinbranch"))) double sin(double);

gcc makes one `sincos` of the sine and the cosine of one number, of which there is no vector
version. Where a loop takes both, the cosine goes by a name that gcc knows nothing of.

`x && y` takes `y` only where `x` is true, which keeps gcc from lanes. NumPy's `and` takes both, and
so does `x & y`, which is what such loops have.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from transpile.loops.nest import Binary, Expr, Invoke, Kernel, Loop, Stmt, dtype_of
from transpile.loops.walk import reads, rebuild, statements, with_bodies, with_expressions

VECTOR = {"cos": 1, "exp": 1, "log": 1, "pow": 2, "sin": 1}  # how many arguments each takes
NEWER = {  # those that glibc has since 2.35
    "acos": 1, "acosh": 1, "asin": 1, "asinh": 1, "atan": 1, "atan2": 2, "atanh": 1, "cbrt": 1,
    "cosh": 1, "erf": 1, "erfc": 1, "exp2": 1, "expm1": 1, "hypot": 2, "log10": 1, "log1p": 1,
    "log2": 1, "sinh": 1, "tan": 1, "tanh": 1,
}  # fmt: skip
APART = {"cos": "sin", "cosf": "sinf"}  # what would become one with what

BOTH = {"&&": "&", "||": "|"}

TOLD = """\
// Vector versions of these are in glibc's libmvec.
#if defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__) && defined(__x86_64__)
{declared}#endif
"""
TOLD_APART = """\
// Vector versions of these are in glibc's libmvec; of sincos, which gcc would make of two, is none.
#if defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__) && defined(__x86_64__)
{declared}#else
{named}#endif
"""
TOLD_NEWER = """\
// Vector versions of these are in glibc's libmvec since 2.35.
#if defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__) && defined(__x86_64__)
#if __GLIBC__ > 2 || __GLIBC_MINOR__ >= 35
{declared}#endif
#endif
"""


def apart(kernel: Kernel) -> Kernel:
    """The kernel with cosines by another name in loops in lanes that take sines too."""
    return replace(kernel, body=separated(kernel.body, False))


def separated(body: tuple[Stmt, ...], both: bool) -> tuple[Stmt, ...]:
    done = []
    for stmt in body:
        names = {p.name for p in reads((stmt,)) if isinstance(p, Invoke) and in_lanes(stmt)}
        here = both or any({cos, sin} <= names for cos, sin in APART.items())
        stmt = with_expressions(stmt, renamed) if here else stmt
        done.append(with_bodies(stmt, partial(separated, both=here)))
    return tuple(done)


def at_once(kernel: Kernel) -> Kernel:
    """The kernel with both sides taken of what is `and` or `or` in loops in lanes."""
    return replace(kernel, body=taken(kernel.body, False))


def taken(body: tuple[Stmt, ...], lanes: bool) -> tuple[Stmt, ...]:
    done = []
    for stmt in body:
        here = lanes or in_lanes(stmt)
        stmt = with_expressions(stmt, both) if lanes else stmt
        done.append(with_bodies(stmt, partial(taken, lanes=here)))
    return tuple(done)


def both(expr: Expr) -> Expr:
    expr = rebuild(expr, both)
    if not isinstance(expr, Binary) or expr.symbol not in BOTH:
        return expr
    truths = dtype_of(expr.left) == dtype_of(expr.right) == "bool"
    return replace(expr, symbol=BOTH[expr.symbol]) if truths else expr


def in_lanes(stmt: Stmt) -> bool:
    return isinstance(stmt, Loop) and stmt.simd is not None


def renamed(expr: Expr) -> Expr:
    expr = rebuild(expr, renamed)
    if isinstance(expr, Invoke) and expr.name in APART:
        return replace(expr, name=f"{expr.name}_apart")
    return expr


def called(kernel: Kernel) -> Iterator[Invoke]:
    """The calls in loops that run in lanes."""
    for stmt in statements(kernel.body):
        if in_lanes(stmt):
            yield from (p for p in reads((stmt,)) if isinstance(p, Invoke) and p.op is None)


def declarations(kernel: Kernel) -> str:
    """What tells gcc of the vector versions; empty where none is called."""
    declared: dict[str, str] = {}
    newer: dict[str, str] = {}
    named: dict[str, str] = {}
    for call in called(kernel):
        name = call.name.removesuffix("_apart")
        base = name.removesuffix("f") if call.dtype == "float32" else name
        count = VECTOR.get(base) or NEWER.get(base)
        if count is None:
            continue
        word = "float" if call.dtype == "float32" else "double"
        kind, label = 'simd("notinbranch")', ""
        if call.name != name:
            kind, label = f"{kind}, const", f' __asm__("{name}")'
            named[name] = f"#define {call.name} {name}\n"
        args = ", ".join([word] * count)
        told = f"__attribute__(({kind})) {word} {call.name}({args}){label};\n"
        (declared if base in VECTOR else newer)[call.name] = told
    blocks = []
    if named:
        blocks.append(TOLD_APART.format(declared=in_order(declared), named=in_order(named)))
    elif declared:
        blocks.append(TOLD.format(declared=in_order(declared)))
    if newer:
        blocks.append(TOLD_NEWER.format(declared=in_order(newer)))
    return "\n".join(blocks)


def in_order(lines: dict[str, str]) -> str:
    return "".join(lines[name] for name in sorted(lines))
