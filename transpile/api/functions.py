"""A function that runs as generated code: its specialisations, and the one list of passes."""

from __future__ import annotations

import functools
import inspect
import keyword
import re
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MethodType
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from transpile import frontend
from transpile.api import constants
from transpile.api.residuals import Residuals, residuals
from transpile.api.structure import fitting, has_same, spelled, structured, with_dataclasses
from transpile.config import config
from transpile.errors import ArgumentError, ShapeError, TranspileError, UnsupportedError, fault
from transpile.frontend.args import ORIGINAL, Arg, ArgLeaf
from transpile.loops.nest import Kernel as Nest
from transpile.runtime import call
from transpile.runtime.compiled import Compiled
from transpile.sym import fold, ir, lift, reshaped, show, twins, walk

Checkpoint: TypeAlias = "str | int"
LANGUAGES = ("python", "c", "cuda")
SETTINGS = ("optimizer", "reassociate", "debug_info")  # what compiled text depends on, besides mode


class Specialisation(Struct, eq=False):
    """One compiled form, with what it captured.

    `assume` says that lengths which some loop or branch wants equal were taken to be equal; where
    they are not, a form that checks them one by one takes over. `hidden` are the keys of the global
    arrays that it reads. `flat` says that the arguments are the kernel's own, one for one, and
    that no result is an argument itself; then the dispatcher calls the kernel without us. It is
    built for the `known` values of some arguments.
    """

    lowered: frontend.Lowered
    compiled: Compiled
    assume: bool
    hidden: tuple[Any, ...]
    flat: bool
    draws: bool  # has it generators of random numbers among its arguments?
    known: constants.Known
    dispatched: bool = False

    def is_for(self, args: Sequence[Any]) -> bool:
        """Are the captured values what they were, and the global arrays of the same types?"""
        if not (call.guards_hold(self.lowered.guards) and constants.holds(self.known, args)):
            return False
        return self.hidden == tuple(frontend.key_of(fetch()) for fetch in self.lowered.hidden)


class Function:
    """A NumPy function that runs as generated code; called as the function itself is called.

    It specialises on the arguments' dtypes, numbers of dimensions and kinds of scalar, and on
    which extents are 1, at the first call with them; on the values of flags and small integers
    where reading the program needs them, as that of an axis.

    >>> import numpy as np, transpile
    >>> @transpile.function
    ... def total(x):
    ...     s = 0.0
    ...     for i in range(len(x)):
    ...         s += x[i] * x[i]
    ...     return s
    >>> float(total(np.array([3.0, 4.0])))
    25.0
    """

    _limited = False  # is more scratch memory than the budget an error?

    def __init__(
        self,
        fn: Callable[..., Any],
        mode: str | None = None,
        name: str | None = None,
        checkpoint: Checkpoint = "auto",
    ) -> None:
        if mode not in (None, "FAST_RUN", "FAST_COMPILE"):
            raise ValueError(f'mode is "FAST_RUN" or "FAST_COMPILE", not {mode!r}')
        self._plain = frontend.plain(fn)
        self._source = frontend.read(self._plain)
        frontend.check(self._source)
        self._init(fn, mode, identifier(name or fn.__name__))
        self._checkpoint = checkpointing(checkpoint)
        setattr(self, ORIGINAL, self._plain)

    def _init(self, fn: Callable[..., Any], mode: str | None, name: str) -> None:
        functools.update_wrapper(self, fn, updated=())
        self._name, self._mode = name, mode
        self._qualified = getattr(fn, "__qualname__", name)
        self._parameters = inspect.signature(frontend.plain(fn), follow_wrapped=False)
        self._positional = positional(list(self._parameters.parameters.values()))
        self._lock = threading.RLock()
        self._found: dict[Any, list[Specialisation]] = {}
        self._newest: Specialisation | None = None
        self._dispatch: call.Dispatcher | None = None

    # -- calling

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != self._positional:
            args = self._bound(args, kwargs)
        if self._dispatch is None:
            self._dispatch = call.dispatcher(self._missed)
        return self._dispatch(*args)

    def __get__(self, owner: Any, cls: type | None = None) -> Any:
        """As a method of an object, that is its first argument."""
        return self if owner is None else MethodType(self, owner)

    def _bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        bound = self._parameters.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def _missed(self, *args: Any) -> Any:
        """A call that no kernel took as it is: another specialisation, or arguments to prepare."""
        return self._run(self._specialise(args), args)

    def _run(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        growing = [read for read in special.lowered.hidden if isinstance(read, frontend.Capacity)]
        if not growing:
            return self._run_once(special, args)
        given = flat_arguments(special, args)
        kept = [(given[k], given[k].copy()) for k in special.lowered.function.written]
        while True:
            try:
                return self._run_once(special, args)
            except BufferError as error:
                if not frontend.is_over(error):
                    raise
            growing[0].grow()
            for array, before in kept:
                array[...] = before

    def _run_once(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        if (self._mode or config.mode) == "FAST_COMPILE" or not special.compiled.runs_as_c():
            return self._call_python(special, args)
        return self._call_c(special, args)

    def _call_c(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        kernel, signature = special.compiled.kernel, special.compiled.signature
        given, tree = flat_arguments(special, args), special.lowered.function.tree
        if special.flat and not special.dispatched:
            assert self._dispatch is not None
            special.dispatched = True
            self._dispatch.add(
                kernel,
                (*special.lowered.guards, *self._setting_guards()),
                post(tree, len(signature.outs)),
            )
        ready = [fitting(value, spec) for value, spec in zip(given, signature.args, strict=True)]
        results = kernel(*ready)
        if results is call.MISS:
            return self._explain(special, args, ready)
        for value, copy, spec in zip(given, ready, signature.args, strict=True):
            if spec.written and copy is not value:
                value[...] = copy
        flat = list(results) if isinstance(results, tuple) else [results]
        if special.draws:
            frontend.advance(args, given)
        return structured(tree, flat, given)

    def _setting_guards(self) -> tuple[Any, ...]:
        """While these hold, the settings are those that the dispatcher's kernels are for."""
        names = SETTINGS if self._mode is not None else ("mode", *SETTINGS)
        values = ((config.values, name, getattr(config, name)) for name in names)
        return (*values, (config.overrides, config.overrides.get()))

    def _call_python(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        given = flat_arguments(special, args)
        if (unlike := unequal(special, given)) is not None:
            if not special.lowered.assumed:
                raise unlike
            return self._call_python(self._specialise(args, assume=False), args)
        if not by_itself(given, special.lowered.function.written):
            return self._plain_call(args)
        wraps = any(map(frontend.is_random, special.lowered.sources))
        with np.errstate(over="ignore" if wraps else None):
            result = special.compiled.interpreted(*given)
        if special.draws:
            frontend.advance(args, given)
        return with_dataclasses(special.lowered.function.tree, result)

    def _explain(self, special: Specialisation, args: tuple[Any, ...], ready: list[Any]) -> Any:
        """Why a kernel does not take arguments of its own types: lengths, sharing, read-only."""
        if (unlike := unequal(special, ready)) is not None:
            if special.lowered.assumed:
                return self._run(self._specialise(args, assume=False), args)
            raise unlike
        specs = special.compiled.signature.args
        for value, spec in zip(ready, specs, strict=True):
            if spec.kind == "python" and spec.dtype == "int64" and abs(value) >= 2**63:
                raise OverflowError(f"argument {spec.name} does not fit in 64 bits")
        return self._plain_call(args)

    def _plain_call(self, args: tuple[Any, ...]) -> Any:
        """Read-only arguments or shared memory, and writes: Python itself has the right answer."""
        return self._plain(*args)

    # -- compiling

    def compile(self, *args: Any, **kwargs: Any) -> Function:
        """Compile for arguments like these, without calling. Gives the function itself."""
        special = self._specialise(self._bound(args, kwargs))
        if (self._mode or config.mode) != "FAST_COMPILE":
            special.compiled.runs_as_c()
        return self

    def _specialise(self, args: tuple[Any, ...], assume: bool = True) -> Specialisation:
        settings = tuple(getattr(config, name) for name in SETTINGS)
        try:
            key = (settings, *map(frontend.key_of, args))
            return self._found_or_made(key, args, assume)
        except ArgumentError as error:
            raise error.at(self._source.span(self._source.tree)) from None
        except TranspileError:
            raise
        except RecursionError:
            message = "an argument has itself among its parts"
            looped = ArgumentError(message, help="pass its parts, each by a name of its own")
            raise looped.at(self._source.span(self._source.tree)) from None
        except (AssertionError, AttributeError, LookupError) as error:
            raise fault(error, self._source.span(self._source.tree)) from error

    def _found_or_made(self, key: Any, args: tuple[Any, ...], assume: bool) -> Specialisation:
        with self._lock:
            for special in self._found.get(key, ()):
                if special.assume == assume and special.is_for(args):
                    return special
            sizes: list[ir.Var] = []
            names = self._parameters.parameters
            described = [frontend.arg_of(v, n, sizes) for v, n in zip(args, names, strict=True)]
            lower = functools.partial(self._lower, assume=assume)
            lowered, values = constants.lowered(lower, described, args)
            function = walk.inline(lowered.function)
            function = replace(function, body=walk.without_rules(function.body))
            lowered = replace(lowered, function=fold.fold(reshaped.carried(lift.lift(function))))
            leaves = all(isinstance(a.value, ArgLeaf) for a in described)
            hidden = tuple(frontend.key_of(fetch()) for fetch in lowered.hidden)
            draws = any(frontend.has_generator(arg.value) for arg in described)
            flat = leaves and not hidden and not values and not has_same(lowered.function.tree)
            origin = self._origin(args, values)
            compiled = Compiled(lowered.function, origin, self._limited, lowered.quiet)
            self._newest = Specialisation(lowered, compiled, assume, hidden, flat, draws, values)
            self._found.setdefault(key, []).append(self._newest)
            return self._newest

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        lowered = frontend.lower(self._source, args, assume)
        function = twins.merged(lowered.function)
        return replace(lowered, function=replace(function, name=self._name))

    def _origin(self, args: tuple[Any, ...], values: constants.Known) -> tuple[str, str]:
        """Where the program stands, and the command that writes its text again."""
        place = self._source.span(self._source.tree).place
        file = place.rsplit(":", 1)[0]
        words = (repr(a) if k in values else spelled(a, True) for k, a in enumerate(args))
        types = ", ".join(words).replace("'", "'\\''")
        return place, f"python -m transpile {file}:{self._source.name} --args '{types}'"

    # -- looking

    @property
    def specialisations(self) -> tuple[str, ...]:
        """What was compiled, one line each: the parameters with their types."""
        found = [s for several in self._found.values() for s in several]
        return tuple(show.show(s.lowered.function).splitlines()[-1] for s in found)

    def source(self, lang: str = "python", *args: Any) -> str:
        """The generated text in "python" or "c", of the newest specialisation, or for `args`."""
        special = self._chosen(lang, args)
        return special.compiled.python if lang == "python" else special.compiled.c

    def path(self, lang: str = "python", *args: Any) -> Path:
        """The file of `source(lang, *args)` in the cache."""
        special = self._chosen(lang, args)
        return special.compiled.python_path if lang == "python" else special.compiled.c_path

    def graph(self, stage: str = "fold", *args: Any) -> ir.Function | Nest:
        """The program at a stage: "fold" (symbolic), "place" (with its copies), "nest" (loops)."""
        special = self._chosen("python", args)
        match stage:
            case "fold":
                return special.lowered.function
            case "place":
                return special.compiled.placed.function
            case "nest":
                return special.compiled.nests
        raise ValueError(f'stage is "fold", "place" or "nest", not {stage!r}')

    def residuals(self, *args: Any) -> Residuals:
        """What a gradient keeps for its reverse sweep: names, types, bytes and lines.

        The bytes are formulas, and with arguments numbers too. A function that is no derivative
        keeps nothing.

        >>> import numpy as np, transpile
        >>> def decay(y, k, steps):
        ...     for i in range(steps):
        ...         y = y - k * y * y
        ...     return y
        >>> kept = transpile.grad(decay).residuals(2.0, 0.1, 5)
        >>> [(r.name, r.size, r.bytes) for r in kept]
        [('y_at', '8*steps', 40)]
        """
        special = self._chosen("python", args)
        given = flat_arguments(special, self._bound(args, {})) if args else None
        return residuals(special.compiled.placed, given)

    def _chosen(self, lang: str, args: tuple[Any, ...]) -> Specialisation:
        if lang not in LANGUAGES:
            raise ValueError(f"lang is one of {', '.join(LANGUAGES)}, not {lang!r}")
        if lang == "cuda":
            raise UnsupportedError("CUDA text cannot be written yet", help='ask for "c"')
        if args:
            return self._specialise(self._bound(args, {}))
        if self._newest is None:
            raise TranspileError(
                f"{self._name} has not been compiled for any arguments yet",
                help=f"call it, or pass arguments: {self._name}.source({lang!r}, ...)",
            )
        return self._newest

    def __repr__(self) -> str:
        return f"<transpile.Function {self._name}>"

    def __reduce__(self) -> Any:
        """Pickled by name where it stands under its name, else made again from its function."""
        if getattr(sys.modules.get(self.__module__), self._qualified, None) is self:
            return self._qualified
        return Function, (self._plain, self._mode, self._name, self._checkpoint)


def checkpointing(given: Checkpoint) -> Checkpoint:
    """What `checkpoint=` may be. Raises ValueError for anything else."""
    is_count = isinstance(given, int) and not isinstance(given, bool) and given > 0
    if given not in ("auto", "store", "recompute") and not is_count:
        raise ValueError(
            f'checkpoint is "auto", "store", "recompute" or a number of steps, not {given!r}'
        )
    return given


def decorated(fn: Callable[..., Any]) -> Function:
    return fn if isinstance(fn, Function) else Function(fn)


def positional(parameters: Sequence[inspect.Parameter]) -> int | None:
    """How many arguments need no binding; None where some are by name only, or any number."""
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len(parameters) if all(p.kind in plain for p in parameters) else None


def identifier(name: str) -> str:
    """A name that generated text can have for a function of this name, such as `<lambda>`."""
    word = re.sub(r"\W", "_", name)
    return f"{word}_" if keyword.iskeyword(word) or word[:1].isdigit() else word


def flat_arguments(special: Specialisation, args: tuple[Any, ...]) -> list[Any]:
    given = [leaf for arg in args for leaf in frontend.leaves(arg)]
    return given + [fetch() for fetch in special.lowered.hidden]


def by_itself(given: Sequence[Any], written: Sequence[int]) -> bool:
    """Can what is written be written, and does no other argument share its memory?"""
    arrays = [(k, x) for k, x in enumerate(given) if isinstance(x, np.ndarray)] if written else []
    mine = [(k, x) for k, x in arrays if k in written]
    return all(x.flags.writeable for _, x in mine) and not any(
        j != k and np.may_share_memory(x, y) for k, x in mine for j, y in arrays
    )


def unequal(special: Specialisation, given: Sequence[Any]) -> ShapeError | None:
    """What is wrong where lengths are not equal that have to be, or were taken to be."""
    for first, i, second, j, message in special.lowered.equal:
        a, b = given[first], given[second]
        if a.shape[i] != b.shape[j]:
            return ShapeError(f"{message}: shapes {a.shape} and {b.shape}")
    return None


def post(tree: ir.Result, count: int) -> Callable[[Any], Any] | None:
    """What turns so many results of a kernel into what the user gets; None where they are that."""
    match tree:
        case ir.Leaf(index=0, items=""):
            return None
        case ir.Tree(kind="tuple", items=items, cls=None):
            if items and items == tuple(map(ir.Leaf, range(count))):
                return None
    return lambda flat: structured(tree, flat, ())
