"""Values of the symbolic form as Python expressions, those written in place included."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import gast

from transpile.emit_py import trees
from transpile.errors import Span
from transpile.loops import inline as inlining
from transpile.loops.place import Placed
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Const, Eqn, Rhs, Var, constant
from transpile.sym.ops import Call, Infix, Prefix, Text, reduce, shape
from transpile.sym.types import BOOL, IMAGINARY, PYTHON_TYPES, Type

BUILTINS = {dtype: kind.__name__ for dtype, kind in PYTHON_TYPES.items()}


class Expressions:
    """Writes the values of one function; `hosted` are those of `hosting`."""

    def __init__(
        self,
        placed: Placed,
        names: Mapping[Var, str],
        definition: Mapping[Var, Eqn],
        hosted: frozenset[Var],
    ) -> None:
        self.placed, self.names, self.definition = placed, names, definition
        self.hosted, self.given_away = hosted, given_away(placed)
        self.sizes_used: set[Var] = set()

    def is_written_in_place(self, var: Var) -> bool:
        return var in self.placed.inline or var in self.hosted

    def atom(self, atom: Atom) -> Any:
        if isinstance(atom, Const):
            if atom.type.kind == "numpy":
                return trees.call(trees.numpy(atom.type.dtype), trees.literal(atom.value))
            return trees.literal(atom.value)
        if self.is_written_in_place(atom):
            return self.rhs(self.definition[atom])
        if atom in self.placed.function.sizes:
            self.sizes_used.add(atom)
        return trees.name(self.names[atom])

    def start(self, atom: Atom) -> Any:
        """What a carried value is set to; a constant as the user would write it, since the first
        operation makes a NumPy scalar of it."""
        if isinstance(atom, Const) and atom.type.dtype == "float64":
            return trees.literal(float(atom.value))
        return self.atom(atom)

    def test(self, atom: Atom) -> Any:
        """A truth where only that counts: without `bool`."""
        if isinstance(atom, Var) and self.is_written_in_place(atom):
            rhs = self.definition[atom].rhs
            if isinstance(rhs, Apply) and rhs.op.name == "convert" and atom.type.dtype == "bool":
                return self.test(rhs.args[0])
            if isinstance(rhs, Apply) and rhs.op.name == "not_":
                return trees.prefix("not", self.test(rhs.args[0]))
        return self.atom(atom)

    def span(self, atom: Atom) -> Span | None:
        """Where a value that is written in place comes from."""
        if isinstance(atom, Var) and self.is_written_in_place(atom):
            return self.definition[atom].span
        return None

    def rhs(self, eqn: Eqn) -> Any:
        """The value of an operator."""
        rhs, type = eqn.rhs, eqn.outs[0].type
        assert isinstance(rhs, Apply)
        if rhs.op.name == "copy":
            return self.copy(eqn, rhs)
        like = self.param_like(eqn.outs[0]) if rhs.op.name == "zeros" else None
        if like is not None:
            return trees.call(trees.numpy("zeros_like"), trees.name(self.names[like]))
        structural = STRUCTURAL.get(rhs.op.name)
        if structural is not None:
            return structural(self, rhs, type)
        if "axis" in rhs.params:
            return self.reduction(rhs)
        args = self.operands(rhs, type)
        if type == BOOL and rhs.op.name in trees.CONNECTIVES:
            return trees.connected(rhs.op.name, args)
        match rhs.op.numpy:
            case Infix(symbol=symbol):
                return trees.infix(symbol, *args)
            case Prefix(symbol=symbol):
                return trees.prefix(symbol, args[0])
            case Call(name=name):
                if is_math(rhs):
                    found = trees.call(trees.attribute(trees.name("math"), str(rhs.op.math)), *args)
                    return trees.call(trees.numpy(type.dtype), found)
                return trees.call(trees.numpy(name), *args)
            case Text(text=text):
                return trees.filled(text, dict(zip(rhs.op.args, args, strict=True)))

    def operands(self, rhs: Apply, type: Type) -> list[Any]:
        """The arguments; what broadcasting does by itself is not written."""
        found = []
        strong = [a for a in rhs.args if isinstance(a, Var) and a.type.kind != "python"]
        for arg in rhs.args:
            others = [a for a in rhs.args if a is not arg]
            if isinstance(arg, Const) and arg.type.dtype == "float64" and is_finite(arg):
                same = [a for a in strong if a.type.dtype == "float64"]
                found.append(trees.literal(arg.value) if same else self.atom(arg))
            else:
                spread = any(self.spans(other, type) for other in others)
                found.append(self.unspread(arg) if spread else self.atom(arg))
        double = rhs.args[-1].type.kind == "numpy" and rhs.args[-1].type.dtype == "float64"
        if rhs.args[0].type == IMAGINARY and double:  # else Python's `1j * x` is Python's
            found[0] = trees.call(trees.numpy("complex128"), found[0])
        return found

    def spans(self, atom: Atom, type: Type) -> bool:
        """Has this operand, as it is written, all the dims of the result?"""
        return atom.type.dims == type.dims and self.broadcast(atom) is None

    def broadcast(self, atom: Atom) -> Atom | None:
        """What `broadcast_to` is applied to here, if the atom is one that is written in place."""
        if isinstance(atom, Var) and self.is_written_in_place(atom):
            rhs = self.definition[atom].rhs
            if isinstance(rhs, Apply) and rhs.op.name == "broadcast_to":
                return rhs.args[0]
        return None

    def unspread(self, atom: Atom) -> Any:
        """The value without a `broadcast_to` that NumPy does by itself."""
        inner = self.broadcast(atom)
        return self.atom(atom) if inner is None else self.atom(inner)

    def param_like(self, var: Var) -> Var | None:
        """The parameter that a cotangent belongs to, if both have one type."""
        for param in self.placed.function.params:
            if var.name == f"d_{param.name}" and var.type == param.type:
                return param
        return None

    def copy(self, eqn: Eqn, rhs: Apply) -> Any:
        """An array that nobody reads any more is given away instead."""
        value = self.atom(rhs.args[0])
        if rhs.args[0].type.is_scalar or eqn.outs[0] in self.given_away:
            return value
        return trees.call(trees.attribute(value, "copy"))

    def reduction(self, rhs: Apply) -> Any:
        axis, keywords = rhs.params["axis"], {}
        if len(axis) != rhs.args[0].type.ndim:
            shown = [trees.literal(k) for k in axis]
            keywords["axis"] = trees.shape(shown)
        if rhs.params["keepdims"]:
            keywords["keepdims"] = trees.literal(True)
        name = f"np.{rhs.op.name}"
        found = trees.call(trees.numpy(name), self.atom(rhs.args[0]), **keywords)
        return trees.call(trees.name("int"), found) if rhs.op is reduce.COUNT_NONZERO else found

    def item(self, x: Any, params: Mapping[str, Any], at: Sequence[Atom]) -> Any:
        """`x[...]`."""
        first, items = self.items(params, at)
        if first:
            x = trees.subscript(x, first)
        while len(items) > 1 and is_whole(items[-1]):
            items.pop()
        return trees.subscript(x, items or [gast.Constant(Ellipsis, None)])

    def items(self, params: Mapping[str, Any], at: Sequence[Atom]) -> tuple[list[Any], list[Any]]:
        """What stands in the brackets; before them in brackets of their own the integers, where
        NumPy would take them for arrays that stand apart from the others."""
        arrays = [a for a in at if a.type.dims]
        some = any(self.broadcast(a) is None for a in arrays)  # the others follow by themselves
        left = (self.unspread(a) if some and a.type.dims else self.atom(a) for a in at)
        apart = shape.is_gather(params) and is_apart(params["index"])
        first: list[Any] = []
        items: list[Any] = []
        for item in params["index"]:
            if apart and item != "new":
                first.append(next(left) if item == "i" else gast.Slice(None, None, None))
            match item:
                case "i":
                    items += [] if apart else [next(left)]
                case "a":
                    items.append(next(left))
                case ":":
                    items.append(gast.Slice(None, None, None))
                case "new":
                    items.append(gast.Constant(None, None))
                case _:
                    bounds = [next(left) if given else None for given in item[1:]]
                    items.append(gast.Slice(*bounds))
        while first and is_whole(first[-1]):
            first.pop()
        return first, items


def is_math(rhs: Rhs) -> bool:
    """Is this a function of SciPy's of a Python float, for which Python's own needs no package?"""
    if not isinstance(rhs, Apply) or not isinstance(rhs.op.numpy, Call):
        return False
    theirs = rhs.op.numpy.name.startswith("scipy.") and rhs.op.math is not None
    python = all(a.type.kind == "python" and a.type.is_float for a in rhs.args)
    return theirs and python and rhs.op.math_needs is None


def given_away(placed: Placed) -> frozenset[Var]:
    """The copies of local arrays that are only returned: here no storage of the caller has to be
    filled, so the arrays themselves are."""
    copies = list(itertools.takewhile(inlining.is_copy, reversed(placed.function.body.eqns)))
    sources = [a for e in copies for a in walk.atoms(e.rhs) if isinstance(a, Var)]
    slots = [placed.slots[a] for a in sources if a not in placed.views]
    return frozenset(
        e.outs[0]
        for e in copies
        for a in walk.atoms(e.rhs)
        if is_copy_out(e, placed) and isinstance(a, Var) and slots.count(placed.slots[a]) == 1
    )


def is_copy_out(eqn: Eqn, placed: Placed) -> bool:
    (out,), (x,) = eqn.outs, walk.atoms(eqn.rhs)
    local = isinstance(x, Var) and x not in placed.views and placed.slots[x].role == "local"
    return local and placed.slots[out].role == "out" and out in placed.function.returned


def is_apart(index: Sequence[Any]) -> bool:
    """Does something stand between the integers and arrays of an index, other than such?"""
    named = [item in ("i", "a") for item in index]
    first, last = named.index(True), len(named) - named[::-1].index(True)
    return "i" in index and not all(named[first:last])


def is_whole(item: Any) -> bool:
    return isinstance(item, gast.Slice) and (item.lower, item.upper, item.step) == (None,) * 3


def is_finite(atom: Const) -> bool:
    return abs(float(atom.value)) < float("inf")


# -- operators that are not written as calls of their NumPy name


def index(e: Expressions, rhs: Apply, type: Type) -> Any:
    x = rhs.args[0]
    value = e.atom(x)
    if x.type.kind == "python":
        value = trees.call(trees.numpy("asarray"), value)
    return e.item(value, rhs.params, rhs.args[1:])


def made(e: Expressions, rhs: Apply, type: Type) -> Any:
    extents = trees.shape([e.atom(a) for a in rhs.args])
    return trees.call(trees.numpy(f"{rhs.op.name}"), extents, **dtype_unless(type, "float64"))


def full(e: Expressions, rhs: Apply, type: Type) -> Any:
    shown = zip(rhs.args[1:], type.dims, strict=True)
    extents = trees.shape([extent(e.atom(a), dim) for a, dim in shown])
    keywords = dtype_unless(type, usual_dtype(rhs.args[0]))
    return trees.call(trees.numpy("full"), extents, e.start(rhs.args[0]), **keywords)


def arange(e: Expressions, rhs: Apply, type: Type) -> Any:
    start, stop, step = rhs.args[:3]
    shown = [e.atom(start), e.atom(stop), e.atom(step)]
    if is_integer(step, 1):
        shown.pop()
        if is_integer(start, 0):
            shown.pop(0)
    floats = any(a.type.is_float for a in (start, stop, step))
    keywords = dtype_unless(type, "float64" if floats else "int64")
    return trees.call(trees.numpy("arange"), *shown, **keywords)


def convert(e: Expressions, rhs: Apply, type: Type) -> Any:
    x = rhs.args[0]
    value = e.atom(x)
    if type.kind == "python":
        if isinstance(x, Var) and e.is_written_in_place(x) and is_math(e.definition[x].rhs):
            return value.args[0]
        return trees.call(trees.name(BUILTINS[type.dtype]), value)
    if type.kind == "numpy":
        if isinstance(x, Const):
            value = trees.literal(x.value)
        return trees.call(trees.numpy(numpy_dtype(type)), value)
    if x.type.is_scalar:
        return trees.call(trees.numpy("array"), value, **dtype_unless(type, x.type.dtype))
    return trees.call(trees.attribute(value, "astype"), trees.numpy(numpy_dtype(type)))


def joined(e: Expressions, rhs: Apply, type: Type) -> Any:
    return trees.call(trees.name("complex"), *map(e.atom, rhs.args))


def reshape(e: Expressions, rhs: Apply, type: Type) -> Any:
    extents = [e.atom(a) for a in rhs.args[1:]]
    if rhs.args[0].type.is_scalar:
        return trees.call(trees.numpy("reshape"), e.atom(rhs.args[0]), trees.shape(extents))
    shown = extents if extents else [trees.sequence([])]
    return trees.call(trees.attribute(e.atom(rhs.args[0]), "reshape"), *shown)


def transpose(e: Expressions, rhs: Apply, type: Type) -> Any:
    axes = rhs.params["axes"]
    value = e.atom(rhs.args[0])
    if axes == tuple(reversed(range(len(axes)))):
        return trees.attribute(value, "T")
    return trees.call(trees.attribute(value, "transpose"), *map(trees.literal, axes))


def broadcast_to(e: Expressions, rhs: Apply, type: Type) -> Any:
    """A scalar is spread to an array of its own, which may be written; an array is viewed."""
    shown = zip(rhs.args[1:], type.dims, strict=True)
    extents = trees.shape([extent(e.atom(a), dim) for a, dim in shown])
    if rhs.args[0].type.is_scalar:
        return full(e, rhs, type)
    return trees.call(trees.numpy("broadcast_to"), e.atom(rhs.args[0]), extents)


def contract(e: Expressions, rhs: Apply, type: Type) -> Any:
    subscripts = trees.literal("{x},{y}->{out}".format(**rhs.params))
    return trees.call(trees.numpy("einsum"), subscripts, *map(e.atom, rhs.args))


def extent(shown: Any, dim: Affine) -> Any:
    """The extent, as one that is not below zero where it may be."""
    if dim.const >= 0 and all(factor > 0 for _, factor in dim.terms):
        return shown
    return trees.call(trees.name("max"), shown, trees.literal(0))


def where(e: Expressions, rhs: Apply, type: Type) -> Any:
    """A choice between scalars is Python's own, with the type that NumPy's would have."""
    if not type.is_scalar:
        return trees.call(trees.numpy("where"), *e.operands(rhs, type))
    test, yes, no = rhs.args
    if is_integer(yes, 0) and is_below_zero(e, test, no):
        return trees.call(trees.name("max"), e.atom(no), trees.literal(0))
    choice = gast.IfExp(e.atom(test), e.atom(yes), e.atom(no))
    if all((a.type.dtype, a.type.kind) == (type.dtype, type.kind) for a in (yes, no)):
        return choice
    if type.kind == "python":
        return trees.call(trees.name(BUILTINS[type.dtype]), choice)
    return trees.call(trees.numpy(numpy_dtype(type)), choice)


def is_below_zero(e: Expressions, test: Atom, x: Atom) -> bool:
    """Is the test `x < 0`, and x an integer?"""
    if not isinstance(test, Var) or not e.is_written_in_place(test) or not x.type.is_index:
        return False
    rhs = e.definition[test].rhs
    return isinstance(rhs, Apply) and rhs.op.name == "less" and rhs.args == (x, constant(0))


def flatnonzero(e: Expressions, rhs: Apply, type: Type) -> Any:
    return trees.call(trees.numpy("flatnonzero"), e.atom(rhs.args[0]))


def nonzero(e: Expressions, rhs: Apply, type: Type) -> Any:
    places = trees.call(trees.numpy("nonzero"), e.atom(rhs.args[0]))
    return trees.subscript(places, [trees.literal(rhs.params["axis"])])


def roll(e: Expressions, rhs: Apply, type: Type) -> Any:
    keywords = {"axis": trees.literal(rhs.params["axis"])} if type.ndim > 1 else {}
    return trees.call(trees.numpy("roll"), *map(e.atom, rhs.args), **keywords)


def searchsorted(e: Expressions, rhs: Apply, type: Type) -> Any:
    x, v, right = rhs.args
    sides = {"side": trees.literal("right")} if right == constant(True) else {}
    return trees.call(trees.numpy("searchsorted"), e.atom(x), e.atom(v), **sides)


def slice_length(e: Expressions, rhs: Apply, type: Type) -> Any:
    """`len(range(n)[start:stop:step])`: Python itself counts."""
    start, stop, step, n = map(e.atom, rhs.args)
    steps = trees.call(trees.name("range"), n)
    bounds = gast.Slice(start, stop, None if is_integer(rhs.args[2], 1) else step)
    return trees.call(trees.name("len"), trees.subscript(steps, [bounds]))


STRUCTURAL = {
    "joined": joined,
    "index": index, "zeros": made, "ones": made, "empty": made, "full": full, "arange": arange,
    "convert": convert, "reshape": reshape, "transpose": transpose,
    "broadcast_to": broadcast_to, "where": where, "slice_length": slice_length,
    "flatnonzero": flatnonzero, "nonzero": nonzero, "roll": roll,
    "searchsorted": searchsorted, "contract": contract,
}  # fmt: skip


def numpy_dtype(type: Type) -> str:
    return "bool_" if type.dtype == "bool" else type.dtype


def usual_dtype(atom: Atom) -> str:
    """The dtype that NumPy gives an array of this number, as it is printed."""
    if isinstance(atom, Const) and atom.type.kind != "numpy":
        return "float64" if atom.type.is_float else "bool" if atom.type.dtype == "bool" else "int64"
    return atom.type.dtype


def dtype_unless(type: Type, usual: str) -> dict[str, Any]:
    return {} if type.dtype == usual else {"dtype": trees.numpy(numpy_dtype(type))}


def is_integer(atom: Atom, value: int) -> bool:
    return isinstance(atom, Const) and atom.type.is_index and atom.value == value
