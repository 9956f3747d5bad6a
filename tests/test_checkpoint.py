"""Gradients that run loops again: right whatever is kept, and never more than the budget."""

import inspect
import resource
import sys
from math import comb

import adjoint_programs as programs
import numerics
import numpy as np
import pytest

import transpile
from transpile import adjoint, config
from transpile.runtime import call
from transpile.sym.evaluate import evaluate
from transpile.sym.fold import fold
from transpile.sym.ir import Var
from transpile.sym.types import INT
from transpile.sym.verify import verify

POLICIES = {
    "few_states": ({}, 1000),
    "no_room": ({}, 10),
    "two_steps": ({"steps": 2}, 10**6),
    "least": ({"least": True}, 10**6),
    "inner_loops": ({"depth": 2}, 10),
    "all_loops": ({"depth": 3}, 10**6),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("f", programs.CASES, ids=lambda f: f.__name__)
def test_gradient_is_that_of_complex_step(f, policy):
    args, wrt = programs.CASES[f]
    options, memory = POLICIES[policy]
    lowered = transpile.function(f).graph("fold", *numerics.copied(args))
    chosen = [list(inspect.signature(f).parameters).index(w) for w in wrt]
    made = adjoint.grad(lowered, chosen, True, policy=adjoint.Policy(Var("memory", INT), **options))
    value, *got = evaluate(verify(fold(verify(made))), (*args, memory))
    assert value == f(*numerics.copied(args))
    numerics.assert_gradients_close(got, numerics.complex_step(f, numerics.copied(args), wrt))


def sweeps(u, dt, steps):
    for _ in range(steps):
        for i in range(1, len(u)):
            u[i] = u[i] - dt * u[i] * (u[i] - u[i - 1])
    return np.sum(u * u)


def march(u, dt, steps):
    t = 0
    while t < steps:
        u = u + dt * np.sin(u)
        t += 1
    return np.sum(u * u)


def settling(u, dt, steps):
    for t in range(steps):
        u = u + dt * np.sin(u)
        if t > 150:
            break
    return np.sum(u * u)


def in_a_helper(u, dt, steps):
    if steps > 10:
        u = relaxed(u, dt, steps)
    return np.sum(u * u)


def relaxed(u, dt, steps):
    for _ in range(steps):
        u = u + dt * np.sin(u)
    return u


def epochs(u, dt, steps):
    for _ in range(2):
        for _ in range(steps):
            u = u + dt * np.sin(u)
        u = u * u
    return np.sum(u)


LOOPS = [sweeps, march, settling, in_a_helper, epochs]
U = np.linspace(0.5, 1.0, 20)


@pytest.mark.parametrize("f", LOOPS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("checkpoint", ["recompute", 7, "auto"])
def test_run_again_is_what_stored_is(f, checkpoint, mode):
    stored = transpile.grad(f, checkpoint="store")(U.copy(), 0.01, 200)
    with config.change(memory_budget=20_000):
        got = transpile.grad(f, checkpoint=checkpoint)(U.copy(), 0.01, 200)
    np.testing.assert_allclose(got, stored, rtol=1e-13)


@pytest.mark.parametrize("f", LOOPS, ids=lambda f: f.__name__)
def test_a_call_takes_no_more_than_the_budget(f):
    with config.change(memory_budget=50_000):
        call.release_arena()
        transpile.grad(f)(U.copy(), 0.01, 2000)
        assert 0 < call.release_arena() <= 50_000


def test_states_are_logarithmically_many():
    def logistic(x, steps):
        for _ in range(steps):
            x = x - 0.1 * x * x
        return x

    call.release_arena()
    got = transpile.grad(logistic, checkpoint="recompute")(0.3, 100_000)
    assert call.release_arena() < 2_000
    assert got == transpile.grad(logistic, checkpoint="store")(0.3, 100_000)


def test_room_that_no_state_is_saved_in_is_not_touched(mode):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with config.change(memory_budget=2**31):
        transpile.grad(march, checkpoint="recompute")(U[:1], 0.01, 20)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 2**31 // 8 // (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("slots", [2, 3, 5, 20])
def test_a_step_is_run_again_no_more_often_than_binomial(slots, monkeypatch):
    calls = []
    steps, state = 60, U.nbytes
    memory = int((slots + 4.5) * state / 0.9) + 1 + int(state / 0.9)
    with config.change(mode="FAST_COMPILE", memory_budget=memory):
        slope = transpile.grad(relaxed_sum, checkpoint=1).compile(U, 0.01, steps)
        slope(U.copy(), 0.01, 2)
        monkeypatch.setattr(np, "sin", lambda x, sin=np.sin: calls.append(1) or sin(x))
        slope(U.copy(), 0.01, steps)
    again = next(r for r in range(steps) if comb(slots + r, slots) >= steps)
    assert len(calls) <= (again + 2) * steps
    if again > 1:
        assert len(calls) > 2 * steps


def relaxed_sum(u, dt, steps):
    for _ in range(steps):
        u = u + dt * np.sin(u)
    return np.sum(u * u)


def test_too_small_a_budget_is_an_error_with_the_bytes():
    u = np.linspace(0.5, 1.0, 10_000)
    with config.change(memory_budget=100_000), pytest.raises(MemoryError, match=r"\d{6} bytes"):
        transpile.grad(sweeps)(u, 0.01, 50)


def test_a_gradient_without_loops_has_no_budget():
    def smooth(x):
        y = np.sin(x)
        y[1:] *= y[:-1]
        return np.sum(np.exp(y) * y)

    x = np.linspace(0.0, 1.0, 10_000)
    want = transpile.grad(smooth)(x)
    with config.change(memory_budget=20_000):
        np.testing.assert_array_equal(transpile.grad(smooth)(x), want)


def test_inside_decorated_code():
    slope = transpile.grad(relaxed_sum, checkpoint=5)

    @transpile.function
    def descend(u, n):
        for _ in range(n):
            u = u - 0.1 * slope(u, 0.01, 30)
        return u

    want = U.copy()
    for _ in range(3):
        want = want - 0.1 * transpile.grad(relaxed_sum)(want, 0.01, 30)
    np.testing.assert_allclose(descend(U, 3), want, rtol=1e-13)


def test_second_derivatives_are_bounded_too():
    curvature = transpile.hvp(relaxed_sum)
    want = curvature(U.copy(), 0.01, 200, np.ones(20))
    with config.change(memory_budget=50_000):
        call.release_arena()
        got = transpile.hvp(relaxed_sum)(U.copy(), 0.01, 200, np.ones(20))
        assert call.release_arena() <= 50_000
    np.testing.assert_allclose(got, want, rtol=1e-12)


def test_prints_and_checks_happen_once(capfd):
    def told(x, steps):
        for i in range(steps):
            assert x > 0
            print("step", i)
            x = x * np.cos(x)
        return x

    transpile.grad(told, checkpoint=2)(0.3, 5)
    assert capfd.readouterr().out.split() == [w for i in range(5) for w in ("step", str(i))]


@pytest.mark.parametrize("wrong", ["all", 0, -3, True, 2.5])
def test_what_checkpoint_may_be(wrong):
    with pytest.raises(ValueError, match="checkpoint is"):
        transpile.grad(relaxed_sum, checkpoint=wrong)
