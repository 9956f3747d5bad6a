"""Python source to symbolic form."""

from transpile.frontend.accept import check
from transpile.frontend.args import Arg, arg_of, key_of, leaves
from transpile.frontend.custom import stop_gradient
from transpile.frontend.lower import Lowered, lower
from transpile.frontend.source import Source, plain, read

__all__ = [
    "Arg", "Lowered", "Source", "arg_of", "check", "key_of", "leaves", "lower", "plain", "read",
    "stop_gradient",
]  # fmt: skip
