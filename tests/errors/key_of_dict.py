"""The key of a dict is known."""


def f(x, n):
    return {"a": x, n: x}["a"]


args = (
    2.0,
    300,
)
