"""The operator table: one entry an operator, a file a family."""

from transpile.sym.ops import (
    arithmetic,
    elementary,
    floating,
    linalg,
    reduce,
    shape,
    sorting,
    special,
)  # fmt: skip
from transpile.sym.ops.table import TABLE, Call, Infix, Op, Prefix, Pull, Reduce, Routine

__all__ = [
    "TABLE", "Call", "Infix", "Op", "Prefix", "Pull", "Reduce", "Routine",
    "arithmetic", "elementary", "floating", "linalg", "reduce", "shape", "sorting", "special",
]  # fmt: skip
