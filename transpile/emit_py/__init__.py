"""Writes placed functions as Python that runs with NumPy alone."""

from transpile.emit_py.write import write

__all__ = ["write"]
