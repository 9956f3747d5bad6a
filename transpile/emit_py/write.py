"""A placed function as the text of a Python module that needs NumPy alone."""

from __future__ import annotations

import builtins
import keyword
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import gast

from transpile.emit_py import trees
from transpile.emit_py.expressions import Expressions, is_math
from transpile.emit_py.hosting import Hosting, final_branch
from transpile.emit_py.quiet import quieted, within
from transpile.emit_py.raised import without_raised
from transpile.emit_py.statements import Line, Statements
from transpile.emit_py.text import Note, Notes, render
from transpile.errors import Quiet, Span
from transpile.loops.names import Names
from transpile.loops.place import Placed, Slot
from transpile.sym import walk
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Check,
    Eqn,
    Fixed,
    Function,
    Leaf,
    Print,
    Result,
    Rows,
    Same,
    Tree,
    Var,
    constant,
)  # fmt: skip
from transpile.sym.ops import Call, Text

DOC = 84  # columns of a docstring
RESERVED = {*keyword.kwlist, *dir(builtins), "math", "np", "scipy", "warnings"}


def write(placed: Placed, origin: Sequence[str], quiet: Sequence[Quiet] = ()) -> str:
    """The text of a module with the function. `origin` is where the function was written, such as
    `decay.py:6`, and, if there is one, the lines of the command that writes the text again. What
    comes from lines that are `quiet` stands in a `with` as they do."""
    return header(placed.function, origin) + Writer(placed, quiet).text()


def header(function: Function, origin: Sequence[str]) -> str:
    where, *commands = origin
    again = "; write it again with" if commands else ""
    lines = [f"# Written by transpile from {where} -- do not edit{again}"]
    lines += [f"#     {part}" for part in commands]
    return "\n".join([*lines, *imports(function), "\n\n"])


def imports(function: Function) -> list[str]:
    """NumPy, and SciPy's modules where functions of theirs are called."""
    made = [e.rhs for e in walk.equations(function.body) if isinstance(e.rhs, Apply)]
    python = [rhs for rhs in made if is_math(rhs)]
    applied = {rhs.op for rhs in made if not is_math(rhs)}
    texts = [op.numpy.name for op in applied if isinstance(op.numpy, Call)]
    texts += [op.numpy.text for op in applied if isinstance(op.numpy, Text)]
    theirs = {module for text in texts for module in re.findall(r"\b(scipy\.\w+)\.", text)}
    theirs |= error_modules(function)
    warns = any(isinstance(e.rhs, Print) and e.rhs.warned for e in walk.equations(function.body))
    modules = ["import numpy as np", *(f"import {module}" for module in sorted(theirs))]
    own = [*(["import math"] if python else []), *(["import warnings"] if warns else [])]
    return [*own, "", *modules] if own else modules


def error_modules(function: Function) -> set[str]:
    """The modules of the classes of errors and warnings that are the user's."""
    effects = [e.rhs for e in walk.equations(function.body)]
    names = [rhs.error for rhs in effects if isinstance(rhs, Check)]
    names += [rhs.warned.category for rhs in effects if isinstance(rhs, Print) and rhs.warned]
    return {name.split(":")[0] for name in names if ":" in name}


class Writer:
    """One function on its way to text."""

    def __init__(self, placed: Placed, quiet: Sequence[Quiet]) -> None:
        placed = without_raised(placed)
        self.quiet = quiet
        self.placed, self.function = placed, placed.function
        self.notes = Notes()
        definition = {out: e for e in walk.equations(placed.function.body) for out in e.outs}
        hosted = Hosting(placed, definition).run()
        self.read = read_variables(placed.function)
        names = python_names(placed, hosted, self.read)
        self.e = Expressions(placed, names, definition, hosted)
        self.statements = Statements(self.e, self.read, self.finish)
        self.reverse = self.targets_of_reverse()

    def text(self) -> str:
        body = self.function.body
        lines = self.ending(body.eqns, body.results[: len(self.function.returned)])
        statements = [*self.doc(), *self.finish(self.sizes()), *self.sections(lines)]
        params = [
            gast.Name(self.e.names[p], gast.Param(), None, None) for p in self.function.params
        ]
        arguments = gast.arguments(params, [], None, [], [], None, [])
        node = gast.FunctionDef(
            self.function.name, arguments, statements or [gast.Pass()], [], None, None, []
        )
        return render(node, self.notes)

    def sizes(self) -> list[Line]:
        """`n = len(x)`, `n, m = x.shape` or `n = x.shape[0]`, for those that are used."""
        lines: list[Line] = []
        left = [s for s in self.function.sizes if s in self.e.sizes_used]
        for param in self.function.params:
            dims = [dim.symbol for dim in param.type.dims]
            here = [(k, s) for k, s in enumerate(dims) if isinstance(s, Var) and s in left]
            here = [(k, s) for k, s in here if dims.index(s) == k]
            left = [s for s in left if s not in dims]
            lines += self.sizes_of(param, here) if here else []
        return lines

    def sizes_of(self, param: Var, here: list[tuple[int, Var]]) -> list[Line]:
        x = trees.name(self.e.names[param])
        shape = trees.attribute(x, "shape")
        names = [trees.name(self.e.names[s]) for _, s in here]
        if param.type.ndim == 1:
            return [Line(trees.assign(name, trees.call(trees.name("len"), x))) for name in names]
        if len(names) == param.type.ndim:
            return [Line(trees.assign(trees.sequence(names), shape))]
        items = [trees.subscript(shape, [trees.literal(k)]) for k, _ in here]
        return [Line(trees.assign(n, item)) for n, item in zip(names, items, strict=True)]

    # -- the end: what is returned

    def ending(self, eqns: Sequence[Eqn], results: Sequence[Atom]) -> list[Line]:
        """The last equations and the return; where a branch decides what is returned, each of its
        arms returns by itself."""
        branch = final_branch(eqns, results)
        if branch is not None:
            last, arms = eqns[-1], []
            for block, holds in ((branch.then, True), (branch.orelse, False)):
                values: dict[Atom, Atom] = dict(zip(last.outs, block.results, strict=True))
                ends = [values.get(a, self.decided(a, branch.test, holds)) for a in results]
                arms.append(self.ending(block.eqns, ends))
            test = gast.If(self.e.test(branch.test), self.finish(arms[0]), [])
            return [*self.statements.block(eqns[:-1]), Line(test, last.span), *arms[1]]
        lines = self.statements.block(eqns)
        value = self.structure(self.function.tree, partial(self.leaf, results))
        found = [a for a in results if isinstance(a, Var) and self.e.is_written_in_place(a)]
        inside = self.e.definition[found[0]].span if found else None
        return lines if value is None else [*lines, Line(gast.Return(value), inside=inside)]

    def decided(self, atom: Atom, test: Atom, holds: bool) -> Atom:
        """What a result is where the test holds, or does not."""
        if not isinstance(atom, Var) or not isinstance(test, Var):
            return atom
        if atom is test:
            return constant(holds)
        made = self.e.definition[atom].rhs if atom in self.e.definition else None
        is_not = isinstance(made, Apply) and made.op.name == "not_" and made.args[0] is test
        return constant(not holds) if is_not else atom

    def leaf(self, results: Sequence[Atom], leaf: Leaf) -> Any:
        found = self.e.atom(results[leaf.index])
        return trees.listed(found, leaf.items, leaf.each, leaf.levels) if leaf.items else found

    def structure(self, tree: Result, leaf: Callable[[Leaf], Any]) -> Any:
        """What the user gets, as an expression; None for nothing."""
        match tree:
            case Leaf():
                return leaf(tree)
            case Same(param=k):
                return trees.name(self.e.names[self.function.params[k]])
            case Fixed(value=value):
                return None if value is None else trees.literal(value)
            case Rows(each=each):
                return self.rows(each, leaf)
            case Tree(kind=kind, items=items, keys=keys):
                parts = [self.structure(item, leaf) for item in items]
                shown = [gast.Constant(None, None) if part is None else part for part in parts]
                if kind in ("dict", "dataclass"):
                    return trees.dictionary(dict(zip(keys, shown, strict=True)))
                if kind == "optional":
                    return trees.chosen(shown[1], shown[0], gast.Constant(None, None))
                if kind in trees.TEXTS:
                    return trees.text(kind, shown[0])
                if kind == "table":
                    return trees.call(trees.name("dict"), trees.call(trees.name("zip"), *shown))
                if kind in ("set", "frozenset"):
                    return trees.call(trees.name(kind), *shown)
                if kind == "list":
                    return gast.List(shown, gast.Load())
                return trees.sequence(shown)

    def rows(self, each: Result, leaf: Callable[[Leaf], Any]) -> Any:
        """A list of structures: `list(zip(...))` of tuples, else `[... for (a, b) in zip(...)]`."""
        columns: list[Any] = []

        def part(tree: Leaf) -> Any:
            columns.append(leaf(tree))
            return trees.name(f"part_{len(columns)}")

        shown = self.structure(each, part)
        names = [trees.name(f"part_{k + 1}") for k in range(len(columns))]
        zipped = trees.call(trees.name("zip"), *columns)
        if trees.same(shown, trees.sequence(names)):
            return trees.call(trees.name("list"), zipped)
        over = gast.comprehension(trees.sequence(names), zipped, [], 0)
        return gast.ListComp(shown, [over])

    # -- comments

    def doc(self) -> list[Any]:
        """What is returned, if it is a derivative, and what the text was made for: the params'
        types."""
        params = ", ".join(f"{self.e.names[p]}: {p.type}" for p in self.function.params)
        parts = [part for part in (self.function.about, params and f"For {params}.") if part]
        if not parts:
            return []
        paragraphs = [textwrap.wrap(part, DOC, break_long_words=False) for part in parts]
        lines = [line for paragraph in paragraphs for line in ["", *paragraph]][1:]
        text = lines[0] if len(lines) == 1 else "\n    ".join([*lines, ""]).replace("    \n", "\n")
        return [gast.Expr(gast.Constant(text, None))]

    def targets_of_reverse(self) -> frozenset[str]:
        """The names of cotangents: `d_x` where the user's line has no such name."""
        found = set()
        for eqn in walk.equations(self.function.body):
            for out in eqn.outs:
                if (
                    out.name.startswith("d_")
                    and out in self.e.names
                    and not said(eqn.span, out.name)
                ):
                    found.add(self.e.names[out])
        return frozenset(found)

    def is_reverse(self, line: Line) -> bool:
        return line.target in self.reverse or any(
            isinstance(node, gast.Name) and node.id in self.reverse
            for inner in getattr(line.node, "body", [])
            for node in gast.walk(inner)
        )

    def finish(self, lines: Sequence[Line]) -> list[Any]:
        """Statements, each after the mark of its note. A statement of the reverse sweep stands
        under the line that it is the derivative of, another has its line's place behind it."""
        groups = groupby(enumerate(lines), lambda one: quieted(self.quiet, one[1]))
        return [node for kinds, group in groups for node in within(kinds, self.noted(lines, group))]

    def noted(self, lines: Sequence[Line], group: Iterable[tuple[int, Line]]) -> list[Any]:
        nodes: list[Any] = []
        said_before = ("", False)
        for k, line in group:
            back = self.belongs_to_reverse(lines, k)
            note = self.note(line, back)
            if (line.place, back) == said_before and not is_block(line.node):
                note = Note()
            said_before = (line.place, back)
            if note != Note():
                nodes.append(self.notes.mark(note))
            nodes.append(line.node)
        return nodes

    def belongs_to_reverse(self, lines: Sequence[Line], k: int) -> bool:
        """Does the statement set a cotangent, or is it a part of one of the same line?"""
        for line in lines[k:]:
            if line.place != lines[k].place or is_block(line.node):
                return False
            if line.target in self.reverse:
                return True
        return False

    def note(self, line: Line, back: bool) -> Note:
        if line.span is None or is_start(line.node):
            return Note()
        if back and line.span.text:
            return Note((f"# {line.place}:  {line.span.text.strip()}",))
        return Note((), line.place)

    def sections(self, lines: list[Line]) -> list[Any]:
        """The body, its two sweeps told apart where there are two."""
        first = next((k for k, line in enumerate(lines) if self.is_reverse(line)), 0)
        if first == 0:
            return self.finish(lines)
        forward, back = self.finish(lines[:first]), self.finish(lines[first:])
        head = self.notes.mark(Note(("# forward",)))
        return [head, *forward, self.notes.mark(Note(("", "# reverse"))), *back]


def is_block(node: Any) -> bool:
    return isinstance(node, gast.For | gast.While | gast.If)


def is_start(node: Any) -> bool:
    """Is a name set to zero, to have something added to it?"""
    if not isinstance(node, gast.Assign) or not isinstance(node.targets[0], gast.Name):
        return False
    made = isinstance(node.value, gast.Call) and isinstance(node.value.func, gast.Attribute)
    return made and node.value.func.attr in ("zeros", "zeros_like", "empty")


def said(span: Span | None, name: str) -> bool:
    return span is not None and name in span.text


def python_names(placed: Placed, unwritten: frozenset[Var], read: frozenset[Var]) -> dict[Var, str]:
    """A name for each slot, none of which hides a name that the text itself uses.

    A name that two slots were given is that of the first one that is written and read.
    """
    params = dict.fromkeys(placed.slots[p] for p in placed.function.params)
    wanted: dict[Slot, str] = {slot: slot.name for slot in params}
    for var, slot in sorted(placed.slots.items(), key=lambda item: item[0] not in read):
        if var not in unwritten and slot not in wanted:
            wanted[slot] = slot.stem
    modules = {module.split(".")[0] for module in error_modules(placed.function)}
    names = Names({*RESERVED, *modules} - {slot.name for slot in params})
    given = {slot: names.free(name) for slot, name in wanted.items()}
    return {var: given[slot] for var, slot in placed.slots.items() if slot in given}


def read_variables(function: Function) -> frozenset[Var]:
    """Everything that some equation, block or dim reads."""
    found: set[Var] = set()

    def visit(block: Block) -> None:
        for eqn in block.eqns:
            found.update(walk.reads(eqn))
            for inner in walk.blocks(eqn.rhs):
                visit(inner)
        found.update(atom for atom in block.results if isinstance(atom, Var))

    visit(function.body)
    return frozenset(found)
