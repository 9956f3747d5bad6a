"""A list has another length on each way."""


def f(x):
    a = [x]
    if x > 0:
        a.append(1.0)
    return sum(a)


args = (8.0,)
