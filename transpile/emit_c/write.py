"""The text of a kernel: one C file that compiles alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from transpile.emit_c.entry import entry, extent, is_late, needed, taken
from transpile.emit_c.expression import TYPES, place, pointer, stretch, text
from transpile.emit_c.preamble import Preamble
from transpile.emit_c.vector import apart, at_once
from transpile.errors import never
from transpile.loops.nest import (
    Array,
    Assign,
    Bind,
    Break,
    Check,
    Elements,
    Expr,
    Fill,
    If,
    Kernel,
    Lit,
    Local,
    Loop,
    Overflow,
    Perform,
    Print,
    Reserve,
    Stmt,
    Store,
    Swap,
    While,
    dtype_of,
)
from transpile.sym.affine import Affine
from transpile.sym.ops import Host
from transpile.sym.types import FLOATS, UNSIGNED

WIDTH, COMMENT = 100, 64
BUILTINS = {"+": "__builtin_add_overflow", "-": "__builtin_sub_overflow",
            "*": "__builtin_mul_overflow", "**": "power_overflow"}  # fmt: skip


def write(kernel: Kernel, header: str = "", debug: bool = False) -> str:
    """The C file of a kernel. `header` is its first comment, without the marks.

    With `debug`, `#line` tells a debugger the Python line of each statement.
    """
    kernel = apart(at_once(kernel))
    writer = Writer(kernel, debug)
    writer.kernel_text()
    entry(writer, kernel)
    top = "".join(f"// {line}\n".replace("// \n", "//\n") for line in header.splitlines())
    words = Preamble(kernel, "\n".join(writer.lines)).text()
    return "\n".join(part for part in (top, words, "\n".join(writer.lines)) if part) + "\n"


class Writer:
    """Lines, indented; the Python line is said once for statements that follow one another."""

    def __init__(self, kernel: Kernel, debug: bool = False) -> None:
        self.kernel, self.debug = kernel, debug
        self.lines: list[str] = []
        self.depth = 0
        self.said = ""

    def line(self, words: str, origin: str = "") -> None:
        indented = "    " * self.depth + words
        if origin and origin != self.said:
            if self.debug:
                file, _, number = origin.rpartition(":")
                self.lines.append(f'#line {number} "{file}"')
            padded = indented.ljust(COMMENT - 2) + "  "
            comment = f"// {origin}"
            if len(padded) + len(comment) <= WIDTH:
                indented = padded + comment
            else:
                self.lines.append("    " * self.depth + comment)
            self.said = origin
        self.lines += broken(indented)

    @contextmanager
    def braces(self, words: str, origin: str = "") -> Iterator[None]:
        self.line(f"{words} {{", origin)
        self.depth += 1
        yield
        self.depth -= 1
        self.line("}")

    # -- the function

    def kernel_text(self) -> None:
        kernel = self.kernel
        self.lines += shapes(kernel)
        params = [f"int64_t {size.name}" for size in kernel.sizes]
        params += [declared(p) for p in (*kernel.params, *kernel.outs) if not is_late(p)]
        if kernel.signature.host:
            params.append("const Host *host")
        if any(not room.late for room in kernel.rooms):
            params.append("char *scratch")
        if kernel.asks:
            params.append("Caller *caller")
        self.lines += wrapped(f"int64_t {kernel.name}(", params)
        self.lines.append("{")
        self.depth = 1
        self.unused()
        self.body(kernel.body)
        self.line("return 0;")
        self.depth = 0
        self.lines.append("}")

    def unused(self) -> None:
        """Sizes, parameters and results that the program does not use."""
        whole, kernel = set(names_in(self.kernel)), self.kernel
        for local in (*kernel.sizes, *kernel.params, *kernel.outs):
            if is_late(local):
                continue
            name = (isinstance(local, Array) and local.given) or local.name
            if name not in whole:
                self.line(f"(void){name};")

    def body(self, stmts: Sequence[Stmt]) -> None:
        for stmt in stmts:
            self.statement(stmt)

    def statement(self, stmt: Stmt) -> None:
        at = stmt.place
        match stmt:
            case Assign():
                self.assign(stmt)
            case Store():
                op, value = shorter(stmt.op, stmt.value)
                target = place(stmt.array, stmt.index)
                if op and target.startswith("*"):  # *x++ would count the pointer up
                    target = f"({target})"
                self.line(f"{target}{op or f' {stmt.op} {value}'};", at)
            case Loop():
                self.loop(stmt)
            case While():
                forever = stmt.test == Lit(True, "bool")
                words = "for (;;)" if forever else f"while ({text(stmt.test)})"
                with self.braces(words, at):
                    self.body(stmt.body)
            case If():
                self.branch(stmt, "")
            case Break():
                self.line("break;", at)
            case Check(fails=Lit(value=True)):
                self.line(f"return {stmt.number};", at)
            case Check():
                self.line(f"if ({text(stmt.fails)}) return {stmt.number};", at)
            case Overflow():
                self.overflow(stmt)
            case Print():
                self.print(stmt)
            case Perform():
                self.perform(stmt)
            case Swap():
                self.swap(stmt)
            case Fill():
                self.fill(stmt)
            case Bind():
                self.bind(stmt)
            case Reserve():
                self.reserve(stmt)
            case _:
                never(stmt)

    def assign(self, stmt: Assign) -> None:
        words = stmt.local.name
        if stmt.declare:
            words = f"{TYPES[stmt.local.dtype]} {words}"
        if stmt.value is not None:
            op, value = shorter(stmt.op, stmt.value)
            words += op or f" {stmt.op} {value}"
        self.line(f"{words};", stmt.place)

    def loop(self, stmt: Loop) -> None:
        i = stmt.index.name
        if stmt.step > 0:
            test = f"{i} < {text(stmt.stop, 11)}"
        else:
            test = f"{i} >= {text(stmt.stop + 1, 11)}"
        by = {1: f"{i}++", -1: f"{i}--"}.get(
            stmt.step, f"{i} += {stmt.step}" if stmt.step > 0 else f"{i} -= {-stmt.step}"
        )
        if stmt.simd is not None:
            self.line(f"#pragma omp simd {stmt.simd}".rstrip())
        with self.braces(f"for (int64_t {i} = {text(stmt.start)}; {test}; {by})", stmt.place):
            self.body(stmt.body)

    def branch(self, stmt: If, before: str) -> None:
        self.line(f"{before}if ({text(stmt.test)}) {{", stmt.place)
        self.depth += 1
        self.body(stmt.then)
        self.depth -= 1
        match stmt.orelse:
            case ():
                self.line("}")
            case (If() as other,):
                self.branch(other, "} else ")
            case _:
                self.line("} else {")
                self.depth += 1
                self.body(stmt.orelse)
                self.depth -= 1
                self.line("}")

    def overflow(self, stmt: Overflow) -> None:
        if stmt.declare:
            self.line(f"int64_t {stmt.local.name};", stmt.place)
        call = f"{BUILTINS[stmt.symbol]}({wide(stmt.left)}, {wide(stmt.right)}"
        self.line(f"if ({call}, &{stmt.local.name})) return {stmt.number};", stmt.place)

    def swap(self, stmt: Swap) -> None:
        """Every pointer but the last is kept while the others move."""
        names = {}
        with self.braces("", stmt.place) if len(stmt.targets) > 1 else nothing():
            for source in stmt.sources:
                if source in stmt.targets:
                    names[source] = f"{source.name}_was"
                    self.line(f"{pointer(source, names[source], const=False)} = {source.name};")
            for target, source in zip(stmt.targets, stmt.sources, strict=True):
                self.line(f"{target.name} = {names.get(source, source.name)};")

    def perform(self, stmt: Perform) -> None:
        args = [stretch(a) if isinstance(a, Elements) else text(a) for a in stmt.args]
        args.append(stretch(stmt.target))
        if stmt.spare is not None:
            args.append(stretch(Elements(stmt.spare)))
        if isinstance(stmt.op.c, Host):
            args.insert(0, "host")
        call = f"{stmt.name}({', '.join(args)})"
        words = f"if ({call} != 0) return {stmt.number};" if stmt.number else f"{call};"
        self.line(words, stmt.place)

    def fill(self, stmt: Fill) -> None:
        target = stmt.target
        dims = (stmt.source or target).dims
        size = " * ".join([*(f"(size_t){text(d, 14)}" for d in dims),
                           f"sizeof({TYPES[target.dtype]})"])  # fmt: skip
        if stmt.source is None:
            self.line(f"memset({target.name}, 0, {size});", stmt.place)
        else:
            self.line(f"memcpy({target.name}, {stmt.source.name}, {size});", stmt.place)

    def bind(self, stmt: Bind) -> None:
        array, kernel = stmt.array, self.kernel
        room = None if stmt.room is None else kernel.rooms[stmt.room]
        if array.name in kernel.late:
            shape = ", ".join(extent(kernel, d) for d in array.dims)
            given = f"caller->result(caller, {kernel.late[array.name]}, (int64_t[]){{{shape}}})"
        elif room is None or (stmt.again and not room.inside):
            given = f"(void *){array.given if room is None else f'{array.name}_room'}"
        elif room.inside:
            bytes = needed(kernel, replace(room, dims=array.dims))
            given = f"at_least(caller, &{array.name}_room, {bytes})"
        else:
            given = taken(kernel, room)
        self.line(f"{pointer(array, array.name)} = {given};", stmt.place)
        self.given(array.name, given)

    def reserve(self, stmt: Reserve) -> None:
        room = self.kernel.rooms[stmt.room]
        if room.inside:
            self.line(f"Buffer {stmt.name} = {{0}};", stmt.place)
            return
        given = taken(self.kernel, room)
        self.line(f"char *{stmt.name} = {given};", stmt.place)
        self.given(stmt.name, given)

    def given(self, name: str, given: str) -> None:
        """Leave where the caller had no memory to give."""
        if given.startswith(("caller->", "at_least(")):
            self.line(f"if (!{name}) return -1;")

    def print(self, stmt: Print) -> None:
        if stmt.number:
            values = ", ".join(told(part) for part in stmt.parts if not isinstance(part, str))
            given = f"(Value[]){{{values}}}" if values else "NULL"
            call = f"caller->tell(caller, {stmt.number}, {given})"
            self.line(f"if ({call} != 0) return -1;", stmt.place)
            return
        for part, how in spaced(stmt):
            if isinstance(part, str):
                self.line(f"fputs({quoted(part)}, stdout);", stmt.place)
                continue
            dtype = dtype_of(part)
            if dtype == "bool":
                self.line(f'fputs({text(part, 4)} ? "True" : "False", stdout);', stmt.place)
            elif how and dtype in FLOATS:
                self.line(f'print_formatted("%{how}", {text(part)});', stmt.place)
            elif dtype in FLOATS:
                single = "true" if dtype == "float32" else "false"
                self.line(f"print_float({text(part)}, {single});", stmt.place)
            else:
                how, sign = how.removesuffix("d"), "unsigned " * (dtype in UNSIGNED)
                kind = "u" if sign else "d"
                value = f"({sign}long long){text(part, 14)}"
                self.line(f'printf("%{how}ll{kind}", {value});', stmt.place)
        self.line("fflush(stdout);")


def told(part: Expr) -> str:
    """A number as the caller is told it."""
    dtype = dtype_of(part)
    if dtype in FLOATS:
        return f"{{.real = {text(part)}}}"
    same = dtype in ("int64", "bool")
    return f"{{.integer = {text(part) if same else f'(int64_t){text(part, 14)}'}}}"


def spaced(stmt: Print) -> Iterator[tuple[str | Expr, str]]:
    """What `print` writes, and how: a space between two parts and a new line after the last,
    unless there are formats."""
    pending = ""
    formats = stmt.formats or ("",) * len(stmt.parts)
    between, last = ("", "") if stmt.formats else (" ", "\n")
    for k, (part, how) in enumerate(zip(stmt.parts, formats, strict=True)):
        pending += between if k else ""
        if isinstance(part, str):
            pending += part
            continue
        if pending:
            yield pending, ""
        yield part, how
        pending = ""
    if pending + last:
        yield pending + last, ""


@contextmanager
def nothing() -> Iterator[None]:
    yield


def shorter(op: str, value: Expr) -> tuple[str, str]:
    """`++` and `--` for integers that go up or down by one."""
    if op in ("+=", "-=") and isinstance(value, Affine) and value.constant == 1:
        return ("++" if op == "+=" else "--"), ""
    return "", text(value)


def wide(expr: Expr) -> str:
    words = text(expr)
    return f"INT64_C({words})" if words.lstrip("-").isdigit() else words


def quoted(words: str) -> str:
    escaped = "".join(f"\\{b:03o}" if b < 32 or b > 126 or chr(b) in '"\\?' else chr(b)
                      for b in words.encode())  # fmt: skip
    return '"' + escaped.replace(r"\012", r"\n") + '"'


def declared(param: Local | Array) -> str:
    if isinstance(param, Local):
        return f"{TYPES[param.dtype]} {param.name}"
    if param.given:
        return f"{TYPES[param.dtype]} *restrict {param.given}"
    return pointer(param, param.name)


def shapes(kernel: Kernel) -> list[str]:
    """A comment with every array's shape, those of one shape together."""
    groups: dict[str, list[str]] = {}
    for array in (*kernel.params, *kernel.outs):
        if isinstance(array, Array):
            shape = "".join(f"[{text(d)}]" for d in array.dims) or "[1]"
            groups.setdefault(f"{TYPES[array.dtype]}{shape}", []).append(array.name)
    lines = (f"{', '.join(names)}: {shape}" for shape, names in groups.items())
    return [f"// {part}" for line in lines for part in textwrap.wrap(line, WIDTH - 3)]


def names_in(kernel: Kernel) -> Iterator[str]:
    """Every name that the kernel's body reads or writes."""
    lines = Writer(kernel)
    lines.body(kernel.body)
    for line in lines.lines:
        word = ""
        for mark in f"{line.split('//')[0]} ":
            if mark.isalnum() or mark == "_":
                word += mark
            else:
                yield word
                word = ""


def wrapped(start: str, params: Sequence[str]) -> list[str]:
    """A function's head, its parameters broken over lines where they are many."""
    one = start + ", ".join(params) + ")"
    if len(one) <= WIDTH:
        return [one]
    lines, line = [start.rstrip()], "   "
    for k, param in enumerate(params):
        word = f" {param}" + ("," if k < len(params) - 1 else ")")
        if len(line + word) > WIDTH:
            lines.append(line)
            line = "   "
        line += word
    return [*lines, line]


def broken(line: str, further: bool = False) -> list[str]:
    """A line of at most the width, broken after an operator or comma outside a string."""
    if len(line) <= WIDTH or line.lstrip().startswith(("//", "#", "fputs")):
        return [line]
    indent = len(line) - len(line.lstrip())
    cut = max((line.rfind(mark, indent + 8, WIDTH - 1) + 1 for mark in (", ", " + ", " - ",
               " * ", " / ", " && ", " || ", " = ")), default=0)  # fmt: skip
    if cut <= indent + 8:
        return [line]
    if line[cut - 1] == ",":
        head, rest = line[:cut], line[cut:]
    else:
        head, rest = line[: cut - 1], line[cut:]
    deeper = indent if further else indent + 4
    return [head.rstrip(), *broken(" " * deeper + rest.lstrip(), True)]
