"""The elementary functions, element by element."""

from __future__ import annotations

from typing import Any

from transpile.sym.ops.table import Call, Pull, elementwise, op


def absolute_x(p: Pull) -> Any:
    """Of a complex number its direction, conjugated: the cost moves by the real part of g * dx."""
    turned = "g * (conj(x) / where(out == 0, 1, out))"
    rule = turned if p.args[0].type.is_complex else "g * sign(x)"
    return p.build.text(rule, {"g": p.g, "x": p.args[0], "out": p.out})


ABSOLUTE = op(
    "absolute(x)",
    numpy=Call("np.absolute"),
    c=Call("absolute_{t}"),
    helper="""\
static inline {T} absolute_{t}({T} x)
{{
#if {float}
    return fabs{f}(x);
#elif {signed}
    return x < 0 ? ({T})-x : x;
#else
    return x;
#endif
}}
""",
    complex="""\
// In lanes, as hypot is not: what would overflow or vanish when it is squared is scaled.
static inline {R} absolute_{t}({T} x)
{{
    double a = fabs((double)creal{f}(x)), b = fabs((double)cimag{f}(x)), most = a > b ? a : b;
    double by = most > 0x1p500 ? 0x1p-600 : most < 0x1p-500 ? 0x1p600 : 1;
    double back = most > 0x1p500 ? 0x1p600 : most < 0x1p-500 ? 0x1p-600 : 1;
    double size = sqrt(a * by * (a * by) + b * by * (b * by)) * back;
    return ({R})((a == INFINITY) | (b == INFINITY) ? INFINITY : size);
}}
""",
    type=elementwise,
    ufunc="absolute",
    aliases=("abs",),
    vjp={"x": absolute_x},
    domain={"x": (0.5, 2.0)},
)

SIGN = op(
    "sign(x)",
    numpy=Call("np.sign"),
    c=Call("sign_{t}"),
    helper="""\
static inline {T} sign_{t}({T} x)
{{
#if {unsigned}
    return x > 0;
#else
    return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;
#endif
}}
""",
    complex="""\
static inline {T} sign_{t}({T} x)
{{
    {R} a = creal{f}(x), b = cimag{f}(x), size = hypot{f}(a, b);
    if (size != size || (isinf(a) && isinf(b))) return {Z}(NAN, NAN);
    if (isinf(size)) return isinf(a) ? {Z}(a > 0 ? 1 : -1, 0) : {Z}(0, b > 0 ? 1 : -1);
    return size == 0 ? 0 : {Z}(a / size, b / size);
}}
""",
    type=elementwise,
    ufunc="sign",
    vjp={"x": "0"},
)

SQUARE = op(
    "square(x)",
    numpy=Call("np.square"),
    c=Call("square_{t}"),
    helper="""\
static inline {T} square_{t}({T} x)
{{
    return x * x;
}}
""",
    complex="""\
static inline {T} square_{t}({T} x)
{{
    {R} a = creal{f}(x), b = cimag{f}(x);
    return {Z}(a * a - b * b, a * b + b * a);
}}
""",
    type=elementwise,
    ufunc="square",
    vjp={"x": "g * 2 * x"},
)

RECIPROCAL = op(
    "reciprocal(x)",
    numpy=Call("np.reciprocal"),
    c=Call("reciprocal_{t}"),
    helper="""\
static inline {T} reciprocal_{t}({T} x)
{{
#if {float}
    return 1 / x;
#else
    return x == 0 ? {infinite} : 1 / x;
#endif
}}
""",
    complex="""\
static inline {T} reciprocal_{t}({T} x)
{{
    {R} a = creal{f}(x), b = cimag{f}(x);
    if (fabs{f}(b) <= fabs{f}(a)) {{
        {R} ratio = b / a, size = a + b * ratio;
        return {Z}(1 / size, -ratio / size);
    }}
    {R} ratio = a / b, size = a * ratio + b;
    return {Z}(ratio / size, -1 / size);
}}
""",
    type=elementwise,
    ufunc="reciprocal",
    vjp={"x": "-(g * out * out)"},
    domain={"x": (0.5, 2.0)},
    cost=8,
)

SQRT = op("sqrt(x)", numpy=Call("np.sqrt"), c=Call("sqrt{f}"), type=elementwise, ufunc="sqrt",
          math="sqrt", math_needs="x >= 0", vjp={"x": "g * 0.5 / out"},
          domain={"x": (0.5, 2.0)}, cost=10)  # fmt: skip

SCALED = """\
static inline {{T}} {name}_{{t}}({{T}} x)
{{{{
    const {{R}} {constant};
    {{T}} z = {inner};
    {{R}} a = creal{{f}}(z), b = cimag{{f}}(z);
    return {value};
}}}}
"""

CBRT = op("cbrt(x)", numpy=Call("np.cbrt"), c=Call("cbrt{f}"), type=elementwise, ufunc="cbrt",
          math="cbrt", vjp={"x": "g / (3 * out * out)"}, domain={"x": (0.5, 2.0)},
          cost=20)  # fmt: skip

EXP = op("exp(x)", numpy=Call("np.exp"), c=Call("exp{f}"), type=elementwise, ufunc="exp",
         math="exp", vjp={"x": "g * out"}, cost=20)  # fmt: skip

EXP2 = op("exp2(x)", numpy=Call("np.exp2"), c=Call("exp2{f}"), type=elementwise, ufunc="exp2",
          complex=SCALED.format(name="exp2", inner="x", value="cexp{f}({Z}(ln2 * a, ln2 * b))",
                                constant="ln2 = ({R})0.6931471805599453"),
          math="exp2", vjp={"x": "g * out * 0.6931471805599453"}, cost=20)  # fmt: skip

EXPM1 = op("expm1(x)", numpy=Call("np.expm1"), c=Call("expm1{f}"), type=elementwise,
           complex="""\
static inline {T} expm1_{t}({T} x)
{{
    {R} a = creal{f}(x), b = cimag{f}(x), half = sin{f}(b / 2);
    return {Z}(expm1{f}(a) * cos{f}(b) - 2 * half * half, exp{f}(a) * sin{f}(b));
}}
""",
           ufunc="expm1", math="expm1", vjp={"x": "g * (out + 1)"}, cost=20)  # fmt: skip

LOG = op("log(x)", numpy=Call("np.log"), c=Call("log{f}"), type=elementwise, ufunc="log",
         math="log", math_needs="x > 0", vjp={"x": "g / x"}, domain={"x": (0.5, 2.0)},
         cost=20)  # fmt: skip

LOG2 = op("log2(x)", numpy=Call("np.log2"), c=Call("log2{f}"), type=elementwise, ufunc="log2",
          complex=SCALED.format(name="log2", inner="clog{f}(x)", value="{Z}(a * log2e, b * log2e)",
                                constant="log2e = ({R})1.4426950408889634"),
          math="log2", math_needs="x > 0", vjp={"x": "g / (x * 0.6931471805599453)"},
          domain={"x": (0.5, 2.0)}, cost=20)  # fmt: skip

LOG10 = op("log10(x)", numpy=Call("np.log10"), c=Call("log10{f}"), type=elementwise,
           complex=SCALED.format(name="log10", inner="clog{f}(x)",
                                 value="{Z}(a * log10e, b * log10e)",
                                 constant="log10e = ({R})0.4342944819032518"),
           ufunc="log10", math="log10", math_needs="x > 0",
           vjp={"x": "g / (x * 2.302585092994046)"}, domain={"x": (0.5, 2.0)},
           cost=20)  # fmt: skip

COMPLEX_LOG1P = """\
static inline {T} log1p_{t}({T} x)
{{
    {R} a = creal{f}(x) + 1, b = cimag{f}(x);
    return {Z}(log{f}(hypot{f}(a, b)), atan2{f}(b, a));
}}
"""

LOG1P = op("log1p(x)", numpy=Call("np.log1p"), c=Call("log1p{f}"), type=elementwise,
           complex=COMPLEX_LOG1P, ufunc="log1p", math="log1p", math_needs="x > -1",
           vjp={"x": "g / (1 + x)"}, domain={"x": (-0.5, 2.0)}, cost=20)  # fmt: skip

SIN = op("sin(x)", numpy=Call("np.sin"), c=Call("sin{f}"), type=elementwise, ufunc="sin",
         math="sin", vjp={"x": "g * cos(x)"}, cost=20)  # fmt: skip

COS = op("cos(x)", numpy=Call("np.cos"), c=Call("cos{f}"), type=elementwise, ufunc="cos",
         math="cos", vjp={"x": "-(g * sin(x))"}, cost=20)  # fmt: skip

TAN = op("tan(x)", numpy=Call("np.tan"), c=Call("tan{f}"), type=elementwise, ufunc="tan",
         math="tan", vjp={"x": "g * (1 + out * out)"}, domain={"x": (-1.0, 1.0)},
         cost=20)  # fmt: skip

ARCSIN = op("arcsin(x)", numpy=Call("np.arcsin"), c=Call("asin{f}"), type=elementwise,
            ufunc="arcsin", math="asin", math_needs="abs(x) <= 1", aliases=("asin",),
            vjp={"x": "g / sqrt(1 - x * x)"}, domain={"x": (-0.9, 0.9)}, cost=20)  # fmt: skip

ARCCOS = op("arccos(x)", numpy=Call("np.arccos"), c=Call("acos{f}"), type=elementwise,
            ufunc="arccos", math="acos", math_needs="abs(x) <= 1", aliases=("acos",),
            vjp={"x": "-(g / sqrt(1 - x * x))"}, domain={"x": (-0.9, 0.9)}, cost=20)  # fmt: skip

ARCTAN = op("arctan(x)", numpy=Call("np.arctan"), c=Call("atan{f}"), type=elementwise,
            ufunc="arctan", math="atan", aliases=("atan",), vjp={"x": "g / (1 + x * x)"},
            cost=20)  # fmt: skip

ARCTAN2 = op("arctan2(y, x)", numpy=Call("np.arctan2"), c=Call("atan2{f}"), type=elementwise,
             ufunc="arctan2", math="atan2", aliases=("atan2",),
             vjp={"y": "g * x / (x * x + y * y)", "x": "-(g * y / (x * x + y * y))"},
             domain={"x": (0.5, 2.0)}, cost=25)  # fmt: skip

SINH = op("sinh(x)", numpy=Call("np.sinh"), c=Call("sinh{f}"), type=elementwise, ufunc="sinh",
          math="sinh", vjp={"x": "g * cosh(x)"}, cost=20)  # fmt: skip

COSH = op("cosh(x)", numpy=Call("np.cosh"), c=Call("cosh{f}"), type=elementwise, ufunc="cosh",
          math="cosh", vjp={"x": "g * sinh(x)"}, cost=20)  # fmt: skip

TANH = op("tanh(x)", numpy=Call("np.tanh"), c=Call("tanh{f}"), type=elementwise, ufunc="tanh",
          math="tanh", vjp={"x": "g * (1 - out * out)"}, cost=20)  # fmt: skip

ARCSINH = op("arcsinh(x)", numpy=Call("np.arcsinh"), c=Call("asinh{f}"), type=elementwise,
             ufunc="arcsinh", math="asinh", aliases=("asinh",),
             vjp={"x": "g / sqrt(x * x + 1)"}, cost=20)  # fmt: skip

ARCCOSH = op("arccosh(x)", numpy=Call("np.arccosh"), c=Call("acosh{f}"), type=elementwise,
             ufunc="arccosh", math="acosh", math_needs="x >= 1", aliases=("acosh",),
             vjp={"x": "g / (sqrt(x - 1) * sqrt(x + 1))"}, domain={"x": (1.5, 3.0)},
             cost=20)  # fmt: skip

ARCTANH = op("arctanh(x)", numpy=Call("np.arctanh"), c=Call("atanh{f}"), type=elementwise,
             ufunc="arctanh", math="atanh", math_needs="abs(x) < 1", aliases=("atanh",),
             vjp={"x": "g / (1 - x * x)"}, domain={"x": (-0.9, 0.9)}, cost=20)  # fmt: skip

HYPOT = op("hypot(x, y)", numpy=Call("np.hypot"), c=Call("hypot{f}"), type=elementwise,
           ufunc="hypot", math="hypot", vjp={"x": "g * x / where(out == 0, 1, out)",
                               "y": "g * y / where(out == 0, 1, out)"},
           domain={"x": (0.5, 2.0)}, cost=25)  # fmt: skip

FLOOR = op("floor(x)", numpy=Call("np.floor"), c=Call("floor{f}"), type=elementwise,
           ufunc="floor", vjp={"x": "0"}, domain={"x": (0.1, 0.9)})  # fmt: skip

CEIL = op("ceil(x)", numpy=Call("np.ceil"), c=Call("ceil{f}"), type=elementwise, ufunc="ceil",
          vjp={"x": "0"}, domain={"x": (0.1, 0.9)})  # fmt: skip

TRUNC = op("trunc(x)", numpy=Call("np.trunc"), c=Call("trunc{f}"), type=elementwise,
           ufunc="trunc", vjp={"x": "0"}, domain={"x": (0.1, 0.9)})  # fmt: skip

RINT = op("rint(x)", numpy=Call("np.rint"), c=Call("rint{f}"), type=elementwise, ufunc="rint",
          vjp={"x": "0"}, domain={"x": (0.1, 0.4)})  # fmt: skip

CLASSIFY = """\
static inline bool {name}_{{t}}({{T}} x)
{{{{
#if {{float}}
    return {name}(x);
#else
    (void)x;
    return {whole};
#endif
}}}}
"""

PARTS = """\
static inline bool {name}_{{t}}({{T}} x)
{{{{
    return {name}(creal{{f}}(x)) {word} {name}(cimag{{f}}(x));
}}}}
"""

ISNAN = op("isnan(x)", numpy=Call("np.isnan"), c=Call("isnan_{t}"), type=elementwise,
           helper=CLASSIFY.format(name="isnan", whole="false"), ufunc="isnan", math="isnan",
           complex=PARTS.format(name="isnan", word="||"), vjp={"x": "0"})  # fmt: skip

ISINF = op("isinf(x)", numpy=Call("np.isinf"), c=Call("isinf_{t}"), type=elementwise,
           helper=CLASSIFY.format(name="isinf", whole="false"), ufunc="isinf", math="isinf",
           complex=PARTS.format(name="isinf", word="||"), vjp={"x": "0"})  # fmt: skip

ISFINITE = op("isfinite(x)", numpy=Call("np.isfinite"), c=Call("isfinite_{t}"),
              type=elementwise, helper=CLASSIFY.format(name="isfinite", whole="true"),
              ufunc="isfinite", math="isfinite",
              complex=PARTS.format(name="isfinite", word="&&"), vjp={"x": "0"})  # fmt: skip
