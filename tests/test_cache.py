"""The cache: an entry is whole and right, or it is built again; nothing else is ever lost."""

import errno
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import warnings
from contextlib import nullcontext
from pathlib import Path

import pytest

from transpile.errors import BuildError
from transpile.runtime import cache, files
from transpile.runtime.cache import Cache

KEY = cache.key({"source": "x"})
OTHER = cache.key({"source": "y"})


def writes(text, calls=None):
    def make(directory):
        (directory / "kernel.c").write_text(text)
        (directory / "kernel.so").write_bytes(text.encode() * 1000)
        if calls is not None:
            calls.append(directory)

    return make


def no_make(directory):
    raise AssertionError("built although it was cached")


def leftovers(root):
    return [name for name in os.listdir(root) if name.startswith(".") or name.endswith(".lock")]


def test_key_is_exact():
    assert KEY == cache.key({"source": "x"}) != OTHER
    assert len(KEY) == 64
    assert cache.key({"a": "b", "c": "d"}) == cache.key({"c": "d", "a": "b"})
    assert cache.key({"a": "bc"}) != cache.key({"ab": "c"})
    assert cache.key({"a": "1:b"}) != cache.key({"a": "", "1:b": ""})
    assert cache.key({"a": "\udc80"})


def test_built_once_then_found(tmp_path):
    root = tmp_path / "a b'\"\u00e9" / "cache"
    calls = []
    path = Cache(root).entry(KEY, writes("x", calls))
    assert (path / "kernel.c").read_text() == "x"
    assert path == root / KEY
    assert os.stat(root).st_mode & 0o777 == 0o700
    assert Cache(root).entry(KEY, no_make) == path
    assert len(calls) == 1
    assert not leftovers(root)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


def empty(path):
    path.write_bytes(b"")


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def loosen(path):
    path.chmod(0o666)


def link(path):
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(path.parent.parent / "elsewhere")


@pytest.mark.parametrize("name", ["kernel.so", "kernel.c", "manifest"])
@pytest.mark.parametrize("damage", [truncate, empty, flip, os.unlink, loosen, link])
def test_damage_is_seen_and_rebuilt(tmp_path, damage, name):
    known = Cache(tmp_path / "c")
    path = known.entry(KEY, writes("x"))
    damage(path / name)
    for again in (Cache(tmp_path / "c"), known):
        assert (again.entry(KEY, writes("x")) / "kernel.so").read_bytes() == b"x" * 1000
    assert files.is_whole(path, KEY)


def test_an_added_file_is_damage(tmp_path):
    path = Cache(tmp_path / "c").entry(KEY, writes("x"))
    (path / "extra.so").write_text("")
    assert not files.is_whole(path, KEY)


def test_every_flipped_byte_of_the_manifest_is_seen(tmp_path):
    path = Cache(tmp_path / "c").entry(KEY, writes("x"))
    manifest = path / "manifest"
    good = manifest.read_bytes()
    for index in range(len(good)):
        data = bytearray(good)
        data[index] ^= 1
        manifest.write_bytes(data)
        assert not files.is_whole(path, KEY), (index, bytes(data))


def test_swapped_entries_are_rebuilt(tmp_path):
    first = Cache(tmp_path / "c")
    one, two = first.entry(KEY, writes("x")), first.entry(OTHER, writes("y"))
    one.rename(tmp_path / "c" / "t")
    two.rename(one)
    (tmp_path / "c" / "t").rename(two)
    for again in (first, Cache(tmp_path / "c")):
        assert (again.entry(KEY, writes("x")) / "kernel.c").read_text() == "x"
        assert (again.entry(OTHER, writes("y")) / "kernel.c").read_text() == "y"


def test_a_file_in_place_of_an_entry(tmp_path):
    (tmp_path / "c").mkdir(mode=0o700)
    (tmp_path / "c" / KEY).write_text("not a directory")
    assert (Cache(tmp_path / "c").entry(KEY, writes("x")) / "kernel.c").exists()


def test_deleted_while_in_use(tmp_path):
    used = Cache(tmp_path / "c")
    shutil.rmtree(used.entry(KEY, writes("x")))
    assert (used.entry(KEY, writes("x")) / "kernel.c").exists()
    shutil.rmtree(tmp_path / "c")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert (used.entry(OTHER, writes("y")) / "kernel.c").exists()
        assert used.entry(KEY, writes("x")) == tmp_path / "c" / KEY


def test_what_make_raises_is_passed_on_and_leaves_nothing(tmp_path):
    def fails(directory):
        (directory / "half").write_text("")
        raise BuildError("cc said no")

    def interrupted(directory):
        raise KeyboardInterrupt

    with pytest.raises(BuildError, match="cc said no"):
        Cache(tmp_path / "c").entry(KEY, fails)
    with pytest.raises(KeyboardInterrupt):
        Cache(tmp_path / "c").entry(KEY, interrupted)
    assert os.listdir(tmp_path / "c") == []


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("step", ["write", "fsync", "rename", "mkdir"])
def test_disk_errors_never_fail_the_call(tmp_path, monkeypatch, step, error):
    broken = Cache(tmp_path / "c")

    def fail(path, *args, **kwargs):
        inside = os.readlink(f"/proc/self/fd/{path}") if isinstance(path, int) else str(path)
        if inside.startswith(str(tmp_path)):
            raise OSError(error, os.strerror(error))
        return original(path, *args, **kwargs)

    def make(directory):
        writes("x")(directory)
        if step == "write" and directory.is_relative_to(tmp_path):
            raise OSError(error, os.strerror(error))

    if step != "write":
        original = getattr(os, step)
        monkeypatch.setattr(os, step, fail)
    with pytest.warns(RuntimeWarning, match="cache_dir") as seen:
        first = broken.entry(KEY, make)
        second = broken.entry(OTHER, make)
    monkeypatch.undo()
    assert len(seen) == 1
    assert (first / "kernel.c").read_text() == "x"
    assert not first.is_relative_to(tmp_path)
    assert first.parent == second.parent
    assert os.stat(first.parent).st_mode & 0o777 == 0o700
    if (tmp_path / "c").exists():
        assert all(files.is_whole(path, path.name) for path in (tmp_path / "c").iterdir())


def refused(root):
    with pytest.warns(RuntimeWarning, match="cannot be used"):
        path = Cache(root).entry(KEY, writes("x"))
    assert not path.resolve().is_relative_to(root.resolve())
    assert (path / "kernel.c").read_text() == "x"


def test_untrusted_directories_are_refused(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    refused(tmp_path / "link")
    (tmp_path / "group").mkdir()
    (tmp_path / "group").chmod(0o770)
    refused(tmp_path / "group")
    (tmp_path / "world").mkdir()
    (tmp_path / "world").chmod(0o707)
    refused(tmp_path / "world")
    (tmp_path / "world" / "inner").mkdir(mode=0o700)
    refused(tmp_path / "world" / "inner")
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file")
    refused(tmp_path / "file" / "below")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_foreign_owner_is_refused(tmp_path):
    Cache(tmp_path / "c").entry(KEY, writes("evil"))
    os.chown(tmp_path / "c", 12345, 12345)
    refused(tmp_path / "c")
    os.chown(tmp_path / "c", 0, 0)
    os.chown(tmp_path / "c" / KEY / "kernel.so", 12345, 12345)
    assert not files.is_whole(tmp_path / "c" / KEY, KEY)


def use_read_only(root):
    """A hit is served and a miss goes elsewhere (as another user, for root writes everywhere)."""
    if os.geteuid() == 0:
        os.seteuid(os.stat(root).st_uid)
    root.chmod(0o500)
    assert Cache(root).entry(KEY, no_make) == root / KEY
    with pytest.warns(RuntimeWarning, match="cannot be used"):
        path = Cache(root).entry(OTHER, writes("y"))
    assert not path.is_relative_to(root)
    assert (path / "kernel.c").read_text() == "y"


def test_read_only_directory():
    root = Path(tempfile.mkdtemp())
    Cache(root).entry(KEY, writes("x"))
    if os.geteuid() == 0:
        for path in [root, root / KEY, *(root / KEY).iterdir()]:
            os.chown(path, 12345, 12345)
    run_all([multiprocessing.get_context("fork").Process(target=use_read_only, args=(root,))])
    shutil.rmtree(root)


def build_slowly(root, key, log):
    def make(directory):
        with open(log, "a") as stream:
            stream.write("compiled\n")
        time.sleep(0.3)
        writes(key)(directory)

    path = Cache(Path(root)).entry(key, make)
    assert (path / "kernel.c").read_text() == key


def run_all(processes):
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def test_eight_cold_processes_compile_once(tmp_path):
    log = tmp_path / "log"
    spawn = multiprocessing.get_context("fork")
    args = (str(tmp_path / "c"), KEY, str(log))
    run_all([spawn.Process(target=build_slowly, args=args) for _ in range(8)])
    assert log.read_text() == "compiled\n"
    assert not leftovers(tmp_path / "c")


def test_different_keys_at_once_are_all_there(tmp_path):
    keys = [cache.key({"n": str(n)}) for n in range(16)]
    spawn = multiprocessing.get_context("fork")
    args = [(str(tmp_path / "c"), key, str(tmp_path / "log")) for key in keys]
    run_all([spawn.Process(target=build_slowly, args=each) for each in args])
    assert sorted(os.listdir(tmp_path / "c")) == sorted(keys)


def test_threads_compile_once(tmp_path):
    calls = []
    shared = Cache(tmp_path / "c")
    threads = [
        threading.Thread(target=shared.entry, args=(KEY, writes("x", calls))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1


def test_a_stuck_holder_is_not_waited_for(tmp_path):
    files.open_root(tmp_path / "c")
    with files.locked(tmp_path / "c" / f"{KEY}.lock", 1.0) as held:
        assert held
        start = time.monotonic()
        path = Cache(tmp_path / "c", lock_timeout=0.2).entry(KEY, writes("x"))
        assert time.monotonic() - start < 2
    assert files.is_whole(path, KEY)


def test_without_locks_it_still_works(tmp_path, monkeypatch):
    def stale(*args):
        raise OSError(errno.ESTALE, "stale")

    monkeypatch.setattr(files.fcntl, "flock", stale)
    assert files.is_whole(Cache(tmp_path / "c").entry(KEY, writes("x")), KEY)


def test_the_loser_of_a_race_uses_the_winners(tmp_path, monkeypatch):
    def make(directory):
        writes("loser")(directory)
        monkeypatch.setattr(files, "locked", real_locked)
        Cache(tmp_path / "c").entry(KEY, writes("winner"))

    real_locked = files.locked
    monkeypatch.setattr(files, "locked", lambda path, timeout: nullcontext(False))
    path = Cache(tmp_path / "c").entry(KEY, make)
    assert (path / "kernel.c").read_text() == "winner"
    assert not leftovers(tmp_path / "c")


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from transpile.runtime import cache, files
    step, count = sys.argv[2], 0
    def die(*args, **kwargs):
        os.kill(os.getpid(), signal.SIGKILL)
    def make(directory):
        (directory / "kernel.c").write_text("partial")
        if step == "make":
            die()
        (directory / "kernel.so").write_text("whole")
    if step in ("seal", "publish"):
        setattr(files, step, die)
    if step == "renamed":
        rename = os.rename
        os.rename = lambda *a: (rename(*a), die())
    if step == "manifest":
        files._sync = lambda path: die() if path.name == "manifest" else None
    cache.Cache(Path(sys.argv[1])).entry(sys.argv[3], make)
"""


@pytest.mark.parametrize("step", ["make", "seal", "manifest", "publish", "renamed"])
def test_kill_at_every_step(tmp_path, step):
    root = tmp_path / "c"
    code = textwrap.dedent(KILLED)
    died = subprocess.run([sys.executable, "-c", code, str(root), step, KEY], check=False)
    assert died.returncode == -signal.SIGKILL
    calls = []
    healed = Cache(root, lock_timeout=5)
    path = healed.entry(KEY, writes("x", calls))
    assert len(calls) == (0 if step == "renamed" else 1)
    assert files.is_whole(path, KEY)
    healed.entry(OTHER, writes("y"))
    assert not [name for name in leftovers(root) if name.startswith(".")]


def test_sweep_spares_the_living_and_the_young(tmp_path):
    files.open_root(tmp_path / "c")
    alive = files.new_private(tmp_path / "c")
    old = files.new_private(tmp_path / "c")
    os.utime(old, (0, 0))
    elsewhere = tmp_path / "c" / f"{files.PRIVATE}otherhost-999999999-x"
    elsewhere.mkdir()
    (tmp_path / "c" / "k.lock").write_text("")
    os.utime(tmp_path / "c" / "k.lock", (0, 0))
    files.sweep(tmp_path / "c")
    assert sorted(os.listdir(tmp_path / "c")) == sorted([alive.name, elsewhere.name])


def test_eviction_takes_the_longest_unused(tmp_path):
    small = Cache(tmp_path / "c", limit=5000)
    keys = [cache.key({"n": str(n)}) for n in range(6)]
    for age, key in enumerate(keys):
        os.utime(small.entry(key, writes("x")), (1000 + age, 1000 + age))
    Cache(tmp_path / "c").entry(keys[0], no_make)
    small.sweep()
    assert sorted(os.listdir(tmp_path / "c")) == sorted([keys[0], keys[4], keys[5]])


def test_a_forked_child_leaves_its_parents_directory(tmp_path):
    (tmp_path / "c").write_text("")
    used = Cache(tmp_path / "c")
    with pytest.warns(RuntimeWarning):
        path = used.entry(KEY, writes("x"))
    child = multiprocessing.get_context("fork").Process(target=used.entry, args=(OTHER, no_make))
    child.start()
    child.join()
    assert (path / "kernel.c").exists()


def test_a_hit_is_fast(tmp_path):
    Cache(tmp_path / "c").entry(KEY, writes("x" * 50))
    cold = Cache(tmp_path / "c")
    start = time.perf_counter()
    cold.entry(KEY, no_make)
    first = time.perf_counter() - start
    start = time.perf_counter()
    cold.entry(KEY, no_make)
    assert first < 0.005
    assert time.perf_counter() - start < 0.001


def test_no_name_escapes(tmp_path):
    for name in ("", "../x", "a/b", ".private"):
        with pytest.raises(ValueError, match="not a cache key"):
            Cache(tmp_path / "c").entry(name, writes("x"))
