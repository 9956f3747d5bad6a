"""A function without a file."""

names = {}
exec("def f(x):\n    return x\n", names)
f = names["f"]
args = (1.0,)
