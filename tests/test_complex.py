"""Complex numbers: programs as NumPy runs them, and gradients in the direction of steepest ascent.

The gradient of a real cost with respect to a complex z is the number g for which a small step dz
changes the cost by the real part of conj(g) * dz: `z - rate * g` descends, and |z|^2 has 2 z.
Gradients are compared with extrapolated differences of the plain program, in both parts: complex
step has nothing to say where numbers are complex already.
"""

from __future__ import annotations

import cmath

import numpy as np
import pytest

import transpile
from tests.numerics import assert_close, central_difference
from tests.phrases import Phrases
from tests.test_ops import in_numpy
from transpile import adjoint
from transpile.sym import evaluate, fold, verify
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Function, Leaf, Var
from transpile.sym.ops import TABLE, Op
from transpile.sym.types import INT, Mismatch, Type

PHRASES = Phrases()
program, refused = PHRASES.program, PHRASES.refused

rng = np.random.default_rng(3)


def normal(*shape: int) -> np.ndarray:
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


Z, W, A, X = normal(5), normal(5), normal(5, 5), rng.normal(size=5)


@program((Z, W), (Z, X), (X, Z), (Z[0], W), (Z[::2], W[::2]))
def arithmetic(z, w):
    return z + w, z - w, z * w, -z, z == w, z != z, z / w, 2 * z, 1 / z, z - 1j, z**2


@program((Z,), (X,))
def parts(z):
    sizes = np.abs(z), np.angle(z), np.angle(z, deg=True), np.iscomplexobj(z)
    return z.real, z.imag, z.conj(), np.real(z), np.imag(z), np.conj(z), abs(z[0]), *sizes


@program((Z,))
def made(z):
    some = np.zeros(2, "c8"), np.full(2, 1j), np.array([1, 2j]), np.ones_like(z), np.arange(3) * 1j
    return (
        *some,
        z.astype(np.complex64),
        np.complex64(z),
        z.dtype == complex,
        np.where(z == 0, 1, z),
    )


@program((Z, W, A))
def products(z, w, a):
    return z @ w, a @ z, np.dot(a, w), np.vdot(z, w), np.outer(z, w), a.T @ a, np.inner(z, w)


@program((Z,))
def reduced(z):
    return z.sum(), np.prod(z), z.mean(), np.cumsum(z), z.max(), z.min(), z.var(), np.any(z)


@program((1.5, -2.0), (0.0, -0.0), (np.inf, 1.0))
def from_parts(a, b):
    return complex(a, b), complex(a), (a + 1j * b) * 2, abs(complex(a, 3.0)), np.exp(1j * b)


@program((1.5 - 2j,), (0j,))
def pythons_own(k):
    return k * 2, k + 1, k * k, k / 2, k.real, k.imag, abs(k), k.conjugate(), k == 1j, 1 / k


@program((Z,))
def written(z):
    out = np.zeros(len(z), dtype=complex)
    for i in range(len(z)):
        out[i] = z[i] * 1j
        out[i] += 2
    out[1:3] *= z[0]
    return out


@program((X,))
def transformed(x):
    n = len(x)
    found = np.zeros(n, dtype=np.complex128)
    for k in range(n):
        for t in range(n):
            found[k] += x[t] * np.exp(-2j * np.pi * k * t / n)
    return found, np.abs(found) ** 2


@program((X,), (np.zeros(2),))
def doubles_beside_pythons_own(x):
    """Python takes a NumPy double for a float of its own, and a single or a complex not."""
    s = 0
    for v in x:
        s += 1j * v
    return s, x[0] * 1j, 1j * np.float32(2.0), 1j - x[0], np.add(1j, x[1])


@program((Z,))
def joined(z):
    total, best, power, k = 0.0, z[0], 1 + 0j, 0
    for v in z:
        total = total + v if v.real > 0 else total - 1j * v
        if abs(v) > abs(best):
            best = v
    while abs(power) < 100 and k < 40:
        power = power * (1.1 + 0.3j)
        k += 1
    return total, best, power, k


@program((np.zeros(2),))
def divided_as_python_does(x):
    return 1j / x[0]


@program((12,))
def mandelbrot(n):
    count = 0
    for i in range(n):
        c = complex(-2.0 + 3.0 * i / n, 0.5)
        z = 0j
        for _ in range(20):
            if abs(z) > 2.0:
                break
            z = z * z + c
            count += 1
    return count


@program((1.5 - 2j,), (0j,), (800.0 + 1j,), (1j,))
def cmath_of_pythons_own(k):
    angle = cmath.phase(k), cmath.polar(k), cmath.rect(2.0, k.real)
    return *angle, cmath.sqrt(k), cmath.sin(k), cmath.isfinite(k), cmath.exp(k)


@program((1.5 - 2j,), (0j,), (1j,))
def cmath_with_poles(k):
    return cmath.atan(k), cmath.log(k)


@program((np.arange(8.0),))
def butterflies(x):
    """A transform by halves, as it is written by hand."""
    n = len(x)
    found = x[np.array([0, 4, 2, 6, 1, 5, 3, 7])] + 0j
    width = 1
    while width < n:
        turn = cmath.exp(-1j * cmath.pi / width)
        for start in range(0, n, 2 * width):
            factor = 1.0 + 0.0j
            for k in range(start, start + width):
                other = factor * found[k + width]
                found[k + width] = found[k] - other
                found[k] = found[k] + other
                factor = factor * turn
        width *= 2
    return found


@refused((X, Z))
def stored_in_reals(x, z):
    x[0] = z[0]


@refused((Z,))
def as_float(z):
    return float(z[0])


@refused((Z,))
def part_written(z):
    z.real[0] = 1.0


@refused((Z,))
def printed(z):
    print(z[0])


@refused((Z,))
def reinterpreted(z):
    return z.view(float)


@refused((1j,))
def order_of_pythons_own(k):
    return k < 2j


test_runs_as_numpy_does = PHRASES.runs()
test_refused = PHRASES.refuses()


# -- gradients


def power_of_a_transform(x):
    n = len(x)
    total = 0.0
    for k in range(n):
        s = 0j
        for t in range(n):
            s = s + x[t] * np.exp(-2j * np.pi * k * t / n)
        total += (k + 1) * abs(s) ** 2
    return total


def wave_packet(x, strength):
    """Steps of a Schroedinger equation, whose real initial state is differentiated."""
    psi = x + 0j
    for _ in range(4):
        psi = psi + 0.1j * (np.roll(psi, 1) - 2 * psi + np.roll(psi, -1) - strength * psi)
    return np.sum(np.abs(psi) ** 2 * np.arange(len(x)))


def impedance(resistance, inductance, capacity, w):
    z = resistance + 1j * w * inductance + 1 / (1j * w * capacity)
    return abs(z) + z.imag**2


def elementary(z, w):
    found = np.sqrt(z) * np.log(z) * np.tanh(w) + z**3 + w**-2 + 2.0**z + np.exp(w) / z
    return np.sum(np.abs(found) ** 2) + np.sum(np.angle(z) * w.imag)


def recurrence(z):
    y = z.copy()
    for i in range(len(y)):
        y[i] = np.sin(y[i]) * z[i - 1] + y[i - 1] ** 2
    return np.sum(y.real * y.imag)


def mixed(z, x):
    return np.sum(np.where(x > 0, z, x) * z).real + np.prod(z).real + np.mean(x * z).imag


def quadratic(z, a):
    return np.sum(np.abs(a @ z) ** 2) + np.real(np.vdot(z, a @ z))


def parts_joined(a, b):
    return abs(complex(a, b) ** 2 * complex(b, a))


COSTS = [
    (power_of_a_transform, (X,)),
    (wave_packet, (X, 0.7)),
    (impedance, (1.0, 2.0, 0.5, 1.3)),
    (elementary, (Z, W)),
    (recurrence, (Z,)),
    (mixed, (Z, X)),
    (quadratic, (Z, A)),
    (parts_joined, (1.5, -0.7)),
]


@pytest.mark.parametrize(("f", "args"), COSTS, ids=lambda v: getattr(v, "__name__", ""))
def test_gradient(f, args, mode):
    wrt = tuple(range(len(args)))
    found = transpile.grad(transpile.function(f), wrt=wrt)(*args)
    for k, got in enumerate(found):
        (want,) = central_difference(f, args, (k,))
        assert np.asarray(got).dtype == want.dtype
        assert_close(np.asarray(got), want, 1e-9 * max(1.0, np.abs(want).max()))


@pytest.mark.parametrize(("f", "args"), COSTS, ids=lambda v: getattr(v, "__name__", ""))
def test_second_derivative(f, args):
    """The tangent of the gradient, against differences of the gradient."""
    gradient, point = transpile.grad(f), np.asarray(args[0])
    direction = normal(*point.shape) if point.dtype.kind == "c" else rng.normal(size=point.shape)

    def at(h: float) -> np.ndarray:
        return np.asarray(gradient((point + h * direction)[()], *args[1:]))

    want = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3
    got = transpile.hvp(f)(*args, direction[()] if np.ndim(direction) else float(direction))
    assert_close(np.asarray(got), want, 1e-7 * max(1.0, np.abs(want).max()))


def square_of_size(z):
    return np.sum(np.abs(z) ** 2)


def test_descent_on_a_real_loss(mode):
    """The convention: the gradient of |z|^2 is 2 z, and a step against it lowers the loss."""
    value, gradient = transpile.value_and_grad(transpile.function(square_of_size))(Z)
    assert_close(gradient, 2 * Z, 1e-14)
    assert square_of_size(Z - 0.1 * gradient) < value


def several(z):
    return z**2 * np.exp(z), np.abs(z)


def test_forward_and_reverse_are_adjoint():
    """The real part of conj(d) J t is that of conj(J* d) t."""
    cotangent, tangent = (normal(5), rng.normal(size=5)), normal(5)
    moved = transpile.jvp(several)(Z, tangent)
    pulled = transpile.vjp(several)(Z, cotangent)
    forward = sum(np.vdot(d, t).real for d, t in zip(cotangent, moved, strict=True))
    assert abs(forward - np.vdot(pulled, tangent).real) < 1e-12 * abs(forward)
    assert_close(moved[0], (2 * Z + Z**2) * np.exp(Z) * tangent, 1e-13)


@transpile.custom_vjp
def squared(z):
    return z * z


@squared.rule
def squared_rule(z, out, d_out):
    return d_out * np.conj(2 * z)


def through_a_rule(z):
    return np.sum(np.abs(squared(z)) ** 2)


def test_a_rule_has_the_same_convention(mode):
    got = transpile.grad(transpile.function(through_a_rule))(Z)
    assert_close(got, 4 * np.abs(Z) ** 2 * Z, 1e-12)


def steps(z, n):
    y = z.copy()
    for _ in range(n):
        y = y * np.exp(0.01j * y) + 0.001 * np.conj(y)
    return np.sum(np.abs(y) ** 2)


@pytest.mark.parametrize("checkpoint", ["store", "recompute", 4])
def test_checkpoints(checkpoint):
    got = transpile.grad(transpile.function(steps, checkpoint=checkpoint))(Z, 30)
    (want,) = central_difference(steps, (Z, 30), (0,))
    assert_close(got, want, 1e-9 * np.abs(got).max())


def test_cost_is_real():
    with pytest.raises(transpile.UnsupportedError, match="cost must be real"):
        transpile.grad(holomorphic)(Z)


def holomorphic(z):
    return np.sum(z * z)


def turned(z):
    return np.sum(np.sign(z).real)


def test_a_complex_sign_has_no_quiet_zero():
    with pytest.raises(transpile.NotDifferentiableError, match="sign has no derivative"):
        transpile.grad(turned)(Z)


@pytest.mark.parametrize("f", [several, holomorphic])
def test_no_jacobian_of_complex_numbers(f):
    with pytest.raises(transpile.UnsupportedError, match="no form here"):
        transpile.jacobian(f)(Z)


def test_check_grad_looks_at_both_parts():
    found = transpile.check_grad(elementary, Z, W)
    assert found
    assert found.entries == 2 * (len(Z) + len(W))
    assert found.worst.name[-5:] in (".real", ".imag")


@transpile.custom_vjp
def wrong(z):
    return z * z


@wrong.rule
def wrong_rule(z, out, d_out):
    return d_out * 2 * z


def through_a_wrong_rule(z):
    return np.sum(np.abs(wrong(z)) ** 2)


def test_check_grad_finds_a_rule_without_its_conjugate():
    assert not transpile.check_grad(through_a_wrong_rule, Z)


def test_check_grad_of_complex_results_says_what_to_check():
    with pytest.raises(TypeError, match="returns complex numbers"):
        transpile.check_grad(holomorphic, Z)


# -- the operators' own derivatives, from the table

SMOOTH = [
    op
    for op in TABLE.values()
    if op.elementwise
    and op.takes_complex
    and op.name not in ("where", "joined", "sign")
    and op.vjp
    and set(op.vjp.values()) != {"0"}
]


def weighted(op: Op, count: int) -> Function:
    """The real part of the weighted sum of the operator's result."""
    size, build = Var("n", INT), Builder()
    type = Type("complex128", (Affine.of(size),))
    args = [Var(f"z{k}", type) for k in range(count)]
    out = build.apply(op, *args)
    w = Var("w", type)
    total = build.sum(build.apply(TABLE["real"], build.text("r * w", {"r": out, "w": w})), (0,))
    params = (*args, w)
    return Function(op.name, params, (size,), build.block(params, (total,)), Leaf(0))


def drawn(op: Op) -> list[np.ndarray]:
    """Complex numbers whose real parts are from the entry's domain."""
    found = []
    for k, name in enumerate(op.args):
        low, high = op.domain.get(name, (-1.0, 1.0))
        real = np.random.default_rng(k).uniform(low, high, 3)
        found.append(real + 1j * np.random.default_rng(k + 9).uniform(0.3, 0.9, 3))
    return found


@pytest.mark.parametrize("op", SMOOTH, ids=lambda op: op.name)
def test_operator(op):
    """The gradient in every argument, and the tangent, against differences of NumPy's values."""
    try:
        cost = weighted(op, len(op.args))
    except Mismatch:
        pytest.skip("NumPy has no such function of complex numbers")
    args, w = drawn(op), normal(3)

    def plain(*given):
        return float(np.sum((in_numpy(op)(*given) * w).real))

    for k in range(len(args)):
        gradient = fold.fold(verify.verify(adjoint.grad(cost, [k], keep_value=False)))
        (got,) = evaluate.evaluate(gradient, [*args, w])
        (want,) = central_difference(plain, tuple(args), (k,))
        assert_close(np.asarray(got), want, 1e-9 * max(1.0, np.abs(want).max()))
        tangent = normal(3)
        pushed = fold.fold(verify.verify(adjoint.jvp(cost, [k], keep_value=False)))
        (moved,) = evaluate.evaluate(pushed, [*args, w, tangent])
        assert abs(moved - np.vdot(want, tangent).real) <= 1e-8 * max(1.0, np.abs(want).max())
