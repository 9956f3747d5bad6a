"""What the cache needs of a file system: trust, manifests, whole directories, locks.

Nothing here knows what the files mean. Every function may raise OSError; the cache decides what
then. Modules that take milliseconds to import are imported where first used.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl

    _HAS_LOCKS = True
except ImportError:  # Windows, where a key may be compiled twice but never wrongly
    _HAS_LOCKS = False

MANIFEST = "manifest"
PRIVATE = ".private-"
LOCK = ".lock"


class Untrusted(OSError):
    """Somebody else could have written here, so nothing here is read or run."""


def _is_private(status: os.stat_result) -> bool:
    """Whether only this user can write, as far as owner and mode tell."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def open_root(path: Path) -> None:
    """Make the directory if it is not there (mode 0700); refuse it if others can write in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        raise Untrusted(errno.EPERM, "is a symbolic link", str(path))
    if not stat.S_ISDIR(status.st_mode):
        raise Untrusted(errno.ENOTDIR, "is not a directory", str(path))
    if not _is_private(status):
        raise Untrusted(errno.EPERM, "belongs to or can be written by others", str(path))
    for parent in path.resolve().parents:
        mode = os.stat(parent).st_mode
        if os.name == "posix" and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise Untrusted(errno.EPERM, "can be replaced by others", str(parent))


# Manifests ---------------------------------------------------------------------------------------


def digest(path: Path) -> tuple[int, str]:
    """The size and sha256 of a regular file that only this user can write."""
    import hashlib

    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode) or not _is_private(status):
            raise Untrusted(errno.EPERM, "is not a private regular file", str(path))
        data = stream.read()
    return len(data), hashlib.sha256(data).hexdigest()


def _manifest(directory: Path, name: str) -> bytes:
    """What the manifest of a directory must be: its name, and each file's checksum and size.

    The manifest names the entry, so one that is moved to another's place is not believed.
    """
    lines = [f"transpile cache entry 1 {name}"]
    for file in sorted(os.listdir(directory)):
        if file != MANIFEST:
            size, checksum = digest(directory / file)
            lines.append(f"{checksum} {size} {file}")
    return "\n".join([*lines, "end", ""]).encode("utf-8", "surrogateescape")


def seal(directory: Path, name: str) -> None:
    """Write the manifest of a finished directory, last of all, and put everything on the disk."""
    for file in os.listdir(directory):
        os.chmod(directory / file, 0o600)
        _sync(directory / file)
    manifest = directory / MANIFEST
    manifest.write_bytes(_manifest(directory, name))
    os.chmod(manifest, 0o600)
    _sync(manifest)
    _sync(directory)


def is_whole(directory: Path, name: str) -> bool:
    """Whether the directory is exactly what `seal` left there; a missing one is not."""
    try:
        status = os.lstat(directory)
        if not stat.S_ISDIR(status.st_mode) or not _is_private(status):
            return False
        digest(directory / MANIFEST)
        return (directory / MANIFEST).read_bytes() == _manifest(directory, name)
    except OSError:
        return False


def signature(directory: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What changes when a file here is replaced or written: cheap, and enough within a process."""
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            status = os.stat(entry.path)
            found.append((entry.name, status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(sorted(found))


def _sync(path: Path) -> None:
    """Ask that a file or directory be on the disk; systems that cannot sync directories may not."""
    if os.name != "posix" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Directories that appear whole, and go whole -----------------------------------------------------


def new_private(root: Path) -> Path:
    """A new directory beside the entries, whose name says which process of which host fills it."""
    private = root / f"{PRIVATE}{_host()}-{os.getpid()}-{os.urandom(6).hex()}"
    private.mkdir(mode=0o700)
    return private


def _host() -> str:
    """The name of this machine (or container), fit for a file's name."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return "".join(letter if letter.isalnum() else "_" for letter in name) or "host"


def clock(root: Path) -> float:
    """What time it is for the file system, which need not be our time."""
    probe = new_private(root)
    try:
        return os.stat(probe).st_mtime
    finally:
        os.rmdir(probe)


def publish(private: Path, place: Path) -> bool:
    """Give a sealed directory its place in one step. False if something stands there already."""
    try:
        os.rename(private, place)
    except OSError as error:
        taken = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EACCES)
        if error.errno not in taken or not os.path.lexists(place):
            raise
        return False
    _sync(place.parent)
    return True


def delete(directory: Path) -> None:
    """Delete a directory of ours with all in it; what cannot be deleted now is swept later."""
    import shutil

    shutil.rmtree(directory, ignore_errors=True)


def remove(path: Path) -> None:
    """Take a directory (or whatever stands there) away in one step, then delete it at leisure.

    Those who have its files open or mapped keep them. It is no error if it is gone already.
    """
    away = new_private(path.parent)
    with suppress(FileNotFoundError):
        os.rename(path, away / "removed")
    delete(away)


def sweep(root: Path, older_than: float = 3600.0) -> None:
    """Delete private directories that nobody fills any more, and locks that nobody holds.

    That is: what a dead process of this host left, or what is more than an hour old.
    """
    with os.scandir(root) as entries:
        names = [entry.name for entry in entries]
    names = [name for name in names if name.startswith(PRIVATE) or name.endswith(LOCK)]
    if not names:
        return
    now = clock(root)
    for name in names:
        host, _, rest = name.removeprefix(PRIVATE).partition("-")
        process = rest.split("-")[0]
        dead = host == _host() and process.isdigit() and not _is_alive(int(process))
        with suppress(OSError):
            if not dead and now - os.lstat(root / name).st_mtime <= older_than:
                continue
            if name.endswith(LOCK):
                os.unlink(root / name)
            else:
                delete(root / name)


def _is_alive(process: int) -> bool:
    """Whether a process of this host lives; if that cannot be told, it does."""
    try:
        if os.name == "posix":
            os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


# Locks -------------------------------------------------------------------------------------------

_held: set[int] = set()


def _close_in_child() -> None:
    """After a fork the child must not keep its parent's locks alive."""
    for descriptor in _held:
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


@contextmanager
def locked(path: Path, timeout: float) -> Iterator[bool]:
    """Hold the lock of a file inside the block; yields False if it cannot be had in time or at all.

    The lock goes with the process that holds it, however that ends. The file is deleted by whoever
    releases it, so one that was locked is only believed if it still stands at its path.
    """
    descriptor = _lock(path, timeout)
    try:
        yield descriptor is not None
    finally:
        if descriptor in _held:
            with suppress(OSError):
                path.unlink()
            _close(descriptor)


def _lock(path: Path, timeout: float) -> int | None:
    """The descriptor that holds the lock, or None."""
    if not _HAS_LOCKS:
        return None
    deadline = time.monotonic() + timeout
    pause = 0.001
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:
            return None
        _held.add(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                return descriptor
            _close(descriptor)
        except (BlockingIOError, FileNotFoundError):
            _close(descriptor)
        except OSError:
            _close(descriptor)
            return None
        if time.monotonic() >= deadline:
            return None
        time.sleep(pause)
        pause = min(2 * pause, 0.05)


def _close(descriptor: int) -> None:
    _held.discard(descriptor)
    os.close(descriptor)
