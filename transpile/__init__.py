"""NumPy with real loops, as fast C, and its exact gradient, as source you can read."""

from transpile.api import (
    check_grad,
    custom_vjp,
    debugprint,
    function,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    stop_gradient,
    value_and_grad,
    vjp,
)
from transpile.config import config
from transpile.errors import (
    BuildError,
    NotDifferentiableError,
    ShapeError,
    TranspileError,
    UnsupportedError,
)

__version__ = "0.1.0"

__all__ = [
    "BuildError",
    "NotDifferentiableError",
    "ShapeError",
    "TranspileError",
    "UnsupportedError",
    "check_grad",
    "config",
    "custom_vjp",
    "debugprint",
    "function",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
