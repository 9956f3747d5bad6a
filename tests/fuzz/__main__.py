"""`python -m tests.fuzz [count] [first seed]`: examine so many random programs."""

from __future__ import annotations

import sys

from tests.fuzz import campaign


def main() -> int:
    count, first = (int(a) for a in [*sys.argv[1:], *("5000", "0")[len(sys.argv) - 1 :]])
    seeds = range(first, first + count)
    tally = campaign.run(seeds, campaign.cores(), lambda line: print(line, flush=True))
    print(tally.summary())
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
