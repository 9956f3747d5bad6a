"""Python source to symbolic form."""

from transpile.frontend.accept import check
from transpile.frontend.args import (
    Arg,
    advance,
    arg_of,
    has_generator,
    is_knowable,
    key_of,
    knowing,
    leaves,
)
from transpile.frontend.capacity import Capacity, is_over
from transpile.frontend.context import NotKnown
from transpile.frontend.custom import stop_gradient
from transpile.frontend.library.numpy_draws import is_random
from transpile.frontend.lower import Lowered, lower
from transpile.frontend.source import Source, plain, read

__all__ = [
    "Arg", "Capacity", "Lowered", "NotKnown", "Source", "advance", "arg_of", "check",
    "has_generator", "is_knowable", "is_over", "is_random", "key_of", "knowing", "leaves", "lower",
    "plain", "read", "stop_gradient",
]  # fmt: skip
