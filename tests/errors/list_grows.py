"""A list grows in a loop of unknown length."""


def f(x):
    queue = []
    while x > 1:
        queue.insert(0, x)
        x = x / 2
    return queue[0]


args = (8.0,)
