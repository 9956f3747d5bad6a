"""What is refused, and the text that the user sees: each module of tests/errors beside its text.

`pytest --write-golden` writes the texts anew.
"""

from __future__ import annotations

import pytest

from tests import refusals
from transpile.frontend import accept


@pytest.mark.parametrize("name", refusals.NAMES)
def test_error(name, request):
    path = refusals.FOLDER / f"{name}.txt"
    text = "\n\n".join(refusal.text for refusal in refusals.refused(name)) + "\n"
    if request.config.getoption("--write-golden", default=False):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", refusals.NAMES)
def test_what_python_takes_is_refused_with_what_to_write_instead(name):
    for program, refusal in zip(refusals.programs(name), refusals.refused(name), strict=True):
        f, args, _ = program
        assert refusal.helped or refusals.fails_in_python(f, args), refusal.text


def test_each_place_that_refuses_has_a_program_that_shows_it():
    shown = [one for name in refusals.NAMES for one in refusals.refused(name)]
    reached = frozenset().union(*(one.lines for one in shown))
    missing = [place for place in refusals.places() if not place.lines() & reached]
    assert not missing, refusals.asked(missing)


def test_each_kind_of_syntax_that_is_refused_has_a_program_that_shows_it():
    shown = "\n".join(one.text for name in refusals.NAMES for one in refusals.refused(name))
    for what, remedy in accept.REFUSED.values():
        assert f": {what} is not taken\n" in shown and f"help: {remedy}" in shown, what
