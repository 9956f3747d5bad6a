"""Reverse mode: the symbolic form of a function to the symbolic form of its gradient."""

from transpile.adjoint.vjp import grad, kept, vjp

__all__ = ["grad", "kept", "vjp"]
