"""Only NumPy's own `with` is taken."""


def f(x):
    with open(x) as file:
        return file


args = ("a.txt",)
