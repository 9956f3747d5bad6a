"""Python's and NumPy's operators, comparisons, and the choice between two values."""

from __future__ import annotations

from transpile.sym.ops.table import Call, Infix, Prefix, elementwise, op, select

ADD = op("add(x, y)", numpy=Infix("+"), c=Infix("+"), type=elementwise, ufunc="add",
         vjp={"x": "g", "y": "g"})  # fmt: skip

SUBTRACT = op("subtract(x, y)", numpy=Infix("-"), c=Infix("-"), type=elementwise,
              ufunc="subtract", vjp={"x": "g", "y": "-g"})  # fmt: skip

MULTIPLY = op(
    "multiply(x, y)",
    numpy=Infix("*"),
    c=Infix("*"),
    complex="""\
// As NumPy multiplies; C would look for infinities besides.
static inline {T} multiply_{t}({T} x, {T} y)
{{
    {R} a = creal{f}(x), b = cimag{f}(x), c = creal{f}(y), d = cimag{f}(y);
    return {Z}(a * c - b * d, a * d + b * c);
}}
""",
    type=elementwise,
    ufunc="multiply",
    vjp={"x": "g * y", "y": "g * x"},
)

TRUE_DIVIDE = op(
    "true_divide(x, y)",
    numpy=Infix("/"),
    c=Infix("/"),
    complex="""\
// As NumPy divides: Smith's formula.
static inline {T} true_divide_{t}({T} x, {T} y)
{{
    {R} a = creal{f}(x), b = cimag{f}(x), c = creal{f}(y), d = cimag{f}(y);
    if (c == 0 && d == 0) return {Z}(a / fabs{f}(c), b / fabs{f}(c));
    if (fabs{f}(c) >= fabs{f}(d)) {{
        {R} ratio = d / c, scale = 1 / (c + d * ratio);
        return {Z}((a + b * ratio) * scale, (b - a * ratio) * scale);
    }}
    {R} ratio = c / d, scale = 1 / (d + c * ratio);
    return {Z}((a * ratio + b) * scale, (b * ratio - a) * scale);
}}
""",
    type=elementwise,
    ufunc="true_divide",
    vjp={"x": "g / y", "y": "-(g * (out / y))"},
    aliases=("divide",),
    domain={"y": (0.5, 2.0)},
    cost=8,
)

# NumPy's npy_divmod: the remainder has the sign of the divisor, and x // 0 is x / 0 for floats
# and 0 for integers.
FLOOR_DIVIDE = op(
    "floor_divide(x, y)",
    numpy=Infix("//"),
    c=Call("floor_divide_{t}"),
    helper="""\
static inline {T} floor_divide_{t}({T} x, {T} y)
{{
#if {float}
    if (y == 0) return x / y;
    {T} r = fmod{f}(x, y);
    {T} q = (x - r) / y;
    if (r != 0 && (y < 0) != (r < 0)) q -= 1;
    if (q == 0) return copysign{f}(0, x / y);
    {T} whole = floor{f}(q);
    return q - whole > ({T})0.5 ? whole + 1 : whole;
#elif {unsigned}
    return y == 0 ? 0 : x / y;
#else
    if (y == 0) return 0;
    if (y == -1) return ({T})-x;
    {T} q = ({T})(x / y);
    return ({T})(q - ((x < 0) != (y < 0) && q * y != x));
#endif
}}
""",
    type=elementwise,
    ufunc="floor_divide",
    vjp={"x": "0", "y": "0"},
    domain={"y": (0.5, 2.0)},
    cost=10,
)

REMAINDER = op(
    "remainder(x, y)",
    numpy=Infix("%"),
    c=Call("remainder_{t}"),
    helper="""\
static inline {T} remainder_{t}({T} x, {T} y)
{{
#if {float}
    {T} r = fmod{f}(x, y);
    if (y == 0) return r;
    if (r == 0) return copysign{f}(0, y);
    return (y < 0) != (r < 0) ? r + y : r;
#elif {unsigned}
    return y == 0 ? 0 : x % y;
#else
    if (y == 0 || y == -1) return 0;
    {T} r = x % y;
    return (y > 0 ? r < 0 : r > 0) ? r + y : r;
#endif
}}
""",
    type=elementwise,
    ufunc="remainder",
    aliases=("mod",),
    vjp={"x": "g", "y": "-(g * (x // y))"},
    domain={"y": (0.5, 2.0)},
    cost=10,
)

POWER = op(
    "power(x, y)",
    numpy=Infix("**"),
    c=Call("power_{t}"),
    helper="""\
static inline {T} power_{t}({T} x, {T} y)
{{
#if {float}
    return y == 2 ? x * x : y == 3 ? x * x * x : y == -1 ? 1 / x : pow{f}(x, y);
#else
    {T} r = 1;
    for (; y > 0; y /= 2, x *= x)
        if (y % 2 == 1) r *= x;
    return r;
#endif
}}
""",
    complex="""\
// As NumPy has it: products for whole exponents below 100.
static inline {T} power_{t}({T} x, {T} y)
{{
    {R} a = creal{f}(x), b = cimag{f}(x), c = creal{f}(y), d = cimag{f}(y);
    if (c == 0 && d == 0) return 1;
    if (a == 0 && b == 0) return c > 0 ? 0 : {Z}(NAN, NAN);
    if (d != 0 || c != trunc{f}(c) || !(fabs{f}(c) < 100)) return cpow{f}(x, y);
    if (c == 1) return x;
    {R} re = a * a - b * b, im = a * b + b * a;
    if (c == 2) return {Z}(re, im);
    if (c == 3) return {Z}(a * re - b * im, a * im + b * re);
    re = 1, im = 0;
    for (int n = (int)fabs{f}(c); n > 0; n /= 2) {{
        {R} old = n % 2 == 1 ? re : 0;
        if (n % 2 == 1) {{
            re = re * a - im * b;
            im = old * b + im * a;
        }}
        old = a;
        a = a * a - b * b;
        b = old * b + b * old;
    }}
    if (c > 0) return {Z}(re, im);
    if (re == 0 && im == 0) return {Z}(1 / fabs{f}(re), im / fabs{f}(re));
    bool flat = fabs{f}(re) >= fabs{f}(im);
    {R} ratio = flat ? im / re : re / im, scale = 1 / (flat ? re + im * ratio : im + re * ratio);
    return flat ? {Z}(scale, -ratio * scale) : {Z}(ratio * scale, -scale);
}}
""",
    type=elementwise,
    ufunc="power",
    aliases=("pow",),
    vjp={
        "x": "g * where(y == 0, 0, y * x ** where(y == 0, 1, y - 1))",
        "y": "g * where(x == 0, 0, out * log(where(x == 0, 1, x)))",
    },
    domain={"x": (0.5, 2.0), "y": (0.5, 2.0)},
    cost=20,
)

NEGATIVE = op("negative(x)", numpy=Prefix("-"), c=Prefix("-"), type=elementwise,
              ufunc="negative", vjp={"x": "-g"})  # fmt: skip

POSITIVE = op("positive(x)", numpy=Prefix("+"), c=Prefix("+"), type=elementwise,
              ufunc="positive", vjp={"x": "g"})  # fmt: skip

# Complex numbers are ordered by their real parts, equal ones by their imaginary parts.
ORDER = """\
static inline bool {name}_{{t}}({{T}} x, {{T}} y)
{{{{
    {{R}} a = creal{{f}}(x), b = cimag{{f}}(x), c = creal{{f}}(y), d = cimag{{f}}(y);
    return a == c ? b {symbol} d : a {strict} c && b == b && d == d;
}}}}
"""

LESS = op("less(x, y)", numpy=Infix("<"), c=Infix("<"), type=elementwise, ufunc="less",
          complex=ORDER.format(name="less", symbol="<", strict="<"),
          vjp={"x": "0", "y": "0"})  # fmt: skip
LESS_EQUAL = op("less_equal(x, y)", numpy=Infix("<="), c=Infix("<="), type=elementwise,
                complex=ORDER.format(name="less_equal", symbol="<=", strict="<"),
                ufunc="less_equal", vjp={"x": "0", "y": "0"})  # fmt: skip
GREATER = op("greater(x, y)", numpy=Infix(">"), c=Infix(">"), type=elementwise,
             complex=ORDER.format(name="greater", symbol=">", strict=">"),
             ufunc="greater", vjp={"x": "0", "y": "0"})  # fmt: skip
GREATER_EQUAL = op("greater_equal(x, y)", numpy=Infix(">="), c=Infix(">="), type=elementwise,
                   complex=ORDER.format(name="greater_equal", symbol=">=", strict=">"),
                   ufunc="greater_equal", vjp={"x": "0", "y": "0"})  # fmt: skip
EQUAL = op("equal(x, y)", numpy=Infix("=="), c=Infix("=="), type=elementwise, ufunc="equal",
           vjp={"x": "0", "y": "0"})  # fmt: skip
NOT_EQUAL = op("not_equal(x, y)", numpy=Infix("!="), c=Infix("!="), type=elementwise,
               ufunc="not_equal", vjp={"x": "0", "y": "0"})  # fmt: skip

BITWISE_AND = op("bitwise_and(x, y)", numpy=Infix("&"), c=Infix("&"), type=elementwise,
                 ufunc="bitwise_and", vjp={"x": "0", "y": "0"})  # fmt: skip
BITWISE_OR = op("bitwise_or(x, y)", numpy=Infix("|"), c=Infix("|"), type=elementwise,
                ufunc="bitwise_or", vjp={"x": "0", "y": "0"})  # fmt: skip
BITWISE_XOR = op("bitwise_xor(x, y)", numpy=Infix("^"), c=Infix("^"), type=elementwise,
                 ufunc="bitwise_xor", vjp={"x": "0", "y": "0"})  # fmt: skip
INVERT = op("invert(x)", numpy=Prefix("~"), c=Prefix("~"), type=elementwise, ufunc="invert",
            aliases=("bitwise_not", "bitwise_invert"), vjp={"x": "0"})  # fmt: skip

# A count of at least the width, or a negative one, moves every bit out.
LEFT_SHIFT = op(
    "left_shift(x, y)",
    numpy=Infix("<<"),
    c=Call("left_shift_{t}"),
    helper="""\
static inline {T} left_shift_{t}({T} x, {T} y)
{{
    return (uint64_t)y < 8 * sizeof x ? ({T})(x << y) : 0;
}}
""",
    type=elementwise,
    ufunc="left_shift",
    aliases=("bitwise_left_shift",),
    vjp={"x": "0", "y": "0"},
)

RIGHT_SHIFT = op(
    "right_shift(x, y)",
    numpy=Infix(">>"),
    c=Call("right_shift_{t}"),
    helper="""\
static inline {T} right_shift_{t}({T} x, {T} y)
{{
#if {unsigned}
    return y < 8 * sizeof x ? ({T})(x >> y) : 0;
#else
    return (uint64_t)y < 8 * sizeof x ? ({T})(x >> y) : x < 0 ? -1 : 0;
#endif
}}
""",
    type=elementwise,
    ufunc="right_shift",
    aliases=("bitwise_right_shift",),
    vjp={"x": "0", "y": "0"},
)

BITWISE_COUNT = op(
    "bitwise_count(x)",
    numpy=Call("np.bitwise_count"),
    c=Call("bitwise_count_{t}"),
    helper="""\
// How many bits of the absolute value are 1.
static inline uint8_t bitwise_count_{t}({T} x)
{{
#if {signed}
    uint64_t left = x < 0 ? -(uint64_t)x : (uint64_t)x;
#else
    uint64_t left = x;
#endif
    uint8_t count = 0;
    for (; left != 0; left &= left - 1) count++;
    return count;
}}
""",
    type=elementwise,
    ufunc="bitwise_count",
    vjp={"x": "0"},
    cost=20,
)

LOGICAL_AND = op("logical_and(x, y)", numpy=Call("np.logical_and"), c=Infix("&&"),
                 type=elementwise, ufunc="logical_and", vjp={"x": "0", "y": "0"})  # fmt: skip
LOGICAL_OR = op("logical_or(x, y)", numpy=Call("np.logical_or"), c=Infix("||"),
                type=elementwise, ufunc="logical_or", vjp={"x": "0", "y": "0"})  # fmt: skip
LOGICAL_NOT = op("logical_not(x)", numpy=Call("np.logical_not"), c=Prefix("!"),
                 type=elementwise, ufunc="logical_not", vjp={"x": "0"})  # fmt: skip

# Python's `not` of a scalar: a Python bool.
NOT = op("not_(x)", numpy=Prefix("not"), c=Prefix("!"), type=elementwise, ufunc="logical_not",
         vjp={"x": "0"})  # fmt: skip

WHERE = op("where(c, x, y)", numpy=Call("np.where"), c=Call("?:"), type=select,
           vjp={"c": "0", "x": "where(c, g, 0)", "y": "where(c, 0, g)"})  # fmt: skip

EXTREME = """\
static inline {{T}} {name}_{{t}}({{T}} x, {{T}} y)
{{{{
    {{R}} a = creal{{f}}(x), b = cimag{{f}}(x), c = creal{{f}}(y), d = cimag{{f}}(y);
    return x != x || (a == c ? b {symbol} d : a {strict} c && d == d) ? x : y;
}}}}
"""

MAXIMUM = op(
    "maximum(x, y)",
    numpy=Call("np.maximum"),
    c=Call("maximum_{t}"),
    helper="""\
static inline {T} maximum_{t}({T} x, {T} y)
{{
#if {float}
    return x > y || x != x ? x : y;
#else
    return x > y ? x : y;
#endif
}}
""",
    complex=EXTREME.format(name="maximum", symbol=">=", strict=">"),
    type=elementwise,
    ufunc="maximum",
    vjp={"x": "where(x >= y, g, 0)", "y": "where(x >= y, 0, g)"},
)

MINIMUM = op(
    "minimum(x, y)",
    numpy=Call("np.minimum"),
    c=Call("minimum_{t}"),
    helper="""\
static inline {T} minimum_{t}({T} x, {T} y)
{{
#if {float}
    return x < y || x != x ? x : y;
#else
    return x < y ? x : y;
#endif
}}
""",
    complex=EXTREME.format(name="minimum", symbol="<=", strict="<"),
    type=elementwise,
    ufunc="minimum",
    vjp={"x": "where(x <= y, g, 0)", "y": "where(x <= y, 0, g)"},
)
