"""An item whose number only the running program knows."""


def f(x, n):
    return [x, (x, 1.0)][n]


args = (
    8.0,
    100,
)
