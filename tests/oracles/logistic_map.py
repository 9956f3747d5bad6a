"""The logistic map in its chaotic range: the product of 4 (1 - 2 x) along the orbit."""


def orbit(x, n):
    for i in range(n):
        x = 4.0 * x * (1.0 - x)
    return x


def identities(gradient):
    x, n, slope = 0.3, 25, 1.0
    for i in range(n):
        slope *= 4.0 * (1.0 - 2.0 * orbit(x, i))
    yield gradient(orbit, (x, n), ("x",)), (slope,)
