"""Derivatives: the symbolic form of a function to that of its gradient, and of its tangent."""

from transpile.adjoint.forward import jvp
from transpile.adjoint.jacobian import jacobian
from transpile.adjoint.kept import Residual, kept, lengths, measured
from transpile.adjoint.outputs import numbered, outputs
from transpile.adjoint.part import Policy
from transpile.adjoint.vjp import grad, vjp

__all__ = [
    "Policy",
    "Residual",
    "grad",
    "jacobian",
    "jvp",
    "kept",
    "lengths",
    "measured",
    "numbered",
    "outputs",
    "vjp",
]
