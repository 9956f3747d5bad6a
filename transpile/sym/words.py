"""Words for what operators do, of which names are made: `sum_x`, `sqrt_at`."""

from __future__ import annotations

from transpile.sym.ops import Op

WORDS = {
    "add": "sum", "subtract": "diff", "multiply": "scaled", "true_divide": "ratio",
    "floor_divide": "quotient", "remainder": "rest", "power": "power", "negative": "minus",
    "positive": "plus", "matmul": "product", "contract": "product", "absolute": "size",
    "transpose": "flipped", "broadcast_to": "wide", "reshape": "flat", "where": "chosen",
    "sum": "total", "prod": "product", "max": "top", "min": "low", "slice_length": "length",
    "bitwise_and": "both", "bitwise_or": "either", "logical_and": "both", "logical_or": "either",
}  # fmt: skip
TESTS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "not_")
LINKS = {"add": "plus", "subtract": "minus", "multiply": "times", "true_divide": "over"}
CASTS = {"b": "test", "i": "whole", "u": "whole", "f": "real", "c": "number"}


def word(op: Op) -> str:
    """What the result of an operator is called."""
    return "test" if op.name in TESTS else WORDS.get(op.name, op.name)
