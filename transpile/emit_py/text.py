"""From statements to text: astor prints them, comments and line breaks are put in here.

astor drops comments, so each statement that has one is preceded by a marker, a string of its own
line, which is replaced after printing. At the end the text is read again and has to give the tree
that was to be printed.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence

import gast
from msgspec import Struct, field

WIDTH = 96  # columns of code, beyond which a line is broken
LONGEST = 100  # columns of any line, its comment included
COLUMN = 56  # where comments behind code begin, if the code leaves room
MARK = "transpile-note-"


class Note(Struct, frozen=True):
    """What is written around one statement: lines before it and a comment behind it."""

    above: tuple[str, ...] = ()
    behind: str = ""


class Notes(Struct):
    """The notes of a text; `mark` gives the statement that stands for one until it is printed."""

    found: list[Note] = field(default_factory=list)

    def mark(self, note: Note) -> gast.Expr:
        self.found.append(note)
        return gast.Expr(gast.Constant(f"{MARK}{len(self.found) - 1}", None))


def render(function: gast.FunctionDef, notes: Notes) -> str:
    """The text of a function, with its notes. It gives the same tree again, or an error of ours."""
    tree = gast.gast_to_ast(gast.Module([function], []))
    plain = printed(tree)
    text = "\n".join(annotated(plain.splitlines(), notes.found)) + "\n"
    wanted = ast.dump(unmarked(ast.parse(plain)))
    if ast.dump(ast.parse(text)) != wanted:
        raise AssertionError(f"the text of {function.name} does not give its own tree again")
    return text


def printed(tree: ast.Module) -> str:
    """astor's text, one line a statement; the standard library's where astor does not work."""
    ast.fix_missing_locations(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import astor

            return str(astor.to_source(tree, pretty_source=lambda parts: "".join(parts)))
        except (ImportError, AttributeError):  # astor uses names that Python 3.14 removed
            return ast.unparse(tree)


class unmarked_blocks(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        return None if mark_of(node.value) is not None else node


def unmarked(tree: ast.Module) -> ast.Module:
    return unmarked_blocks().visit(tree)


def mark_of(value: ast.expr) -> int | None:
    if isinstance(value, ast.Constant) and str(value.value).startswith(MARK):
        return int(str(value.value).removeprefix(MARK))
    return None


def annotated(lines: Sequence[str], notes: Sequence[Note]) -> Iterator[str]:
    """The printed lines, each mark replaced by its note."""
    above: tuple[str, ...] = ()
    behind, quoted = "", False
    for line in lines:
        before, quoted = quoted, quoted ^ (line.count('"""') % 2 == 1)
        if before:  # inside a text of several lines
            yield line
            continue
        code = line.strip().strip("\"'")
        if code.startswith(MARK):
            note = notes[int(code.removeprefix(MARK))]
            above, behind = above + note.above, note.behind
            continue
        indent = line[: len(line) - len(line.lstrip())]
        wrapped = broken(mended(line))
        if behind:
            room = COLUMN if len(wrapped[0]) < COLUMN - 1 else len(wrapped[0]) + 2
            noted = f"{wrapped[0]:{room}}# {behind}"
            if len(noted) <= LONGEST:
                wrapped[0] = noted
            else:
                above += (f"# {behind}",)
        yield from (part for text in above for part in comment(text, indent))
        yield from wrapped
        above, behind = (), ""


def comment(text: str, indent: str) -> list[str]:
    """A comment's line; one that is too long goes on in others."""
    if len(indent) + len(text) <= LONGEST:
        return [f"{indent}{text}" if text else ""]
    return textwrap.wrap(
        text, LONGEST, initial_indent=indent, subsequent_indent=f"{indent}#     ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def mended(line: str) -> str:
    """What astor writes otherwise than one does: `return x,`, and strings in single quotes."""
    if line.lstrip().startswith("return ") and line.endswith(","):
        line = line.replace("return ", "return (", 1) + ")"
    return line if '"' in line else re.sub(r"'([^'\\]*)'", r'"\1"', line)


# -- long lines


def broken(line: str) -> list[str]:
    """A line, in several where it is too long: one term, factor or argument each."""
    if len(line) <= WIDTH:
        return [line]
    code = line.lstrip()
    indent = line[: len(line) - len(code)]
    lines = split(code)
    if ast.dump(parsed("\n".join(lines))) != ast.dump(parsed(code)):
        return [line]
    return [indent + part for part in lines]


def parsed(code: str) -> ast.Module:
    """The tree of a statement; an empty one for what is only the head of a statement."""
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module([], [])


def split(code: str) -> list[str]:
    head, value, source = value_of(code)
    if value is None:
        return [code]
    if isinstance(value, ast.Tuple):
        items = (ast.get_source_segment(source, item) for item in value.elts)
        return [f"{head}(", *(f"    {item}," for item in items), ")"]
    pieces = pieces_of(value)
    starts = [offset(source, piece) for piece in pieces]
    bare = not isinstance(value, ast.Call)
    stops = [*starts[1:], len(source) if bare else len(source) - 1]
    parts = [
        source[a:b].strip().rstrip("," if not bare else "")
        for a, b in zip(starts, stops, strict=False)
    ]
    opening = "(" if bare else source[: starts[0]] if starts else ""
    return [head + opening, *(f"    {part}{'' if bare else ','}" for part in parts), ")"]


def value_of(code: str) -> tuple[str, ast.expr | None, str]:
    """What stands before the value of an assignment or return, the value, and its text."""
    try:
        (statement,) = ast.parse(code).body
    except (SyntaxError, ValueError):
        return "", None, ""
    if not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return | ast.Expr):
        return "", None, ""
    value = statement.value
    if value is None or not isinstance(value, ast.Call | ast.BinOp | ast.Tuple):
        return "", None, ""
    head = code.encode()[: value.col_offset].decode()
    while head.endswith("("):
        head = head[:-1]
    source = code[len(head) :]
    return head, ast.parse(source).body[0].value, source  # type: ignore[attr-defined]


LOOSE, TIGHT = (ast.Add, ast.Sub), (ast.Mult, ast.Div)


def pieces_of(value: ast.expr) -> list[tuple[int, bool]]:
    """Where the pieces begin: column, and whether an operator stands before it."""
    if isinstance(value, ast.Call):
        nodes: list[ast.expr] = [*value.args, *(k.value for k in value.keywords)]
        return [] if value.keywords else [(node.col_offset, False) for node in nodes]
    assert isinstance(value, ast.BinOp)
    level = LOOSE if isinstance(value.op, LOOSE) else TIGHT
    starts: list[tuple[int, bool]] = []
    node: ast.expr = value
    while isinstance(node, ast.BinOp) and isinstance(node.op, level):
        starts.append((node.left.end_col_offset or 0, True))
        node = node.left
    return [(0, False), *reversed(starts)]


def offset(source: str, piece: tuple[int, bool]) -> int:
    """The column where a piece begins, counting brackets that belong to what stands before it."""
    column, after_operand = piece
    while after_operand and source[column] == ")":
        column += 1
    while (
        not after_operand
        and column > 1
        and source[column - 1] == "("
        and source[column - 2] in " (,"
    ):
        column -= 1
    return column
