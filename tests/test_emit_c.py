"""C text: read by people, compiled alone without a warning, equal to what the program means."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from tests import test_nest as programs
from tests.nest_programs import Compiled, body_of, check, symbolic, text

needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
x, A, S = programs.x, programs.A, programs.S
n32 = np.arange(5, dtype=np.int32)


def log_likelihood(y, s2_eps, s2_eta):
    a, P, ll = y[0], s2_eps + s2_eta, 0.0
    for t in range(1, len(y)):
        F = P + s2_eps
        v = y[t] - a
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        K = np.float64(P) / F
        a = a + K * v
        P = P * (1.0 - K) + s2_eta
    return ll


def sweep(u, steps):
    n, m = u.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
    return np.sum(u * u)


def products(A, B, v):
    return A @ v, v @ A.T, A @ B, A.T @ A, np.outer(v, v), (A @ v) @ (A @ v)


def reductions(A):
    return A.sum(axis=0), A.max(axis=1), A.min(), A.mean(), A.prod(axis=1), (A > 3).any()


def integers(n, k):
    return n // k, n % k, -n // k, n * n, n + k, n / k


def wrapping(n):
    return n * n + np.int32(7), n // 2, n % 3


def slices(a):
    return a[::-1], a[1::2], a[-3:], a[::-2], a[2:-1] * 2.0


def views(A):
    row, col = A[2], A[:, 1]
    row[:] = col[:5] + 1.0
    A.T[0] = 3.0
    return A.reshape(30)[4:8], A.T


def scalars(a, k):
    s, i = 0.0, 0
    while i < k:
        i += 1
        if i == 3:
            continue
        if a[i] > 1.4:
            break
        s = s + a[-i] ** 2
    return s, i


def steps(a):
    s = 0.0
    for i in range(len(a) - 1, 0, -2):
        s = s * 0.5 + a[i]
    for i in reversed(range(0, len(a), 4)):
        s = s * 0.5 - a[i]
    return s


def shaped_late(a, n):
    b = a[::3]
    held, unset = np.zeros((2, len(b))), np.empty((n, n // 2))
    for k in range(2):
        held[k] += b * k
    grid = np.ones((2, n // 2, len(b) * n)) + held[0, 0]
    return held, grid, unset[:0]


def untouched(n):
    return np.empty((0, n // 2))


def out_of_range(a, k):
    return a[k]


CASES = [
    (log_likelihood, (np.cumsum(x), 1.3, 0.7)), (sweep, (A.copy(), 3)),
    (programs.lu, (S,)), (programs.one_expression, (x, x)), (programs.shifted_up, (x,)),
    (programs.shifted_down, (x,)), (programs.stencil, (x,)), (programs.row_from_row, (A,)),
    (programs.sums, (A, x)), (programs.leapfrog, (x, 2 * x, 5)), (programs.counted, (x,)),
    (products, (A, A.T.copy(), x[:5])), (reductions, (A,)), (integers, (17, 5)),
    (integers, (-17, 5)), (wrapping, (n32 * 100003,)), (slices, (x,)), (views, (A,)),
    (scalars, (x, 5)), (steps, (np.arange(11.0),)), (shaped_late, (x, 4)), (untouched, (4,)),
]  # fmt: skip


@needs_cc
@pytest.mark.parametrize(("fn", "args"), CASES, ids=[fn.__name__ for fn, _ in CASES])
def test_kernel_gives_what_the_program_means(fn, args, tmp_path):
    check(fn, args, tmp_path)


@needs_cc
@pytest.mark.parametrize("fn", [programs.lu, programs.stencil, views, slices])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_small_arrays(fn, n, tmp_path):
    args = {programs.lu: (S[:n, :n].copy(),), views: (A.copy(),)}.get(fn, (x[:n].copy(),))
    check(fn, args, tmp_path)


@needs_cc
@pytest.mark.parametrize("k", [6, -7, 2**40])
def test_an_index_out_of_range_ends_with_its_check(k, tmp_path):
    compiled = Compiled(symbolic(out_of_range, x, 0), tmp_path)
    number, _ = compiled(x, k)
    site = compiled.kernel.checks[number - 1]
    assert site.error == "IndexError" and "axis 0 of a" in site.message


@needs_cc
def test_python_integers_never_wrap(tmp_path):
    compiled = Compiled(symbolic(integers, 17, 5), tmp_path)
    number, _ = compiled(2**62, 5)
    assert compiled.kernel.checks[number - 1].error == "OverflowError"


def test_text_of_lu():
    assert (
        body_of(text(programs.lu, S), "lu").splitlines()[-10:]
        == [
            "        for (int64_t i = k + 1; i < n; i++) {",
            "            A[i][k] /= A[k][k];",
            "            double A_ik = A[i][k];",
            "            #pragma omp simd",
            "            for (int64_t j = k + 1; j < n; j++) {",
            "                A[i][j] -= A_ik * A[k][j];",
            "            }",
            "        }",
            "    }",
            "    return 0;",
            "}",
        ][-10:]
    )


def test_a_shape_is_named_only_once_it_is_known():
    words = text(shaped_late, x, 4)
    head = words[words.index("int64_t shaped_late(") :].partition("\n{")[0]
    assert "double *restrict held_" in head and "length" not in head
    assert "double (*restrict held)[" in words and "= (void *)held_;" in words


def test_every_line_fits_and_text_is_the_same_again():
    for fn, args in CASES:
        words = text(fn, *args)
        assert max(map(len, words.splitlines())) <= 100
        assert words == text(fn, *args)


def test_preamble_holds_only_what_is_used():
    words = text(programs.row_from_row, A)
    assert "math.h" not in words and "take(" not in words and "room(" not in words
    assert "math.h" in text(log_likelihood, x, 1.0, 1.0)


def test_constants_have_the_type_they_are_used_at():
    def halves(a, n):
        return a * 2, n / 2

    words = text(halves, x.astype(np.float32), 3)
    assert "2.0f" in words and "2.0" in words


def scattered(a, b):
    for i in range(len(a)):
        k = 3 * i - i * i
        if k < 0:
            k = 0
        b[i + k] = b[i + k] + a[i]


@needs_cc
def test_steps_that_meet_are_not_run_in_lanes(tmp_path):
    assert "simd" not in check(scattered, (x, np.zeros(20)), tmp_path)


def down_a_column(A):
    A[:, 0] = 0.5 * A[:, 1] + A[:, 0]


def along_a_row(A):
    A[0] = 0.5 * A[1] + A[0]


@needs_cc
def test_a_column_is_not_forced_into_lanes(tmp_path):
    """A row is: its elements are neighbours."""
    assert "simd" not in check(down_a_column, (A,), tmp_path)
    assert "simd" in check(along_a_row, (A,), tmp_path)


def turned(a, b):
    for i in range(len(a)):
        b[i] = np.sin(a[i]) * np.cos(a[i])
    s = 0.0
    for i in range(len(a)):
        s = np.sin(s) * np.cos(s) + a[i]
    return s


def between(a, low, high):
    inside = np.logical_and(low <= a, a < high)
    return np.logical_or(a > high, np.isnan(a)), inside, np.count_nonzero(inside)


def test_both_sides_of_and_are_taken_in_lanes():
    """`&&`, which takes the second side only where the first is true, would have no lanes."""
    words = text(between, x, 0.25, 0.75)
    assert "(low <= a[i]) & (a[i] < high)" in words and "&&" not in words and "||" not in words


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_sine_and_cosine_in_lanes_have_names_apart(dtype):
    f = "f" if dtype == "float32" else ""
    words = text(turned, x.astype(dtype), np.zeros(len(x), dtype=dtype))
    assert words.count(f"cos{f}_apart(") == 2  # its declaration and the loop in lanes
    assert words.count("cos(s)") == 1


@needs_cc
def test_sine_and_cosine_in_lanes_are_not_made_one(tmp_path):
    check(turned, (x, np.zeros(len(x))), tmp_path)
    made = (tmp_path / "turned.so").read_bytes()
    if b"_ZGV" in made:  # a machine with vector maths
        assert b"v_sin" in made and b"v_cos" in made
