"""Reference answers: comparisons with the tolerances of the project, and complex step.

Complex step runs the *plain* program on complex numbers, so it shares nothing with transpile: the
derivative of f in direction e is the imaginary part of f(x + i h e) / h, exact to rounding because
nothing is subtracted. Branches, extrema and absolute values compare real parts; at an exact tie the
imaginary part decides, so references are taken away from ties.
"""

from __future__ import annotations

import inspect
import math
import types
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

STEP = 1e-30


def assert_values_equal(got: Any, want: Any) -> None:
    """Same structure, type, dtype and shape; numbers to 1e-12 · max(1, max|want|)."""
    assert type(got) is type(want), f"{type(got)} is not {type(want)}"
    if isinstance(want, (tuple, list)):
        assert len(got) == len(want)
        for g, w in zip(got, want, strict=True):
            assert_values_equal(g, w)
        return
    got, want = np.asarray(got), np.asarray(want)
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    if want.dtype.kind in "fc":
        assert_close(got, want, 1e-12 * max(1.0, _largest(want)))
    else:
        np.testing.assert_array_equal(got, want)


def assert_gradients_close(got: Any, want: Any, tolerance: float = 1e-10) -> None:
    """Each gradient has its argument's shape; elements agree to tolerance · max|want|."""
    assert len(got) == len(want)
    for g, w in zip(got, want, strict=True):
        assert np.shape(g) == np.shape(w)
        assert_close(np.asarray(g), np.asarray(w), tolerance * _largest(w))


def assert_close(got: np.ndarray, want: np.ndarray, bound: float) -> None:
    """|got - want| <= bound, element by element; NaN equals NaN and inf equals inf."""
    np.testing.assert_allclose(got, want, rtol=0.0, atol=bound, equal_nan=True)


def _largest(values: Any) -> float:
    finite = np.abs(np.asarray(values))
    finite = finite[np.isfinite(finite)]
    return float(finite.max()) if finite.size else 0.0


def copied(args: tuple) -> tuple:
    """The arguments with arrays of their own, for programs that write into them."""
    return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)


def itself(value: Any) -> Any:
    return value


def complex_step(f: Callable, args: tuple, wrt: Any, cost: Callable = itself) -> tuple:
    """The gradient of scalar-valued `f` at `args`, one array or number for each of `wrt`.

    With `cost` it is that of `cost(f(*args))`.
    """
    on_complex = on_complex_numbers(f)

    def program(*args: Any) -> Any:
        return cost(on_complex(*args))

    return tuple(_complex_step_of_one(program, args, _position(f, w)) for w in wrt)


def _complex_step_of_one(program: Callable, args: tuple, position: int) -> np.ndarray:
    shape = np.shape(args[position])
    gradient = np.empty(shape)
    for index in np.ndindex(*shape):
        lifted = [_lift(a) for a in args]
        if shape:
            lifted[position][index] += 1j * STEP
        else:
            lifted[position] = np.complex128(complex(args[position], STEP))
        gradient[index] = np.imag(program(*lifted)) / STEP
    return gradient if shape else gradient[()]


def by_directions(f: Callable, tangent: Callable, args: tuple, wrt: Any) -> tuple:
    """The gradient of `f` from its tangents: `tangent(*args, dots)` for each unit direction."""
    shapes = [np.shape(args[_position(f, w)]) for w in wrt]
    found = []
    for k, shape in enumerate(shapes):
        gradient = np.empty(shape)
        for index in np.ndindex(*shape):
            dots = [np.zeros(s) if s else 0.0 for s in shapes]
            if shape:
                dots[k][index] = 1.0
            else:
                dots[k] = 1.0
            gradient[index] = tangent(*copied(args), tuple(dots))
        found.append(gradient[()])
    return tuple(found)


def _position(f: Callable, which: int | str) -> int:
    return which if isinstance(which, int) else list(inspect.signature(f).parameters).index(which)


def _lift(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(complex) if value.dtype.kind == "f" else value.copy()
    return np.complex128(value) if isinstance(value, (float, np.floating)) else value


def central_difference(
    f: Callable, args: tuple, wrt: Any, step: float = 1e-2, cost: Callable = itself
) -> tuple:
    """The gradient by Richardson's extrapolation of central differences: some eleven digits.

    Of complex numbers in both parts: where the value rises most.
    """

    def program(*args: Any) -> Any:
        return cost(f(*args))

    return tuple(_difference_of_one(program, args, _position(f, w), step) for w in wrt)


def _difference_of_one(f: Callable, args: tuple, position: int, step: float) -> np.ndarray:
    dtype = complex if np.iscomplexobj(args[position]) else float
    point = np.asarray(args[position], dtype)
    gradient = np.zeros(point.shape, dtype)

    def at(index: tuple, h: complex) -> float:
        moved = list(copied(args))
        moved[position] = point.copy()
        moved[position][index] += h
        if not point.shape:
            moved[position] = moved[position][()]
        return f(*moved)

    for index in np.ndindex(*point.shape):
        h = step * max(1.0, abs(point[index]))
        for turn in (1, 1j) if dtype is complex else (1,):
            steps = [h / 2**k for k in range(5)]
            table = [(at(index, turn * h) - at(index, -turn * h)) / (2 * h) for h in steps]
            for order in range(1, 5):
                table = [b + (b - a) / (4**order - 1) for a, b in pairwise(table)]
            gradient[index] += turn * table[0]
    return gradient


def on_complex_numbers(f: Callable) -> Callable:
    """`f` and the helpers it calls, with NumPy, math and the built-ins that follow complex numbers.

    The code is the user's own, run with other globals; nothing of it is rewritten.
    """
    return _rebind(f, {})


def _rebind(f: Callable, seen: dict) -> Callable:
    if f in seen:
        return seen[f]
    names: dict[str, Any] = {**f.__globals__, **_BUILTINS}
    seen[f] = types.FunctionType(f.__code__, names, f.__name__, f.__defaults__, f.__closure__)
    seen[f].__kwdefaults__ = f.__kwdefaults__
    for name, value in f.__globals__.items():
        if value is np or value is math:
            names[name] = _NUMPY
        elif isinstance(plain := getattr(value, "__wrapped__", value), types.FunctionType):
            names[name] = _rebind(plain, seen)
    return seen[f]


class ComplexNumPy:
    """NumPy, but new arrays are complex unless a dtype says otherwise, and order is by real part.

    NumPy itself orders complex numbers by real part first, so its comparisons need no help.
    """

    float64 = np.complex128
    fabs: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def abs(x: Any) -> Any:
        return np.where(np.real(x) < 0, np.negative(x), x)[()]

    @staticmethod
    def sign(x: Any) -> Any:
        return np.sign(np.real(x))

    @staticmethod
    def var(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
        """NumPy's own takes the squares of absolute values, which no derivative passes."""
        d = x - np.mean(x, axis=axis, keepdims=True)
        count = d.size / np.sum(d, axis=axis).size - ddof
        return np.sum(d * d, axis=axis, keepdims=keepdims) / count

    @staticmethod
    def std(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
        return np.sqrt(ComplexNumPy.var(x, axis, ddof, keepdims))

    @staticmethod
    def array(values: Any, dtype: Any = None) -> np.ndarray:
        made = np.array(values, dtype=dtype)
        return made.astype(complex) if made.dtype.kind == "f" else made


def _real_means_complex(dtype: Any) -> Any:
    return complex if dtype is None or np.dtype(dtype).kind == "f" else dtype


def _make(make: Callable, shape: Any, *rest: Any, dtype: Any = None) -> np.ndarray:
    fills = 1 if make is np.full else 0
    (dtype,) = rest[fills:] or (dtype,)
    return make(shape, *rest[:fills], dtype=_real_means_complex(dtype))


def real(x: Any) -> Any:
    """The real part; integers and booleans are themselves."""
    return np.real(x) if np.iscomplexobj(x) else x


def _absolute(x: Any) -> Any:
    return -x if np.real(x) < 0 else x


def _integer(x: Any) -> int:
    return int(np.real(x))


_NUMPY = ComplexNumPy()
ComplexNumPy.fabs = staticmethod(ComplexNumPy.abs)
for _name in ("zeros", "ones", "empty", "full"):
    setattr(ComplexNumPy, _name, staticmethod(partial(_make, getattr(np, _name))))
_BUILTINS = {"abs": _absolute, "int": _integer, "float": np.complex128}
