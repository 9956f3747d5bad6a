"""A fixed part of the fuzzer, and the small programs that it once found a fault with.

`make fuzz` examines many more; see tests/fuzz.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import oracles
from tests.fuzz.program import draw

KEPT = sorted((Path(__file__).parent / "fuzz" / "kept").glob("*.py"))
PYTHON = {"value": oracles.value, "gradient": oracles.gradient}
EVERYWHERE = {**PYTHON, "gradient in C": oracles.in_c, "value in C": oracles.value_in_c}
TWICE = {**EVERYWHERE, "second derivative": oracles.second}
SLICE = [(seed, EVERYWHERE if seed % 8 == 0 else PYTHON) for seed in range(48)]


pytestmark = pytest.mark.usefixtures("fast_compiler")


@pytest.mark.parametrize(("seed", "asked"), SLICE, ids=[str(seed) for seed, _ in SLICE])
def test_drawn(seed, asked, tmp_path):
    outcome = oracles.examine(draw(seed).text, tmp_path / f"drawn_{seed}.py", seed, asked)
    assert not outcome.failed, outcome


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_kept(path, tmp_path):
    """What was wrong once is right, or refused."""
    text = path.read_text(encoding="utf-8")
    outcome = oracles.examine(text, tmp_path / path.name, 0, TWICE)
    assert outcome.kind in ("held", "refused"), outcome


def test_a_program_is_the_same_every_time():
    assert [draw(seed).text for seed in range(20)] == [draw(seed).text for seed in range(20)]
