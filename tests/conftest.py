"""What all tests share: a cache and a home of their own, and the two ways a program is run."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile

import pytest

MODES = ("FAST_RUN", "FAST_COMPILE")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write tests/golden anew")


def pytest_configure(config: pytest.Config) -> None:
    """Before transpile is imported: no test reads the user's settings or touches their cache."""
    if hasattr(config, "workerinput"):  # a worker of pytest-xdist inherits both from its parent
        return
    config.stash[HOME] = home = tempfile.mkdtemp(prefix="transpile-tests-")
    os.environ["HOME"] = home
    os.environ["TRANSPILE_FLAGS"] = f"cache_dir={home}/cache"
    os.environ["PYTHONPYCACHEPREFIX"] = f"{home}/bytecode"  # the first child compiles us for all
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if HOME in config.stash:
        shutil.rmtree(config.stash[HOME], ignore_errors=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Modules and tests stay to the end: they need not be searched for cycles again and again."""
    gc.collect()
    gc.freeze()


HOME = pytest.StashKey[str]()


@pytest.fixture(params=MODES, ids=["c", "python"])
def mode(request: pytest.FixtureRequest):
    """The test runs twice: with compiled C and with generated Python."""
    import transpile

    with transpile.config.change(mode=request.param):
        yield request.param


@pytest.fixture
def fast_compiler(tmp_path):
    """C is compiled quickly, not to quick code."""
    import transpile
    from tests.fuzz import campaign

    with transpile.config.change(cc=campaign.fast_compiler(tmp_path)):
        yield
