"""From a function's text and its arguments' types to the symbolic form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import gast
from msgspec import Struct
from msgspec.structs import replace

from transpile.errors import Quiet
from transpile.frontend import custom, extents, scope, unread
from transpile.frontend.args import Arg, ArgLeaf, ArgStatic, ArgTree, ArgValue, arg_leaves
from transpile.frontend.capacity import Capacity, check_repeatable
from transpile.frontend.context import (
    Again,
    Context,
    Equality,
    Guard,
    Keyed,
    NotKnown,
    Raised,
    Shared,
    Traits,
)  # fmt: skip
from transpile.frontend.inlining import body_of
from transpile.frontend.library.python_deque import is_deque
from transpile.frontend.library.python_dicts import Dict
from transpile.frontend.library.python_hashed import Frozen, Set, is_table
from transpile.frontend.operands import described
from transpile.frontend.pieces import item_with
from transpile.frontend.source import Source, shallow
from transpile.frontend.statements import HOOKS
from transpile.frontend.values import (
    CALLERS,
    MUTABLE,
    NONE,
    Array,
    Base,
    Frame,
    Generator,
    Letter,
    Letters,
    Listed,
    Option,
    Records,
    Static,
    Structure,
    Value,
)
from transpile.frontend.views import content
from transpile.frontend.views import read as read_array
from transpile.sym.affine import Affine, Facts, Symbol
from transpile.sym.build import Builder, check_equal
from transpile.sym.ir import (
    Atom,
    Const,
    Fixed,
    Function,
    Leaf,
    Result,
    Rows,
    Same,
    Tree,
    Var,
    constant,
)
from transpile.sym.types import INT, LARGE, TOO_LARGE, Type
from transpile.sym.walk import has_effect

Equal: TypeAlias = "tuple[int, int, int, int, str]"


class Lowered(Struct, frozen=True):
    """What `lower` gives; see the fields' comments."""

    function: Function
    guards: tuple[Guard, ...]  # (dict, name, value) and (cell, value): to compare on each call
    hidden: tuple[Callable[[], Any], ...]  # global arrays, and room: the last params, in order
    sources: tuple[Source, ...]  # the function and every helper inlined
    equal: tuple[Equal, ...]  # (param, axis, param, axis, message): lengths that have to be equal
    quiet: tuple[Quiet, ...]  # where NumPy is not to warn
    assumed: bool  # is some of them demanded only after a check or in a loop?


def lower(source: Source, args: Sequence[Arg], assume: bool = True, owner: Any = None) -> Lowered:
    """The symbolic form of a function for arguments of these types.

    `args` are in the signature's order, defaults filled in. With `assume`, lengths that have to be
    equal in a loop are taken to be equal from the start; without it they are checked in the loop.
    `owner` has the rule for the derivative, where the user has given one.
    """
    types = [type for arg in args for type in arg_leaves(arg.value)]
    sizes = tuple(dict.fromkeys(s for s in map(size_of, dims_of(types)) if s is not None))
    shared = Shared(sizes, len(types), assume)
    shared.sources[source] = None
    united: dict[Symbol, Affine] = named_sizes(source, args, sizes)
    while True:
        attempt = Attempt(source, args, shared, united, owner)
        try:
            with shallow(source.name, source.span(source.tree)):
                function = attempt.run()
        except Again:
            continue
        except Keyed as unknown:
            traits = shared.sites.get(unknown.site, Traits())
            if traits.hashed:
                raise
            shared.sites[unknown.site] = replace(traits, hashed=True)
            continue
        except NotKnown:
            if shared.by_place:
                raise
            shared.by_place = True
            continue
        found = [e for e in shared.equal if attempt.root(e.a) is not attempt.root(e.b)]
        if not found:
            break
        for equality in found:
            a, b = attempt.root(equality.a), attempt.root(equality.b)
            if a is not b:
                attempt.join(a, b)
    hidden = tuple(read for read, _, _ in shared.hidden.values())
    for read in hidden:
        if isinstance(read, Capacity):
            check_repeatable(function, read)
    return Lowered(
        function,
        tuple(shared.guards.values()),
        hidden,
        tuple(shared.sources),
        tuple(attempt.equalities()),
        tuple(shared.quiet),
        not all(equality.certain for equality in shared.equal),
    )


def dims_of(types: Sequence[Type]) -> Iterator[Affine]:
    for type in types:
        yield from type.dims


def size_of(dim: Affine) -> Var | None:
    return dim.symbol if isinstance(dim.symbol, Var) else None


class Attempt:
    """One reading of the whole function, with the sizes that are known to be equal being one."""

    def __init__(
        self,
        source: Source,
        args: Sequence[Arg],
        shared: Shared,
        united: dict[Symbol, Affine],
        owner: Any,
    ) -> None:
        self.source, self.args, self.shared, self.united = source, args, shared, united
        self.owner = owner
        self.params: list[Var] = []
        self.found: dict[Any, None] = {}

    # -- sizes

    def root(self, size: Var) -> Var:
        while size in self.united:
            new = self.united[size].symbol
            assert isinstance(new, Var)
            size = new
        return size

    def join(self, a: Var, b: Var) -> None:
        first, second = sorted((a, b), key=lambda v: v.serial)
        self.united[second] = Affine.of(first)

    def type(self, type: Type) -> Type:
        roots: dict[Symbol, Affine] = {s: Affine.of(self.root(s)) for s in self.shared.sizes}
        return type.having(dims=tuple(dim.substitute(roots) for dim in type.dims))

    def unequal(self, ctx: Context) -> Callable[[Builder, Affine, Affine], None]:
        """What is done where two dims meet that are not known to be equal."""

        def found(build: Builder, a: Affine, b: Affine) -> None:
            pair = apart(a, b)
            certain = ctx.branches == 0 and ctx.loops == 0 and not any(map(has_effect, build.eqns))
            assumed = certain or (ctx.branches == 0 and self.shared.assume)
            sizes = {self.root(s) for s in self.shared.sizes}
            if pair is None or not assumed or not sizes.issuperset(pair):
                before = build.span
                check_equal(build, a, b)
                build.span = before
                return
            if frozenset(pair) not in self.found:
                self.found[frozenset(pair)] = None
                self.shared.equal.append(Equality(*pair, build.span, certain))

        return found

    def equalities(self) -> Iterator[Equal]:
        """The demands that `shared.equal` makes of the params' shapes."""
        places: dict[Var, tuple[int, int]] = {}
        groups: dict[Var, list[Var]] = {}
        types = [t for arg in self.args for t in arg_leaves(arg.value)]
        types += [var.type for _, _, var in self.shared.hidden.values()]
        for k, type in enumerate(types):
            for axis, dim in enumerate(type.dims):
                size = size_of(dim)
                if size is not None and size not in places:
                    places[size] = (k, axis)
                    groups.setdefault(self.root(size), []).append(size)
        for root, members in groups.items():
            for other in members[1:]:
                said = [e.span for e in self.shared.equal if self.root(e.a) is root and e.span]
                place = f"{said[-1].place}: " if said else ""
                (a, i), (b, j) = places[members[0]], places[other]
                names = f"{self.params[a].name} and {self.params[b].name}"
                yield a, i, b, j, f"{place}{names} have to be of equal length here"

    # -- reading

    def run(self) -> Function:
        sizes = tuple(dict.fromkeys(map(self.root, self.shared.sizes)))
        build = Builder(facts=Facts([Affine.of(size) for size in sizes]))
        frame = scope.frame_of(self.source, self.source.tree, None)
        frame.calls = (self.source.tree,)
        ctx = Context(build, frame, self.shared, HOOKS)
        ctx.sizes = frozenset(sizes)
        build.unequal, build.spread = self.unequal(ctx), extents.spread
        build.span = self.source.span(self.source.tree)
        for arg in self.args:
            frame.names[arg.name] = self.param(ctx, arg.name, arg.value)
        for _, base, var in self.shared.hidden.values():
            new = Var(var.name, self.type(var.type))
            self.params.append(new)
            ctx.bases[base] = new
            if new.type.is_scalar:
                build.facts = build.facts.having(Affine.of(new))
        try:
            value = self.value(ctx, frame)
        except Raised:
            ctx.build, value = build, NONE
        return self.function(ctx, build, value, sizes)

    def value(self, ctx: Context, frame: Frame) -> Value:
        if self.owner is None:
            return body_of(ctx, frame)
        given = [frame.names[arg.name] for arg in self.args]
        return custom.ruled(ctx, self.owner, given, lambda: body_of(ctx, frame))

    def param(self, ctx: Context, name: str, value: ArgValue) -> Value:
        match value:
            case ArgStatic(value=static):
                return Static(static)
            case ArgTree(kind="generator", items=(state,)):
                found_state = self.param(ctx, name, state)
                assert isinstance(found_state, Array)
                return Generator(found_state)
            case ArgTree(kind="str" | "bytes" | "bytearray" as text, items=(codes,), known=known):
                found_codes = self.param(ctx, name, codes)
                assert isinstance(found_codes, Array)
                return Letters(text, found_codes) if known is None else Static(known)
            case ArgTree(kind=kind, items=parts, keys=keys, cls=cls):
                names = keys or tuple(map(str, range(len(parts))))
                found = tuple(
                    self.param(ctx, f"{name}_{key}", part)
                    for key, part in zip(names, parts, strict=True)
                )
                own = CALLERS if kind in MUTABLE else None
                return Structure(kind, found, keys, cls, own)
            case ArgLeaf(type=type, contiguous=contiguous, known=known):
                var = Var(name, self.type(type))
                self.params.append(var)
                if known is not None:
                    return constant(known)
                if var.type.is_scalar:
                    return var
                base = Base(name, len(self.params) - 1, contiguous)
                ctx.bases[base] = var
                return Array(base)

    def function(
        self, ctx: Context, build: Builder, value: Value, sizes: tuple[Var, ...]
    ) -> Function:
        results: list[Atom] = []
        tree = self.tree(ctx, value, results)
        bases = {base.param: base for base in ctx.bases if base.param is not None}
        for base in bases.values():
            ctx.bases[base] = content(ctx, base)
        written = tuple(
            k for k, var in enumerate(self.params) if k in bases and ctx.bases[bases[k]] is not var
        )
        results += [ctx.bases[bases[k]] for k in written]
        body = unread.checked(build.block(self.params, results), self.shared.noted)
        name = self.source.name if self.source.name.isidentifier() else "function"
        span = self.source.span(self.source.tree)
        return Function(name, tuple(self.params), sizes, body, tree, written, span)

    def tree(self, ctx: Context, value: Value, results: list[Atom]) -> Result:
        """What the user gets, its leaves put into `results`."""
        match value:
            case Var() | Const() if value.type != LARGE:
                results.append(value)
                return Leaf(len(results) - 1)
            case Option(value=inner, given=given):
                pair = (self.tree(ctx, inner, results), self.tree(ctx, given, results))
                return Tree("optional", pair)
            case Array(base=base, path=()) if base.param is not None:
                return Same(base.param)
            case Array():
                results.append(read_array(ctx, value))
                return Leaf(len(results) - 1)
            case Structure() if is_deque(value):
                ctx.fail("a deque cannot be returned", "return list(q)")
            case Structure(cls=cls, items=(of_keys, *_)) if cls in (Set, Frozen):
                kind = "set" if cls is Set else "frozenset"
                return Tree(kind, (self.tree(ctx, of_keys, results),))
            case Structure(cls=cls, items=parts) if is_table(value):
                if cls is not Dict or parts[-1] != NONE:
                    ctx.fail("a Counter or defaultdict is returned", "return dict(d)")
                return Tree("table", tuple(self.tree(ctx, parts[k], results) for k in (0, -2)))
            case Structure(kind=kind, items=parts, keys=keys, cls=cls) if cls is not slice:
                found = tuple(self.tree(ctx, part, results) for part in parts)
                return Tree(kind, found, keys, cls)
            case Letters(kind=kind, array=array):
                if kind == "bytearray" and array.base.param is not None:
                    ctx.fail(
                        "a bytearray that is an argument is returned", "return bytes(...) of it"
                    )
                results.append(read_array(ctx, array))
                return Tree(kind, (Leaf(len(results) - 1),))
            case Letter(code=code):
                return Tree("chr", (self.tree(ctx, code, results),))
            case Static(value=str() | None as fixed):
                return Fixed(fixed)
            case Records(form=form, columns=columns):
                return Rows(self.tree(ctx, item_with(form, iter(columns)), results))
            case Listed(array=array, kind=of, tuples=each) if each != "mixed":
                check_returned(ctx, value)
                results.append(read_array(ctx, array))
                return Leaf(len(results) - 1, of, each, value.levels)
        if isinstance(value, Const):
            ctx.fail(TOO_LARGE, "return np.uint64(...)")
        ctx.fail(
            f"{described(value)} cannot be returned",
            "return numbers, arrays, and tuples, lists, dicts and dataclasses of them",
        )


def check_returned(ctx: Context, value: Listed) -> None:
    """Refuse a list whose items may be of types that an array does not tell apart."""
    if value.both:
        ctx.fail(
            "a list of numbers of several types, whose length is not known, cannot be returned",
            "return np.array(...) of it, or write 0.0 for 0 where it is made",
        )


def apart(a: Affine, b: Affine) -> tuple[Var, Var] | None:
    """The two sizes of which `a - b` is the difference, if it is one."""
    difference = a - b
    if difference.const != 0 or sorted(c for _, c in difference.terms) != [-1, 1]:
        return None
    first, second = (s for s, _ in difference.terms)
    if isinstance(first, Var) and isinstance(second, Var):
        return first, second
    return None


def named_sizes(source: Source, args: Sequence[Arg], sizes: Sequence[Var]) -> dict[Symbol, Affine]:
    """Sizes under the names that the user gives them: `n = len(x)`, `n, m = A.shape`."""
    named: dict[Symbol, Affine] = {}
    types = {arg.name: arg.value.type for arg in args if isinstance(arg.value, ArgLeaf)}
    used = set(types)
    for statement in scope.statements(source.tree):
        if not isinstance(statement, gast.Assign) or len(statement.targets) != 1:
            continue
        for target, owner, axis in lengths(statement.targets[0], statement.value):
            dims = types[owner].dims if owner in types else ()
            size = size_of(dims[axis]) if -len(dims) <= axis < len(dims) else None
            if size in sizes and size not in named and target not in used:
                assert size is not None
                used.add(target)
                named[size] = Affine.of(Var(target, INT))
    return named


def lengths(target: Any, value: Any) -> Iterator[tuple[str, str, int]]:
    """(name, array, axis) of an assignment that names lengths."""
    match target, value:
        case gast.Name(id=name), gast.Call(func=gast.Name(id="len"), args=[gast.Name(id=owner)]):
            yield name, owner, 0
        case gast.Name(id=name), gast.Subscript(
            value=gast.Attribute(value=gast.Name(id=owner), attr="shape"),
            slice=gast.Constant(value=int() as axis),
        ):
            yield name, owner, axis
        case gast.Tuple(elts=elements), gast.Attribute(value=gast.Name(id=owner), attr="shape"):
            for axis, element in enumerate(elements):
                if isinstance(element, gast.Name):
                    yield element.id, owner, axis
