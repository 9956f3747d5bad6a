"""What stands before the kernel: includes, vector maths, and the helpers that are used."""

from __future__ import annotations

import cmath
import re
import textwrap
from collections.abc import Iterable, Sequence

from transpile.emit_c.expression import TYPES
from transpile.emit_c.vector import declarations
from transpile.loops.context import MATH_NAMES
from transpile.loops.nest import (
    Bind,
    Expr,
    Fill,
    Invoke,
    Kernel,
    Lit,
    Overflow,
    Perform,
    Print,
    Reserve,
    Stmt,
    dtype_of,
)
from transpile.loops.walk import expressions, parts, statements
from transpile.sym.ops import Host, Routine, lapack, shape
from transpile.sym.ops.table import Op
from transpile.sym.types import COMPLEX, FLOATS, SIGNED, UNSIGNED, real_dtype

ROOM = """\
// Bytes that `take` takes for `count` elements, or more than any machine has.
static inline int64_t room(int64_t count, size_t size)
{
    const int64_t most = INT64_C(1) << 52;
    int64_t bytes;
    if (__builtin_mul_overflow(count, (int64_t)size, &bytes) || bytes > most) return most;
    return (bytes + 63) / 64 * 64;
}
"""

ELEMENTS = """\
// m * n, or the greatest integer where that is not one.
static inline int64_t elements(int64_t m, int64_t n)
{
    int64_t count;
    return __builtin_mul_overflow(m, n, &count) ? INT64_MAX : count;
}
"""

TAKE = """\
// The next `count` elements of the scratch, which nothing else points to, aligned to 64 bytes.
__attribute__((malloc, noinline)) static void *take(char **scratch, int64_t count, size_t size)
{
    void *start = *scratch;
    *scratch += ((size_t)count * size + 63) / 64 * 64;
    return start;
}
"""

EXTENT = """\
static inline int64_t extent(int64_t n)
{
    return n > 0 ? n : 0;
}
"""

AT_LEAST = """\
// Memory that every round of a loop takes, as much as the largest has taken.
typedef struct {
    void *start;
    int64_t bytes;
} Buffer;

static void *at_least(Caller *caller, Buffer *buffer, int64_t bytes)
{
    if (buffer->start == NULL || buffer->bytes < bytes) {
        buffer->bytes = buffer->start == NULL ? bytes : 2 * bytes;
        buffer->start = caller->more(caller, buffer->bytes);
    }
    return buffer->start;
}
"""

CALLER = """\
// What the caller does when it is asked; NULL where it has no memory for it.
typedef struct Caller {
    // Memory, until the kernel returns, aligned to 64 bytes.
    void *(*more)(struct Caller *caller, int64_t bytes);
    // The elements of this result, which has this shape.
    void *(*result)(struct Caller *caller, int64_t number, const int64_t *shape);
} Caller;
"""

TOLD = """\
// A number that the caller is told.
typedef union {
    double real;
    int64_t integer;
} Value;

"""
TELL = """\
    // Warns, as the warning of this number says, of these values; 0 unless that is an error.
    int (*tell)(struct Caller *caller, int64_t number, const Value *values);
} Caller;
"""

COMMON = {"extent": EXTENT, "elements": ELEMENTS, "room": ROOM, "take": TAKE, "at_least": AT_LEAST}

HELPERS = {
    "from_left": """\
// An index into n elements; a negative one counts from the end.
static inline int64_t from_left(int64_t i, int64_t n)
{
    return i < 0 ? i + n : i;
}
""",
    "slice_start": """\
// Where `start:...:step` of n elements begins.
static inline int64_t slice_start(int64_t start, int64_t step, int64_t n)
{
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
    if (start < 0) start += n;
    return start < low ? low : start > high ? high : start;
}
""",
    "range_length": """\
static inline int64_t range_length(int64_t start, int64_t stop, int64_t step)
{
    if (step > 0) return start < stop ? (stop - start - 1) / step + 1 : 0;
    return step < 0 && stop < start ? (start - stop - 1) / -step + 1 : 0;
}
""",
    "order": """\
// Is x below, at or above y? -1, 0 or 1, with no loss.
static inline int order(int64_t x, uint64_t y)
{
    return x < 0 || (uint64_t)x < y ? -1 : (uint64_t)x > y;
}
""",
}

INTEGER_OF = {
    "int32_of": """\
// NumPy's conversion: what does not fit becomes the least integer.
static inline int32_t int32_of(double x)
{
    return x >= -2147483648.0 && x < 2147483648.0 ? (int32_t)x : INT32_MIN;
}
""",
    "int64_of": """\
// NumPy's conversion: what does not fit becomes the least integer.
static inline int64_t int64_of(double x)
{
    return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (int64_t)x : INT64_MIN;
}
""",
    "uint64_of": """\
// NumPy's conversion: a negative number that is no less than any int64 wraps around.
static inline uint64_t uint64_of(double x)
{
    const uint64_t half = (uint64_t)1 << 63;
    if (x >= 9223372036854775808.0) return x < 18446744073709551616.0 ? (uint64_t)x : 0;
    return x >= -9223372036854775808.0 ? (uint64_t)(int64_t)x : half;
}
""",
}

POWER_OVERFLOW = """\
// x ** y for y >= 0; true where that does not fit.
static inline bool power_overflow(int64_t x, int64_t y, int64_t *result)
{
    bool lost = false;
    *result = 1;
    for (; y > 0; y /= 2) {
        if (y % 2 == 1) lost |= __builtin_mul_overflow(*result, x, result);
        if (y > 1) lost |= __builtin_mul_overflow(x, x, &x);
    }
    return lost;
}
"""

PRINT_FLOAT = """\
// The fewest digits that read back as x, as Python prints it.
static void print_float(double x, bool single)
{
    char text[40];
    int digits = 1;
    if (!isfinite(x)) {
        fputs(isnan(x) ? "nan" : x > 0 ? "inf" : "-inf", stdout);
        return;
    }
    for (; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, x);
        if (single ? strtof(text, NULL) == (float)x : strtod(text, NULL) == x) break;
    }
    int power = atoi(strchr(text, 'e') + 1);
    if (power < -4 || power >= 16) {
        fputs(text, stdout);
    } else {
        printf("%.*f", digits - 1 > power ? digits - 1 - power : 1, x);
    }
}
"""
PRINT_FORMATTED = """\
// As C prints x, but that NaN has no sign.
static void print_formatted(const char *format, double x)
{
    printf(format, isnan(x) ? fabs(x) : x);
}
"""


LOOP = """\
// A loop of NumPy's over stacks of matrices or of rows: args say where the operands are, then the
// result; extents how many there are in the stack and how long the axes are; steps how many bytes
// are from one of a stack to the next, for each operand, then from one element of an axis.
typedef struct {
    void (*run)(char **args, const int64_t *extents, const int64_t *steps, void *data);
    void *data;
} Loop;
"""
HOST = "// Functions whose addresses the caller gives.\n"
CALLED = {  # by the beginning of their names, what they do
    "d": "// LAPACK's and BLAS's are as their documents say.\n",
    "s": "// LAPACK's and BLAS's are as their documents say.\n",
}


class Preamble:
    """Collects what the text of a kernel needs."""

    def __init__(self, kernel: Kernel, body: str) -> None:
        self.kernel, self.body = kernel, body
        self.includes = {"stdint"}
        self.helpers: dict[str, str] = {}
        self.needed: dict[str, None] = {}
        for stmt in statements((*kernel.planned, *kernel.body)):
            self.statement(stmt)
        for name, helper in COMMON.items():
            if f"{name}(" in body:
                self.helpers[name] = helper
        if uses_bool(kernel):
            self.includes.add("stdbool")

    def statement(self, stmt: Stmt) -> None:
        match stmt:
            case Overflow(symbol="**"):
                self.helpers["power_overflow"] = POWER_OVERFLOW
                self.includes.add("stdbool")
            case Print(number=0):
                self.print(stmt)
            case Print():
                self.includes.add("stddef")
            case Fill():
                self.includes.add("string")
            case Perform():
                self.helper(stmt.op, stmt.at)
            case Bind() | Reserve():
                self.includes.add("stddef")
            case _:
                pass
        for expr in expressions(stmt):
            for part in parts(expr):
                self.expression(part)

    def print(self, stmt: Print) -> None:
        self.includes.add("stdio")
        formats = stmt.formats or ("",) * len(stmt.parts)
        for part, how in zip(stmt.parts, formats, strict=True):
            if not isinstance(part, str) and dtype_of(part) in FLOATS:
                self.includes |= {"math"} if how else {"stdlib", "string", "math", "stdbool"}
                name = "print_formatted" if how else "print_float"
                self.helpers[name] = PRINT_FORMATTED if how else PRINT_FLOAT

    def expression(self, part: Expr) -> None:
        match part:
            case Lit() if part.dtype in (*FLOATS, *COMPLEX):
                if not cmath.isfinite(part.value):
                    self.includes.add("math")
            case Lit() if part.dtype == "bool":
                self.includes.add("stdbool")
            case Invoke(op=Op() as op):
                self.helper(op, part.at)
            case Invoke(name=name) if name in HELPERS:
                self.helpers[name] = HELPERS[name]
            case Invoke(name=name) if name in INTEGER_OF:
                self.helpers[name] = INTEGER_OF[name]
            case Invoke():
                self.includes.add("math")
            case _:
                pass

    def helper(self, op: Op, dtype: str) -> None:
        """The operator's own C function at a dtype."""
        own = dtype in COMPLEX and not isinstance(op.c, Host | Routine)
        text = instance(op.complex if own else op.helper, dtype)
        name = f"{op.name}_{dtype}" if op is not shape.SLICE_LENGTH else op.name
        self.helpers[name] = text
        for needs in op.needs:
            needed = instance(needs, dtype)
            self.needed[needed] = None
            text += needed
        if MATH_NAMES.intersection(re.findall(r"(\w+)\(", text)):
            self.includes.add("math")
        if "bool" in text:
            self.includes.add("stdbool")

    def is_complex(self) -> bool:
        return any(word in part for word in ("complex ", "CMPLX")
                   for part in (self.body, *self.helpers.values()))  # fmt: skip

    def text(self) -> str:
        """All of it, ending in an empty line."""
        if self.is_complex():
            self.includes.add("complex")
        blocks = ["".join(f"#include <{name}.h>\n" for name in sorted(self.includes))]
        tells = bool(self.kernel.signature.tells)
        blocks += [TOLD + CALLER.replace("} Caller;\n", TELL)] if tells else []
        blocks += [CALLER] if self.kernel.asks and not tells else []
        blocks += host(self.kernel.signature.host)
        vector = declarations(self.kernel)
        blocks += [vector] if vector else []
        blocks += self.needed
        blocks += [self.helpers[name] for name in sorted(self.helpers)]
        return "\n".join(blocks)


def host(names: Sequence[str]) -> list[str]:
    """The table of the functions that the caller gives."""
    if not names:
        return []
    lines: list[str] = []
    for name in names:
        kept = f"{lapack.declared(name)};".replace(" *", "\0*")  # a pointer stays with its type
        wrapped = textwrap.wrap(kept, 100, initial_indent="    ", subsequent_indent=" " * 8)
        lines += [line.replace("\0", " ") for line in wrapped]
    told = dict.fromkeys(
        t for name in names for start, t in CALLED.items() if name.startswith(start)
    )
    opened = HOST + "".join(told) + "typedef struct {"
    loops = [LOOP] if any(map(lapack.is_loop, names)) else []
    return [*loops, "\n".join([opened, *lines, "} Host;", ""])]


def uses_bool(kernel: Kernel) -> bool:
    written = statements((*kernel.planned, *kernel.body))
    locals_: Iterable[str] = (s.local.dtype for s in written if hasattr(s, "local"))
    return "bool" in {*(p.dtype for p in (*kernel.params, *kernel.outs)), *locals_,
                      *(r.dtype for r in kernel.rooms)}  # fmt: skip


def instance(helper: str, dtype: str) -> str:
    """A helper's text at a dtype, with its `#if {float}` decided."""
    words = helper.format(
        T=TYPES[dtype], t=dtype, f="f" if dtype in ("float32", "complex64") else "",
        R=TYPES[real_dtype(dtype)], Z="CMPLXF" if dtype == "complex64" else "CMPLX",
        float=int(dtype in FLOATS), complex=int(dtype in COMPLEX), signed=int(dtype in SIGNED),
        unsigned=int(dtype in UNSIGNED),
        infinite={"int32": "INT32_MIN", "int64": "INT64_MIN"}.get(dtype, "0"),
        abs="cabs" if dtype in COMPLEX else "fabs",
        **lapack.words(dtype),
    )  # fmt: skip
    kept: list[str] = []
    writing, decided = True, False
    for line in words.splitlines(keepends=True):
        match line.strip():
            case "#if 1" | "#if 0" as head:
                writing = decided = head == "#if 1"
            case "#elif 1" | "#elif 0" as head:
                writing = not decided and head == "#elif 1"
                decided = decided or writing
            case "#else":
                writing = not decided
            case "#endif":
                writing = True
            case _:
                if writing:
                    kept.append(line)
    return "".join(kept)
