"""Programs that are built of deques, heaps, bisection, `itertools` and `operator`."""

from __future__ import annotations

import bisect
import collections
import functools
import heapq
import itertools
import math
import operator
import statistics
from collections import deque

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
ROADS = np.array([[0.0, 4.0, 1.0, 9.0], [4.0, 0, 2, 5], [1, 2, 0, 8], [9, 5, 8, 0]])
GRID = np.array([[1, 1, 0, 1], [0, 1, 0, 1], [0, 1, 1, 1]])


@program((GRID,))
def breadth_first(grid):
    rows, columns = grid.shape
    far = np.full(grid.shape, -1)
    far[0, 0] = 0
    queue = deque([(0, 0)])
    while queue:
        i, j = queue.popleft()
        for di, dj in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            a, b = i + di, j + dj
            if 0 <= a < rows and 0 <= b < columns and far[a, b] < 0 < grid[a, b]:
                far[a, b] = far[i, j] + 1
                queue.append((a, b))
    return far


@smooth((X,))
def windows(x):
    last, highest, total = deque(maxlen=3), deque(), 0.0
    for k, value in enumerate(x):
        last.append(value)
        while highest and x[highest[-1]] <= value:
            highest.pop()
        highest.append(k)
        if highest[0] <= k - 2:
            highest.popleft()
        total += x[highest[0]] * sum(last) / len(last)
    return total


@program((7, 3), (1, 2))
def in_a_circle(n, step):
    circle, out = deque(range(n)), []
    while len(circle) > 0:
        circle.rotate(1 - step)
        out.append(circle.popleft())
    more = deque(out, maxlen=4)
    more.appendleft(50)
    more.extend((60, 70))
    more.reverse()
    return out, list(more), 60 in more, more[-1], sum(v * k for k, v in enumerate(more))


@program((ROADS, 0), (ROADS, 3))
def shortest_ways(roads, start):
    n = len(roads)
    far = np.full(n, np.inf)
    far[start] = 0.0
    heap = [(0.0, start)]
    while heap:
        d, u = heapq.heappop(heap)
        if d > far[u]:
            continue
        for v in range(n):
            if roads[u, v] > 0 and d + roads[u, v] < far[v]:
                far[v] = d + roads[u, v]
                heapq.heappush(heap, (far[v], v))
    return far


@program((X, 0.6), (X[:0], 0.6))
def sorted_places(x, value):
    row = sorted(x)
    kept = []
    for v in x:
        bisect.insort(kept, v)
    tails = []
    for v in x:
        k = bisect.bisect_left(tails, v)
        if k == len(tails):
            tails.append(v)
        else:
            tails[k] = v
    return kept, len(tails), bisect.bisect(row, value), bisect.bisect_left(x, value, 0, len(x) // 2)


@program((X,), (np.array([1.0, -1.0, 1.0, -1.0]),))
def orders(x):
    pairs = [(v, k) for k, v in enumerate(x)]
    pairs.sort(reverse=True)
    by_size = sorted(range(len(x)), key=lambda k: abs(x[k]))
    back = sorted(range(len(x)), key=lambda k: (abs(x[k]), k), reverse=True)
    three = sorted([(1, 2.0), (3, x[0]), (2, x[1])], key=operator.itemgetter(1))
    greatest = max(range(len(x)), key=lambda k: x[k], default=-1)
    return (
        [k for _, k in pairs],
        by_size,
        back,
        three[0][0],
        greatest,
        7 if (1, x[0]) < (1, x[1]) else 8,
    )


@smooth((X,))
def iterated(x):
    s = 0.0
    for i, j in itertools.product(range(len(x)), range(3)):
        s = s * 0.5 + x[i] * j
    for i, j in itertools.combinations(range(len(x)), 2):
        s += x[i] * x[j]
    for p in itertools.permutations(range(3)):
        s += x[p[0]] * p[1] - p[2]
    for a, b in itertools.pairwise(x):
        s += (b - a) ** 2
    for k, v in zip(itertools.count(1), itertools.chain(x, x[::-1]), strict=False):
        s += k * v
    for a, b in itertools.zip_longest(x, x[:3], fillvalue=0.5):
        s += a * b
    for v, w in zip(x, itertools.cycle((1.0, -1.0)), strict=False):
        s += v * w
    steps = sum(itertools.islice(x, 1, 5, 2)) + functools.reduce(operator.mul, x)
    return s + steps + sum(itertools.accumulate(x)) + max(filter(lambda v: v < 1, x))


@program((7, 3, 5), (2, 10, 1000), (3, -1, 7), (10, 0, -4), (6, -1, 9))
def whole_numbers(a, b, m):
    return math.lcm(a, 4, m), math.gcd(a, 14, 21), pow(a, b, m), math.comb(7, 3)


@program((np.array([1e100, 1.0, -1e100, 0.1, 0.2]),), (np.array([np.inf, 1.0]),), (X[:0],))
def exact_sums(x):
    return math.fsum(x), math.fsum(v * 0.1 for v in x[1:])


@program((12345, 10), (-7, 3))
def masked(s, n):
    h = 0x811C9DC5
    for k in range(n):
        s = (s * 1664525 + 1013904223) % 2**32
        h = ((h ^ (s & 0xFF)) * 0x01000193) & 0xFFFFFFFF
        h = ((h << 13 | h >> 19) + k * 0xCC9E2D51) & 0xFFFFFFFF
    return s, h, (-s * 99999999999999) & 0xFF, (~s << 70) & 0xFFFF, (s << n) % 256


@smooth((np.array([0.5, -1.5, 2.0, 4.0]), 3.0), by_differences=True)
def of_floats(x, t):
    data = [float(v) for v in x]
    few = [t, 2.0 * t, 0.5]
    spread = statistics.stdev(data) + statistics.pvariance(few) * statistics.pstdev(data, 0.25)
    return statistics.mean(data) * statistics.fmean(few) + spread * statistics.variance(x)


@program((np.ones(1),), (np.ones(0),))
def of_too_few(x):
    return statistics.mean(x), statistics.stdev(x)


@smooth((np.array([0.5, -1.5, 2.0]), 3.0), by_differences=True)
def distances(x, t):
    return math.dist(x, 2.0 * x[::-1]) * math.hypot(x[0], x[1], t, 1.0) + math.dist((t,), (x[0],))


@program((np.ones(2),))
def unequal(x):
    return math.dist(x, (1.0, 2.0, 3.0)), math.hypot(), math.hypot(-2.0)


@smooth((np.array([0.5, -1.5, 2.0]),))
def lists_in_a_row(x):
    P = collections.namedtuple("P", ["low", "high"])
    row = sum([[x[0], x[1]], [x[2] ** 2]], [x[0]])
    p = P(low=row[1], high=row[3])
    return p._replace(low=2.0 * row[2]).low * p.high


@smooth((np.array([0.5, -1.5, 2.0]), 0), (np.array([0.5, -1.5, 2.0]), 2), (np.ones(3), 7))
def cases(x, k):
    s = 0.0
    for i in range(len(x)):
        match k + i:
            case 0 | 1:
                s += x[i]
            case 2:
                s += 2.0 * x[i] ** 2
                continue
            case n if n > 8:
                return s * n
            case _:
                s -= x[i]
        match (k, "mean", None):
            case (0, "sum", _):
                s += 100.0
            case (0, "mean" | "median", None):
                s += x[0] ** 3
            case (n, ("mean" as how), None) if n > 2:
                s *= n * (how == "mean")
            case [_, _]:
                s += 1000.0
    return s


test_runs_as_python_does = PHRASES.runs()
test_gradients_are_those_of_complex_step = PHRASES.gradients()
