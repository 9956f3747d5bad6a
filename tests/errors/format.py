"""A format that C has not."""


def f(x):
    print(f"{x:,}")
    return x


args = (2.0,)
