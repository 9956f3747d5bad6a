"""A list grows for as long as its own elements say, in a program that prints."""


def f(x):
    out = [x]
    while out[-1] < 100.0:
        out.append(out[-1] * 1.5)
    print("steps", len(out))
    return out[-1]


args = (1.0,)
