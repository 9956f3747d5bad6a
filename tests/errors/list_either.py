"""Which of two lists is changed."""


def f(x):
    a, b = [1.0], [2.0]
    c = a if x > 0 else b
    c[0] = 5.0
    return a[0]


args = (8.0,)
