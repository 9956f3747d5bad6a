"""An item whose number only the running program knows."""


def f(x, n):
    return [x, 1][n]


args = (
    8.0,
    100,
)
