"""The operator table: one entry an operator, a file a family."""

from transpile.sym.ops import arithmetic, elementary, linalg, reduce, shape, sorting
from transpile.sym.ops.table import TABLE, Call, Infix, Op, Prefix, Pull, Reduce, Routine

__all__ = [
    "TABLE", "Call", "Infix", "Op", "Prefix", "Pull", "Reduce", "Routine",
    "arithmetic", "elementary", "linalg", "reduce", "shape", "sorting",
]  # fmt: skip
