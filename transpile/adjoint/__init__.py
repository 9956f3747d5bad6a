"""Reverse mode: the symbolic form of a function to the symbolic form of its gradient."""

from transpile.adjoint.kept import Residual, kept, lengths, measured
from transpile.adjoint.vjp import grad, vjp

__all__ = ["Residual", "grad", "kept", "lengths", "measured", "vjp"]
