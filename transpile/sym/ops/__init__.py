"""The operator table: one entry an operator, a file a family."""

from transpile.sym.ops import arithmetic, elementary, linalg, reduce, shape
from transpile.sym.ops.table import TABLE, Call, Infix, Op, Prefix, Pull, Reduce

__all__ = [
    "TABLE", "Call", "Infix", "Op", "Prefix", "Pull", "Reduce",
    "arithmetic", "elementary", "linalg", "reduce", "shape",
]  # fmt: skip
