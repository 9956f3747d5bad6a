"""What a derivative is of, and with respect to: a function's results and its params."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from transpile.errors import ArgumentError, UnsupportedError
from transpile.sym.ir import Atom, Fixed, Function, Leaf, Result, Rows, Same, Tree


def check_sources(function: Function, wrt: Sequence[int]) -> None:
    for k in wrt:
        param = function.params[k]
        if not param.type.is_smooth:
            raise ArgumentError(
                f"a gradient needs a floating-point array: {param.name} is {param.type}",
                function.span,
                f"pass {param.name} as float64",
            )


def outputs(function: Function, tree: Result) -> Iterator[Atom]:
    """The leaves of what the user gets; of a param that is returned itself, its final value."""
    match tree:
        case Leaf(index=index):
            yield function.body.results[index]
        case Same(param=param) if param in function.written:
            yield function.body.results[len(function.returned) + function.written.index(param)]
        case Same(param=param):
            yield function.params[param]
        case Tree(kind="optional"):
            raise UnsupportedError(
                "the derivative of a result that may be None",
                function.span,
                "return a number in every case, such as np.inf",
            )
        case Tree(kind="table" | "set" | "frozenset"):
            raise UnsupportedError(
                "the derivative of a dict or set whose keys are not known before",
                function.span,
                "return np.array(list(d.values()))",
            )
        case Rows(each=each):
            yield from outputs(function, each)
        case Tree(items=items):
            for item in items:
                yield from outputs(function, item)


def numbered(tree: Result, chosen: Iterator[bool], numbers: Iterator[int]) -> Result:
    """The structure with its leaves numbered anew, and None in place of those not chosen."""
    match tree:
        case Tree(items=items):
            return replace(tree, items=tuple(numbered(i, chosen, numbers) for i in items))
        case Rows(each=each):
            return Rows(numbered(each, chosen, numbers))
        case Fixed():
            return tree
    if not next(chosen):
        return Fixed()
    return replace(tree, index=next(numbers)) if isinstance(tree, Leaf) else Leaf(next(numbers))
