"""A lambda whose line is not Python by itself."""

FUNCTIONS = {
    "double": lambda x: 2.0 * x,
}
f = FUNCTIONS["double"]
