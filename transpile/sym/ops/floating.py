"""NumPy's functions of floats that go by their bits, and logarithms of sums of exponentials."""

from __future__ import annotations

from transpile.sym.ops.table import Call, elementwise, op

FABS = op("fabs(x)", numpy=Call("np.fabs"), c=Call("fabs{f}"), type=elementwise, ufunc="fabs",
          math="fabs", vjp={"x": "g * sign(x)"}, domain={"x": (0.5, 2.0)})  # fmt: skip

FLOAT_POWER = op(
    "float_power(x, y)",
    numpy=Call("np.float_power"),
    c=Call("pow{f}"),
    type=elementwise,
    ufunc="float_power",
    vjp={
        "x": "g * where(y == 0, 0, y * float_power(x, where(y == 0, 1, y - 1)))",
        "y": "g * where(x == 0, 0, out * log(where(x == 0, 1, x)))",
    },
    domain={"x": (0.5, 2.0), "y": (0.5, 2.0)},
    cost=20,
)

FMOD = op(
    "fmod(x, y)",
    numpy=Call("np.fmod"),
    c=Call("fmod_{t}"),
    helper="""\
static inline {T} fmod_{t}({T} x, {T} y)
{{
#if {float}
    return fmod{f}(x, y);
#elif {unsigned}
    return y == 0 ? 0 : x % y;
#else
    return y == 0 || y == -1 ? 0 : x % y;
#endif
}}
""",
    type=elementwise,
    ufunc="fmod",
    vjp={"x": "g", "y": "-(g * trunc(x / y))"},
    domain={"x": (2.1, 2.3), "y": (0.8, 1.0)},
    cost=10,
)

FMAX = op(
    "fmax(x, y)",
    numpy=Call("np.fmax"),
    c=Call("fmax_{t}"),
    helper="""\
static inline {T} fmax_{t}({T} x, {T} y)
{{
#if {float}
    return x >= y || y != y ? x : y;
#else
    return x >= y ? x : y;
#endif
}}
""",
    type=elementwise,
    ufunc="fmax",
    vjp={"x": "where((x >= y) | (y != y), g, 0)", "y": "where((x >= y) | (y != y), 0, g)"},
)

FMIN = op(
    "fmin(x, y)",
    numpy=Call("np.fmin"),
    c=Call("fmin_{t}"),
    helper="""\
static inline {T} fmin_{t}({T} x, {T} y)
{{
#if {float}
    return x <= y || y != y ? x : y;
#else
    return x <= y ? x : y;
#endif
}}
""",
    type=elementwise,
    ufunc="fmin",
    vjp={"x": "where((x <= y) | (y != y), g, 0)", "y": "where((x <= y) | (y != y), 0, g)"},
)

COPYSIGN = op("copysign(x, y)", numpy=Call("np.copysign"), c=Call("copysign{f}"),
              type=elementwise, ufunc="copysign", math="copysign",
              vjp={"x": "g * sign(x) * copysign(1, y)", "y": "0"},
              domain={"x": (0.5, 2.0), "y": (0.5, 2.0)})  # fmt: skip

SIGNBIT = op(
    "signbit(x)",
    numpy=Call("np.signbit"),
    c=Call("signbit_{t}"),
    helper="""\
static inline bool signbit_{t}({T} x)
{{
    return signbit(x) != 0;
}}
""",
    type=elementwise,
    ufunc="signbit",
    vjp={"x": "0"},
)

NEXTAFTER = op("nextafter(x, y)", numpy=Call("np.nextafter"), c=Call("nextafter{f}"),
               type=elementwise, ufunc="nextafter", math="nextafter",
               vjp={"x": "g", "y": "0"}, domain={"x": (0.5, 1.0), "y": (2.0, 3.0)})  # fmt: skip

SPACING = op(
    "spacing(x)",
    numpy=Call("np.spacing"),
    c=Call("spacing_{t}"),
    helper="""\
// From x to the next number away from zero.
static inline {T} spacing_{t}({T} x)
{{
    return x == 0 ? nextafter{f}(0, 1) : nextafter{f}(x, x < 0 ? -INFINITY : INFINITY) - x;
}}
""",
    type=elementwise,
    ufunc="spacing",
    vjp={"x": "0"},
)

LDEXP = op(
    "ldexp(x, i)",
    numpy=Call("np.ldexp"),
    c=Call("ldexp_{t}"),
    helper="""\
// x * 2 ** i
static inline {T} ldexp_{t}({T} x, int64_t i)
{{
    return ldexp{f}(x, i > 9999 ? 9999 : i < -9999 ? -9999 : (int)i);
}}
""",
    type=elementwise,
    ufunc="ldexp",
    vjp={"x": "ldexp(g, i)", "i": "0"},
    cost=5,
)

HEAVISIDE = op(
    "heaviside(x, h)",
    numpy=Call("np.heaviside"),
    c=Call("heaviside_{t}"),
    helper="""\
static inline {T} heaviside_{t}({T} x, {T} h)
{{
    return x > 0 ? 1 : x < 0 ? 0 : x == 0 ? h : x;
}}
""",
    type=elementwise,
    ufunc="heaviside",
    vjp={"x": "0", "h": "where(x == 0, g, 0)"},
    domain={"x": (0.5, 2.0)},
)

DEG2RAD = op(
    "deg2rad(x)",
    numpy=Call("np.deg2rad"),
    c=Call("deg2rad_{t}"),
    helper="""\
static inline {T} deg2rad_{t}({T} x)
{{
    return x * (({T})3.14159265358979323846 / 180);
}}
""",
    type=elementwise,
    ufunc="deg2rad",
    math="radians",
    aliases=("radians",),
    vjp={"x": "g * 0.017453292519943295"},
)

RAD2DEG = op(
    "rad2deg(x)",
    numpy=Call("np.rad2deg"),
    c=Call("rad2deg_{t}"),
    helper="""\
static inline {T} rad2deg_{t}({T} x)
{{
    return x * (180 / ({T})3.14159265358979323846);
}}
""",
    type=elementwise,
    ufunc="rad2deg",
    math="degrees",
    aliases=("degrees",),
    vjp={"x": "g * 57.29577951308232"},
)

# x - out is not a number where both are the same infinity.
LOGADDEXP = op(
    "logaddexp(x, y)",
    numpy=Call("np.logaddexp"),
    c=Call("logaddexp_{t}"),
    helper="""\
static inline {T} logaddexp_{t}({T} x, {T} y)
{{
    if (x == y) return x + ({T})0.6931471805599453;
    {T} d = x - y;
    return d > 0 ? x + log1p{f}(exp{f}(-d)) : d <= 0 ? y + log1p{f}(exp{f}(d)) : d;
}}
""",
    type=elementwise,
    ufunc="logaddexp",
    vjp={
        "x": "g * exp(where(x == out, 0, x - out))",
        "y": "g * exp(where(y == out, 0, y - out))",
    },
    cost=40,
)

LOGADDEXP2 = op(
    "logaddexp2(x, y)",
    numpy=Call("np.logaddexp2"),
    c=Call("logaddexp2_{t}"),
    helper="""\
static inline {T} logaddexp2_{t}({T} x, {T} y)
{{
    const {T} log2e = ({T})1.4426950408889634;
    if (x == y) return x + 1;
    {T} d = x - y;
    return d > 0 ? x + log2e * log1p{f}(exp2{f}(-d))
                 : d <= 0 ? y + log2e * log1p{f}(exp2{f}(d)) : d;
}}
""",
    type=elementwise,
    ufunc="logaddexp2",
    vjp={
        "x": "g * exp2(where(x == out, 0, x - out))",
        "y": "g * exp2(where(y == out, 0, y - out))",
    },
    cost=40,
)

LOGICAL_XOR = op(
    "logical_xor(x, y)",
    numpy=Call("np.logical_xor"),
    c=Call("logical_xor_{t}"),
    helper="""\
static inline bool logical_xor_{t}({T} x, {T} y)
{{
    return (x != 0) != (y != 0);
}}
""",
    type=elementwise,
    ufunc="logical_xor",
    vjp={"x": "0", "y": "0"},
)

DIVISOR = """\
{about}
static inline {{T}} {name}_{{t}}({{T}} x, {{T}} y)
{{{{
#if {{signed}}
    uint64_t a = x < 0 ? -(uint64_t)x : (uint64_t)x, b = y < 0 ? -(uint64_t)y : (uint64_t)y;
#else
    uint64_t a = x, b = y;
#endif
{start}    while (b != 0) {{{{
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }}}}
    return {result};
}}}}
"""

GCD = op("gcd(x, y)", numpy=Call("np.gcd"), c=Call("gcd_{t}"), type=elementwise, ufunc="gcd",
         helper=DIVISOR.format(about="// The greatest common divisor.", name="gcd", start="",
                               result="({T})a"),
         vjp={"x": "0", "y": "0"}, cost=100)  # fmt: skip

LCM = op("lcm(x, y)", numpy=Call("np.lcm"), c=Call("lcm_{t}"), type=elementwise, ufunc="lcm",
         helper=DIVISOR.format(about="// The least common multiple.", name="lcm",
                               start="    const uint64_t first = a, second = b;\n",
                               result="a == 0 ? 0 : ({T})(first / a * second)"),
         vjp={"x": "0", "y": "0"}, cost=100)  # fmt: skip
