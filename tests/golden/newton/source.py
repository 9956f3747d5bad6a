"""A loop that ends when it is done: its steps are counted for the way back."""


def newton(a, tolerance):
    x = a
    while True:
        step = (x * x - a) / (2.0 * x)
        x = x - step
        if abs(step) < tolerance:
            break
    return x


def arguments():
    return 2.0, 1e-12


wrt = ("a",)
