"""Generated Python computes what the symbolic form means, and reads as if written by hand."""

from __future__ import annotations

import ast
import builtins
import warnings

import numpy as np
import pytest
from placed_programs import Maker

import transpile
from transpile import emit_py
from transpile.emit_py import text as layout
from transpile.loops.place import place
from transpile.sym import show
from transpile.sym.evaluate import evaluate


def load(function):
    text = emit_py.write(place(function), ("demo.py:1", "python -m transpile demo.py:f"))
    names = {}
    exec(compile(text, "generated.py", "exec"), names)
    return names[function.name], text


@pytest.mark.parametrize("seed", range(300))
def test_random_programs(seed):
    function = Maker(seed).function()
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=5) for _ in range(3)] + [np.float64(rng.normal())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = evaluate(function, args)
        run, text = load(function)
        given = [np.array(a) if np.ndim(a) else a for a in args]
        found = list(run(*given)) + [given[k] for k in function.written]
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        assert np.array_equal(a, b, equal_nan=True), f"{k}\n{text}\n{show.show(function)}"
    for k, (a, b) in enumerate(zip(args, given, strict=True)):
        assert k in function.written or np.array_equal(a, b)


def written(function, *args):
    """The body of the generated function, without its docstring and comments."""
    (node,) = ast.parse(transpile.function(function).source("python", *args)).body[1:]
    return ast.unparse(node.body[1:])


def lines(function, *args):
    return [line.strip() for line in written(function, *args).splitlines()]


def test_names_are_exchanged():
    def swing(u, v, steps):
        u, v = u.copy(), v.copy()
        for _ in range(steps):
            v[0] = u[0] + v[0]
            u, v = v, u
        return u, v

    found = lines(swing, np.ones(3), np.ones(3), 4)
    assert "u_1, v_1 = (v_1, u_1)" in found
    assert sum("copy" in line for line in found) == 2


def test_lu_is_written_in_place():
    def lu(A):
        n = len(A)
        for k in range(n):
            for i in range(k + 1, n):
                A[i, k] /= A[k, k]
                for j in range(k + 1, n):
                    A[i, j] -= A[i, k] * A[k, j]

    assert lines(lu, np.eye(3)) == [
        "n = A.shape[0]",
        "for k in range(n):",
        "for i in range(k + 1, n):",
        "A[i, k] /= A[k, k]",
        "for j in range(k + 1, n):",
        "A[i, j] -= A[i, k] * A[k, j]",
    ]


def test_break_is_a_break():
    def first(x):
        k = 0
        while k < 10:
            if x[k] > 0.5:
                break
            k += 1
        s = 0.0
        for i in range(k, 10):
            if x[i] < 0.5:
                break
            s += x[i]
        return s

    found = lines(first, np.ones(10))
    assert found.count("break") == 2
    assert "while k < 10:" in found


def test_each_arm_returns():
    def three(x):
        if x > 2.0:
            return x
        if x > 1.0:
            return 2.0 * x
        return -x

    assert lines(three, 1.5) == [
        "if x > 2.0:", "return x", "if x > 1.0:", "return 2.0 * x", "return -x",
    ]  # fmt: skip


def test_not_of_a_comparison_keeps_nan():
    def above(x):
        s = 0.0
        for i in range(len(x)):
            if not (x[i] < 0.0):
                s += 1.0
        return s

    assert "if not x[i] < 0.0:" in lines(above, np.ones(3))
    with transpile.config.change(mode="FAST_COMPILE"):
        assert transpile.function(above)(np.array([np.nan, -1.0])) == 1.0


def test_a_gradient_quotes_the_line_it_reverses():
    def decay(y, k, steps):
        for _ in range(steps):
            y = y - 0.1 * k * y * y
        return np.sum(y)

    text = transpile.grad(decay, wrt=("y", "k")).source("python", np.ones(3), np.ones(3), 4)
    assert "    # reverse\n" in text
    assert ":  y = y - 0.1 * k * y * y\n" in text
    assert "in reversed(range(steps)):" in text
    assert max(map(len, text.splitlines()[3:])) < 120


@pytest.mark.parametrize(
    "line",
    [
        "x = " + " + ".join(f"name_{k} * other_{k}" for k in range(12)),
        "    x[i] = (a - b) * " + " * ".join(f"(name_{k} + other)" for k in range(12)),
        "return np.where(" + ", ".join(f"(name_{k} + {'x' * 30}) * y" for k in range(3)) + ")",
        "return " + ", ".join(f"name_{k} * (other + {k})" for k in range(12)),
        "x = np.full((n, m), " + "v" * 90 + ", dtype=np.float32)",
        "if " + " or ".join(f"name_{k} < other_{k}" for k in range(12)) + ":",
    ],
)
def test_long_lines_are_broken_and_mean_the_same(line):
    found = layout.broken(line)
    if len(found) > 1:
        assert max(map(len, found)) < len(line)
        assert ast.dump(ast.parse("\n".join(found).strip())) == ast.dump(ast.parse(line.strip()))


def test_text_is_the_same_every_time():
    texts = [
        emit_py.write(place(Maker(7).function()), ("demo.py:1", "python -m transpile demo.py:f"))
        for _ in range(2)
    ]
    assert texts[0] == texts[1]


def test_python_checks_its_own_divisions():
    def quotient(x, y):
        total = 0.0
        for _ in range(3):
            ratio = x / (2.0 * y)
            total = total + ratio
        return total

    found = written(quotient, 1.0, 2.0)
    assert "raise" not in found
    assert "ratio = x / (2.0 * y)" in found
    with transpile.config.change(mode="FAST_COMPILE"), pytest.raises(ZeroDivisionError):
        transpile.function(quotient)(1.0, 0.0)


def test_a_check_stays_where_something_happens_before_the_division():
    def store(A, x, y):
        inverse = x / y
        A[0] = 1.0
        for i in range(3):
            A[i] += inverse

    A = np.zeros(3)
    with transpile.config.change(mode="FAST_COMPILE"), pytest.raises(ZeroDivisionError):
        transpile.function(store)(A, 1.0, 0.0)
    assert not A.any()


def test_a_flag_that_only_leaves_the_loop_is_not_named():
    def root(a):
        x = a
        while True:
            step = (x * x - a) / (2.0 * x)
            x = x - step
            if abs(step) < 1e-9:
                break
        return x

    text = transpile.grad(root).source("python", 2.0)
    assert text.count(" < 1e-09:") == 2
    for name in ("value", "test", "cast", "trips_1", "raise"):
        assert f"{name} " not in text


def test_no_name_hides_a_builtin():
    def f(x):
        for _ in range(3):
            x = (x + 1.0) * np.exp(x + 1.0) + np.sum(x)
        return np.sum(x)

    tree = ast.parse(transpile.grad(f).source("python", np.ones(3)))
    names = {n.id for n in ast.walk(tree) if isinstance(getattr(n, "ctx", None), ast.Store)
             and isinstance(n, ast.Name)}  # fmt: skip
    assert names.isdisjoint({*dir(builtins)} - {"_"})  # doctest leaves a `_` there


def test_multiples_of_pi_are_written_so():
    def f(x):
        return 2.0 * np.pi * x + np.exp(-0.5 * np.pi)

    assert lines(f, 1.0) == ["return 2.0 * np.pi * x + np.exp(-(0.5 * np.pi))"]


def test_a_history_is_read_by_its_name():
    def sweep(u, c, steps):
        for _ in range(steps):
            for i in range(1, len(u)):
                u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
        return u[-1]

    text = transpile.grad(sweep, wrt=("u", "c")).source("python", np.ones(4), 0.1, 2)
    assert "u_was = u_at[" in text


def test_the_docstring_says_what_a_derivative_gives():
    def product(x, y):
        return x * y

    def doc(function, *args):
        (node,) = ast.parse(function.source("python", *args)).body[1:]
        return ast.get_docstring(node).splitlines()

    both = ("x", "y")
    assert doc(transpile.grad(product, wrt=both), 1.0, 2.0) == [
        "The gradient of product: (d_x, d_y).", "", "For x: float, y: float.",
    ]  # fmt: skip
    assert doc(transpile.grad(product), 1.0, 2.0)[0] == "The gradient of product: d_x."
    assert doc(transpile.value_and_grad(product), 1.0, 2.0)[0] == (
        "The value of product, and its gradient: d_x."
    )
    assert doc(transpile.vjp(product, wrt=both), 1.0, 2.0, 1.0)[0] == (
        "Given d_result, the cotangent of product's result, return (d_x, d_y)."
    )
    assert doc(transpile.function(product), 1.0, 2.0) == ["For x: float, y: float."]


def test_comments_fit_too():
    note = layout.Note((f"# demo.py:1:  {'x + ' * 30}x",), "demo.py:1")
    found = list(layout.annotated(["'transpile-note-0'", f"    y = {'a' * 85}"], [note]))
    assert max(map(len, found)) <= 100
    assert found[-2:] == ["    # demo.py:1", f"    y = {'a' * 85}"]
