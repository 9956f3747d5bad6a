"""NumPy's products of arrays: contractions of pairs, whatever their names."""

from __future__ import annotations

import itertools
import string
from collections.abc import Sequence

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import axes, axis_of, dtype_of, in_full, operand
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.operands import compute, conjugate
from transpile.frontend.values import Array, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import linalg, shape
from transpile.sym.types import Mismatch, promote

LETTERS = string.ascii_letters


def into(ctx: Context, given: dict[str, Value], found: Atom, gapless: bool = False) -> Value:
    """The result, in `out=` where that is given; that of `np.dot` has no gaps."""
    out = given.get("out")
    if out is None:
        return ctx.made(found)
    if not isinstance(out, Array):
        ctx.fail("out has to be an array")
    dims = views.type_of(ctx, out).dims
    if gapless and not views.contiguous(out):
        ctx.fail("out has to lie in memory row by row", "give an array of its own")
    if len(dims) != found.type.ndim:
        ctx.misfit(f"out has shape {views.shown(dims)}, not {views.shown(found.type.dims)}")
    views.write(ctx, out, found)
    return out


def strong(ctx: Context, value: Value) -> Atom:
    """An operand whose dtype counts: Python's numbers are not weak in products."""
    x = operand(ctx, value)
    return x if x.type.dims else ctx.build.convert(x, x.type.dtype, "numpy")


def contract(ctx: Context, x: Atom, xs: str, y: Atom, ys: str, out: str) -> Atom:
    """The contraction of two arrays with these axes, as `np.einsum` has it."""
    try:
        return multiply(ctx, (x, xs), (y, ys), out)
    except Mismatch as error:
        shapes = f"{views.shown(x.type.dims)} and {views.shown(y.type.dims)}"
        ctx.misfit(f"a product of shapes {shapes}: {error}")


Term = tuple[Atom, str]


def multiply(ctx: Context, first: Term, second: Term, out: str) -> Atom:
    """One array for two. A letter that is in neither the other nor the result is summed here."""
    kept = [alone(ctx, *first, out + second[1]), alone(ctx, *second, out + first[1])]
    if not any(letters for _, letters in kept):
        return compute(ctx, "*", kept[0][0], kept[1][0])
    (x, xs), (y, ys) = kept
    found: Atom = linalg.contract(ctx.build, x, xs, y, ys, out)
    return found


def alone(ctx: Context, x: Atom, letters: str, others: str) -> Term:
    """The array with the letters summed that nothing else has."""
    own = [k for k, letter in enumerate(letters) if letter not in others]
    if not own:
        return x, letters
    total = expr.call(ctx.build, "sum", [x], {"axis": tuple(own)})
    kept = "".join(k for k in letters if k in others)
    kind = "array" if kept else "numpy"
    return ctx.build.convert(total, x.type.dtype, kind), kept


# -- functions of two arrays


@reads("matmul", "x1*, x2*, out")
def matmul(ctx: Context, given: dict[str, Value]) -> Value:
    x, y = operand(ctx, given["x1"]), operand(ctx, given["x2"])
    if not x.type.dims or not y.type.dims:
        ctx.misfit("np.matmul takes no numbers, only arrays")
    return into(ctx, given, compute(ctx, "@", x, y))


@reads("dot", "a*, b*, out")
def dot(ctx: Context, given: dict[str, Value]) -> Value:
    """The last axis of the first with the last but one of the second."""
    x, y = strong(ctx, given["a"]), strong(ctx, given["b"])
    if not x.type.dims or not y.type.dims:
        return into(ctx, given, expr.call(ctx.build, "multiply", [x, y], {}), True)
    if y.type.ndim <= 2 and x.type.ndim <= 2:
        return into(ctx, given, compute(ctx, "@", x, y), True)
    found = along(ctx, x, [x.type.ndim - 1], y, [max(0, y.type.ndim - 2)])
    return into(ctx, given, found, True)


@reads("inner", "a*, b*")
def inner(ctx: Context, given: dict[str, Value]) -> Value:
    x, y = strong(ctx, given["a"]), strong(ctx, given["b"])
    if not x.type.dims or not y.type.dims:
        return ctx.made(expr.call(ctx.build, "multiply", [x, y], {}))
    return ctx.made(along(ctx, x, [x.type.ndim - 1], y, [y.type.ndim - 1]))


@reads("tensordot", "a*, b*, axes")
def tensordot(ctx: Context, given: dict[str, Value]) -> Value:
    x, y = strong(ctx, given["a"]), strong(ctx, given["b"])
    asked = axes(ctx, given.get("axes", constant(2)), "axes")
    if isinstance(asked, int):
        if not 0 <= asked <= min(x.type.ndim, y.type.ndim):
            ctx.fail(f"there are no {asked} axes to sum over")
        ours, theirs = list(range(x.type.ndim - asked, x.type.ndim)), list(range(asked))
    else:
        if len(asked) != 2:
            ctx.fail("axes has to be an integer or a pair")
        ours, theirs = ([side] if isinstance(side, int) else list(side) for side in asked)
    for side, atom in ((ours, x), (theirs, y)):
        if not all(-atom.type.ndim <= k < atom.type.ndim for k in side):
            ctx.fail(f"axis {side} is out of bounds for an array of {atom.type.ndim} dimensions")
    if len(ours) != len(theirs):
        ctx.misfit("the two arrays have different numbers of axes to sum over")
    ours, theirs = [k % x.type.ndim for k in ours], [k % y.type.ndim for k in theirs]
    return ctx.made(in_full(ctx, along(ctx, x, ours, y, theirs)))


def along(ctx: Context, x: Atom, ours: Sequence[int], y: Atom, theirs: Sequence[int]) -> Atom:
    """The products summed over pairs of axes; those left of the first, then of the second."""
    names = iter(LETTERS)
    xs = [next(names) for _ in x.type.dims]
    ys = [next(names) for _ in y.type.dims]
    out = "".join([k for n, k in enumerate(xs) if n not in ours]
                  + [k for n, k in enumerate(ys) if n not in theirs])  # fmt: skip
    for a, b in zip(ours, theirs, strict=True):
        ys[b] = xs[a]
    if not x.type.dims or not y.type.dims:
        return expr.call(ctx.build, "multiply", [x, y], {})
    return contract(ctx, x, "".join(xs), y, "".join(ys), out)


@reads("outer", "a*, b*, out")
def outer(ctx: Context, given: dict[str, Value]) -> Value:
    x, y = (flat(ctx, operand(ctx, given[k])) for k in "ab")
    return into(ctx, given, expr.call(ctx.build, "outer", [x, y], {}))


@reads("vdot", "a*, b*")
def vdot(ctx: Context, given: dict[str, Value]) -> Value:
    x, y = (flat(ctx, operand(ctx, given[k])) for k in "ab")
    return ctx.made(compute(ctx, "@", conjugate(ctx, x), y))


def flat(ctx: Context, x: Atom) -> Atom:
    """All the elements, along one axis."""
    if not x.type.dims:
        x = ctx.build.convert(x, x.type.dtype, "array")
        return ctx.build.reshape(x, [Affine((), 1)])
    return indices.flat(ctx, x)


@reads("vecdot", "x1*, x2*, axis")
def vecdot(ctx: Context, given: dict[str, Value]) -> Value:
    """The sum of products along one axis, the others broadcast."""
    x, y = conjugate(ctx, operand(ctx, given["x1"])), operand(ctx, given["x2"])
    if not x.type.dims or not y.type.dims:
        ctx.misfit("np.vecdot takes no numbers, only arrays")
    given = {"axis": constant(-1), **given}
    x, y = (moved(ctx, a, axis_of(ctx, a.type.ndim, given), -1) for a in (x, y))
    ours, theirs = (LETTERS[k.type.ndim - 1 :: -1] for k in (x, y))
    ours, theirs = ours[:-1] + "a", theirs[:-1] + "a"
    longest = max(ours, theirs, key=len)
    ctx.build.same(x.type.dims[-1], y.type.dims[-1])
    return ctx.made(stretched(ctx, [(x, ours), (y, theirs)], longest[:-1]))


def moved(ctx: Context, x: Atom, source: int, target: int) -> Atom:
    """`np.moveaxis`."""
    ndim = x.type.ndim
    order = [k for k in range(ndim) if k != source % ndim]
    order.insert(target % ndim, source % ndim)
    return ctx.build.transpose(x, tuple(order))


@reads("kron", "a*, b*")
def kron(ctx: Context, given: dict[str, Value]) -> Value:
    """Every element of the first times the whole of the second."""
    x, y = strong(ctx, given["a"]), strong(ctx, given["b"])
    if not x.type.dims or not y.type.dims:
        return ctx.made(expr.call(ctx.build, "multiply", [x, y], {}))
    ndim = max(x.type.ndim, y.type.ndim)
    ours, theirs = LETTERS[:ndim], LETTERS[ndim : 2 * ndim]
    pairs = "".join(a + b for a, b in zip(ours, theirs, strict=True))
    xs, ys = ours[ndim - x.type.ndim :], theirs[ndim - y.type.ndim :]
    found = contract(ctx, x, xs, y, ys, "".join(k for k in pairs if k in xs + ys))
    extents = [extent_of(ctx, [(x, xs, a), (y, ys, b)]) for a, b in zip(ours, theirs, strict=True)]
    return ctx.made(ctx.build.apply(shape.RESHAPE, found, *extents))


def extent_of(ctx: Context, parts: Sequence[tuple[Atom, str, str]]) -> Atom:
    """The product of the dims that these letters have, where they have one."""
    dims = tuple(x.type.dims[xs.index(k)] for x, xs, k in parts if k in xs)
    return views.extent_of(ctx, dims)


# -- one array


@reads("trace", "a*, offset, axis1, axis2, dtype")
@reads("linalg.trace", "x*, offset, dtype")
def trace(ctx: Context, given: dict[str, Value]) -> Value:
    x = operand(ctx, given.get("a", given.get("x", Static(None))))
    if "offset" in given and given["offset"] != constant(0):
        ctx.fail("offset is not taken in np.trace", "take the trace of x[:, k:] or x[k:]")
    usual = (0, 1) if "a" in given else (-2, -1)
    if x.type.ndim < 2:
        ctx.misfit("a trace is of an array of two dimensions or more")
    given = {"axis1": constant(usual[0]), "axis2": constant(usual[1]), **given}
    ends = [axis_of(ctx, x.type.ndim, given, key) for key in ("axis1", "axis2")]
    if ends[0] == ends[1]:
        ctx.fail("axis1 and axis2 cannot be the same")
    x = squared(ctx, x, ends)
    letters = list(LETTERS[: x.type.ndim])
    letters[ends[1]] = letters[ends[0]]
    picked, left = diagonals(ctx, x, "".join(letters))
    where = left.index(letters[ends[0]])
    if "dtype" in given:
        picked = ctx.build.convert(picked, dtype_of(ctx, given, picked.type.dtype))
    total = expr.call(ctx.build, "sum", [picked], {"axis": where})
    if "dtype" in given:
        total = ctx.build.convert(total, picked.type.dtype, total.type.kind)
    return ctx.made(total)


def squared(ctx: Context, x: Atom, ends: Sequence[int]) -> Atom:
    """The array with the longer of two axes cut to the length of the other."""
    rows, columns = (x.type.dims[k] for k in ends)
    if rows == columns:
        return x
    pair = [ctx.build.extent(d) for d in (rows, columns)]
    env = dict(zip("mn", pair, strict=True))
    length = ctx.build.text("where(m < n, m, n)", env)
    index = [("slice", False, True, False) if k in ends else ":" for k in range(x.type.ndim)]
    return ctx.build.index(x, index, [length, length])


def diagonals(ctx: Context, x: Atom, letters: str) -> Term:
    """The elements where axes of the same letter have the same index."""
    for letter in dict.fromkeys(letters):
        where = [k for k, one in enumerate(letters) if one == letter]
        if len(where) == 1:
            continue
        order = (*where, *(k for k in range(len(letters)) if k not in where))
        x = ctx.build.transpose(x, order)
        first, *others = x.type.dims[: len(where)]
        for other in others:
            ctx.build.same(first, other)
        places = expr.call(ctx.build, "arange", [ctx.build.extent(first)], {})
        index = ("a",) * len(where)
        at = [places] * len(where)
        dims = ctx.build.selected(x, index, at)
        x = ctx.build.apply(shape.INDEX, x, *at, index=index, dims=dims, within=True)
        letters = letter + "".join(k for k in letters if k != letter)
    return x, letters


# -- np.einsum


@reads("einsum", "subscripts*, *operands, out, dtype, optimize")
def einsum(ctx: Context, given: dict[str, Value]) -> Value:
    text = given["subscripts"]
    if not isinstance(text, Static) or not isinstance(text.value, str):
        ctx.fail("the subscripts of np.einsum have to be a constant text", 'write "ij,jk->ik"')
    parts = given["operands"]
    assert isinstance(parts, Structure)
    atoms = [operand(ctx, part) for part in parts.items]
    terms, out = subscripts(ctx, text.value, atoms)
    dtype = promote([a.type.having(kind="array") for a in atoms])
    if "dtype" in given:
        dtype = dtype_of(ctx, given, dtype)
    atoms = [ctx.build.convert(a, dtype, a.type.kind if a.type.dims else "numpy") for a in atoms]
    found = into(ctx, given, stretched(ctx, list(zip(atoms, terms, strict=True)), out))
    first = parts.items[0]
    sums = len(atoms) > 1 or set(out) != set(terms[0])
    if not sums and isinstance(first, Array) and isinstance(found, Array) and "out" not in given:
        found.base.source = (first.base, ctx.bases[first.base])  # in NumPy it is a view
    return found


def subscripts(ctx: Context, text: str, atoms: Sequence[Atom]) -> tuple[list[str], str]:
    """The letters of each operand and of the result; `...` has letters of its own."""
    text = text.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(atoms):
        ctx.fail(f"{text!r} is for {len(terms)} operands, not {len(atoms)}")
    unused = [k for k in LETTERS if k not in text]
    more = max((a.type.ndim - len(t.replace("...", "")) for a, t in zip(atoms, terms, strict=True)
                if "..." in t), default=0)  # fmt: skip
    rest = "".join(unused[: max(0, more)])
    read: list[str] = []
    for term, atom in zip(terms, atoms, strict=True):
        own = atom.type.ndim - len(term.replace("...", ""))
        if own < 0 or (own > 0 and "..." not in term):
            ctx.misfit(f"{term!r} does not fit an array of {atom.type.ndim} dimensions")
        read.append(term.replace("...", rest[len(rest) - own :]))
    if not arrow:
        once = sorted(k for k in set("".join(terms)) - {"."} if "".join(terms).count(k) == 1)
        right = ("..." if "..." in left else "") + "".join(once)
    elif rest and "..." not in right:
        ctx.fail(f"the result of {text!r} has no place for the axes of '...'")
    out = right.replace("...", rest)
    every = set("".join(read))
    if not all(k in LETTERS for k in every | set(out)) or not set(out) <= every:
        ctx.fail(f"{text!r} are no subscripts of np.einsum")
    if len(set(out)) < len(out):
        ctx.fail(f"the result of {text!r} has one letter twice")
    return read, out


def stretched(ctx: Context, terms: Sequence[Term], out: str) -> Atom:
    """The contraction of all; axes of length 1 are stretched."""
    longer = {
        letter for x, letters in terms for letter, d in zip(letters, x.type.dims, strict=True)
        if d.constant != 1
    }  # fmt: skip
    parts: list[Term] = []
    for x, letters in terms:
        dims = zip(letters, x.type.dims, strict=True)
        index = ["i" if d.constant == 1 and k in longer else ":" for k, d in dims]
        if "i" in index:
            x = ctx.build.index(x, index, [constant(0)] * index.count("i"))
            letters = "".join(k for k, i in zip(letters, index, strict=True) if i == ":")
        parts.append(diagonals(ctx, x, letters))
    return folded(ctx, parts, out)


def folded(ctx: Context, parts: Sequence[Term], out: str) -> Atom:
    """From the left, two at a time."""
    later = [set(out).union(*(k for _, k in parts[n:])) for n in range(1, len(parts) + 1)]
    (x, xs), *others = [
        alone(ctx, a, k, out + "".join(o for m, (_, o) in enumerate(parts) if m != n))
        for n, (a, k) in enumerate(parts)
    ]
    if not others:
        moved = ctx.build.transpose(x, tuple(map(xs.index, out)))
        return moved if not moved.type.dims else ctx.build.apply(shape.COPY, moved)
    for n, (y, ys) in enumerate(others, start=1):
        last = n == len(others)
        both = "".join(dict.fromkeys(itertools.chain(xs, ys)))
        kept = out if last else "".join(k for k in both if k in later[n])
        x, xs = contract(ctx, x, xs, y, ys, kept), kept
    return x


# -- chains


@reads("linalg.multi_dot", "arrays*, out")
def multi_dot(ctx: Context, given: dict[str, Value]) -> Value:
    """From the left, but from the right where the last is a vector."""
    parts = given["arrays"]
    if not isinstance(parts, Structure) or len(parts.items) < 2:
        ctx.fail("np.linalg.multi_dot takes a list of two arrays or more")
    atoms = [operand(ctx, part) for part in parts.items]
    if any(a.type.ndim != 2 for a in atoms[1:-1]) or not {
        atoms[0].type.ndim,
        atoms[-1].type.ndim,
    } <= {1, 2}:
        ctx.fail("np.linalg.multi_dot takes matrices, the first and last may be vectors")
    if atoms[-1].type.ndim == 1:
        found = atoms.pop()
        while atoms:
            found = compute(ctx, "@", atoms.pop(), found)
        return into(ctx, given, found, True)
    found = atoms.pop(0)
    for atom in atoms:
        found = compute(ctx, "@", found, atom)
    return into(ctx, given, found, True)


@reads("linalg.matrix_power", "a*, n*")
def matrix_power(ctx: Context, given: dict[str, Value]) -> Value:
    """By repeated squaring; a negative power is one of the inverse."""
    x, n = operand(ctx, given["a"]), given["n"]
    if not isinstance(n, Const) or not n.type.is_index:
        ctx.unknown("the power has to be a constant integer", "multiply in a loop")
    if x.type.ndim < 2:
        ctx.misfit("np.linalg.matrix_power takes square matrices")
    ctx.build.same(*x.type.dims[-2:])
    power = int(n.value)
    if power == 0:
        return ctx.made(identity(ctx, x))
    if power < 0:
        x = expr.call(ctx.build, "linalg.inv", [x], {})
    found, square = None, x
    for k, bit in enumerate(reversed(f"{abs(power):b}")):
        square = compute(ctx, "@", square, square) if k else x
        if bit == "1":
            found = square if found is None else compute(ctx, "@", found, square)
    assert found is not None
    return ctx.made(found if found is not x else ctx.build.apply(shape.COPY, x))


def identity(ctx: Context, like: Atom) -> Atom:
    """The identity matrix of these dims and this dtype, a stack of it where that is one."""
    n = ctx.build.extent(like.type.dims[-1])
    env = {"i": expr.call(ctx.build, "arange", [n], {})}
    rows = ctx.build.index(env["i"], (":", "new"))
    same = ctx.build.text("rows == i", {**env, "rows": rows})
    eye = ctx.build.convert(same, like.type.dtype)
    return ctx.build.apply(shape.COPY, ctx.build.broadcast_to(eye, like.type.dims))
