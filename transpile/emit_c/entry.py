"""The functions by which the caller reaches a kernel: `NAME_plan` and `NAME_entry`."""

from __future__ import annotations

from typing import Protocol

from transpile.emit_c.expression import TYPES, pointer, text
from transpile.loops.nest import Array, Kernel, Load, Local, Room, Stmt
from transpile.loops.walk import expressions, parts, statements
from transpile.sym.affine import Affine


class Lines(Protocol):
    depth: int
    lines: list[str]
    said: str

    def line(self, words: str, origin: str = "") -> None: ...
    def statement(self, stmt: Stmt) -> None: ...


def taken(kernel: Kernel, room: Room) -> str:
    """`take(&scratch, m * n, sizeof(double))`, or what the caller gives for that many bytes."""
    if room.late:
        return f"caller->more(caller, {needed(kernel, room)})"
    dims = [extent(kernel, d) for d in room.dims if d.constant != 1]
    return f"take(&scratch, {' * '.join(dims) or '1'}, sizeof({TYPES[room.dtype]}))"


def needed(kernel: Kernel, room: Room) -> str:
    """`room(elements(m, n), sizeof(double))`: the bytes of that, which may be too many."""
    dims = [extent(kernel, d) for d in room.dims if d.constant != 1]
    count = dims[0] if dims else "1"
    for dim in dims[1:]:
        count = f"elements({count}, {dim})"
    return f"room({count}, sizeof({TYPES[room.dtype]}))"


def extent(kernel: Kernel, dim: Affine) -> str:
    """A dim's text, not below zero; a size by itself never is."""
    if dim.constant is not None:
        return str(max(0, dim.constant))
    return text(dim, 13) if dim.symbol in kernel.sizes else f"extent({text(dim)})"


def entry(writer: Lines, kernel: Kernel) -> None:
    """Both functions; `given` points to sizes, parameters, results, scratch, to what the caller
    does when asked, and to the addresses of the host's functions."""
    plan(writer, kernel)
    writer.lines += ["", f"int64_t {kernel.name}_entry(void *const *given)", "{"]
    writer.depth = 1
    sizes = [f"*(const int64_t *)given[{k}]" for k in range(len(kernel.sizes))]
    count = len(sizes)
    args = [*kernel.params, *kernel.outs]
    given = [*sizes, *(argument(p, count + k) for k, p in enumerate(args) if not is_late(p))]
    if kernel.signature.host:
        given.append(f"given[{count + len(args) + 2}]")
    if any(not room.late for room in kernel.rooms):
        given.append(f"given[{count + len(args)}]")
    if kernel.asks:
        given.append(f"given[{count + len(args) + 1}]")
    if not given:
        writer.line("(void)given;")
    call = f"return {kernel.name}("
    writer.line(call + ", ".join(given) + ");")
    writer.depth = 0
    writer.lines.append("}")


def is_late(param: Local | Array) -> bool:
    return isinstance(param, Array) and param.late


def argument(param: Local | Array, position: int) -> str:
    if isinstance(param, Local):
        return f"*(const {TYPES[param.dtype]} *)given[{position}]"
    return f"given[{position}]"


def plan(writer: Lines, kernel: Kernel) -> None:
    """plan[0] is the bytes of scratch, the rest the dims of the arrays that are returned, but for
    those that the kernel asks for."""
    dims = [d for out in kernel.outs if isinstance(out, Array) and not out.late for d in out.dims]
    writer.lines += ["", f"int64_t {kernel.name}_plan(void *const *given, int64_t *plan)", "{"]
    writer.depth, writer.said = 1, ""
    read = needs(kernel, dims)
    integers = (*kernel.sizes, *kernel.params)
    if not any(p in read for p in integers):
        writer.line("(void)given;")
    for k, param in enumerate(integers):
        if isinstance(param, Local) and param in read:
            kind = TYPES[param.dtype]
            writer.line(f"{kind} {param.name} = *(const {kind} *)given[{k}];")
        elif isinstance(param, Array) and param in read:
            writer.line(f"{pointer(param, param.name)} = given[{k}];")
    for stmt in kernel.planned:
        writer.statement(stmt)
    rooms = [needed(kernel, room) for room in kernel.rooms if not room.late]
    if len(rooms) > 1:
        writer.line("int64_t bytes = 0;")
        for words in rooms:
            writer.line(f"bytes += {words};")
    writer.line(f"plan[0] = {'bytes' if len(rooms) > 1 else rooms[0] if rooms else '0'};")
    for k, dim in enumerate(dims, start=1):
        writer.line(f"plan[{k}] = {extent(kernel, dim)};")
    writer.line("return 0;")
    writer.depth = 0
    writer.lines.append("}")


def needs(kernel: Kernel, dims: list[Affine]) -> set[Local | Array]:
    """The locals and parameters that the plan is made of."""
    found: set[Local | Array] = set()
    forms = [*dims, *(d for room in kernel.rooms if not room.late for d in room.dims)]
    exprs = [*forms, *(e for s in statements(kernel.planned) for e in expressions(s))]
    for part in (p for expr in exprs for p in parts(expr)):
        if isinstance(part, Local):
            found.add(part)
        elif isinstance(part, Load):
            found.add(part.array)
            found |= {s for d in part.array.dims[1:] for s in d.symbols() if isinstance(s, Local)}
    return found
