"""NumPy's questions about dtypes: what they answer is known when a function is compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.library.python_kinds import sample
from transpile.frontend.operands import described, number
from transpile.frontend.values import Static, Structure, Value
from transpile.sym.ir import constant


def known(ctx: Context, value: Value) -> Any:
    """A dtype, a class or its name; of an array or number, one of the same type."""
    match value:
        case Static(value=found):
            return found
        case Structure():
            ctx.fail(f"a dtype is expected here, this is {described(value)}", "write np.float64")
    type = number(ctx, value).type
    if type.kind == "python":
        return sample(ctx, value)
    return np.zeros((0,) * type.ndim, type.dtype)[()]


def answered(function: Any) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        (values,) = given.values()
        assert isinstance(values, Structure)
        args = [known(ctx, value) for value in values.items]
        try:
            answer = function(*args)
        except (TypeError, ValueError, KeyError) as error:
            ctx.fail(str(error))
        return constant(bool(answer)) if isinstance(answer, bool | np.bool) else Static(answer)

    return found


for one in (np.dtype, np.issubdtype, np.result_type, np.promote_types, np.can_cast):
    reads(one.__name__, "*given")(answered(one))
