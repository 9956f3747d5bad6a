"""A frozen dataclass stays as it is."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Point:
    x: float


def f(x):
    p = Point(x)
    p.x = 2.0
    return p.x


args = (8.0,)
