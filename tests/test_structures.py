"""Tuples, lists, dicts and dataclasses as arguments and results, of functions and derivatives."""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pytest

import transpile
from tests.numerics import complex_step


@dataclass(frozen=True)
class Spring:
    stiffness: float
    lengths: np.ndarray
    name: str = "spring"


@dataclass
class System:
    spring: Spring
    start: float
    loads: tuple[float, dict[str, float]] = (1.0, {"left": 2.0})


@dataclass(slots=True)
class Point:
    x: float
    y: float = 1.0


class State(NamedTuple):
    position: np.ndarray
    speed: float = 1.0


@dataclass
class Checked:
    x: float

    def __post_init__(self):
        if not self.x > 0.0:
            raise ValueError("x has to be positive")


@dataclass
class Fresh:
    x: float
    seen: list = field(default_factory=list)


def energy(system, scale):
    """Every part of the argument matters, and differently."""
    force, (load, sides) = system.start, system.loads
    for i in range(len(system.spring.lengths)):
        force = force * system.spring.stiffness + system.spring.lengths[i] ** 2 * load
    return scale * force * sides["left"]


SYSTEM = System(Spring(0.5, np.array([1.0, 2.0, -1.5])), 3.0, (1.5, {"left": 2.0}))


def flat_energy(stiffness, lengths, start, load, left, scale):
    return energy(System(Spring(stiffness, lengths), start, (load, {"left": left})), scale)


FLAT = (0.5, SYSTEM.spring.lengths, 3.0, 1.5, 2.0, 0.7)


def leaves(system):
    spring, (load, sides) = system.spring, system.loads
    return spring.stiffness, spring.lengths, system.start, load, sides["left"]


def test_a_gradient_has_the_structure_of_its_argument(mode):
    got = transpile.grad(energy)(SYSTEM, 0.7)
    assert type(got) is System
    assert type(got.spring) is Spring
    assert got.spring.name is None
    for k, part in enumerate(leaves(got)):
        want = complex_step(flat_energy, FLAT, (k,))[0]
        np.testing.assert_allclose(part, want, rtol=1e-10)


@pytest.mark.parametrize("wrt", [("scale", 0), (-1, "system"), ("scale", -2)])
def test_wrt_is_a_name_or_a_position_also_from_the_end(mode, wrt):
    value, (d_scale, d_system) = transpile.value_and_grad(energy, wrt=wrt)(SYSTEM, 0.7)
    assert value == energy(SYSTEM, 0.7)
    np.testing.assert_allclose(d_scale, energy(SYSTEM, 1.0), rtol=1e-12)
    np.testing.assert_allclose(d_system.start, complex_step(flat_energy, FLAT, (2,))[0], rtol=1e-10)


@pytest.mark.parametrize("wrt", [2, -3, "sclae", (0, 2), 1.0, None])
def test_wrt_that_is_no_parameter(wrt):
    with pytest.raises(ValueError, match=r"is no parameter of energy\(system, scale\)"):
        transpile.grad(energy, wrt=wrt)


def moved(point, velocity, steps):
    """A dataclass is carried through the loop and through the branch, and returned."""
    for _ in range(steps):
        point = Point(point.x + velocity.x, y=point.y * velocity.y)
        if point.x > 2.0:
            point = Point(point.x - 2.0)
    return {"end": point, "label": "moved", "turns": [steps, (point.x,)], "nothing": None}


def test_a_dataclass_made_in_the_program_is_returned(mode):
    got = transpile.function(moved)(Point(0.5, 2.0), Point(0.75, 3.0), 4)
    want = moved(Point(0.5, 2.0), Point(0.75, 3.0), 4)
    assert got == want
    assert type(got["end"]) is Point


def split(x):
    return {"squares": x * x, "count": 3, "rest": (np.sum(x) * x[0], None, "text")}


def test_a_cotangent_has_the_structure_of_the_result(mode):
    pull, x, d = transpile.vjp(split), np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0, 100.0])
    want = 2.0 * x * d + 0.5 * (x[0] + np.array([6.0, 0.0, 0.0]))
    given = {"squares": d, "count": None, "rest": (0.5, None, None)}
    np.testing.assert_allclose(pull(x, given), want, rtol=1e-12)
    turned = {key: given[key] for key in ("rest", "count", "squares")}
    np.testing.assert_allclose(pull(x, turned), want, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("count"), "d_split has to have the structure"),
        (lambda d: d.update(count=1), r"d_split\['count'\] has to have"),
        (lambda d: d.update(squares=None), r"d_split\['squares'\] has to have"),
        (lambda d: d.update(rest=(0.5, None)), r"d_split\['rest'\] has to have"),
        (lambda d: d.update(squares=1.0), r"d_split\['squares'\] is float"),
        (lambda d: d.update(squares=np.ones((3, 1))), r"d_split\['squares'\] is float64\["),
        (lambda d: d.update(squares=np.ones(4)), r"shape \(4,\), axis 0 has to be of length 3"),
    ],
)
def test_a_cotangent_that_does_not_fit(mode, change, said):
    given = {"squares": np.ones(3), "count": None, "rest": (0.5, None, "text")}
    change(given)
    with pytest.raises((TypeError, transpile.ShapeError), match=said):
        transpile.vjp(split)(np.ones(3), given)


def test_an_array_that_is_written_and_returned_has_a_cotangent(mode):
    def doubled(x):
        x[0] = 2.0 * x[0]
        return x

    x = np.ones(3)
    np.testing.assert_array_equal(transpile.vjp(doubled)(x, np.arange(1.0, 4.0)), [2.0, 2.0, 3.0])
    assert x[0] == 1.0


def with_others(x, k):
    """The cost, and what else a user wants to see of the run."""
    residual = k * x - 1.0
    x[0] = 5.0
    return np.sum(residual * residual), {"residual": residual, "seen": x, "steps": 3}


def test_what_stands_beside_the_cost_is_given_too(mode):
    x, k = np.array([1.0, 2.0]), 3.0
    want = 2.0 * k * (k * x - 1.0)
    cost, others = with_others(x.copy(), k)
    for gradient, found in [
        transpile.grad(with_others, has_aux=True)(x, k),
        transpile.value_and_grad(with_others, has_aux=True)(x, k)[::-1],
    ]:
        np.testing.assert_allclose(gradient, want, rtol=1e-12)
        if isinstance(found, tuple):
            value, found = found
            np.testing.assert_allclose(value, cost, rtol=1e-12)
        np.testing.assert_allclose(found["residual"], others["residual"])
        np.testing.assert_array_equal(found["seen"], others["seen"])
        assert found["steps"] == 3
    assert x[0] == 1.0


def test_a_gradient_with_others_inside_a_program(mode):
    slopes = transpile.grad(with_others, has_aux=True)

    def shown(x):
        gradient, others = slopes(x, 3.0)
        return np.sum(gradient) + others["residual"][1]

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(transpile.function(shown)(x), 42.0 + 5.0)


def alone(x):
    return (x[0],)


def listed(x):
    return [x[0], 1.0]


@pytest.mark.parametrize("fn", [split, alone, listed])
@pytest.mark.parametrize("aux", [False, True])
def test_results_that_are_no_cost_are_refused(fn, aux):
    with pytest.raises(transpile.UnsupportedError, match=r"cost must be a scalar|\(cost, others\)"):
        transpile.grad(fn, has_aux=aux)(np.ones(3))


def test_an_integer_in_the_argument_of_a_gradient_is_named():
    system = copy.deepcopy(SYSTEM)
    system.start = 3
    with pytest.raises(TypeError, match="system_start is int"):
        transpile.grad(energy)(system, 0.7)


def test_a_gradient_does_not_run_the_class():
    def cost(checked):
        return 1.0 / checked.x

    assert transpile.grad(cost)(Checked(2.0)).x == -0.25


def test_a_class_that_does_more_does_so_where_it_is_made(mode):
    def made(x):
        checked, fresh = Checked(x), Fresh(x)
        fresh.seen.append(checked.x * 2.0)
        return fresh.seen

    assert transpile.function(made)(1.5) == [3.0]
    with pytest.raises(ValueError, match="x has to be positive"):
        transpile.function(made)(-1.0)


def test_structured_arguments_of_a_gradient_inside_a_program(mode):
    slopes = transpile.grad(energy)

    def step(system, scale):
        found = slopes(system, scale)
        return system.start - found.start, found

    start, found = transpile.function(step)(SYSTEM, 0.7)
    want = complex_step(flat_energy, FLAT, (2,))[0]
    np.testing.assert_allclose(start, SYSTEM.start - want, rtol=1e-10)
    np.testing.assert_allclose(found.start, want, rtol=1e-10)


def driven(state, steps):
    """A tuple with names goes by its names and by its places."""
    for _ in range(steps):
        x, v = state
        state = State(x + v * state.position, speed=state[1] * 0.5)
    return State(np.sin(state.position)), np.sum(state.position) * state.speed


def test_tuples_with_names(mode):
    state = State(np.array([1.0, 2.0]), 0.5)
    got, want = transpile.function(driven)(state, 2), driven(state, 2)
    assert type(got[0]) is State
    np.testing.assert_array_equal(got[0].position, want[0].position)
    assert (got[0].speed, got[1]) == (1.0, want[1])
    gradient = transpile.grad(lambda state: driven(state, 2)[1])(state)
    assert type(gradient) is State
    (want,) = complex_step(lambda x, v: driven(State(x, v), 2)[1], (state.position, 0.5), (0,))
    np.testing.assert_allclose(gradient.position, want, rtol=1e-10)
    assert transpile.check_grad(driven, state, 2)


def test_other_subclasses_are_refused():
    class Labelled(list):
        pass

    for value in (OrderedDict(x=1.0), Labelled([1.0])):
        with pytest.raises(TypeError, match="has no array form"):
            transpile.function(lambda v: v)(value)


SETTINGS = System(Spring(2.0, (), "settings"), 3.0)


def test_a_global_dataclass_that_is_changed_is_seen(mode, monkeypatch):
    f = transpile.function(lambda x: x * SETTINGS.start * SETTINGS.loads[0])
    assert f(1.0) == 3.0
    monkeypatch.setattr(SETTINGS, "start", 5.0)
    assert f(1.0) == 5.0
    monkeypatch.setattr(SETTINGS, "loads", (2.0, {}))
    assert f(1.0) == 10.0
