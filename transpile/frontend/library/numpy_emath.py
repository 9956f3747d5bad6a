"""`np.emath`: functions of complex numbers; of real ones their type depends on the values."""

from __future__ import annotations

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import operand
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.values import Value
from transpile.sym import expr


def enter(name: str) -> None:
    @reads(f"lib.scimath.{name}", "x*")
    def read(ctx: Context, given: dict[str, Value]) -> Value:
        x = operand(ctx, given["x"])
        if not x.type.is_complex:
            ctx.fail(
                f"np.emath.{name} of real numbers is real or complex, which only they tell",
                f"write np.{name}(x.astype(complex)), or np.{name} where it is real",
            )
        return ctx.made(expr.call(ctx.build, name, [x], {}))


for taken in ("arccos", "arcsin", "arctanh", "log", "log10", "log2", "sqrt"):
    enter(taken)
