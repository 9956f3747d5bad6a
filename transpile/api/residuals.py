"""What a gradient keeps, as the user sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from transpile import adjoint
from transpile.adjoint import Residual
from transpile.loops.place import Placed
from transpile.sym import walk
from transpile.sym.evaluate import evaluate
from transpile.sym.ir import Print

HEAD = ("name", "type", "bytes", "value of")


class Residuals(list[Residual]):
    """The arrays that a gradient keeps for its reverse sweep; printed as a table.

    `bytes` is what they take in all for the arguments that were asked about, or None.
    """

    def __init__(self, found: Iterable[Residual], measured: bool) -> None:
        super().__init__(found)
        self.bytes = sum(r.bytes or 0 for r in self) if measured else None

    def __repr__(self) -> str:
        if not self:
            return "nothing is kept"
        rows = [HEAD, *((r.name, r.shape, amount(r), r.line) for r in self)]
        if self.bytes is not None:
            rows.append(("in all", "", str(self.bytes), ""))
        widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )
        return "\n".join(line.rstrip() for line in lines)


def amount(residual: Residual) -> str:
    return residual.size if residual.bytes is None else f"{residual.size} = {residual.bytes}"


def residuals(placed: Placed, args: Sequence[Any] | None) -> Residuals:
    """What a function keeps, with its bytes for the flat arguments if there are any."""
    function = placed.function
    found = adjoint.kept(function, lambda var: placed.slots[var].name)
    if args is None:
        return Residuals(found, measured=False)
    symbols, lengths = adjoint.lengths(function)
    silent = replace(lengths, body=walk.effectless(lengths.body, Print))
    values = dict(zip(symbols, evaluate(silent, args), strict=True))
    return Residuals(adjoint.measured(found, values), measured=True)
