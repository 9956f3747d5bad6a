"""The cache of compiled functions: one directory an entry, never a wrong or a broken one.

    directory = entry(key({"source": text, "flags": flags}), make)

`make` fills a private directory; once that is finished and sealed by a manifest of sizes and
checksums it takes its place in one step. Whoever asks later gets a directory whose every file was
checked against the manifest. What cannot be trusted is rebuilt, and where there is no usable place
on disk everything goes to a temporary directory of this process, with one warning.
"""

from __future__ import annotations

import atexit
import os
import threading
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from transpile.config import config
from transpile.errors import BuildError
from transpile.runtime import files

_RECENT = 60.0  # seconds in which an entry that was used is not evicted: its user may still load it


def key(ingredients: Mapping[str, str]) -> str:
    """The name of an entry: the sha256 of everything it depends on.

    Each name and value is preceded by its length, so no two mappings give the same bytes.
    """
    import hashlib

    state = hashlib.sha256()
    for item in sorted(ingredients.items()):
        for text in item:
            data = text.encode("utf-8", "surrogatepass")
            state.update(b"%d:" % len(data))
            state.update(data)
    return state.hexdigest()


class Cache:
    """The entries under one directory. Safe for threads, processes and forks."""

    def __init__(self, root: Path, limit: int = 2**30, lock_timeout: float = 30.0) -> None:
        self.root = root
        self.limit = limit
        self.lock_timeout = lock_timeout
        self._known: dict[str, tuple[Path, tuple[tuple[str, int, int, int], ...]]] = {}
        self._opened = False
        self._swept = False
        self._warned = False
        self._private: tuple[int, Path] | None = None

    def entry(self, key: str, make: Callable[[Path], None]) -> Path:
        """The directory of an entry, whole and checked; `make(directory)` fills a missing one.

        `make` writes plain files into the directory it is given. What it raises is passed on, but
        after an OSError (a full disk, say) it is called once more in a temporary directory.
        """
        if not key or not key.isalnum():
            raise ValueError(f"not a cache key: {key!r}")
        known = self._recall(key)
        if known is not None:
            return known
        try:
            if not self._opened:
                files.open_root(self.root)
                self._opened = True
            found = self._find_or_build(self.root, key, make)
        except OSError as error:
            self._opened = False
            found = self._find_or_build(self._private_root(), key, make)
            self._warn(error)
        self._known[key] = found, files.signature(found)
        return found

    def sweep(self) -> None:
        """Delete what dead processes left behind, then the entries used longest ago if too many."""
        files.sweep(self.root)
        self._evict()

    def private_directory(self) -> Path:
        """A new temporary directory of this process, deleted when it ends."""
        return files.new_private(self._private_root())

    def _recall(self, key: str) -> Path | None:
        """An entry that this process has checked already and that nobody has touched since."""
        known = self._known.get(key)
        if known is None:
            return None
        path, signature = known
        with suppress(OSError):
            if files.signature(path) == signature:
                return path
        return None

    def _find_or_build(self, root: Path, key: str, make: Callable[[Path], None]) -> Path:
        place = root / key
        if files.is_whole(place, key):
            with suppress(OSError):
                os.utime(place)
            return place
        with files.locked(root / f"{key}{files.LOCK}", self.lock_timeout):
            if files.is_whole(place, key):
                return place
            self._build(root, place, make)
        if root == self.root:
            with suppress(OSError):
                self._tidy(key)
        return place

    def _build(self, root: Path, place: Path, make: Callable[[Path], None]) -> None:
        """Make the entry beside its place and move it there, unless a whole one stands there."""
        private = files.new_private(root)
        try:
            make(private)
            files.seal(private, place.name)
            while not files.publish(private, place):
                if files.is_whole(place, place.name):
                    return
                files.remove(place)
        finally:
            if private.exists():
                files.delete(private)

    def _tidy(self, key: str) -> None:
        """After a build: sweep once in a process, and look at sizes after each sixteenth build."""
        if not self._swept:
            self._swept = True
            files.sweep(self.root)
        if key.startswith("0"):
            self._evict()

    def _evict(self) -> None:
        """Over the limit, remove the entries used longest ago until a tenth of it is free."""
        entries = []
        now = files.clock(self.root)
        with os.scandir(self.root) as found:
            for item in found:
                if item.name.startswith(files.PRIVATE) or item.name.endswith(files.LOCK):
                    continue
                with suppress(OSError):
                    size = sum(size for _, _, size, _ in files.signature(Path(item.path)))
                    entries.append((item.stat(follow_symlinks=False).st_mtime, size, item.name))
        total = sum(size for _, size, _ in entries)
        if total <= self.limit:
            return
        for used, size, name in sorted(entries):
            if total <= 0.9 * self.limit:
                return
            if 0 <= now - used < _RECENT:
                continue
            files.remove(self.root / name)
            total -= size

    def _private_root(self) -> Path:
        """The temporary directory of this process; a forked child gets its own."""
        process = os.getpid()
        if self._private is not None and self._private[0] == process and self._private[1].exists():
            return self._private[1]
        import tempfile

        try:
            path = Path(tempfile.mkdtemp(prefix="transpile-"))
        except OSError as error:
            raise BuildError(
                f"there is no place to put compiled functions: {error}",
                help="set config.cache_dir, or TMPDIR, to a directory that can be written",
            ) from None
        self._private = process, path
        atexit.register(_delete_own, process, path)
        return path

    def _warn(self, error: OSError) -> None:
        if self._warned:
            return
        self._warned = True
        warnings.warn(
            f"transpile: the cache {self.root} cannot be used ({error}); compiled functions go to "
            "a temporary directory and last as long as this process (see config.cache_dir)",
            RuntimeWarning,
            stacklevel=3,
        )


def _delete_own(process: int, path: Path) -> None:
    """At exit: delete this process's temporary directory, not its parent's."""
    if process == os.getpid():
        files.delete(path)


_default: Cache | None = None
_default_lock = threading.Lock()


def default() -> Cache:
    """The cache at `config.cache_dir`, which is frozen from now on."""
    global _default
    with _default_lock:
        if _default is None:
            root = config.freeze("cache_dir", "the cache was opened")
            _default = Cache(root, config.cache_size)
        return _default


def entry(key: str, make: Callable[[Path], None]) -> Path:
    """The directory of an entry in the cache at `config.cache_dir`; see `Cache.entry`."""
    return default().entry(key, make)
