"""The public functions."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from transpile.api.check import check_grad
from transpile.api.custom import CustomVjp
from transpile.api.derivatives import (
    Derivative,
    Hessian,
    HessianProduct,
    Jacobian,
    Pullback,
    Pushforward,
)
from transpile.api.functions import Checkpoint, Function, decorated
from transpile.frontend import stop_gradient
from transpile.sym import ir, show

__all__ = [
    "check_grad",
    "custom_vjp",
    "debugprint",
    "decorated",
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


def function(
    fn: Callable[..., Any] | None = None,
    *,
    mode: str | None = None,
    name: str | None = None,
    checkpoint: Checkpoint = "auto",
) -> Any:
    """Decorate a NumPy function so that it runs as generated code.

    `mode` is "FAST_RUN" (C) or "FAST_COMPILE" (generated NumPy, no compiler); by default that of
    `config.mode` at each call. `checkpoint` is what the function's gradients keep, see `grad`.
    Raises UnsupportedError for syntax that is not taken, all of it at once; names and types are
    looked at in the first call.
    """
    if fn is None:
        return functools.partial(function, mode=mode, name=name, checkpoint=checkpoint)
    return Function(fn, mode=mode, name=name, checkpoint=checkpoint)


def custom_vjp(fn: Callable[..., Any]) -> CustomVjp:
    """Decorate a NumPy function whose derivative is a rule of your own.

    The rule is a function of the arguments, of the result `out` and of its cotangent `g`; it
    returns the cotangent of the argument, or a tuple of one for each. An argument that is no
    floating-point number or array of them has None. The rule is NumPy like the rest, and is
    differentiated itself where second derivatives are asked for.

    >>> import numpy as np, transpile
    >>> @transpile.custom_vjp
    ... def logsumexp(x):
    ...     top = np.max(x)
    ...     return top + np.log(np.sum(np.exp(x - top)))
    >>> @logsumexp.rule
    ... def logsumexp_rule(x, out, g):
    ...     return g * np.exp(x - out)
    >>> transpile.grad(logsumexp)(np.zeros(4))
    array([0.25, 0.25, 0.25, 0.25])
    """
    return CustomVjp(fn)


def grad(
    fn: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = 0,
    has_aux: bool = False,
    checkpoint: Checkpoint | None = None,
) -> Function:
    """The gradient of a scalar-valued function with respect to values on entry.

    `wrt` is a position or a name, or a tuple of them for a tuple of gradients. A gradient has the
    structure of its argument. With `has_aux` the function returns `(cost, others)` and the result
    is `(gradient, others)`. The result is a Function: it has source, and can be differentiated
    again. It never writes into its arguments.

    `checkpoint` says what is kept of the loops for the way back. "auto": all that is needed, as
    long as that is less than `config.memory_budget`; else some states of the outermost loops, from
    which the steps between are run again (Griewank and Walther, 2000, ACM TOMS 26). A number is
    the number of such steps; "recompute" keeps least, "store" all. By default it is what
    `function` was told. Raises MemoryError, with the bytes, before a call would take more memory
    than the budget leaves even so, or than there is.

    >>> import transpile
    >>> def cube(x):
    ...     return x ** 3
    >>> float(transpile.grad(cube)(2.0))
    12.0
    """
    return Derivative(decorated(fn), wrt, keep_value=False, has_aux=has_aux, checkpoint=checkpoint)


def value_and_grad(
    fn: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = 0,
    has_aux: bool = False,
    checkpoint: Checkpoint | None = None,
) -> Function:
    """The value and the gradient together, `(value, gradient)`; see `grad`.

    With `has_aux` the result is `((cost, others), gradient)`.

    >>> import transpile
    >>> def cube(x):
    ...     return x ** 3, {"halved": x / 2}
    >>> (value, others), slope = transpile.value_and_grad(cube, has_aux=True)(2.0)
    >>> float(value), float(others["halved"]), float(slope)
    (8.0, 1.0, 12.0)
    """
    return Derivative(decorated(fn), wrt, keep_value=True, has_aux=has_aux, checkpoint=checkpoint)


def vjp(
    fn: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = 0,
    checkpoint: Checkpoint | None = None,
) -> Function:
    """The vector-Jacobian product: called with the arguments, then the result's cotangent.

    The cotangent has the structure and the shapes of what `fn` returns; the result those of
    `wrt`, as with `grad`; so is `checkpoint`.

    >>> import numpy as np, transpile
    >>> def squares(x):
    ...     return x * x
    >>> transpile.vjp(squares)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """
    return Pullback(decorated(fn), wrt, checkpoint=checkpoint)


def jvp(fn: Callable[..., Any], wrt: int | str | Sequence[int | str] = 0) -> Function:
    """The Jacobian-vector product: called with the arguments, then a tangent of those `wrt`.

    The tangent has the structure and the shapes of what `grad` would give. The result, the tangent
    of what `fn` returns, has the structure and the shapes of that, with None for what is no
    floating-point number. It is computed forward, along with the function, and keeps nothing.

    >>> import numpy as np, transpile
    >>> def squares(x):
    ...     return x * x
    >>> transpile.jvp(squares)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """
    return Pushforward(decorated(fn), wrt)


def hvp(
    fn: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = 0,
    checkpoint: Checkpoint | None = None,
) -> Function:
    """The Hessian of a scalar-valued function times a vector, without the Hessian.

    It is called with the arguments, then the vector, which has the structure of the gradient, as
    the result has: it is the tangent of the gradient, forward over reverse. For `checkpoint` see
    `grad`.

    >>> import numpy as np, transpile
    >>> def cubes(x):
    ...     return np.sum(x ** 3)
    >>> transpile.hvp(cubes)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([  6., 120.])
    """
    return HessianProduct(grad(fn, wrt, checkpoint=checkpoint), wrt)


def jacobian(fn: Callable[..., Any], wrt: int | str | Sequence[int | str] = 0) -> Function:
    """The Jacobian: the derivative of each element of the result by each element of `wrt`.

    Its shape is that of the result, then that of the argument. Of a result that is a structure it
    is that structure, with in place of each floating-point number or array the structure that
    `grad` would give. It is computed forward, a sweep for each element of the arguments, where
    those are not more than the elements of the result; else backwards.

    >>> import numpy as np, transpile
    >>> def squares(x):
    ...     return x * x
    >>> transpile.jacobian(squares)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return Jacobian(decorated(fn), wrt)


def hessian(
    fn: Callable[..., Any],
    wrt: int | str | Sequence[int | str] = 0,
    checkpoint: Checkpoint | None = None,
) -> Function:
    """The second derivatives of a scalar-valued function: the Jacobian of its gradient.

    With a tuple `wrt` it is a tuple of tuples; see `jacobian`, and `grad` for `checkpoint`.

    >>> import transpile
    >>> def product(x):
    ...     return x[0] * x[1]
    >>> import numpy as np
    >>> transpile.hessian(product)(np.array([3.0, 4.0]))
    array([[0., 1.],
           [1., 0.]])
    """
    return Hessian(grad(fn, wrt, checkpoint=checkpoint), wrt)


def debugprint(fn: Callable[..., Any], stage: str = "fold", *args: Any) -> None:
    """Print the symbolic form: loops as scan with sequences, carried values and captures.

    What a gradient keeps comes after it.
    """
    fn = decorated(fn)
    program = fn.graph(stage, *args)
    if not isinstance(program, ir.Function):
        raise ValueError('the stages shown are "fold" and "place"; nests are read as source("c")')
    print(show.show(program), end="")
    if kept := fn.residuals(*args):
        print(f"kept for the reverse sweep:\n{kept}")
