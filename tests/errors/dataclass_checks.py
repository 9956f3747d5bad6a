"""A dataclass that does more than keep its fields."""

from dataclasses import dataclass


@dataclass
class Positive:
    x: float

    def __post_init__(self):
        assert self.x > 0.0


def f(x):
    return Positive(x)


args = (1.0,)
