"""`match`, which Python has from 3.10."""


def f(x):
    match x:
        case 1.0:
            return 2.0
        case _:
            return x


args = (1.0,)
