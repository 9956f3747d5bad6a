"""A list has another length on each way."""


def f(x):
    a = [x]
    if x > 0:
        a.append((x, 1.0))
    return a[0]


args = (8.0,)
