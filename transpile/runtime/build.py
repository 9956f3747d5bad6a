"""Which C compiler there is, with which flags it is called, and calling it.

A compiler is identified once: its version text and the flags it takes are kept in the cache under
its resolved path, size and time stamp, so a later process starts no program to learn them.
"""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from transpile.config import config
from transpile.errors import BuildError
from transpile.runtime import cache

if TYPE_CHECKING:
    import subprocess

# What generated C relies on. Without one of these its answers would be wrong, so a compiler that
# refuses one is refused.
_NEEDED = ("-std=c11", "-O3", "-fno-math-errno", "-ffp-contract=off", "-fwrapv", "-fPIC", "-shared")
# What makes it faster, or a mistake in it seen earlier; left out where the compiler refuses it.
# Loops are not to be taken apart for a call of memset: they are together because that is faster.
_WANTED = (
    *("-march=native", "-fopenmp-simd", "-fno-tree-loop-distribute-patterns"),
    *("-w", "-Wl,-Bsymbolic"),
)
# What is left out where a text has LONG lines: passes whose time grows with the square of a
# function's length, and which gain nothing there. What is left of a loop after its vectors is not
# written out step by step either.
_LONG = (
    *("-fno-gcse", "-fno-gcse-after-reload", "-fno-tree-pre", "-fno-ivopts"),
    *("-fno-loop-unroll-and-jam", "--param=max-completely-peeled-insns=100"),
)
LONG = 400
_THREADS = "-fopenmp"
_LIBRARIES = ("-lm",)
_CANDIDATES = ("cc", "gcc", "clang")
# The environment of the compiler: what would silently change its output is left out.
_HIDDEN = ("CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES")

TIMEOUT = 120.0


class Compiler(Struct, frozen=True):
    """A C compiler: where it is, what it says it is, and which of our optional flags it takes."""

    path: str
    version: str
    stamp: str
    wanted: tuple[str, ...]


class _Ran(Struct, frozen=True):
    """How a program ended: its status, or None if it was stopped for time, and what it printed."""

    status: int | None
    output: str


def compiler() -> Compiler:
    """The compiler of `config.cc`, else the first of cc, gcc and clang, else BuildError."""
    return _identify(_find(config.cc, os.environ.get("PATH")))


def flags(*, threads: bool = False, lines: int = 0, extra: Sequence[str] = ()) -> tuple[str, ...]:
    """The flags that `compile_c` passes for these choices; they belong in a key."""
    found = compiler()
    seldom = {_THREADS: threads, **dict.fromkeys(_LONG, lines >= LONG)}
    chosen = [*_NEEDED, *(flag for flag in found.wanted if seldom.get(flag, True))]
    if config.debug_info:
        chosen.append("-g")
    return (*chosen, *extra, *_LIBRARIES)


def identity() -> dict[str, str]:
    """The ingredients of a key that say what would compile, and for which processor."""
    found = compiler()
    return {
        "compiler": f"{found.path}\n{found.version}\n{found.stamp}",
        "processor": processor(),
    }


def compile_c(
    source: Path,
    out: Path,
    *,
    threads: bool = False,
    lines: int = 0,
    extra: Sequence[str] = (),
    timeout: float | None = None,
) -> None:
    """Compile one C file, of so many lines, to one shared object.

    BuildError with the compiler's words if it fails or takes too long. OSError if the disk is full,
    which is no fault of the text: the cache then tries elsewhere.
    """
    found = compiler()
    chosen = flags(threads=threads, lines=lines, extra=extra)
    libraries = [flag for flag in chosen if flag.startswith("-l")]
    rest = [flag for flag in chosen if not flag.startswith("-l")]
    limit = TIMEOUT if timeout is None else timeout
    command = [found.path, *rest, "-o", str(out.absolute()), str(source.absolute()), *libraries]
    ran = _run(command, limit, out.absolute().parent)
    if ran.status == 0 and out.exists():
        return
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS):
        if os.strerror(code) in ran.output:
            raise OSError(code, os.strerror(code), str(out))
    if ran.status is None:
        raise BuildError(f"the C compiler took more than {limit:g} s for {source.name}")
    ended = f"was killed by signal {-ran.status}" if ran.status < 0 else f"ended with {ran.status}"
    words = ran.output.strip() or "(it printed nothing)"
    raise BuildError(
        f"{Path(found.path).name} {ended} on {source.name}:\n{words}",
        help="this is a fault of transpile unless the compiler itself is broken; "
        "mode='FAST_COMPILE' runs without it",
    )


@functools.lru_cache(maxsize=1)
def processor() -> str:
    """What `-march=native` depends on: the first processor's model and features."""
    intel = {"vendor_id", "cpu family", "model", "model name", "stepping", "flags"}
    others = {"Features", "CPU implementer", "CPU part", "isa"}
    import platform

    found = [platform.machine()]
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as stream:
            for line in stream:
                if not line.strip():
                    break
                name, _, value = line.partition(":")
                if name.strip() in intel | others:
                    found.append(f"{name.strip()}: {value.strip()}")
    except OSError:
        found.append(platform.processor())
    return "\n".join(found)


# Finding and identifying -------------------------------------------------------------------------


@functools.lru_cache(maxsize=16)
def _find(name: str | None, search: str | None) -> str:
    """The path of the program, looked for once in a process and for one PATH."""
    import shutil

    for candidate in _CANDIDATES if name is None else (name,):
        path = shutil.which(candidate, path=search)
        if path is not None:
            return os.path.abspath(path)
    if name is not None:
        raise BuildError(
            f"config.cc is {name!r}, which is not a program that can be run",
            help="set it to the name or path of a C compiler, or to None",
        )
    raise BuildError(
        "no C compiler was found (cc, gcc or clang)",
        help="install gcc, or set config.cc, or use mode='FAST_COMPILE', which needs none",
    )


def _identify(path: str) -> Compiler:
    """Learn what the compiler at this path is, from the cache if it has not changed."""
    real = os.path.realpath(path)
    try:
        status = os.stat(real)
    except OSError as error:
        raise BuildError(f"the C compiler {path} cannot be read: {error}") from None
    return _identify_stamped(path, f"{real} {status.st_size} {status.st_mtime_ns}")


@functools.lru_cache(maxsize=16)
def _identify_stamped(path: str, stamp: str) -> Compiler:
    """The same, once a process for one state of the program."""

    def ask(directory: Path) -> None:
        (directory / "version").write_text(_version(path, directory), encoding="utf-8")
        (directory / "flags").write_text("\n".join(_accepted(path, directory)), encoding="utf-8")

    asked = {
        "what": "compiler",
        "path": path,
        "stamp": stamp,
        "processor": processor(),
        "flags": " ".join((*_NEEDED, *_WANTED, *_LONG, _THREADS)),
    }
    entry = cache.entry(cache.key(asked), ask)
    version = (entry / "version").read_text(encoding="utf-8")
    wanted = tuple((entry / "flags").read_text(encoding="utf-8").split())
    return Compiler(path, version, stamp, wanted)


def _version(path: str, directory: Path) -> str:
    ran = _run([path, "--version"], TIMEOUT, directory)
    if ran.status != 0:
        raise BuildError(f"{path} --version failed:\n{ran.output.strip()}", help="set config.cc")
    return ran.output.strip()


def _accepted(path: str, directory: Path) -> list[str]:
    """Which of the optional flags the compiler takes: all at once if it can, else one by one."""
    source, out = directory / "probe.c", directory / "probe.so"
    source.write_text("int probe(int x) { return x; }\n", encoding="utf-8")

    def compiles(*chosen: str) -> _Ran:
        command = [path, *_NEEDED, *chosen, "-Werror", "-o", str(out), str(source), *_LIBRARIES]
        return _run(command, TIMEOUT, directory)

    wanted = [*_WANTED, *_LONG, _THREADS]
    if compiles(*wanted).status != 0:
        bare = compiles()
        if bare.status != 0:
            raise BuildError(
                f"{path} cannot compile C with {' '.join(_NEEDED)}:\n{bare.output.strip()}",
                help="set config.cc to another compiler",
            )
        wanted = [flag for flag in wanted if compiles(flag).status == 0]
    source.unlink()
    out.unlink(missing_ok=True)
    return wanted


# Running -----------------------------------------------------------------------------------------


def _environment(directory: Path) -> Mapping[str, str]:
    """Messages in English, temporary files where they are swept, and nothing that adds flags."""
    kept = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
    return {**kept, "LC_ALL": "C", "TMPDIR": str(directory)}


def _run(command: Sequence[str], timeout: float, directory: Path) -> _Ran:
    """Run a program and all it starts, in a session of their own that is killed if need be."""
    import subprocess

    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(directory),
            start_new_session=True,
        )
    except OSError as error:
        raise BuildError(f"{command[0]} cannot be run: {error}", help="set config.cc") from None
    try:
        output, _ = process.communicate(timeout=timeout)
        return _Ran(process.returncode, output.decode("utf-8", "replace"))
    except subprocess.TimeoutExpired:
        return _Ran(None, "")
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a program's session, and reap it; nothing if it has ended by itself."""
    if process.returncode is not None:
        return
    import signal

    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
