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


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


def test_a_constant_of_a_class_is_read_at_each_call(mode, monkeypatch):
    @transpile.function
    def pushed(force):
        return Spring(1.0, 1.0).step(force)

    assert pushed(1.0) == 0.1 * 2.0
    monkeypatch.setattr(Spring, "GAIN", 3.0)
    assert pushed(1.0) == pytest.approx(0.1 * 3.0)
