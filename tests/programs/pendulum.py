"""A damped pendulum: keyword and default arguments, `math`, and a constant of the module."""

import math

import numpy as np

wrt = ("angle", "speed")

GRAVITY = 9.81


def pendulum(angle, speed, damping=0.1, *, length=2.0, steps=25, dt=0.02):
    for step in range(steps):
        speed -= dt * (GRAVITY / length * math.sin(angle) + damping * speed)
        angle += dt * speed
    return 1.0 - math.cos(angle) + 0.5 * speed**2


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 1.5), rng.normal()
