"""Everything outside the taken syntax is refused at decoration, all of it at once."""


def f(x):
    class Point:
        pass

    seen = {v * v for v in x}
    try:
        return sum(seen) + len({1, 2}) + x.count(b"1")
    finally:
        yield x
