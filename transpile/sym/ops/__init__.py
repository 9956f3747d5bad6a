"""The operator table: one entry an operator, a file a family."""

from transpile.sym.ops import (
    arithmetic,
    banded,
    eigen,
    elementary,
    floating,
    lapack,
    linalg,
    parts,
    reduce,
    shape,
    sorting,
    special,
    spectra,
    systems,
    transforms,
)  # fmt: skip
from transpile.sym.ops.table import (
    TABLE,
    Call,
    Host,
    Infix,
    Op,
    Prefix,
    Pull,
    Reduce,
    Routine,
    Text,
)  # fmt: skip

__all__ = [
    "TABLE", "Call", "Host", "Infix", "Op", "Prefix", "Pull", "Reduce", "Routine", "Text",
    "arithmetic", "banded", "eigen", "elementary", "floating", "lapack", "linalg", "parts",
    "reduce", "shape", "sorting", "special", "spectra", "systems", "transforms",
]  # fmt: skip
