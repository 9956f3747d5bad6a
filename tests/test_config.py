"""config: the four sources, which one wins, and what an error says."""

import subprocess
import sys
import threading

import pytest

from transpile.config import FLAGS, Config, ConfigError, config
from transpile.errors import TranspileError


def make(tmp_path, rc=None, flags=None):
    file = tmp_path / "transpilerc"
    if rc is not None:
        file.write_text(rc)
    return Config(file, {} if flags is None else {"TRANSPILE_FLAGS": flags})


def test_later_source_wins(tmp_path):
    rc = "[global]\nmode = FAST_COMPILE\nfloatX = float32\noptimizer = None\n"
    settings = make(tmp_path, rc, "floatX=float64,memory_budget=200MB")
    assert settings.mode == "FAST_COMPILE"
    assert settings.floatX == "float64"
    assert settings.optimizer is None
    assert settings.memory_budget == 200 * 10**6
    assert settings.reassociate is True
    settings.mode = "FAST_RUN"
    with settings.change(mode="FAST_COMPILE", reassociate=False):
        assert settings.mode == "FAST_COMPILE"
        assert settings.source("mode") == "code (with config.change)"
        assert settings.reassociate is False
    assert settings.mode == "FAST_RUN"
    assert settings.source("mode") == "code"
    assert settings.source("floatX") == "environment"
    assert settings.source("optimizer").endswith("transpilerc")
    assert settings.source("reassociate") == "default"


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1000), ("200MB", 2 * 10**8), ("1.5 GiB", 3 * 2**29), ("4g", 2**32), (7, 7)],
)
def test_bytes(tmp_path, text, size):
    settings = make(tmp_path)
    settings.memory_budget = text
    assert settings.memory_budget == size


def test_unknown_key_names_the_nearest_everywhere(tmp_path):
    with pytest.raises(AttributeError, match="did you mean mode"):
        _ = make(tmp_path).mdoe
    with pytest.raises(TranspileError, match="did you mean floatX"):
        make(tmp_path).floatx = "float32"
    with (
        pytest.raises(ConfigError, match="did you mean cache_dir"),
        make(tmp_path).change(cachedir="/tmp"),
    ):
        pass
    with pytest.raises(ConfigError, match=r"TRANSPILE_FLAGS\n.*did you mean mode"):
        _ = make(tmp_path, flags="moed=FAST_RUN").cc
    with pytest.raises(ConfigError, match=r"transpilerc\n.*did you mean optimizer"):
        _ = make(tmp_path, rc="[global]\noptimiser = None\n").cc
    with pytest.raises(ConfigError, match=r"no flag 'cuda\.mode'"):
        _ = make(tmp_path, rc="[cuda]\nmode = x\n").cc


def test_bad_values_say_where_they_are(tmp_path):
    with pytest.raises(ConfigError, match=r"config.mode = 'FAST'.*TRANSPILE_FLAGS.*'FAST_RUN'"):
        _ = make(tmp_path, flags="mode=FAST").mode
    with pytest.raises(ConfigError, match="without a value"):
        _ = make(tmp_path, flags="mode").mode
    with pytest.raises(ConfigError, match=r"under \[global\]"):
        _ = make(tmp_path, rc="mode = FAST_RUN").mode
    for name, value in [
        ("memory_budget", "lots"),
        ("memory_budget", -1),
        ("memory_budget", True),
        ("reassociate", "maybe"),
        ("cache_dir", 3),
        ("cc", 3),
        ("mode", ["FAST_RUN"]),
    ]:
        with pytest.raises(ConfigError, match=f"config.{name}"):
            setattr(make(tmp_path), name, value)


def test_frozen_says_what_froze_it(tmp_path):
    settings = make(tmp_path)
    settings.cache_dir = tmp_path
    assert settings.freeze("cache_dir", "the cache was opened") == tmp_path
    settings.cache_dir = str(tmp_path)
    with pytest.raises(ConfigError, match="frozen when the cache was opened"):
        settings.cache_dir = tmp_path / "other"
    with pytest.raises(ConfigError, match="frozen"), settings.change(cache_dir=tmp_path / "other"):
        pass


def test_printing_lists_everything(tmp_path):
    text = repr(make(tmp_path, flags="mode=FAST_COMPILE"))
    assert "mode (FAST_RUN | FAST_COMPILE) = 'FAST_COMPILE'  [environment]" in text
    for flag in FLAGS.values():
        assert f"{flag.name} ({flag.type}) = " in text
        assert flag.doc in text


def test_change_is_for_one_thread(tmp_path):
    settings = make(tmp_path)
    seen = []
    with settings.change(mode="FAST_COMPILE"):
        thread = threading.Thread(target=lambda: seen.append(settings.mode))
        thread.start()
        thread.join()
    assert seen == ["FAST_RUN"]


def test_first_reads_race_safely(tmp_path):
    settings = make(tmp_path, rc="[global]\nmode = FAST_COMPILE\n")
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(settings.mode)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["FAST_COMPILE"] * 8


def test_import_reads_no_file():
    """A broken file or environment is an error at the first read, not at import."""
    code = "import os; os.environ['TRANSPILE_FLAGS'] = 'x=1'; import transpile.config"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_paths_are_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = make(tmp_path, flags="cache_dir=here")
    assert settings.cache_dir == tmp_path / "here"
    assert isinstance(config.cache_size, int)
