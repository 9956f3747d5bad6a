"""NumPy's Philox: the same numbers, bit for bit, and derivatives through location and scale."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, central_difference
from tests.phrases import Phrases

PHRASES = Phrases()
program, refused = PHRASES.program, PHRASES.refused
pytestmark = pytest.mark.filterwarnings("error:overflow encountered:RuntimeWarning")


def philox(seed):
    return np.random.Generator(np.random.Philox(seed))


@program((0,), (1,), (2**32 - 1,), (2**40 + 7,), (-1,))
def made_inside(seed):
    rng = np.random.Generator(np.random.Philox(seed))
    total = 0.0
    for i in range(9):
        total += rng.random() * i
    return total, rng.normal(), rng.standard_normal(), rng.integers(10), rng.uniform(-1.0, 3.0)


@program((3, 1000), (4, 0))
def arrays(seed, n):
    rng = np.random.Generator(np.random.Philox(seed=seed))
    z = rng.standard_normal(n)
    return z, rng.random((3, 2)), rng.normal(2.0, 0.5, size=(2, 2)), rng.uniform(size=3)


@program((5, np.array([1.0, -2.0]), np.array([0.5, 3.0])))
def of_arrays(seed, loc, scale):
    rng = np.random.Generator(np.random.Philox(seed))
    return rng.normal(loc, scale), rng.uniform(loc, loc + scale), rng.normal(loc[:, None], scale)


@program((6, 0, 10), (6, -3, 2**32 - 3), (6, -3, 2**32 - 4), (6, 0, 2**40), (6, 5, 6), (6, 5, 5))
def whole(seed, low, high):
    rng = np.random.Generator(np.random.Philox(seed))
    first = rng.integers(low, high, size=20)
    return first, rng.integers(low, high), rng.integers(high, size=3), rng.integers(0, 3, 4)


@program((7, 6), (8, 0))
def endpoint(seed, high):
    rng = np.random.Generator(np.random.Philox(seed))
    return rng.integers(1, high, size=30, endpoint=True)


@program((9, -1.0), (9, 0.0), (9, np.inf))
def scaled(seed, scale):
    rng = np.random.Generator(np.random.Philox(seed))
    return rng.normal(0.0, scale) + rng.uniform(0.0, scale)


@program((12, 2.0), (13, 0.0), (14, -1.0))
def exponentials(seed, scale):
    rng = np.random.Generator(np.random.Philox(seed))
    z = rng.exponential(scale, 400)
    return z, rng.exponential(), rng.standard_exponential((2, 3)), rng.exponential(z[:2] + 1.0)


@program(
    (15, 2.5), (16, 40.0), (17, 0.0), (18, 9.99), (19, 10.0), (20, 1e9), (21, -0.5), (21, 1e19)
)
def poissons(seed, mean):
    rng = np.random.Generator(np.random.Philox(seed))
    return rng.poisson(mean), rng.poisson(np.array([0.0, 3.0, 70.0, mean]))


@program((22, np.arange(10.0)), (23, np.arange(1.0)), (24, np.arange(0.0)))
def shuffled(seed, a):
    rng = np.random.Generator(np.random.Philox(seed))
    rng.shuffle(a)
    b = np.arange(12.0).reshape(6, 2)
    rng.shuffle(b)
    return b, rng.permutation(len(a)), rng.permutation(b)


@program((25, 7), (26, 1), (27, 0))
def chosen(seed, n):
    rng = np.random.Generator(np.random.Philox(seed))
    a = np.arange(n) * 0.5
    return rng.choice(n), rng.choice(n, size=4), rng.choice(a, size=(2, 3)), rng.choice(a)


@program((28, 20, 0), (28, 20, 20), (28, 20, 21), (29, 20000, 1000), (29, 20000, 30))
def chosen_once(seed, n, k):
    rng = np.random.Generator(np.random.Philox(seed))
    return rng.choice(n, size=k, replace=False), rng.random()


@program(
    (30, np.array([0.1, 0.2, 0.3, 0.4])),
    (31, np.array([0.5, 0.0, 0.25, 0.25])),
    (32, np.array([0.5, 0.0, 0.5, 0.0])),
    (32, np.array([0.5, 0.5])),
    (32, np.array([0.5, 0.5, 0.5, -0.5])),
    (32, np.array([0.5, 0.5, 0.5, 0.5])),
    (32, np.array([0.5, np.nan, 0.5, 0.5])),
)
def weighed(seed, p):
    rng = np.random.Generator(np.random.Philox(seed))
    some = rng.choice(np.array([1.0, 2.0, 3.0, 4.0]), size=(3, 2), p=p)
    return rng.choice(4, p=p), some, rng.choice(4, size=3, p=p, replace=False)


@program((10,))
def told_apart_by_branches(seed):
    rng = np.random.Generator(np.random.Philox(seed))
    other = np.random.Generator(np.random.Philox(seed + 1))
    walk = 0.0
    for _ in range(50):
        if rng.random() < 0.4:
            walk += other.normal()
        else:
            walk -= rng.uniform(0.0, 0.5)
        while True:
            if rng.integers(3) != 0:
                break
            walk *= 0.5
    return walk


@refused((11,))
def another_generator(seed):
    return np.random.default_rng(seed).normal()


@refused((11,))
def of_the_module(seed):
    return np.random.rand(seed)


@refused((11,))
def another_distribution(seed):
    return np.random.Generator(np.random.Philox(seed)).beta(1.0, 2.0)


@refused((11,))
def returned(seed):
    return np.random.Generator(np.random.Philox(seed))


test_runs_as_python_does = PHRASES.runs()
test_refused = PHRASES.refuses()


def drawn(rng, n):
    out = np.zeros(n)
    for i in range(n):
        out[i] = rng.normal(1.0, 2.0)
    return out, rng.integers(0, 10, size=5), rng.integers(5), rng.random()


def test_an_argument_is_left_where_numpy_leaves_it(mode):
    f, ours, theirs = transpile.function(drawn), philox(7), philox(7)
    for n in (3, 0, 400):
        for got, want in zip(f(ours, n), drawn(theirs, n), strict=True):
            np.testing.assert_array_equal(got, want, strict=True)
        assert repr(ours.bit_generator.state) == repr(theirs.bit_generator.state)


def test_another_bit_generator_is_no_argument(mode):
    with pytest.raises(
        TypeError, match=r"PCG64 is not counter-based\n[^?]*help: pass np\.random\.Gen"
    ):
        transpile.function(drawn)(np.random.default_rng(0), 3)


def path(loc, scale, seed, steps):
    """A walk whose steps depend on where it is."""
    rng = np.random.Generator(np.random.Philox(seed))
    x, y = loc, 0.0
    for _ in range(steps):
        x = x + np.sin(x) * rng.normal(loc, scale) + 0.1 * rng.uniform(-scale, scale)
        y += x * x / steps
    return y


def waiting(rate, seed, steps):
    """What comes in until the end, at times that are exponential apart, in a shuffled order."""
    rng = np.random.Generator(np.random.Philox(seed))
    weights = rng.permutation(np.linspace(0.5, 1.5, steps))
    t, total = 0.0, 0.0
    for k in range(steps):
        t += rng.exponential(1.0 / rate)
        total += weights[k] * np.exp(-0.1 * t) * rng.poisson(2.0)
    return total


def test_gradient_through_a_scale_of_waiting(mode):
    want = central_difference(waiting, (1.5, 5, 30), (0,))
    got = transpile.grad(waiting)(1.5, 5, 30)
    assert_gradients_close([got], want, 1e-8)


@pytest.mark.parametrize("checkpoint", ["auto", "recompute", 4])
def test_gradient_through_location_and_scale(mode, checkpoint):
    args = (0.3, 0.2, 5, 30)
    want = central_difference(path, args, (0, 1))
    got = transpile.grad(path, wrt=("loc", "scale"), checkpoint=checkpoint)(*args)
    assert_gradients_close(got, want, 1e-8)


def test_a_derivative_takes_no_generator(mode):
    def cost(x, rng):
        return x * rng.normal()

    with pytest.raises(transpile.UnsupportedError, match="pass a seed"):
        transpile.grad(cost)(1.0, philox(1))
