"""Everything outside the taken syntax is refused at decoration, all of it at once."""


def f(x):
    with open(x) as file:
        del file
    squares = [v * v for v in x]
    try:
        return sum(squares)
    except ValueError:
        raise
