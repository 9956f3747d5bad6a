"""The symbolic form as text: one line an equation, loops in the words of scan.

n: size
function decay(y0: float64[n], k: float64[]) -> y_2
  y_2 = scan i in range(0, steps, 1), carried y_1 from y0, captures k
    y_3 = multiply(k, y_1)                                  # decay.py:9
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transpile.errors import never
from transpile.sym import walk
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Check,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Print,
    Scan,
    Var,
    While,
)  # fmt: skip

COMMENT = 68


def show(function: Function) -> str:
    """The text of a function; the same program always gives the same text."""
    names = Names()
    sizes = ", ".join(names(s) for s in function.sizes)
    params = ", ".join(f"{names(p)}: {names.type(p)}" for p in function.params)
    head = f"function {function.name}({params})"
    lines = [f"sizes {sizes}"] if sizes else []
    lines += [head, *block(function.body, names, "  ")]
    if function.written:
        lines.append("  written " + ", ".join(names(function.params[k]) for k in function.written))
    return "\n".join(lines) + "\n"


class Names:
    """A name for each variable: the user's, with a number where it is not the first of the name."""

    def __init__(self) -> None:
        self.given: dict[Var, str] = {}
        self.count: dict[str, int] = {}

    def __call__(self, atom: Atom) -> str:
        if isinstance(atom, Const):
            return repr(atom.value)
        if atom not in self.given:
            stem = atom.name or "t"
            number = self.count[stem] = self.count.get(stem, -1) + 1
            self.given[atom] = f"{stem}_{number}" if number or not atom.name else stem
        return self.given[atom]

    def type(self, var: Var) -> str:
        text = str(var.type.having(dims=()))
        if var.type.is_scalar:
            return text
        shown = []
        for dim in var.type.dims:
            part = str(dim)
            for symbol in dim.symbols():
                if isinstance(symbol, Var) and not symbol.name:
                    part = part.replace(f"v{symbol.serial}", self(symbol))
            shown.append(part)
        return f"{var.type.dtype}[{', '.join(shown)}]"


def block(found: Block, names: Names, indent: str) -> Iterator[str]:
    for eqn in found.eqns:
        lines = list(equation(eqn, names, indent))
        if eqn.span is not None:
            lines[0] = f"{lines[0]:{COMMENT}}  # {eqn.span.place}"
        yield from lines
    if found.results:
        yield f"{indent}-> {', '.join(map(names, found.results))}"


def equation(eqn: Eqn, names: Names, indent: str) -> Iterator[str]:
    outs = ", ".join(f"{names(o)}: {names.type(o)}" for o in eqn.outs)
    inner = indent + "  "
    match eqn.rhs:
        case Apply(op=op, args=args, params=params):
            yield f"{indent}{outs} = {op.name}{settings(params)}({', '.join(map(names, args))})"
        case Call(function=function, args=args):
            yield f"{indent}{outs} = call {function.name}({', '.join(map(names, args))})"
        case Custom(name=name, values=values, args=args):
            given = ", ".join(map(names, args))
            yield f"{indent}{outs} = {', '.join(map(names, values))}, as {name}({given})"
        case Scan(body=body) as scan:
            bounds = ", ".join(map(names, (scan.start, scan.stop, scan.step)))
            steps = f"range({bounds})"
            steps = f"reversed({steps})" if scan.reverse else steps
            until = ", until the last result" if scan.until else ""
            yield f"{indent}{outs} = scan {names(body.params[0])} in {steps}{until}"
            yield from carries(body, scan.init, names, inner, body.params[1:])
            yield from block(body, names, inner)
        case While(init=init, test=test, body=body):
            yield f"{indent}{outs} = while"
            yield from carries(test, init, names, inner, test.params)
            yield from block(test, names, inner)
            yield f"{indent}do"
            yield from carries(body, init, names, inner, body.params)
            yield from block(body, names, inner)
        case If(test=test, then=then, orelse=orelse):
            yield f"{indent}{outs} = if {names(test)}" if outs else f"{indent}if {names(test)}"
            yield from block(then, names, inner)
            yield f"{indent}else"
            yield from block(orelse, names, inner)
        case Check(test=test, error=error, message=message):
            yield f"{indent}check {names(test)} else {error}: {message.splitlines()[0]}"
        case Print(parts=parts, formats=formats, warned=warned):
            shown = [repr(p) if isinstance(p, str) else names(p) for p in parts]
            for k, how in enumerate(formats):
                shown[k] += f":{how}" if how else ""
            verb = "print" if warned is None else f"warn {warned.category}:"
            yield f"{indent}{verb} {' '.join(shown) if formats else ', '.join(shown)}"
        case _:
            never(eqn.rhs)


def carries(
    body: Block, init: tuple[Atom, ...], names: Names, indent: str, params: tuple[Var, ...]
) -> Iterator[str]:
    """The sequences, carried values and captures of a loop, as the seed calls them."""
    carried = [f"{names(p)} from {names(a)}" for p, a in zip(params, init, strict=True)]
    captured = walk.captures(body)
    sequences = {v for v in captured if is_sequence(v, body)}
    for label, found in (
        ("sequences", [names(v) for v in captured if v in sequences]),
        ("carried", carried),
        ("captures", [names(v) for v in captured if v not in sequences]),
    ):
        if found:
            yield f"{indent}{label}: {', '.join(found)}"


def is_sequence(var: Var, body: Block) -> bool:
    """Is the capture read at the loop's index, and nowhere else?"""
    if not body.params or not var.type.dims:
        return False
    reads = [e.rhs for e in body.eqns if var in walk.reads(e)]
    return bool(reads) and all(
        isinstance(r, Apply) and r.op.name == "index" and r.args[1:2] == (body.params[0],)
        and r.args[0] is var
        for r in reads
    )  # fmt: skip


def settings(params: Mapping[str, Any]) -> str:
    shown = [f"{k}={text(v)}" for k, v in params.items() if k != "dims"]
    return f"[{', '.join(shown)}]" if shown else ""


def text(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(text(v) for v in value)})"
    return str(value)
