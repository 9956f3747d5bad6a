"""Sets, and dicts whose keys only the run tells, as Python has them."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases
from transpile.frontend.library.python_dicts import Dict
from transpile.frontend.library.python_hashed import set_of

KEYS = np.array([3, 1, 3, 7, 1, 1, 9, 3, 12, -40, 7])
OTHERS = np.array([3, 7, 2])
VALUES = np.arange(11.0) * 0.3 + 1.0

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((KEYS, 3))
def sets(x, gone):
    seen = set()
    for v in x:
        if v not in seen:
            seen.add(v)
    seen.discard(gone)
    return sorted(seen), len(seen), 7 in seen, gone in seen


@program((KEYS,))
def dicts(x):
    d = {}
    for k in range(len(x) - 1):
        key = (x[k], x[k + 1])
        d[key] = d.get(key, 0) + 1
    taken = d.pop((1, 3))
    squares = dict(zip(x, x * x, strict=True))
    return d, taken, list(d.values()), (3, 1) in d.keys(), 2 in d.values(), squares  # noqa: SIM118


@program((KEYS, 9), (KEYS, 1000))
def no_key(x, which):
    d = {}
    for v in x:
        d[v] = 1.0
    for k in d:
        if k + which == 18:
            d[1000] = 2.0
    return d[which]


@smooth((KEYS, VALUES))
def sums(x, v):
    d = defaultdict(float)
    for k, u in zip(x, v, strict=True):
        d[k] += u * u
    total = 0.0
    for k, u in d.items():
        total += k * u * u
    return total + d[int(x[0])]


@refused((KEYS,))
def order_of_a_set(x):
    total = 0.0
    for v in set(x):
        total = total * 0.5 + v
    return total


test_values = PHRASES.runs()
test_gradients = PHRASES.gradients()
test_refusals = PHRASES.refuses()


def test_a_list_that_grows_under_its_loop_is_an_error(mode):
    def grown(v):
        kept = list(v)
        for one in kept:
            if one > 2.0:
                kept.append(0.0)
        return len(kept)

    assert transpile.function(grown)(VALUES[:2]) == 2
    with pytest.raises(RuntimeError, match=r"write list\(x\)"):
        transpile.function(grown)(VALUES)


def test_algebra_of_sets():
    def both(x, y):
        return sorted(set(x) & set(y)), set(x) >= frozenset(y)

    def common(x):
        x = x.tolist()
        return Counter(x).most_common(1), Counter(x)[5], set(x)

    for f, args in ((both, (KEYS, OTHERS)), (common, (KEYS,))):
        assert transpile.function(f, mode="FAST_COMPILE")(*args) == f(*args)


def test_time_is_linear():
    def distinct(x):
        seen = set()
        for v in x:
            seen.add(v)
        return len(seen)

    x = np.random.default_rng(0).integers(0, 10**6, 10**6) * 1024
    assert transpile.function(distinct)(x) == len(np.unique(x))


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_tables_are_dicts_and_sets_whatever_is_put_in_and_taken_out(first):
    for seed in range(first, first + 100):
        draw = np.random.default_rng(seed)
        ours, theirs = Dict([], [], [], [], 1, [], None), {}
        members, those = set_of(()), set()
        for step, key in enumerate(draw.integers(0, 13, draw.integers(1, 40)).tolist()):
            if draw.random() < 0.55:
                ours[key] = theirs[key] = step
                members.add(key), those.add(key)
            elif key in theirs:
                assert ours.pop(key) == theirs.pop(key)
                members.discard(key), those.discard(key)
            assert [(k, ours[k]) for k in ours._items] == list(theirs.items())
            assert [k in members for k in range(13)] == [k in those for k in range(13)]
            assert all((k in ours) == (k in theirs) for k in range(13))
