"""The house rules of DESIGN.md section 3, held by reading our own source.

Imports go one way, a file and a function fit in a head, and what is dear is imported late.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "transpile"

# A room may import the rooms that its row names, itself, and nothing else of ours.
ROOMS = {
    "errors": "",
    "config": "errors",
    "sym": "errors config",
    "types": "errors config sym",
    "frontend": "errors config sym types",
    "adjoint": "errors config sym types",
    "loops": "errors config sym types",
    "emit_py": "errors config sym types frontend adjoint loops",
    "emit_c": "errors config sym types frontend adjoint loops",
    "emit_cuda": "errors config sym types frontend adjoint loops emit_c",
}
ROOMS["runtime"] = " ".join(ROOMS)
ROOMS["api"] = " ".join(ROOMS)
ROOMS["cli"] = " ".join(ROOMS)
ROOMS["__init__"] = " ".join(ROOMS)
ROOMS["__main__"] = " ".join(ROOMS)

LATE = {"astor", "graphviz", "matplotlib", "networkx", "numba", "pycuda", "scipy"}
SYNTAX_TOOLS = {"astor", "gast"}  # other rooms see Python only as our own symbolic form
SYNTAX_ROOMS = {"frontend", "emit_py"}

MAX_FILE, MAX_CLASS, MAX_FUNCTION, MAX_COLUMNS = 500, 300, 50, 100
NOT_OURS = {".git", ".venv", "build", "dist", "golden", "output", "__pycache__"}

# (path, words of the fault) -> why it is right all the same
EXCEPTIONS: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Source:
    """One file of ours."""

    path: str  # from the root of the repository, with /
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def room(self) -> str:
        return self.path.removesuffix(".py").split("/")[1]

    @property
    def package(self) -> list[str]:
        parts = self.module.split(".")
        return parts if self.path.endswith("__init__.py") else parts[:-1]


@dataclass(frozen=True)
class Import:
    target: str  # dotted name, as far down as a module goes
    line: int
    inside: str | None  # the function it stands in


def imports(source: Source, modules: frozenset[str]) -> Iterator[Import]:
    """Every import of `source`, relative ones resolved, with the function it stands in."""

    def visit(node: ast.AST, inside: str | None) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(alias.name, child.lineno, inside) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = _imported_from(source, child)
                for alias in child.names:
                    full = f"{base}.{alias.name}"
                    yield Import(full if full in modules else base, child.lineno, inside)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from visit(child, child.name)
            else:
                yield from visit(child, inside)

    return visit(source.tree, None)


def _imported_from(source: Source, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    base = source.package[: len(source.package) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def check_imports(sources: list[Source]) -> list[tuple[str, str]]:
    """Every import of the package that goes the wrong way, is too early or hides in a function."""
    modules = frozenset(s.module for s in sources)
    faults = []
    for source in sources:
        if source.room not in ROOMS:
            faults.append((source.path, f"{source.room} is no room of DESIGN.md section 3"))
            continue
        for found in imports(source, modules):
            faults.extend((source.path, fault) for fault in _import_faults(source, found))
    return faults


def _import_faults(source: Source, found: Import) -> Iterator[str]:
    top, *rest = found.target.split(".")
    if top == PACKAGE:
        room = rest[0] if rest else "__init__"
        if room != source.room and room not in ROOMS[source.room].split():
            yield f"line {found.line}: {source.room} may not import {found.target}"
        if found.inside is not None:
            yield f"line {found.line}: {found.inside} imports {found.target} inside a function"
    if top in LATE and found.inside is None:
        yield f"line {found.line}: {top} is imported before it is needed"
    if top in SYNTAX_TOOLS and source.room not in SYNTAX_ROOMS:
        yield f"line {found.line}: {top} belongs in {' and '.join(sorted(SYNTAX_ROOMS))}"


def check_cycles(sources: list[Source]) -> list[tuple[str, str]]:
    """Every module that can reach itself over imports."""
    modules = frozenset(s.module for s in sources)
    edges = {s.module: {i.target for i in imports(s, modules)} & modules for s in sources}
    faults = []
    for source in sources:
        start, seen, todo = source.module, set(), list(edges[source.module])
        while todo:
            module = todo.pop()
            if module not in seen:
                seen.add(module)
                todo.extend(edges[module])
        if start in seen:
            faults.append((source.path, f"{start} imports itself over {', '.join(sorted(seen))}"))
    return faults


def check_late_packages(sources: list[Source]) -> list[tuple[str, str]]:
    """Every heavy package that is imported in more than one module."""
    modules = frozenset(s.module for s in sources)
    places: dict[str, set[str]] = {}
    for source in sources:
        for found in imports(source, modules):
            top = found.target.split(".")[0]
            if top in LATE:
                places.setdefault(top, set()).add(source.path)
    return [
        (path, f"{top} has one place, but is imported in {', '.join(sorted(paths))}")
        for top, paths in places.items()
        if len(paths) > 1
        for path in sorted(paths)
    ]


def check_bounds(source: Source) -> list[tuple[str, str]]:
    """Every file, class, function and line that is too long."""
    lines = source.text.splitlines()
    faults = []
    if len(lines) > MAX_FILE:
        faults.append(f"{len(lines)} lines, at most {MAX_FILE}")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS:
            faults.append(f"line {number}: {len(line)} columns, at most {MAX_COLUMNS}")
    if source.path.endswith(".py"):
        faults.extend(_definition_faults(source.tree))
    return [(source.path, fault) for fault in faults]


def _definition_faults(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bound = MAX_CLASS
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            bound = MAX_FUNCTION
        else:
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > bound:
            yield f"{node.name}: {length} lines, at most {bound}"


@cache
def ours(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Source]:
    """The files of ours below `folders`, sorted; generated and third-party ones left out."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.suffix in suffixes and not NOT_OURS & set(parts):
                found.append(Source("/".join(parts), path.read_text(encoding="utf-8")))
    return found


def broken(faults: list[tuple[str, str]]) -> list[str]:
    return [f"{path}: {fault}" for path, fault in faults if excuse(path, fault) is None]


def excuse(path: str, fault: str) -> tuple[str, str] | None:
    return next((key for key in EXCEPTIONS if key[0] == path and key[1] in fault), None)


def test_imports_go_one_way():
    assert not broken(check_imports(ours(PACKAGE)))


def test_no_module_imports_itself():
    assert not broken(check_cycles(ours(PACKAGE)))


def test_heavy_packages_are_imported_in_one_place():
    assert not broken(check_late_packages(ours(PACKAGE)))


def test_everything_fits_in_a_head():
    files = ours(PACKAGE, "tests", "examples", "benchmarks", suffixes=(".py", ".c", ".h"))
    assert files
    assert not broken([fault for file in files for fault in check_bounds(file)])


def test_exceptions_are_still_needed():
    if not EXCEPTIONS:
        return
    sources = ours(PACKAGE, "tests", "examples", "benchmarks", suffixes=(".py", ".c", ".h"))
    package = [s for s in sources if s.path.startswith(f"{PACKAGE}/") and s.path.endswith(".py")]
    found = [fault for source in sources for fault in check_bounds(source)]
    found += check_imports(package) + check_cycles(package) + check_late_packages(package)
    assert {excuse(path, fault) for path, fault in found} - {None} == set(EXCEPTIONS)


def package_of(**files: str) -> list[Source]:
    """A package that holds the given files, `__` standing for `/`."""
    return [
        Source(f"{PACKAGE}/{name.replace('__', '/')}.py", textwrap.dedent(text))
        for name, text in files.items()
    ]


@pytest.mark.parametrize(
    ("room", "text", "fault"),
    [
        ("sym__ir", "from transpile.frontend import lower", "sym may not import"),
        ("sym__ir", "from ..frontend.lower import lower", "sym may not import"),
        ("adjoint__reverse", "import transpile.loops.nest", "adjoint may not import"),
        ("emit_py__text", "from transpile.emit_c import text", "emit_py may not import"),
        ("loops__nest", "from transpile import function", "loops may not import transpile"),
        ("api", "def f():\n    from transpile.sym import ir", "f imports transpile.sym inside"),
        ("sym__ops", "from scipy import special", "scipy is imported before"),
        ("runtime__call", "import gast", "gast belongs in emit_py and frontend"),
        ("emit_py__text", "import astor", "astor is imported before"),
        ("cellar__ir", "", "cellar is no room"),
    ],
)
def test_a_wrong_import_is_found(room, text, fault):
    faults = check_imports(package_of(**{room: text}))
    assert len(faults) == 1
    assert fault in faults[0][1]


def test_a_right_import_is_not_a_fault():
    sources = package_of(
        config="",
        sym__ir="from ..errors import Span\nimport numpy as np",
        emit_cuda__text="from transpile.emit_c import text",
        emit_py__text="import gast\ndef text():\n    import astor",
        api="from . import config\nfrom .runtime.cache import Cache",
    )
    assert check_imports(sources) == []
    assert check_cycles(sources) == []


def test_a_cycle_is_found():
    sources = package_of(
        sym__ir="from . import types",
        sym__types="from .show import show",
        sym__show="from . import ir",
    )
    assert [path for path, _ in check_cycles(sources)] == [s.path for s in sources]


def test_a_heavy_package_in_two_places_is_found():
    late = "def f():\n    import scipy.linalg"
    assert len(check_late_packages(package_of(sym__ops=late, runtime__call=late))) == 2


def test_what_is_too_long_is_found():
    body = "\n".join(["    x = 1"] * 50)
    text = f"class A:\n{body}\ndef f():\n{body}\n" + "#" * 101 + "\n" * 400
    faults = [fault for _, fault in check_bounds(Source("transpile/sym/ir.py", text))]
    assert faults == [
        "502 lines, at most 500",
        "line 103: 101 columns, at most 100",
        "f: 51 lines, at most 50",
    ]
