"""The functions of `scipy.special`, element by element."""

from __future__ import annotations

from transpile.sym.ops.table import Call, elementwise, op

ERF = op("erf(x)", numpy=Call("scipy.special.erf"), c=Call("erf{f}"), type=elementwise,
         ufunc="scipy.special.erf", math="erf",
         vjp={"x": "g * 1.1283791670955126 * exp(-(x * x))"}, cost=20)  # fmt: skip

ERFC = op("erfc(x)", numpy=Call("scipy.special.erfc"), c=Call("erfc{f}"), type=elementwise,
          ufunc="scipy.special.erfc", math="erfc",
          vjp={"x": "g * -1.1283791670955126 * exp(-(x * x))"}, cost=20)  # fmt: skip

# The distribution function of the standard normal.
NDTR = op(
    "ndtr(x)",
    numpy=Call("scipy.special.ndtr"),
    c=Call("ndtr_{t}"),
    helper="""\
static inline {T} ndtr_{t}({T} x)
{{
    return ({T})0.5 * erfc{f}(x * ({T})-0.7071067811865476);
}}
""",
    type=elementwise,
    ufunc="scipy.special.ndtr",
    vjp={"x": "g * 0.3989422804014327 * exp(-0.5 * (x * x))"},
    cost=20,
)

GAMMALN = op(
    "gammaln(x)",
    numpy=Call("scipy.special.gammaln"),
    c=Call("gammaln_{t}"),
    helper="""\
static inline {T} gammaln_{t}({T} x)
{{
    return x == -INFINITY ? x : lgamma{f}(x);
}}
""",
    type=elementwise,
    ufunc="scipy.special.gammaln",
    math="lgamma",
    math_needs="(x > 0) | (x != floor(x))",
    vjp={"x": "g * digamma(x)"},
    domain={"x": (0.5, 3.0)},
    cost=30,
)

GAMMA = op("gamma(x)", numpy=Call("scipy.special.gamma"), c=Call("tgamma{f}"),
           type=elementwise, ufunc="scipy.special.gamma", math="gamma",
           math_needs="(x > 0) | (x != floor(x))", vjp={"x": "g * out * digamma(x)"},
           domain={"x": (0.5, 3.0)}, cost=30)  # fmt: skip

# Between 1 and 2 by the rational function of Boost, around the zero; beyond 10 the asymptotic
# series, from one to the other by psi(x + 1) = psi(x) + 1 / x.
DIGAMMA = op(
    "digamma(x)",
    numpy=Call("scipy.special.digamma"),
    c=Call("digamma_{t}"),
    helper="""\
static {T} digamma_{t}({T} given)
{{
    double x = (double)given, y = 0;
    if (x == 0) return ({T})copysign(INFINITY, -x);
    if (x < 0) {{
        double r = fmod(x, 1);
        if (r == 0 || x - x != 0) return NAN;
        y = -3.14159265358979323846 / tan(3.14159265358979323846 * r);
        x = 1 - x;
    }}
    if (x < 1) {{
        y -= 1 / x;
        x += 1;
    }}
    for (; x < 10 && x > 2; y += 1 / x) x -= 1;
    if (x <= 2) {{
        double z = x - 1;
        double near = x - 1569415565.0 / 1073741824;
        near -= 381566830.0 / 1073741824 / 1073741824;
        near -= 0.9016312093258695918615325266959189453125e-19;
        double p = -0.0020713321167745952;
        p = p * z - 0.045251321448739056;
        p = p * z - 0.28919126444774784;
        p = p * z - 0.65031853770896507;
        p = p * z - 0.32555031186804491;
        p = p * z + 0.25479851061131551;
        double q = -0.55789841321675513e-6;
        q = q * z + 0.0021284987017821144;
        q = q * z + 0.054151797245674225;
        q = q * z + 0.43593529692665969;
        q = q * z + 1.4606242909763515;
        q = q * z + 2.0767117023730469;
        q = q * z + 1;
        return ({T})(y + (near * 0.99558162689208984375 + near * (p / q)));
    }}
    double z = 1 / x / x;
    double s = 1.0 / 12;
    s = s * z - 691.0 / 32760;
    s = s * z + 1.0 / 132;
    s = s * z - 1.0 / 240;
    s = s * z + 1.0 / 252;
    s = s * z - 1.0 / 120;
    s = s * z + 1.0 / 12;
    return ({T})(y + (log(x) - 0.5 / x - z * s));
}}
""",
    type=elementwise,
    ufunc="scipy.special.digamma",
    aliases=("scipy.special.psi",),
    vjp={"x": "g * zeta(2, x)"},
    domain={"x": (0.5, 3.0)},
    cost=50,
)

# Hurwitz's: the sum of (q + k) ** -x, its tail by Euler and Maclaurin.
ZETA = op(
    "zeta(i, q)",
    numpy=Call("scipy.special.zeta"),
    c=Call("zeta_{t}"),
    helper="""\
static {T} zeta_{t}({T} given, {T} from)
{{
    static const double factors[12] = {{
        12, -720, 30240, -1209600, 47900160, -1.8924375803183791606e9, 7.47242496e10,
        -2.950130727918164224e12, 1.1646782814350067249e14, -4.5979787224074726105e15,
        1.8152105401943546773e17, -7.1661652561756670113e18,
    }};
    double x = (double)given, q = (double)from, a = q, b = 0, s;
    if (x == 1) return INFINITY;
    if (!(x > 1) || q != q) return NAN;
    if (q <= 0 && q == floor(q)) return INFINITY;
    if (q <= 0 && x != floor(x)) return NAN;
    if (q > 1e8) return ({T})((1 / (x - 1) + 1 / (2 * q)) * pow(q, 1 - x));
    s = pow(q, -x);
    for (int i = 0; i < 9 || a <= 9; i++) {{
        a += 1;
        b = pow(a, -x);
        s += b;
        if (fabs(b) < fabs(s) * 1e-17) return ({T})s;
    }}
    s += b * a / (x - 1) - 0.5 * b;
    double t = 1;
    for (int i = 0; i < 12; i++) {{
        t *= x + 2 * i;
        b /= a;
        double more = t * b / factors[i];
        s += more;
        if (fabs(more) < fabs(s) * 1e-17) return ({T})s;
        t *= x + 2 * i + 1;
        b /= a;
    }}
    return ({T})s;
}}
""",
    type=elementwise,
    ufunc="logaddexp",  # which has its dtypes
    vjp={"q": "-(g * i * zeta(i + 1, q))"},
    domain={"i": (1.1, 4.0), "q": (0.5, 3.0)},
    cost=300,
)

EXPIT = op(
    "expit(x)",
    numpy=Call("scipy.special.expit"),
    c=Call("expit_{t}"),
    helper="""\
static inline {T} expit_{t}({T} x)
{{
    return 1 / (1 + exp{f}(-x));
}}
""",
    type=elementwise,
    ufunc="scipy.special.expit",
    vjp={"x": "g * out * expit(-x)"},
    cost=25,
)

LOG_EXPIT = op(
    "log_expit(x)",
    numpy=Call("scipy.special.log_expit"),
    c=Call("log_expit_{t}"),
    helper="""\
static inline {T} log_expit_{t}({T} x)
{{
    return x < 0 ? x - log1p{f}(exp{f}(x)) : -log1p{f}(exp{f}(-x));
}}
""",
    type=elementwise,
    ufunc="scipy.special.log_expit",
    vjp={"x": "g * expit(-x)"},
    cost=40,
)

LOGIT = op(
    "logit(x)",
    numpy=Call("scipy.special.logit"),
    c=Call("logit_{t}"),
    helper="""\
static inline {T} logit_{t}({T} x)
{{
    if (x < ({T})0.3 || x > ({T})0.65) return log{f}(x / (1 - x));
    {T} s = 2 * (x - ({T})0.5);
    return log1p{f}(s) - log1p{f}(-s);
}}
""",
    type=elementwise,
    ufunc="scipy.special.logit",
    vjp={"x": "g / (x * (1 - x))"},
    domain={"x": (0.1, 0.9)},
    cost=40,
)

XLOG_TEXT = """\
static inline {{T}} {name}_{{t}}({{T}} x, {{T}} y)
{{{{
    return x == 0 && y == y ? 0 : x * {log}{{f}}(y);
}}}}
"""

XLOGY = op("xlogy(x, y)", numpy=Call("scipy.special.xlogy"), c=Call("xlogy_{t}"),
           helper=XLOG_TEXT.format(name="xlogy", log="log"), type=elementwise,
           ufunc="scipy.special.xlogy", domain={"y": (0.5, 2.0)}, cost=25,
           vjp={"x": "g * log(y)", "y": "g * x / where((x == 0) & (y == 0), 1, y)"})  # fmt: skip

XLOG1PY = op("xlog1py(x, y)", numpy=Call("scipy.special.xlog1py"), c=Call("xlog1py_{t}"),
             helper=XLOG_TEXT.format(name="xlog1py", log="log1p"), type=elementwise,
             ufunc="scipy.special.xlog1py", domain={"y": (-0.5, 2.0)}, cost=25,
             vjp={"x": "g * log1p(y)",
                  "y": "g * x / where((x == 0) & (y == -1), 1, 1 + y)"})  # fmt: skip

BESSEL = """\
extern double {name}(double);  // strict C11 does not declare it
static inline {{T}} {name}_{{t}}({{T}} x)
{{{{
    return isinf(x) ? NAN : ({{T}}){name}((double)x);
}}}}
"""

J0 = op("j0(x)", numpy=Call("scipy.special.j0"), c=Call("j0_{t}"), type=elementwise,
        helper=BESSEL.format(name="j0"), ufunc="scipy.special.j0", cost=30,
        vjp={"x": "-(g * j1(x))"})  # fmt: skip

J1 = op("j1(x)", numpy=Call("scipy.special.j1"), c=Call("j1_{t}"), type=elementwise,
        helper=BESSEL.format(name="j1"), ufunc="scipy.special.j1", cost=30,
        vjp={"x": "g * (j0(x) - where(x == 0, 0.5, out / where(x == 0, 1, x)))"})  # fmt: skip

# NumPy's, with the dtypes of SciPy's. The slope near zero is a series: there the quotient loses its
# digits, and its own derivatives at zero.
SINC = op(
    "sinc(x)",
    numpy=Call("np.sinc"),
    c=Call("sinc_{t}"),
    helper="""\
static inline {T} sinc_{t}({T} x)
{{
    {T} y = ({T})3.14159265358979323846 * (x == 0 ? ({T})1e-20 : x);
    return sin{f}(y) / y;
}}
""",
    type=elementwise,
    ufunc="scipy.sinc",
    vjp={
        "x": "g * where(abs(x) < 0.15, x * (-3.289868133696453 + x * x * (3.246969701133414 + x * x"
        " * (-1.144510944732505 + x * x * (0.20918278254123832 + x * x * (-0.023460810354558225"
        " + x * x * 0.001781145516372851))))),"
        " (cos(3.141592653589793 * x) - out) / where(x == 0, 1, x))"
    },
    cost=30,
)

BESSEL_SERIES = """\
// The power series of the modified function, whose terms have one sign.
static {{T}} {name}_{{t}}({{T}} x)
{{{{
    double t = {first}, s = t, q = (double)x * (double)x / 4;
    if (isinf(x)) return NAN;
    for (int k = 1; t != 0 && fabs(t) > fabs(s) * 1e-18; k++) {{{{
        t *= q / k / (k + {order});
        s += t;
    }}}}
    return ({{T}})s;
}}}}
"""

I0 = op("i0(x)", numpy=Call("scipy.special.i0"), c=Call("i0_{t}"), type=elementwise, cost=100,
        helper=BESSEL_SERIES.format(name="i0", order=0, first="1"),
        ufunc="scipy.special.i0", vjp={"x": "g * i1(x)"})  # fmt: skip

I1 = op("i1(x)", numpy=Call("scipy.special.i1"), c=Call("i1_{t}"), type=elementwise, cost=100,
        helper=BESSEL_SERIES.format(name="i1", order=1, first="(double)x / 2"),
        ufunc="scipy.special.i1",
        vjp={"x": "g * (i0(x) - where(x == 0, 0.5, out / where(x == 0, 1, x)))"})  # fmt: skip
