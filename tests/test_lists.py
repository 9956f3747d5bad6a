"""Lists of a length that only the running program knows: stacks, tables, queues."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

R = np.random.default_rng(0)
X, W, G = R.normal(size=7), R.random((6, 6)), R.random((6, 7)) < 0.65

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((G,), (~G,), (G[:0],))
def flood(g):
    h, w = g.shape
    label, count = np.zeros((h, w), dtype=np.int64), 0
    for i in range(h):
        for j in range(w):
            if g[i, j] and label[i, j] == 0:
                count += 1
                stack = [(i, j)]
                while stack:
                    a, b = stack.pop()
                    if not (0 <= a < h and 0 <= b < w) or not g[a, b] or label[a, b] != 0:
                        continue
                    label[a, b] = count
                    stack.append((a + 1, b))
                    stack.append((a - 1, b))
                    stack.append((a, b + 1))
                    stack.append((a, b - 1))
    return label, count


@program((G,))
def distances(g):
    h, w = g.shape
    found = np.full((h, w), -1)
    found[0, 0] = 0
    queue, k = [(0, 0)], 0
    while k < len(queue):
        a, b = queue[k]
        k += 1
        for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            c, d = a + i, b + j
            if 0 <= c < h and 0 <= d < w and g[c, d] and found[c, d] < 0:
                found[c, d] = found[a, b] + 1
                queue.append((c, d))
    return found


@smooth((W, 0))
def shortest(w, s):
    n = len(w)
    far, seen = [np.inf] * n, [False] * n
    far[s] = 0.0
    for _ in range(n):
        u, best = 0, np.inf
        for v in range(n):
            if not seen[v] and far[v] < best:
                u, best = v, far[v]
        seen[u] = True
        for v in range(n):
            if far[u] + w[u, v] < far[v]:
                far[v] = far[u] + w[u, v]
    return sum(far)


@program((np.array([[0, 1], [2, 3], [1, 3], [5, 6]]), 8), (np.zeros((0, 2), int), 3))
def united(edges, n):
    parent = list(range(n))

    def find(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in edges:
        first, second = find(a), find(b)
        if first != second:
            parent[first] = second
    count = 0
    for i in range(n):
        if find(i) == i:
            count += 1
    return count


@program((30,), (2,))
def sieve(n):
    prime = [True] * (n + 1)
    prime[0] = prime[1] = False
    for i in range(2, n + 1):
        if prime[i]:
            for j in range(i * i, n + 1, i):
                prime[j] = False
    return np.array(prime), sum(prime)


@program((np.array([3, 4, 2]), np.array([4, 5, 3]), 7))
def knapsack(weight, value, room):
    best = [0] * (room + 1)
    for i in range(len(weight)):
        for c in range(room, weight[i] - 1, -1):
            best[c] = max(best[c], best[c - weight[i]] + value[i])
    return best[room]


@smooth((X,), (X[:2],))
def moving(x):
    window, out = [], np.zeros(len(x))
    for i in range(len(x)):
        window.append(x[i] ** 2)
        if len(window) > 3:
            window.pop(0)
        out[i] = sum(window) / len(window)
    return (out * np.arange(len(x))).sum()


@program((X,), (-np.abs(X),))
def next_greater(x):
    out, stack = np.full(len(x), -1.0), []
    for i in range(len(x)):
        while stack and x[stack[-1]] < x[i]:
            out[stack.pop()] = x[i]
        stack.append(i)
    return out


@smooth((X,))
def reduced(x):
    stack = []
    for v in x:
        if v < 0.4 or len(stack) < 2:
            stack.append(v)
        else:
            b = stack.pop()
            a = stack.pop()
            stack.append(a * b + v)
    return stack[-1]


@smooth((X,), (X[:1],))
def bubbled(x):
    a = list(x)
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return (np.array(a) * np.arange(1.0, len(x) + 1)).sum()


@program((X,), (X[X > 0],))
def changed(x):
    out = []
    for v in x:
        if v > 0:
            out.append(v)
    twice = [2.0 * v for v in out]
    whole, tail = out + twice, out[1:]
    out.extend(twice)
    out.reverse()
    last = out.pop(2)
    out.insert(1, last)
    out.insert(-100, x[0])
    out.insert(100, x[1])
    del out[0]
    out[-1] += 1.0
    return np.array(whole), np.array(tail), np.array(out), len(out), max(out), x[0] in out


@program((X,), (np.array([2, -1, 2, 0]),), (np.array([1.0, -0.0, 0.0, 1.0]),))
def in_order(x):
    some = sorted([x[0], x[1], x[2]])
    values = list(x)
    values.sort()
    return np.array(sorted(x)), np.array(sorted(values, reverse=True)), np.array(values), some[0]


@program((X,))
def popped_too_often(x):
    out = []
    for v in x:
        if v > 0:
            out.append(v)
    while True:
        out.pop()


@program((5, 4), (5, 5), (5, -5), (5, -6), (0, 0))
def at(n, k):
    out = [0.0] * n
    out[k] = 1.0
    return np.array(out)


@program((5, 4), (5, 5), (5, -6))
def popped(n, k):
    out = list(range(n))
    out.pop(k)
    return np.array(out)


@smooth((W,), (W[:5, :3],))
def pooled(x):
    h, w = x.shape
    y = np.array([[x[i : i + 2, j : j + 2].max() for j in range(0, w, 2)] for i in range(0, h, 2)])
    return (y**2).sum()


@program((W, 2), (W, 3), (W, 9), (W, -1), (W, 0), (W[:0], 0))
def pooled_by(x, k):
    h, w = x.shape
    across = range(0, w - k + 1, k)
    return np.array([[x[i : i + k, j : j + k].mean() for j in across] for i in range(0, h, 2)])


@program((4, 3), (2, 0), (2, -1))
def table(n, m):
    return np.array([[0.0] * m for _ in range(n)])


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
