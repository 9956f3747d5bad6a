"""Writes nests as C that compiles alone."""

from transpile.emit_c.write import write

__all__ = ["write"]
