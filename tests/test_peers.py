"""Every row of PEERS.md that the language reaches: what others answer wrongly, silently."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from tests.numerics import (
    assert_gradients_close,
    assert_values_equal,
    complex_step,
    copied,
)
from tests.peers import gradients, values
from transpile.runtime.call import release_arena

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of log(0) and inf


@pytest.mark.parametrize("case", gradients.CASES)
def test_known_answers_are_those_of_complex_step(case):
    f, args, wrt, want = gradients.CASES[case]
    if want is not None and case != "masked log":  # there a step off zero takes the branch
        assert_gradients_close(complex_step(f, args, wrt), want)


@pytest.mark.parametrize("case", gradients.CASES)
def test_gradient(case, mode):
    import transpile

    f, args, wrt, want = gradients.CASES[case]
    if want is None:
        want = complex_step(f, args, wrt)
    got = transpile.grad(transpile.function(f), wrt=wrt)(*copied(args))
    assert_gradients_close(got, want)


@pytest.mark.parametrize("case", gradients.CASES)
def test_value_of_what_is_differentiated(case, mode):
    import transpile

    f, args, _, _ = gradients.CASES[case]
    plain, ours = copied(args), copied(args)
    want = f(*plain)
    assert_values_equal(transpile.function(f)(*ours), want)
    assert_values_equal(ours, plain)


def test_implicit_steps_keep_one_number_a_write():
    import transpile

    f, args, wrt, _ = gradients.CASES["tridiagonal"]
    (rows, n), steps = args[0].shape, args[2]
    writes = steps * rows * (2 + 3 * (n - 1))
    assert transpile.grad(f, wrt=wrt).residuals(*args).bytes == 8 * writes


LARGE = {
    "durbin": (gradients.durbin, (0.4 * 0.9 ** np.arange(6000.0),)),
    "tridiagonal": (gradients.implicit_steps, (np.full((200, 200), 0.5), 0.3, 40)),
}


@pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="needs a compiler")
@pytest.mark.parametrize("case", LARGE)
def test_memory_is_bounded(case):
    import transpile

    f, args = LARGE[case]
    with transpile.config.change(mode="FAST_RUN"):
        stored, bounded = (transpile.grad(f) for _ in range(2))
        want = stored(*args)
        most = stored.residuals(*args).bytes
        assert most > 32 * 2**20
        release_arena()
        with transpile.config.change(memory_budget=8 * 2**20):
            got = bounded(*args)
            assert bounded.residuals(*args).bytes < most / 4
        assert release_arena() <= 8 * 2**20
    assert_gradients_close((got,), (want,))


@pytest.mark.parametrize("case", values.CASES)
def test_value(case, mode):
    import transpile

    f, args = values.CASES[case]
    plain, ours = copied(args), copied(args)
    want = f(*plain)
    got = transpile.function(f)(*ours)
    assert_values_equal(got, want)
    assert (got is ours[0]) == (want is plain[0])
    number = ~np.isnan(want)  # the sign of NaN means nothing
    np.testing.assert_array_equal(np.signbit(got)[number], np.signbit(want)[number])
    assert_values_equal(ours, plain)


def test_maximum_of_nothing(mode):
    import transpile

    f = transpile.function(values.largest)
    assert f(np.array([1.0, 3.0])) == 3.0
    with pytest.raises(ValueError):
        f(np.zeros(0))


def test_gradient_of_integers_is_refused(mode):
    import transpile

    g = transpile.grad(transpile.function(gradients.broadcast_product))
    with pytest.raises(TypeError):
        g(np.array([1, 2, 3]), np.array([1.0, 2.0, 3.0]))


def scaled_by(c):
    def scaled(x):
        return x * c

    return scaled


def test_a_captured_constant_is_exact(mode):
    import transpile

    x = np.array([1.0, 3.0])
    for c in (0.1, 0.10000000001, 0.1):
        np.testing.assert_array_equal(transpile.function(scaled_by(c))(x), x * c)


FACTOR = 2.0


def times_factor(x):
    return x * FACTOR


def sum_times_factor(x):
    return np.sum(times_factor(x))


def test_a_global_changed_after_decoration_is_seen(mode, monkeypatch):
    import transpile

    f, x = transpile.function(times_factor), np.array([1.0, 3.0])
    g = transpile.grad(transpile.function(sum_times_factor))
    for factor in (2.0, 5.0, 2.0):
        monkeypatch.setitem(times_factor.__globals__, "FACTOR", factor)
        np.testing.assert_array_equal(f(x), x * factor)
        np.testing.assert_array_equal(g(x), [factor, factor])


def run(script: Path, mode: str) -> str:
    """The output of a fresh process that shares our cache."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    env["TRANSPILE_FLAGS"] = f"{os.environ['TRANSPILE_FLAGS']},mode={mode}"
    done = subprocess.run([sys.executable, str(script)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_edited_callee_is_seen(mode, tmp_path):
    main, helper = tmp_path / "edited_main.py", tmp_path / "edited_helper.py"
    main.write_text(
        textwrap.dedent("""\
            import edited_helper
            import numpy as np
            import transpile

            @transpile.function
            def f(x):
                return np.sum(edited_helper.square(x))

            x = np.array([1.0, 3.0])
            print(float(f(x)), *map(float, transpile.grad(f)(x)))
            """)
    )
    for factor, answer in ((1.0, "10.0 2.0 6.0"), (10.0, "100.0 20.0 60.0"), (1.0, "10.0 2.0 6.0")):
        helper.write_text(f"def square(x):\n    return {factor} * x * x\n")
        assert run(main, mode).strip() == answer


@pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="needs a compiler")
def test_a_truncated_library_is_built_again(tmp_path):
    script = tmp_path / "truncated.py"
    script.write_text(
        textwrap.dedent("""\
            import numpy as np
            import transpile

            @transpile.function
            def f(x):
                return np.sum(7.25 * x)

            print(float(f(np.array([1.0, 3.0]))), f.path("c"), sep="\\n")
            """)
    )
    value, path = run(script, "FAST_RUN").splitlines()
    assert value == "29.0"
    (library,) = Path(path).parent.glob("*.so")
    whole = library.read_bytes()
    for broken in (whole[:100], whole[: len(whole) // 2], b""):
        library.unlink()
        library.write_bytes(broken)
        value, path = run(script, "FAST_RUN").splitlines()
        assert value == "29.0"
        (library,) = Path(path).parent.glob("*.so")
        assert library.read_bytes() != broken


def test_generated_text_is_short_and_structured(mode):
    import transpile

    lang = "c" if mode == "FAST_RUN" else "python"
    text = transpile.function(values.exponential).source(lang, np.ones(3))
    assert len(text.splitlines()) < 50
    f = transpile.function(gradients.leave_early)
    text = transpile.grad(f).source(lang, np.ones(3))
    assert "goto" not in text
