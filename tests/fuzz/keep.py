"""`python -m tests.fuzz.keep seed ...`: shrink what fails, and print or keep the small program."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.fuzz import campaign, oracles, shrink
from tests.fuzz.oracles import Outcome
from tests.fuzz.program import draw


def sort(outcome: Outcome) -> list[str]:
    """Where a crash was, and of what; whether numbers, shapes or types were wrong."""
    if outcome.kind == "wrong":
        return outcome.detail.split()[:4]
    return outcome.detail.split(":")[:2]


def smallest(seed: int, folder: Path) -> tuple[str, Outcome]:
    """The small program that fails as the one of this seed does, and how."""
    text = draw(seed).text
    asked = oracles.questions(seed)
    first = oracles.examine(text, folder / f"seed_{seed}.py", seed, asked)
    if not first.failed:
        return text, first
    question = {first.question: asked[first.question]}
    count = iter(range(1_000_000))

    def ask(candidate: str) -> Outcome:
        return oracles.examine(candidate, folder / f"s{seed}_{next(count)}.py", seed, question)

    def fails(candidate: str) -> bool:
        found = ask(candidate)
        return found.kind == first.kind and sort(found) == sort(first)

    small = shrink.shrunk(text, fails)
    return small, ask(small)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as made:
        campaign.prepare(Path(made))
        for seed in map(int, sys.argv[1:]):
            text, outcome = smallest(seed, Path(made))
            print(f"# seed {seed}: {outcome.kind}, {outcome.question}: {outcome.detail}\n{text}")


if __name__ == "__main__":
    main()
