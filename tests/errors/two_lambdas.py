"""Two lambdas on a line cannot be told apart."""

f, g = lambda x: x + 1.0, lambda x: x - 1.0
args = (1.0,)
