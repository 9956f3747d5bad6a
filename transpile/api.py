"""The public functions, and the way of a program through the passes."""

from __future__ import annotations

import functools
import inspect
import keyword
import re
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from transpile import adjoint, frontend
from transpile.config import config
from transpile.errors import ShapeError, TranspileError, UnsupportedError
from transpile.frontend.args import ORIGINAL, Arg, ArgLeaf, ArgTree, ArgValue
from transpile.loops.nest import Kernel as Nest
from transpile.runtime import call
from transpile.runtime.compiled import Compiled
from transpile.sym import fold, ir, show, walk

LANGUAGES = ("python", "c", "cuda")
SETTINGS = ("optimizer", "reassociate", "debug_info")  # what compiled text depends on, besides mode


class Specialisation(Struct, eq=False):
    """One compiled form, with what it captured.

    `assume` says that lengths which some loop or branch wants equal were taken to be equal; where
    they are not, a form that checks them one by one takes over. `hidden` are the keys of the global
    arrays that it reads. `flat` says that the arguments are the kernel's own, one for one, and
    that no result is an argument itself; then the dispatcher calls the kernel without us.
    """

    lowered: frontend.Lowered
    compiled: Compiled
    assume: bool
    hidden: tuple[Any, ...]
    flat: bool
    dispatched: bool = False

    def is_current(self) -> bool:
        """Are the captured values what they were, and the global arrays of the same types?"""
        if not call.guards_hold(self.lowered.guards):
            return False
        return self.hidden == tuple(frontend.key_of(fetch()) for fetch in self.lowered.hidden)


class Function:
    """A NumPy function that runs as generated code; called as the function itself is called.

    It specialises on the arguments' dtypes, numbers of dimensions and kinds of scalar, and on
    which extents are 1, at the first call with them.

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

    def __init__(
        self, fn: Callable[..., Any], mode: str | None = None, name: str | None = None
    ) -> None:
        self._init(fn, mode, identifier(name or fn.__name__))
        self._plain = frontend.plain(fn)
        self._source = frontend.read(self._plain)
        frontend.check(self._source)
        setattr(self, ORIGINAL, self._plain)

    def _init(self, fn: Callable[..., Any], mode: str | None, name: str) -> None:
        functools.update_wrapper(self, fn, updated=())
        self._name, self._mode = name, mode
        self._qualified = getattr(fn, "__qualname__", name)
        self._parameters = inspect.signature(fn)
        self._positional = len(self._parameters.parameters)
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

    def _bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        bound = self._parameters.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def _missed(self, *args: Any) -> Any:
        """A call that no kernel took as it is: another specialisation, or arguments to prepare."""
        return self._run(self._specialise(args), args)

    def _run(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
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
                kernel, (*special.lowered.guards, *self._setting_guards()), post(tree)
            )
        ready = [fitting(value, spec) for value, spec in zip(given, signature.args, strict=True)]
        results = kernel(*ready)
        if results is call.MISS:
            return self._explain(special, args, ready)
        for value, copy, spec in zip(given, ready, signature.args, strict=True):
            if spec.written and copy is not value:
                value[...] = copy
        flat = list(results) if isinstance(results, tuple) else [results]
        return structured(tree, flat, given)

    def _setting_guards(self) -> tuple[Any, ...]:
        """While these hold, the settings are those that the dispatcher's kernels are for."""
        names = SETTINGS if self._mode is not None else ("mode", *SETTINGS)
        values = ((config.values, name, getattr(config, name)) for name in names)
        return (*values, (config.overrides, config.overrides.get()))

    def _call_python(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        given = flat_arguments(special, args)
        return special.compiled.interpreted(*given)

    def _explain(self, special: Specialisation, args: tuple[Any, ...], ready: list[Any]) -> Any:
        """Why a kernel does not take arguments of its own types: lengths, sharing, read-only."""
        for first, i, second, j, message in special.lowered.equal:
            a, b = ready[first], ready[second]
            if a.shape[i] == b.shape[j]:
                continue
            if special.lowered.assumed:
                return self._run(self._specialise(args, assume=False), args)
            raise ShapeError(f"{message}: shapes {a.shape} and {b.shape}")
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
        key = (settings, *map(frontend.key_of, args))
        with self._lock:
            for special in self._found.get(key, ()):
                if special.assume == assume and special.is_current():
                    return special
            sizes: list[ir.Var] = []
            names = self._parameters.parameters
            described = [frontend.arg_of(v, n, sizes) for v, n in zip(args, names, strict=True)]
            lowered = self._lower(described, assume)
            lowered = replace(lowered, function=fold.fold(walk.inline(lowered.function)))
            leaves = all(isinstance(a.value, ArgLeaf) for a in described)
            hidden = tuple(frontend.key_of(fetch()) for fetch in lowered.hidden)
            flat = leaves and not hidden and not has_same(lowered.function.tree)
            compiled = Compiled(lowered.function, self._origin(args))
            self._newest = Specialisation(lowered, compiled, assume, hidden, flat)
            self._found.setdefault(key, []).append(self._newest)
            return self._newest

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        lowered = frontend.lower(self._source, args, assume)
        return replace(lowered, function=replace(lowered.function, name=self._name))

    def _origin(self, args: tuple[Any, ...]) -> tuple[str, str]:
        """Where the program stands, and the command that writes its text again."""
        place = self._source.span(self._source.tree).place
        file = place.rsplit(":", 1)[0]
        types = ", ".join(spelled(arg) for arg in args)
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
        return Function, (self._plain, self._mode, self._name)


class Derivative(Function):
    """The gradient of a scalar-valued function; itself a Function."""

    _kind = "grad"

    def __init__(self, inner: Function, wrt: Any, keep_value: bool = False) -> None:
        self._init(inner, inner._mode, f"{inner._name}_{'value_and_' * keep_value}{self._kind}")
        self._inner, self._keep_value = inner, keep_value
        self._wrt, self._asked = positions(inner, wrt), wrt
        self._single = not isinstance(wrt, tuple | list)
        self._source = inner._source

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        inner = self._inner._lower(args, assume)
        before = fold.fold(walk.inline(inner.function))
        leaves = leaf_ranges(args)
        chosen = [k for p in self._wrt for k in leaves[p]]
        made = self._reversed(before, chosen)
        counter = iter(range(self._keep_value, len(chosen) + self._keep_value))
        trees = [gradient_tree(args[p].value, counter) for p in self._wrt]
        tree = trees[0] if self._single else ir.Tree("tuple", tuple(trees))
        if self._keep_value:
            tree = ir.Tree("tuple", (ir.Leaf(0), tree))
        return replace(inner, function=replace(made, name=self._name, tree=tree))

    def __reduce__(self) -> Any:
        return type(self), (self._inner, self._asked, self._keep_value)

    def __transpile_lower__(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        """What a decorated function that calls this one puts in its place."""
        lowered = self._lower(args, assume)
        return replace(lowered, function=fold.fold(walk.inline(lowered.function)))

    def _reversed(self, function: ir.Function, wrt: Sequence[int]) -> ir.Function:
        return adjoint.grad(function, wrt, self._keep_value)

    def _origin(self, args: tuple[Any, ...]) -> tuple[str, str]:
        place, command = self._inner._origin(args)
        names = list(self._parameters.parameters)
        chosen = ",".join(names[p] for p in self._wrt)
        chosen += "" if self._single or len(self._wrt) > 1 else ","
        return place, f"{command} --{'value-and-' * self._keep_value}{self._kind} {chosen}"

    def _plain_call(self, args: tuple[Any, ...]) -> Any:
        raise ValueError(
            f"{self._name}: an array that is written shares memory with another argument; "
            "pass copies"
        )


class Pullback(Derivative):
    """The cotangents of a function's arguments, given those of its results."""

    _kind = "vjp"

    def __init__(self, inner: Function, wrt: Any, keep_value: bool = False) -> None:
        super().__init__(inner, wrt, keep_value)
        added = inspect.Parameter(f"d_{inner._name}", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        parameters = inner._parameters.parameters.values()
        own = [p.replace(default=inspect.Parameter.empty) for p in parameters]
        self._parameters = self._parameters.replace(parameters=[*own, added])
        self._positional = len(own) + 1

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        return super()._lower(args[:-1], assume)

    def _reversed(self, function: ir.Function, wrt: Sequence[int]) -> ir.Function:
        return adjoint.vjp(function, wrt, keep_value=False)


# -- arguments and results


def identifier(name: str) -> str:
    """A name that generated text can have for a function of this name, such as `<lambda>`."""
    word = re.sub(r"\W", "_", name)
    return f"{word}_" if keyword.iskeyword(word) or word[:1].isdigit() else word


def spelled(value: Any) -> str:
    """The type of an argument as the command takes it: `float64[:, 1]`, `np.float32`, `int`."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}[{', '.join('1' if n == 1 else ':' for n in value.shape)}]"
    return f"np.{value.dtype}" if isinstance(value, np.generic) else type(value).__name__


def positions(inner: Function, wrt: Any) -> list[int]:
    """`wrt` as positions. Raises TypeError or ValueError for what names no parameter."""
    names = list(inner._parameters.parameters)
    found = []
    for w in wrt if isinstance(wrt, tuple | list) else (wrt,):
        if isinstance(w, str) and w in names:
            found.append(names.index(w))
        elif isinstance(w, int) and -len(names) <= w < len(names):
            found.append(w % len(names))
        else:
            raise ValueError(f"wrt={w!r} is no parameter of {inner._name}({', '.join(names)})")
    return found


def count(value: ArgValue) -> int:
    if isinstance(value, ArgTree):
        return sum(map(count, value.items))
    return int(isinstance(value, ArgLeaf))


def leaf_ranges(args: Sequence[Arg]) -> list[range]:
    """For each argument the positions of its leaves among the flat parameters."""
    ranges, start = [], 0
    for arg in args:
        stop = start + count(arg.value)
        ranges.append(range(start, stop))
        start = stop
    return ranges


def gradient_tree(value: ArgValue, counter: Any) -> ir.Leaf | ir.Same | ir.Tree:
    """A gradient has the structure of its argument."""
    match value:
        case ArgTree(kind=kind, items=items, keys=keys):
            return ir.Tree(kind, tuple(gradient_tree(i, counter) for i in items), keys)
        case ArgLeaf():
            return ir.Leaf(next(counter))
    return ir.Tree("none")


def flat_arguments(special: Specialisation, args: tuple[Any, ...]) -> list[Any]:
    given = [leaf for arg in args for leaf in frontend.leaves(arg)]
    return given + [fetch() for fetch in special.lowered.hidden]


def fitting(value: Any, spec: call.ArgSpec) -> Any:
    """The argument as kernels take it; itself if it is so already."""
    if spec.kind == "array":
        return np.require(value, spec.dtype, ["C", "A"])
    return np.dtype(spec.dtype).type(value) if spec.kind == "numpy" else value


def post(tree: ir.Leaf | ir.Same | ir.Tree) -> Callable[[Any], Any] | None:
    """What turns a kernel's results into what the user gets; None where they are that already."""
    if tree == ir.Leaf(0):
        return None
    return lambda flat: structured(tree, flat, ())


def has_same(tree: ir.Leaf | ir.Same | ir.Tree) -> bool:
    """Is some result an argument itself?"""
    if isinstance(tree, ir.Tree):
        return any(map(has_same, tree.items))
    return isinstance(tree, ir.Same)


def structured(tree: ir.Leaf | ir.Same | ir.Tree, flat: Sequence[Any], given: Sequence[Any]) -> Any:
    match tree:
        case ir.Leaf(index=index):
            return flat[index]
        case ir.Same(param=param):
            return given[param]
        case ir.Tree(kind="none"):
            return None
        case ir.Tree(kind="dict", items=items, keys=keys):
            found = [structured(item, flat, given) for item in items]
            return dict(zip(keys, found, strict=True))
        case ir.Tree(kind=kind, items=items):
            parts = (structured(item, flat, given) for item in items)
            return list(parts) if kind == "list" else tuple(parts)


# -- the public functions


def function(
    fn: Callable[..., Any] | None = None, *, mode: str | None = None, name: str | None = None
) -> Any:
    """Decorate a NumPy function so that it runs as generated code.

    `mode` is "FAST_RUN" (C) or "FAST_COMPILE" (generated NumPy, no compiler); by default that of
    `config.mode` at each call. Raises UnsupportedError for syntax that is not taken, all of it at
    once; names and types are looked at in the first call.
    """
    if fn is None:
        return functools.partial(function, mode=mode, name=name)
    return Function(fn, mode=mode, name=name)


def decorated(fn: Callable[..., Any]) -> Function:
    return fn if isinstance(fn, Function) else Function(fn)


def grad(fn: Callable[..., Any], wrt: int | str | Sequence[int | str] = 0) -> Function:
    """The gradient of a scalar-valued function with respect to values on entry.

    `wrt` is a position or a name, or a tuple of them for a tuple of gradients. The result is a
    Function: it has source, and can be differentiated again. It never writes into its arguments.

    >>> import transpile
    >>> def cube(x):
    ...     return x ** 3
    >>> float(transpile.grad(cube)(2.0))
    12.0
    """
    return Derivative(decorated(fn), wrt, keep_value=False)


def value_and_grad(fn: Callable[..., Any], wrt: int | str | Sequence[int | str] = 0) -> Function:
    """The value and the gradient together, `(value, gradient)`; see `grad`."""
    return Derivative(decorated(fn), wrt, keep_value=True)


def vjp(fn: Callable[..., Any], wrt: int | str | Sequence[int | str] = 0) -> Function:
    """The vector-Jacobian product: called with the arguments, then the result's cotangent.

    The cotangent has the structure and the shapes of what `fn` returns; the result those of
    `wrt`, as with `grad`.

    >>> import numpy as np, transpile
    >>> def squares(x):
    ...     return x * x
    >>> transpile.vjp(squares)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 2., 40.])
    """
    return Pullback(decorated(fn), wrt)


def debugprint(fn: Function, stage: str = "fold", *args: Any) -> None:
    """Print the symbolic form: loops as scan with sequences, carried values and captures."""
    program = fn.graph(stage, *args)
    if not isinstance(program, ir.Function):
        raise ValueError('the stages shown are "fold" and "place"; nests are read as source("c")')
    print(show.show(program), end="")
