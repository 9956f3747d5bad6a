"""What objects have of their classes: methods, properties, constants; tuples with names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.array([0.5, -1.0, 2.0])

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


@dataclass
class Spring:
    k: float
    m: float
    x: float = 0.0
    GAIN = 2.0

    @property
    def period(self):
        return 2.0 * math.pi / self.omega()

    @staticmethod
    def doubled(a):
        return a * 2

    def omega(self):
        return math.sqrt(self.k / self.m)

    def step(self, force, dt=0.1):
        self.x += dt * (self.GAIN * force - self.k * self.x)
        return self.x

    def __call__(self, t):
        return self.x + self.period * t


class Damped(Spring):
    def omega(self):
        return 0.5 * math.sqrt(self.k / self.m)


class Pair(NamedTuple):
    u: float
    v: float = 2.0

    def norm(self):
        return math.sqrt(self.u**2 + self.v**2)


@smooth((X, 2.0), by_differences=True)
def objects(forces, k):
    spring, total = Spring(k, 2.0), 0.0
    for force in forces:
        total = total + spring.step(force) * spring.step(force, dt=0.2)
    return total + spring(3.0) + spring.doubled(spring.x) + Damped(k, 1.0).period


@program((1.5, 3), (0.5, 0))
def named(u, steps):
    pair = Pair(u)
    pair = pair._replace(v=u * 2)
    for _ in range(steps):
        pair = pair._replace(u=pair.u + pair.v)
    return pair.norm(), tuple(pair._asdict().values()), pair.u


class Layer:
    """Keeps what it saw for the way back, as layers do."""

    SCALE = 0.5
    made = 0

    def __init__(self, W, b=None):
        self.W, self.b = W, b
        self.cache = {}
        self.gradients: dict = {}

    @classmethod
    def eye(cls, n, *rest):
        return cls(np.eye(n), *rest)

    @property
    def shape(self):
        return self.W.shape

    @shape.setter
    def shape(self, new):
        self.W = self.W.reshape(new)

    def forward(self, x):
        self.x = x
        self.cache["z"] = self.SCALE * (x @ self.W)
        if self.b is not None:
            self.cache["z"] = self.cache["z"] + self.b
        return self.activate(self.cache["z"])

    def backward(self, g):
        g = g * self.slope(self.cache["z"]) * self.SCALE
        self.gradients["W"] = self.x.T @ g
        return g @ self.W.T

    def activate(self, z):
        return np.tanh(z)

    def slope(self, z):
        return 1.0 - np.tanh(z) ** 2


class Gated(Layer):
    def __init__(self, W):
        super().__init__(W, np.ones(W.shape[1]))
        self.calls = 0

    def activate(self, z):
        self.calls += 1
        return z * super().activate(z)

    def slope(self, z):
        return np.tanh(z) + z * super().slope(z)


class Stack:
    def __init__(self, *layers):
        self.layers = list(layers)

    def __len__(self):
        return len(self.layers)

    def __getitem__(self, k):
        return self.layers[k]

    def __setitem__(self, k, layer):
        self.layers[k] = layer

    def __contains__(self, layer):
        return any(one is layer for one in self.layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, g):
        for layer in reversed(self.layers):
            g = layer.backward(g)
        return g


class Momentum:
    def __init__(self, rate, decay=0.9):
        self.rate, self.decay, self.speed, self.rounds = rate, decay, None, 0

    def update(self, w, g):
        if self.speed is None:
            self.speed = np.zeros_like(w)
        self.rounds += 1
        self.speed = self.decay * self.speed - self.rate * g
        return w + self.speed


W0 = np.array([[0.4, -0.2, 0.1], [0.3, 0.5, -0.6], [0.2, 0.1, 0.7]])


@smooth((W0, W0 + 0.1), by_differences=True)
def layers(x, W):
    net = Stack(Layer(W), Gated(W * 0.5), Layer.eye(3, 0.1))
    y = net.forward(x)
    g = net.backward(y - 1.0)
    first = net[0]
    assert len(net) == 3 and first in net
    return np.sum(first.gradients["W"] * W) + np.sum(g) + net[1].calls + first.shape[0]


@program((W0, W0 + 0.1))
def what_layers_hold(x, W):
    net, layer = Stack(Layer(W), Gated(W)), Layer(W)
    net[1] = Gated(W * 2.0)
    layer.shape = (-1,)
    named = hasattr(layer, "x"), hasattr(net[0], "forward"), getattr(layer, "y", None) is None
    setattr(layer, "y", 1.5)  # noqa: B010
    kinds = isinstance(net[1], Layer), isinstance(layer, Gated), type(layer) is Layer
    return net.forward(x), layer.W, named, kinds, layer.y, bool(net), layer == net[0], layer != net


@smooth((W0, 0.1), by_differences=True)
def descent(W, rate):
    steps = [Momentum(rate), Momentum(2.0 * rate, decay=0.5)]
    for _ in range(3):
        for step in steps:
            W = step.update(W, np.cos(W))
    return np.sum(W * W) + steps[0].rounds


class Dual:
    """A number and its slope: what operators mean is the class's own."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.slope * other)
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return Dual(-self.value, -self.slope)

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return -self + other

    def __eq__(self, other):
        return self.value == other.value

    def __lt__(self, other):
        return self.value < other.value

    def __abs__(self):
        return -self if self < Dual(0.0) else self

    def __bool__(self):
        return bool(self.value != 0.0)

    def __call__(self, x):
        return self.value + self.slope * x


@smooth((0.7, 5), by_differences=True)
def duals(x, n):
    u = Dual(x, 1.0)
    total = Dual(0.0)
    for k in range(n):
        total = total + 0.5 * u * u - (1.0 - u) * float(k)
    return abs(total)(2.0) + (1.0 if total else 2.0)


@program((0.7,), (-0.7,))
def duals_compared(x):
    u, v = Dual(x), Dual(abs(x))
    return u == v, u != v, u < v, u > v, (u + 1.0).value


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


def test_a_constant_of_a_class_is_read_at_each_call(mode, monkeypatch):
    @transpile.function
    def pushed(force):
        return Spring(1.0, 1.0).step(force)

    assert pushed(1.0) == 0.1 * 2.0
    monkeypatch.setattr(Spring, "GAIN", 3.0)
    assert pushed(1.0) == pytest.approx(0.1 * 3.0)


class Filtered:
    def __init__(self, gain):
        self.gain = gain

    @transpile.function
    def response(self, x):
        return np.tanh(self.gain * x).sum()


def test_a_decorated_method_is_one_of_its_object(mode):
    one = Filtered(2.0)
    assert one.response(X) == pytest.approx(np.tanh(2.0 * X).sum())
    slope = transpile.grad(Filtered.response)(one, X)
    assert type(slope) is Filtered
    assert slope.gain == pytest.approx(np.sum(X * (1 - np.tanh(2.0 * X) ** 2)))


def test_an_object_is_returned_as_one_of_its_class(mode):
    def grown(x):
        net = Stack(Layer(x))
        net.forward(x)
        return net

    net = transpile.function(grown)(W0)
    assert type(net) is Stack and type(net[0]) is Layer
    np.testing.assert_allclose(net[0].cache["z"], 0.5 * W0 @ W0)
    assert net[0].b is None


def test_the_arrays_of_an_object_that_is_passed_are_its_own(mode):
    def filled(layer, x):
        layer.W[0] = 2.0
        return layer.activate(x @ layer.W)

    theirs, ours = Layer(W0.copy()), Layer(W0.copy())
    want = filled(theirs, X)
    np.testing.assert_allclose(transpile.function(filled)(ours, X), want, rtol=1e-14)
    np.testing.assert_array_equal(ours.W, theirs.W)


class Odd:
    def __init__(self, x):
        self.x = x

    def __bool__(self):
        return self.x


@pytest.mark.parametrize("x", [1.0, np.float64(1.0), True])
def test_what_an_object_says_of_its_truth_is_a_bool(x, mode):
    def chosen(x):
        return 1 if Odd(x) else 2

    if x is True:
        assert transpile.function(chosen)(x) == 1
        return
    with pytest.raises(TypeError):
        transpile.function(chosen)(x)
