"""The settings of transpile: `config`, where each value comes from, and which source wins.

Four sources, the later one wins: the default; the file `~/.transpilerc` (ini, `[global]`); the
environment variable `TRANSPILE_FLAGS="mode=FAST_COMPILE,floatX=float32"`; and code, which is either
`config.mode = "FAST_COMPILE"` for the whole process or `with config.change(mode=...)` for one block
in one thread. An unknown key in any of them is an error that names the nearest key.

The file and the environment are read when the first setting is read, not when this is imported.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from transpile.errors import TranspileError


class ConfigError(TranspileError, ValueError):
    """A setting that cannot be taken, with where it was written."""


class UnknownFlagError(ConfigError, AttributeError):
    """A key that is no flag, with the nearest one that is."""


class Flag(Struct, frozen=True):
    """One setting. `read` makes text or a value from code the value kept, or raises ValueError."""

    name: str
    type: str
    default: Callable[[], Any]
    read: Callable[[Any], Any]
    doc: str


def _one_of(*choices: str | None) -> Callable[[Any], str | None]:
    """Accept exactly these values; the text `None` stands for None in files."""

    def read(value: Any) -> str | None:
        value = None if value == "None" else value
        if value not in choices:
            raise ValueError(f"expected {' or '.join(map(repr, choices))}")
        return value

    return read


def _read_bool(value: Any) -> bool:
    """Accept a bool, or the words people write for one in a file."""
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    found = words.get(str(value).strip().lower())
    if found is None:
        raise ValueError("expected True or False")
    return found


_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS |= {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}


def _read_bytes(value: Any) -> int:
    """Accept a number of bytes, or text such as `200MB`, `1.5 GiB` or `4G`."""
    text = str(value).strip().upper()
    number = text.rstrip("KMGTIB ")
    unit = text[len(number) :].strip()
    try:
        size = int(float(number) * _UNITS[unit]) if "." in number else int(number) * _UNITS[unit]
    except (KeyError, ValueError, OverflowError):
        raise ValueError("expected bytes, such as 1000000 or '200MB'") from None
    if isinstance(value, bool) or size < 0:
        raise ValueError("expected bytes, such as 1000000 or '200MB'")
    return size


def _read_path(value: Any) -> Path:
    """Accept a path, absolute once `~` is expanded (a relative one would move with `os.chdir`)."""
    if isinstance(value, bool) or not isinstance(value, (str, os.PathLike)) or not str(value):
        raise ValueError("expected a path")
    return Path(os.path.abspath(os.path.expanduser(value)))


def _read_command(value: Any) -> str | None:
    """Accept the name or path of a program, or None (also as text)."""
    if value is None or value in ("", "None"):
        return None
    if not isinstance(value, (str, os.PathLike)):
        raise ValueError("expected the name or path of a C compiler")
    return os.path.expanduser(os.fspath(value))


def _default_cache_dir() -> Path:
    import platformdirs  # 20 ms, and only wanted where nothing else says where the cache is

    return Path(platformdirs.user_cache_dir("transpile", appauthor=False))


def number_in(path: str) -> int | None:
    """The number that a file of the kernel's holds, or None (`max`, or no such file)."""
    try:
        return int(Path(path).read_text())
    except (OSError, ValueError):
        return None


def machine_memory() -> int:
    """Bytes of memory of the machine, or of the container if that has less."""
    try:
        sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, OSError, ValueError):
        sizes = [4 * 2**30]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        limit = number_in(path)
        if limit is not None and limit > 0:
            sizes.append(limit)
    return min(sizes)


FLAGS: Mapping[str, Flag] = MappingProxyType(
    {
        flag.name: flag
        for flag in (
            Flag("cache_dir", "path", _default_cache_dir, _read_path,
                 "where compiled functions are kept; frozen at first use"),
            Flag("cache_size", "bytes", lambda: 2**30, _read_bytes,
                 "above this the entries that were used longest ago are removed"),
            Flag("mode", "FAST_RUN | FAST_COMPILE", lambda: "FAST_RUN",
                 _one_of("FAST_RUN", "FAST_COMPILE"),
                 "FAST_RUN compiles C; FAST_COMPILE runs generated NumPy, no compiler needed"),
            Flag("optimizer", "default | None", lambda: "default", _one_of("default", None),
                 "None compiles without rewriting loops, to tell a slow function from a wrong one"),
            Flag("cc", "command", lambda: None, _read_command,
                 "C compiler, a name or a path; None takes the first of cc, gcc and clang"),
            Flag("debug_info", "bool", lambda: False, _read_bool,
                 "compile with debugger information that points at the Python lines"),
            Flag("floatX", "float64 | float32", lambda: "float64", _one_of("float64", "float32"),
                 "the dtype that types without a prefix stand for (types.matrix)"),
            Flag("memory_budget", "bytes", lambda: machine_memory() // 4, _read_bytes,
                 "what a gradient may keep before it recomputes instead; a quarter of memory"),
            Flag("reassociate", "bool", lambda: True, _read_bool,
                 "sums may be added in another order, which is what lets them be vectorised"),
        )
    }
)  # fmt: skip


class _Setting(Struct, frozen=True):
    value: Any
    source: str


class _Read:
    """Reads one flag as an attribute: the thread's override, else the process's value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, config: Config | None, owner: type) -> Any:
        if config is None:
            return self
        overrides = config.overrides.get()
        if self.name in overrides:
            return overrides[self.name]
        try:
            return config.values[self.name]
        except KeyError:
            return config._resolve(self.name)


class Config:
    """The settings as attributes; `print(config)` lists them all.

    `values` are those of the process. `overrides` are those of the `with config.change(...)` blocks
    that this thread is in. Both are public so that a guard of the fast call path can watch them.
    """

    cache_dir: Path
    cache_size: int
    mode: str
    optimizer: str | None
    cc: str | None
    debug_info: bool
    floatX: str
    memory_budget: int
    reassociate: bool

    values: dict[str, Any]
    overrides: ContextVar[Mapping[str, Any]]

    def __init__(self, file: Path | None = None, environ: Mapping[str, str] | None = None) -> None:
        state: dict[str, Any] = self.__dict__
        state["values"] = {}
        state["overrides"] = ContextVar("transpile.config", default=MappingProxyType({}))
        state["_sources"] = {}
        state["_frozen"] = {}
        state["_lock"] = threading.RLock()
        state["_file"] = file
        state["_environ"] = os.environ if environ is None else environ
        state["_loaded"] = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise _unknown(name)

    def __setattr__(self, name: str, value: Any) -> None:
        checked = _checked(name, value, "code")
        with self.__dict__["_lock"]:
            self._load()
            self._refuse_if_frozen(name, checked)
            self._sources[name] = "code"
            self.values[name] = checked

    def __delattr__(self, name: str) -> None:
        raise ConfigError(f"config.{_flag(name).name} cannot be deleted", help="set it instead")

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *FLAGS})

    @contextmanager
    def change(self, **settings: Any) -> Iterator[None]:
        """Other settings inside a `with` block, for this thread only.

        >>> with config.change(mode="FAST_COMPILE"):
        ...     config.mode
        'FAST_COMPILE'
        """
        checked = {name: _checked(name, value, "code") for name, value in settings.items()}
        with self.__dict__["_lock"]:
            self._load()
            for name, value in checked.items():
                self._refuse_if_frozen(name, value)
        token = self.overrides.set(MappingProxyType({**self.overrides.get(), **checked}))
        try:
            yield
        finally:
            self.overrides.reset(token)

    def freeze(self, name: str, reason: str) -> Any:
        """The value of a flag, which from now on cannot change; `reason` says what froze it."""
        with self.__dict__["_lock"]:
            value = getattr(self, name)
            frozen: _Setting = self._frozen.setdefault(name, _Setting(value, reason))
            return frozen.value

    def source(self, name: str) -> str:
        """Where a flag's value comes from: default, the file's name, environment, or code."""
        _flag(name)
        getattr(self, name)
        if name in self.overrides.get():
            return "code (with config.change)"
        found: str = self._sources[name]
        return found

    def __repr__(self) -> str:
        lines = []
        for flag in FLAGS.values():
            value = getattr(self, flag.name)
            shown = str(value) if isinstance(value, Path) else repr(value)
            lines.append(f"{flag.name} ({flag.type}) = {shown}  [{self.source(flag.name)}]")
            lines.append(f"    {flag.doc}")
        return "\n".join(lines)

    def _resolve(self, name: str) -> Any:
        """The first read of a flag: read the sources, and compute the default if none names it."""
        with self.__dict__["_lock"]:
            self._load()
            if name not in self.values:
                self._sources[name] = "default"
                self.values[name] = FLAGS[name].default()
            return self.values[name]

    def _load(self) -> None:
        if self._loaded:
            return
        found = {**_from_file(self._file), **_from_environment(self._environ)}
        self._sources.update((name, setting.source) for name, setting in found.items())
        self.values.update((name, setting.value) for name, setting in found.items())
        self.__dict__["_loaded"] = True

    def _refuse_if_frozen(self, name: str, value: Any) -> None:
        frozen = self._frozen.get(name)
        if frozen is not None and frozen.value != value:
            raise ConfigError(
                f"config.{name} is {str(frozen.value)!r} and cannot change any more: "
                f"it was frozen when {frozen.source}",
                help=f"set it before that, or by TRANSPILE_FLAGS={name}=...",
            )


for _name in FLAGS:
    setattr(Config, _name, _Read(_name))


def _flag(name: str) -> Flag:
    """The flag of a name, or the error that names the nearest one."""
    if name not in FLAGS:
        raise _unknown(name)
    return FLAGS[name]


def _unknown(name: str) -> UnknownFlagError:
    """The error for a key that is no flag."""
    import difflib

    near = difflib.get_close_matches(name.lower(), [flag.lower() for flag in FLAGS], 1, 0.5)
    spelled = [flag for flag in FLAGS if [flag.lower()] == near]
    help = f"did you mean {spelled[0]}?" if spelled else f"the flags are {', '.join(FLAGS)}"
    return UnknownFlagError(f"config has no flag {name!r}", help=help)


def _checked(name: str, value: Any, source: str) -> Any:
    """The value as it is kept, or an error that names the flag and where the value was written."""
    flag = _flag(name)
    try:
        return flag.read(value)
    except ValueError as error:
        raise ConfigError(f"config.{name} = {value!r} (from {source}): {error}") from None


def _from_file(file: Path | None) -> dict[str, _Setting]:
    """The settings of `~/.transpilerc`; a missing or unreadable file has none."""
    path = os.path.expanduser("~/.transpilerc") if file is None else os.fspath(file)
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
    except OSError:
        return {}
    import configparser

    parser = configparser.RawConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        parser.read_string(text, source=path)
    except configparser.Error as error:
        raise ConfigError(str(error), help="write lines `name = value` under [global]") from None
    found = {}
    for section in parser.sections():
        prefix = "" if section == "global" else f"{section}."
        for key, value in parser.items(section):
            name = _known(prefix + key, path)
            found[name] = _Setting(_checked(name, value, path), path)
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Setting]:
    """The settings of `TRANSPILE_FLAGS`."""
    found = {}
    for item in environ.get("TRANSPILE_FLAGS", "").split(","):
        if not item.strip():
            continue
        key, equals, value = item.partition("=")
        name = _known(key.strip(), "TRANSPILE_FLAGS")
        if not equals:
            raise ConfigError(
                f"TRANSPILE_FLAGS has {item.strip()!r} without a value",
                help="write name=value, separated by commas",
            )
        found[name] = _Setting(_checked(name, value.strip(), "TRANSPILE_FLAGS"), "environment")
    return found


def _known(key: str, source: str) -> str:
    """The key, if it is a flag; else the error with the place it was read from."""
    if key not in FLAGS:
        error = _unknown(key)
        raise ConfigError(f"{error.message}, read from {source}", help=error.help)
    return key


config = Config()
