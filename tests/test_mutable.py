"""Lists, dicts and dataclasses that change: seen by every name of theirs, joined by branches and
carried by loops; where it is not known which one is meant, or how long it is, it is refused.
"""

from __future__ import annotations

import copy
import dataclasses

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
M = np.arange(12.0).reshape(3, 4) / 4
TABLE = [1.0, 2.0]


@dataclasses.dataclass
class State:
    position: float
    speed: float
    trace: np.ndarray


@dataclasses.dataclass(frozen=True)
class Fixed:
    value: float


# -- one list under several names


@smooth((X,))
def two_names(x):
    first = [x[0], x[1]]
    second = first
    second.append(x[2])
    first[0] = 3.0 * x[3]
    first += [x[4]]
    return sum(second) * len(second) + first[-1] * second[0]


@smooth((X,))
def nested(x):
    row = [x[0], x[1]]
    table = [row, [x[2], 2.0], row]
    table[0][1] = x[3] * x[4]
    row.append(table[1].pop())
    rows = [[0.0] * 2] * 2
    rows[0][0] = x[5]
    pair = (row, 1.0)
    pair[0][0] *= 2.0
    return sum(table[2]) + rows[1][0] * len(table[1]) * row[0]


@program((X,))
def copies(x):
    a = [x[0], [x[1]]]
    b, c, d = a[:], list(a), a.copy()
    a[0] = 5.0
    a[1][0] = 6.0
    b.insert(0, 1.0)
    c.reverse()
    d.clear()
    e = a + [3.0]  # noqa: RUF005
    e[0] = 7.0
    return a, b, c, d, e


@program((X,))
def evaluated_in_order(x):
    a = [1.0, 2.0]

    def grow(v):
        a.append(v)
        return a

    first = [a, grow(x[0]), len(a)]
    second = (a[0], a.pop(), a[-1])
    third = a + grow(x[1])
    i = 0
    a[i], i = 8.0, 1
    return first[0], first[2], second, third, a, len(a), grow(2.0) is a


@smooth((X,))
def helpers_change_what_they_get(x):
    def shift(values, by=1.0):
        values[0] = values[0] + by
        values.extend([by, by])

    def fresh(v, made=None):
        made = [] if made is None else made
        made.append(v)
        return made

    values = [x[0]]
    shift(values)
    shift(by=x[1], values=values)
    one, two = fresh(x[2]), fresh(x[3])
    return sum(values) * sum(fresh(x[4], one)) + len(one) * two[0]


@program((X,))
def list_methods(x):
    a = [3, 1, 2]
    a.insert(1, 7)
    a.remove(1)
    b = [a.pop(0), a.pop()]
    a[1:1] = [4, 5]
    del a[0]
    c = list(range(5))
    c[1:3] = []
    del c[-1:]
    return a, b, a.index(5), a.count(4), c, 5 in a, sorted([2, 3, 1], reverse=True)


# -- dicts and dataclasses


@smooth((X,))
def dict_changes(x):
    d = {"a": x[0]}
    view = d.values()
    d["b"] = x[1]
    d["a"] *= 3.0
    d.update({"c": x[2]}, e=2.0)
    e = d
    for key, value in d.items():
        e[key] = value * value
    last = d.pop("c") * d.setdefault("f", x[3]) + d.setdefault("a", 9.0)
    del d["e"]
    return sum(view) + last * len(e) + ("c" in e) + d.get("zz", x[5])


@smooth((X, 4))
def fields_change(x, n):
    s = State(x[0], 0.0, np.zeros(6))
    t = s
    for i in range(n):
        s.speed -= 0.1 * s.position
        t.position = s.position + 0.1 * t.speed
        s.trace[i] = t.position
        s.trace += 0.5
    t.trace = s.trace * x
    return s.trace.sum() * s.speed


@program((X,))
def fields_returned(x):
    s = State(1.0, 2.0, x)
    s.trace[0] = 4.0
    s.speed = 7.0
    return s.position, s.speed, s.trace


# -- branches


@smooth((X,), (-X,), by_differences=True)
def changed_in_a_branch(x):
    values, counts = [x[0], x[1]], {"n": 0, "s": 1.0}
    if x[0] > 0:
        values[0] = 2.0 * x[2]
        counts["n"] += 1
    else:
        counts["s"] *= x[3]
        values = [x[4], x[5]]
    return values[0] * values[1] + counts["n"] + counts["s"]


@smooth((X,), (-X,), by_differences=True)
def arrays_in_a_branch(x):
    values = [x.copy(), 2.0 * x]
    if x[1] > 0:
        values[0], values[1] = values[1], values[0] * x
    else:
        values[1] *= 3.0
    return np.sum(values[0]) * values[1][2]


@program((X,), (-X,))
def dead_in_a_branch(x):
    scratch = []
    if x[0] > 0:
        scratch.append(1.0)
    y = [scratch + 1.0 for scratch in (1.0, 2.0)]
    return y[0] + x[0]


@refused((X,))
def length_by_a_branch(x):
    values = [x[0]]
    if x[1] > 0:
        values.append(x)
    return values[0]


@refused((X,))
def which_list_by_a_branch(x):
    a, b = [1.0], [2.0]
    c = a if x[0] > 0 else b
    a[0] = 5.0
    return c[0]


@refused((X,))
def write_to_which_list(x):
    a, b = [1.0], [2.0]
    if x[0] > 0:
        b = a
    b[0] = 5.0
    return a[0]


# -- loops


@smooth((X, 3))
def carried_items(x, n):
    total = [0.0, 1.0]
    counts = {"even": 0, "odd": 0}
    for i in range(n):
        total[0] += x[i] * x[i + 1]
        total[1] = total[1] * x[i]
        counts["odd"] += 1
    return total[0] * total[1] + counts["odd"]


@smooth((X, 3), (X, 0))
def carried_arrays(x, n):
    p = {"w": x.copy(), "b": 1.0, "old": [x * 0.0, x]}
    for _ in range(n):
        p["old"][0] = p["w"]
        p["w"] = p["w"] - 0.1 * p["w"] ** 2 * p["b"]
        p["b"] += p["w"].sum()
    return np.sum(p["w"] * p["old"][0]) + p["b"]


@smooth((X, 3))
def swapped_items(x, n):
    pair = [x * 1.0, x * 2.0]
    for _ in range(n):
        pair[0], pair[1] = pair[1] * 0.5, pair[0]
    return np.sum(pair[0] * pair[0]) - pair[1][0]


@smooth((X, 4), (X, 0))
def new_lists_each_round(x, n):
    p = [x[0], x[1]]
    best = [0.0, [0.0, 0.0]]
    for i in range(n):
        p = [p[1], p[0] * x[i]]
        p[0] += 1.0
        if p[0] > 0.5:
            best = [p[0], p]
    return p[0] * p[1] + best[0] * best[1][1]


@refused((X, 4))
def which_list_by_a_loop(x, n):
    p, q = [x[0]], [x[1]]
    for _ in range(n):
        p, q = q, p
    p[0] = 3.0
    return q[0]


@refused((X, 4))
def seen_by_another_name(x, n):
    a = [x[0]]
    b = a
    for i in range(n):
        a[0] += 1.0
        a = [x[i]]
    return b[0]


@smooth((X, 4), (X, 0))
def length_by_a_loop(x, n):
    values = [x[0]]
    for i in range(n):
        values.insert(0, x[i])
    return values[0]


@smooth((X,))
def short_loops_are_written_out(x):
    weights = [0.5, 1.5, 2.5]
    found = []
    for k in range(3):
        found.append(weights[k] * x[k])
        for j in range(k):
            found[k] += found[j] * weights[j]
    grid = [[0.0 for _ in range(2)] for _ in range(2)]
    for i in range(2):
        for j in range(2):
            grid[i][j] = found[i] * x[j]
    queue = [x[0]]
    for v in queue:
        if len(queue) < 4:
            queue.append(v * x[1])
    return sum(found) + grid[1][0] * grid[0][1] + sum(queue)


@smooth((M,))
def layers(A):
    weights = [A, 2.0 * A]
    for k, w in enumerate(weights):
        w[k] -= 0.5
        weights[k] = w @ w.T
    return np.sum(weights[0] * weights[1])


@program((3,))
def grown_while_gone_over(n):
    d = {"a": 1}
    for key in d:
        d[key + "b"] = n
    return d["a"]


# -- lists that grow in a loop


@smooth((X,), (-X,), (X[:0],), by_differences=True)
def grown_lists(x):
    squares, large = [], []
    for i in range(len(x)):
        squares.append(x[i] * x[i])
        if x[i] > 0:
            large.append(squares[-1] * x[i])
    total = 0.0
    for s in squares:
        total += s * s
    return total + sum(large) * len(large) + np.array(squares).sum()


@smooth((X, 3), (X, 0))
def trajectory(x, n):
    state = x.copy()
    path, means = [state.copy()], [0.0]
    for _ in range(n):
        state += 0.1 * np.sin(state)
        path.append(state.copy())
        means.append(path[-1].sum() * means[-1])
    A = np.array(path)
    return np.sum(A * A) + np.array(means).sum() * len(path)


@program((20.0,), (1.0,))
def grown_in_a_while(x):
    seen = [x]
    while x > 1:
        x = x / 2 if x % 2 == 0 else 3 * x + 1
        seen.append(x)
    return np.array(seen), len(seen), max(seen), seen[-1]


@smooth((X,))
def pairs_in_two_loops(x):
    pairs = []
    for i in range(len(x)):
        for j in range(i):
            pairs.append((x[i], x[j]))
    total = 0.0
    for a, b in pairs:
        total += a * b * b
    return total + pairs[2][1] * np.array(pairs)[1, 0]


@smooth((X,), (-X,), by_differences=True)
def grown_in_a_branch(x):
    values = [x[0], x[1]]
    if x[2] > 0:
        values.append(x[3])
    values.append(x[4])
    return sum(values) * len(values)


@program((X, 4))
def copies_of_grown(x, n):
    a = []
    for i in range(n):
        a.append(x[i])
    b = a
    c, d = a.copy(), a[1:]
    for i in range(2):
        b.append(x[i] * 2)
    A = np.array(a)
    A[0] = 7.0
    return A, np.array(b), np.array(c), np.array(d), len(a)


@refused((X, 3))
def appended_and_changed(x, n):
    path = []
    for _ in range(n):
        x += 1.0
        path.append(x)
    return np.array(path)


@refused((M, 20))
def item_written(A, n):
    rows = [A[i % 3] * 2.0 for i in range(n)]
    rows[0][1] = 5.0
    return rows[0]


@smooth((np.arange(1.0, 101.0), 100))
def items_of_two_kinds(x, n):
    found = []
    for i in range(n):
        found.append((i, x[i]))
    return found[0][1]


# -- what comes from outside


@refused(([1.0, 2.0],), ({"a": 1.0},), (State(1.0, 2.0, X),))
def callers_own(x):
    if isinstance(x, list):
        x.append(1.0)
    elif isinstance(x, dict):
        x["b"] = 1.0
    else:
        x.speed = 1.0
    return 1.0


@refused((2.0,))
def global_list(x):
    TABLE.append(x)
    return TABLE[0]


@refused((2.0,))
def frozen_field(x):
    s = Fixed(x)
    s.value = 1.0
    return s.value


@program(([1.0, X], {"a": 2.0}))
def copy_of_the_callers(values, named):
    mine, other = list(values), dict(named)
    mine.append(3.0)
    mine[0] = 2.0
    other["b"] = mine[0]
    return mine, other, values[0]


@smooth((np.arange(4.0) + 1.0, 2.0))
def copies_of_lists(x, y):
    rows = [x[:2] * y, x[2:], [y, 1.0]]
    same, other, whole = copy.copy(rows), copy.deepcopy(rows), copy.copy(x)
    same[0][0] = 7.0
    same[1] = x[:2]
    other[0][1] += 3.0
    other[2][0] = y * y
    whole[1] = 0.0
    return np.sum(rows[0]) * np.sum(other[0] * same[1]) + rows[2][0] * other[2][0] + np.sum(whole)


@program((np.arange(4.0), 2))
def what_a_deep_copy_shares(x, n):
    row = [x, n]
    model = {"first": row, "second": row, "x": x, "y": x * 2}
    other = copy.deepcopy(model)
    other["first"][1] = 5
    other["x"][0] = 9.0
    tuples = copy.copy((x, n))
    tuples[0][3] = -1.0
    return model, other, copy.deepcopy(n), copy.copy([i * n for i in range(n)])


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
