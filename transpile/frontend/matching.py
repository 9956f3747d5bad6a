"""`match`: a branch for each case, over a subject that is computed once.

    match f(x):                  subject_9 = f(x)
        case 0 | 1: a        ->  if subject_9 == 0 or subject_9 == 1: a
        case n if n > 5: b       elif subject_9 > 5: n = subject_9; b

Taken are values, names and `_`, what is either of several, and sequences of all these. Python binds
the names of a pattern though its guard fails: nothing else may read them.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import gast

Bound = dict[str, Any]  # the names that a pattern binds, and to which expressions


class Untaken(Exception):
    """A pattern of another kind."""


def names_of(function: Any) -> Counter[str]:
    """How often each name stands in a function, not counting the cases that bind it."""
    found = Counter(used(function))
    for case in (one for one in gast.walk(function) if isinstance(one, gast.match_case)):
        inside = [*([] if case.guard is None else [case.guard]), *case.body]
        patterns = (one for one in gast.walk(case.pattern) if isinstance(one, gast.MatchAs))
        bound = {one.name for one in patterns}
        found.subtract(name for one in inside for name in used(one) if name in bound)
    return found


def used(node: Any) -> list[str]:
    return [one.id for one in gast.walk(node) if isinstance(one, gast.Name)]


def lowered(node: Any, names: Mapping[str, int]) -> list[Any]:
    """The statements of a `match`; itself where a pattern in it is not taken."""
    subject, before = node.subject, []
    if not is_plain(subject):
        name = f"subject_{node.lineno}"
        while name in names:
            name += "_"
        target = gast.Name(name, gast.Store(), None, None)
        before = [gast.Assign([target], subject, None)]
        subject = gast.Name(name, gast.Load(), None, None)
    try:
        made = [*before, *branches(node.cases, subject, names)]
    except Untaken:
        return [node]
    return [located(one, node) for one in made]


def is_plain(node: Any) -> bool:
    """May the expression be written again, wherever its value is asked for?"""
    if isinstance(node, gast.Tuple):
        return all(map(is_plain, node.elts))
    return isinstance(node, gast.Name | gast.Constant)


def branches(cases: Sequence[Any], subject: Any, names: Mapping[str, int]) -> list[Any]:
    if not cases:
        return []
    first, *others = cases
    bound: Bound = {}
    tests = tests_of(first.pattern, subject, bound)
    if first.guard is not None:
        if any(names[name] for name in bound):
            raise Untaken
        tests.append(Filled(bound).visit(copy.deepcopy(first.guard)))
    body = [
        gast.Assign([gast.Name(name, gast.Store(), None, None)], copy.deepcopy(value), None)
        for name, value in bound.items()
    ]
    body = [*(located(one, first.pattern) for one in body), *first.body]
    if not tests:
        return body
    test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)
    return [located(gast.If(test, body, branches(others, subject, names)), first.pattern)]


def tests_of(pattern: Any, subject: Any, bound: Bound) -> list[Any]:
    """What has to hold for the pattern to match."""
    here = copy.deepcopy(subject)
    match pattern:
        case gast.MatchValue(value=value):
            return [gast.Compare(here, [gast.Eq()], [value])]
        case gast.MatchSingleton(value=value):
            return [gast.Compare(here, [gast.Is()], [gast.Constant(value, None)])]
        case gast.MatchAs(pattern=inner, name=name):
            tests = [] if inner is None else tests_of(inner, subject, bound)
            if name is not None:
                bound[name] = subject
            return tests
        case gast.MatchOr(patterns=patterns):
            inside: Bound = {}
            ways = [tests_of(one, subject, inside) for one in patterns]
            if inside:
                raise Untaken
            joined = [w[0] if len(w) == 1 else gast.BoolOp(gast.And(), w) for w in ways if w]
            return [gast.BoolOp(gast.Or(), joined)] if len(joined) == len(ways) else []
        case gast.MatchSequence(patterns=patterns):
            return tests_of_items(patterns, subject, bound)
    raise Untaken


def tests_of_items(patterns: Sequence[Any], subject: Any, bound: Bound) -> list[Any]:
    """That it is a tuple or list of so many, and what has to hold of each."""
    if any(isinstance(one, gast.MatchStar) for one in patterns):
        raise Untaken
    kinds = gast.Tuple([called_name("tuple"), called_name("list")], gast.Load())
    kind = gast.Call(called_name("isinstance"), [copy.deepcopy(subject), kinds], [])
    length = gast.Call(called_name("len"), [copy.deepcopy(subject)], [])
    tests: list[Any] = [
        kind,
        gast.Compare(length, [gast.Eq()], [gast.Constant(len(patterns), None)]),
    ]
    for k, one in enumerate(patterns):
        item = gast.Subscript(copy.deepcopy(subject), gast.Constant(k, None), gast.Load())
        tests += tests_of(one, item, bound)
    return tests


def called_name(name: str) -> Any:
    return gast.Name(name, gast.Load(), None, None)


class Filled(gast.NodeTransformer):
    """What a pattern binds, in place of the names in its guard."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound

    def visit_Name(self, node: Any) -> Any:
        found = self.bound.get(node.id)
        return node if found is None else copy.deepcopy(found)


def located(made: Any, node: Any) -> Any:
    """The node with the place of this one, wherever it has none of its own."""
    for one in gast.walk(made):
        if not hasattr(one, "lineno"):
            gast.copy_location(one, node)
    return made
