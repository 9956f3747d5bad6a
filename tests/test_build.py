"""The compiler: found, identified once, called without a shell, and quoted when it fails."""

import ctypes
import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from transpile.config import config
from transpile.errors import BuildError
from transpile.runtime import build, cache

GOOD = "#include <math.h>\ndouble half(double x) { return exp(x) / 2; }\n"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_default", cache.Cache(tmp_path / "cache"))
    build._identify_stamped.cache_clear()


def script(tmp_path, text, name="fakecc"):
    """A stand-in for a compiler that runs a shell script (the test's, not ours)."""
    path = tmp_path / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def compile_text(tmp_path, text, name="kernel.c", **options):
    (tmp_path / name).write_text(text)
    build.compile_c(tmp_path / name, tmp_path / "out.so", **options)
    return tmp_path / "out.so"


def children():
    with open(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children") as stream:
        return stream.read().split()


def test_compiles_and_runs(tmp_path):
    library = ctypes.CDLL(str(compile_text(tmp_path, GOOD)))
    library.half.restype = ctypes.c_double
    assert library.half(ctypes.c_double(0.0)) == 0.5


def test_warnings_do_not_fail_the_build(tmp_path):
    assert compile_text(tmp_path, "int f(void) { int unused; }\n").exists()


def test_names_need_no_quoting(tmp_path):
    directory = tmp_path / "a b;'\"$(x)\u00e9"
    directory.mkdir()
    assert compile_text(directory, GOOD, "-o kernel.c").exists()


def test_errors_have_the_compilers_words(tmp_path):
    with pytest.raises(BuildError, match="undeclared_name") as caught:
        compile_text(tmp_path, "int f(void) { return undeclared_name; }\n")
    assert "kernel.c" in caught.value.message


def test_flags_say_what_is_asked():
    assert "-fopenmp" not in build.flags()
    assert "-fopenmp" in build.flags(threads=True)
    assert "-g" not in build.flags()
    assert {"-ffp-contract=off", "-fno-math-errno", "-march=native"} <= set(build.flags())
    assert build.flags(extra=["-DX=1"])[-2:] == ("-DX=1", "-lm")
    assert "-fno-ivopts" not in build.flags(lines=build.LONG - 1)
    assert "-fno-ivopts" in build.flags(lines=build.LONG)
    with config.change(debug_info=True):
        assert "-g" in build.flags()


def test_identity_is_asked_once_for_an_unchanged_compiler(tmp_path, monkeypatch):
    log = tmp_path / "log"
    cc = script(tmp_path, f'echo "$@" >> {log}\nexec cc "$@"')
    with config.change(cc=cc):
        first = build.identity()
        asked = log.read_text()
        build._identify_stamped.cache_clear()
        assert build.identity() == first
        assert log.read_text() == asked
        script(tmp_path, f'# newer\necho "$@" >> {log}\nexec cc "$@"')
        assert build.identity() != first
        assert len(log.read_text()) > len(asked)


def test_identity_is_kept_on_disk(tmp_path):
    code = f"""
import subprocess
from transpile.config import config
config.cache_dir = {str(tmp_path / "other")!r}
from transpile.runtime import build
import sys
if sys.argv[1] == "second":
    subprocess.Popen = None
print(build.identity(), build.flags())
"""
    ran = [
        subprocess.run([sys.executable, "-c", code, which], check=True, capture_output=True)
        for which in ("first", "second")
    ]
    assert ran[0].stdout == ran[1].stdout


def test_optional_flags_that_are_refused_are_left_out(tmp_path):
    refuse = 'for a in "$@"; do [ "$a" = -march=native ] && exit 1; done\nexec cc "$@"'
    with config.change(cc=script(tmp_path, refuse)):
        assert "-march=native" not in build.flags()
        assert "-fopenmp-simd" in build.flags()
        assert compile_text(tmp_path, GOOD).exists()


def test_no_compiler_is_said_plainly(tmp_path, monkeypatch):
    with config.change(cc="nonesuch"), pytest.raises(BuildError, match="'nonesuch'"):
        build.identity()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="no C compiler was found"):
        build.flags()
    broken = tmp_path / "broken"
    broken.write_text("not a program")
    broken.chmod(0o755)
    with config.change(cc=str(broken)), pytest.raises(BuildError, match="cannot be run"):
        build.flags()


BREAKS = 'case "$*" in *kernel.c*) {}; esac\nexec cc "$@"'


def test_a_killed_compiler(tmp_path):
    killed = script(tmp_path, BREAKS.format("kill -9 $$"))
    with config.change(cc=killed), pytest.raises(BuildError, match="was killed by signal 9"):
        compile_text(tmp_path, GOOD)
    assert not children()


def test_a_hanging_compiler_is_stopped_with_all_it_started(tmp_path):
    pid = tmp_path / "pid"
    with config.change(cc=script(tmp_path, BREAKS.format(f"sleep 60 & echo $! > {pid}; wait"))):
        start = time.monotonic()
        with pytest.raises(BuildError, match="took more than"):
            compile_text(tmp_path, GOOD, timeout=0.5)
        assert time.monotonic() - start < 10
    assert not children()
    assert is_gone(int(pid.read_text()))


def is_gone(process):
    """Whether a process has ended (a zombie that nobody reaps has)."""
    for _ in range(100):
        try:
            with open(f"/proc/{process}/stat") as stream:
                if stream.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_ctrl_c_stops_the_compiler(tmp_path):
    pid = tmp_path / "pid"
    stuck = BREAKS.format(f"echo $$ > {pid}; sleep 60")

    def interrupt():
        while not pid.exists():
            time.sleep(0.02)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs may ignore it
    with config.change(cc=script(tmp_path, stuck)):
        build.flags()
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            compile_text(tmp_path, GOOD)
    signal.signal(signal.SIGINT, before)
    thread.join()
    assert not children()
    assert is_gone(int(pid.read_text()))


def test_a_full_disk_is_the_disks_fault(tmp_path):
    full = BREAKS.format('echo "kernel.so: No space left on device" >&2; exit 1')
    with config.change(cc=script(tmp_path, full)), pytest.raises(OSError) as caught:
        compile_text(tmp_path, GOOD)
    assert caught.value.errno == errno.ENOSPC


def test_the_environment_does_not_leak_into_the_text(tmp_path, monkeypatch):
    (tmp_path / "math.h").write_text("#error wrong header\n")
    monkeypatch.setenv("CPATH", str(tmp_path))
    monkeypatch.setenv("C_INCLUDE_PATH", str(tmp_path))
    assert compile_text(tmp_path, GOOD).exists()


def compile_cold(root, log):
    def make(directory):
        with open(log, "a") as stream:
            stream.write("compiled\n")
        compile_text(directory, GOOD)

    cache._default = cache.Cache(root)
    path = cache.entry(cache.key({"text": GOOD, **build.identity()}), make)
    ctypes.CDLL(str(path / "out.so"))


def test_eight_cold_processes_compile_once(tmp_path):
    fork = multiprocessing.get_context("fork")
    args = (tmp_path / "cold", tmp_path / "log")
    children = [fork.Process(target=compile_cold, args=args) for _ in range(8)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0] * 8
    assert (tmp_path / "log").read_text() == "compiled\n"


def test_kill_while_the_compiler_runs(tmp_path):
    pid = tmp_path / "pid"
    stuck = script(tmp_path, BREAKS.format(f"echo $$ > {pid}; sleep 60"))

    def doomed():
        with config.change(cc=stuck):
            compile_cold(tmp_path / "cache", tmp_path / "log")

    child = multiprocessing.get_context("fork").Process(target=doomed)
    child.start()
    while not pid.exists():
        time.sleep(0.02)
    child.kill()
    child.join()
    os.kill(int(pid.read_text()), signal.SIGKILL)
    compile_cold(tmp_path / "cache", tmp_path / "log")
    left = [name for name in os.listdir(tmp_path / "cache") if not name.isalnum()]
    assert [name for name in left if not name.endswith(".lock")] == []


def test_a_small_file_compiles_fast(tmp_path):
    build.flags()
    start = time.perf_counter()
    compile_text(tmp_path, GOOD)
    assert time.perf_counter() - start < 0.5
