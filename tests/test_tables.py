"""Tables: lists of lists of a size that only the running program knows, as Python has them."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

R = np.random.default_rng(0)
A, B = np.array([1, 2, 3, 2, 1, 4, 1]), np.array([2, 3, 1, 2, 1])
M, X = R.random((4, 4)) + 2 * np.eye(4), R.random(4)

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((A, B))
def aligned(a, b):
    """Needleman and Wunsch: the table, and the way back through it."""
    n, m = len(a), len(b)
    f = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        f[i][0] = -2 * i
    for j in range(m + 1):
        f[0][j] = -2 * j
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            same = 1 if a[i - 1] == b[j - 1] else -1
            f[i][j] = max(f[i - 1][j - 1] + same, f[i - 1][j] - 2, f[i][j - 1] - 2)
    i, j, path = n, m, []
    while i > 0 and j > 0:
        path.append((i, j))
        if f[i][j] == f[i - 1][j] - 2:
            i -= 1
        elif f[i][j] == f[i][j - 1] - 2:
            j -= 1
        else:
            i, j = i - 1, j - 1
    return f[-1][-1], f, path


@program((A, B))
def edited(a, b):
    """Two rows that take turns, and one that is made anew."""
    prev, cur = list(range(len(b) + 1)), [0] * (len(b) + 1)
    for i in range(len(a)):
        cur[0] = i + 1
        for j in range(len(b)):
            cur[j + 1] = min(prev[j] + int(a[i] != b[j]), prev[j + 1] + 1, cur[j] + 1)
        prev, cur = cur, prev
    common, row = [0] * (len(b) + 1), [0] * (len(b) + 1)
    for i in range(len(a)):
        for j in range(len(b)):
            row[j + 1] = common[j] + 1 if a[i] == b[j] else max(common[j + 1], row[j])
        common, row = row, [0] * (len(b) + 1)
    return prev, common


@smooth((M, X))
def eliminated(a, b):
    """Gauss, with rows that change places."""
    n, rows, x = len(b), [list(r) for r in a], list(b)
    for i in range(n):
        p = max(range(i, n), key=lambda r: abs(rows[r][n - 1 - i]))
        rows[i], rows[p] = rows[p], rows[i]
        x[i], x[p] = x[p], x[i]
    for i in range(n):
        for r in range(i + 1, n):
            f = rows[r][i] / rows[i][i]
            for c in range(i, n):
                rows[r][c] -= f * rows[i][c]
            x[r] -= f * x[i]
    for i in range(n - 1, -1, -1):
        x[i] = (x[i] - sum(rows[i][c] * x[c] for c in range(i + 1, n))) / rows[i][i]
    return sum(x)


@smooth((M,))
def inverted(a):
    """Gauss and Jordan, with rows that are replaced."""
    n = len(a)
    rows = [[a[i, j] for j in range(n)] + [1.0 * (i == j) for j in range(n)] for i in range(n)]
    for c in range(n):
        v = rows[c][c]
        rows[c] = [x / v for x in rows[c]]
        for r in range(n):
            if r != c:
                f = rows[r][c]
                rows[r] = [x - f * y for x, y in zip(rows[r], rows[c], strict=True)]
    return sum(row[n + (i + 1) % n] for i, row in enumerate(rows))


@smooth((X, X[:3] + 0.1))
def warped(a, b):
    far = [[float("inf")] * (len(b) + 1) for _ in range(len(a) + 1)]
    far[0][0] = 0.0
    for i, row in enumerate(far[1:]):
        above = far[i]
        for j in range(len(b)):
            row[j + 1] = (a[i] - b[j]) ** 2 + min(above[j], above[j + 1], row[j])
    return far[-1][-1]


@smooth((M / 3, 5))
def power(a, k):
    n, b = len(a), a.tolist()
    r = [[1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    while k > 0:
        if k % 2 == 1:
            r = [[sum(r[i][t] * b[t][j] for t in range(n)) for j in range(n)] for i in range(n)]
        b = [[sum(b[i][t] * b[t][j] for t in range(n)) for j in range(n)] for i in range(n)]
        k //= 2
    return r[0][n - 1] + sum(map(sum, r))


GRID = [[0, 1, 0, 0], [0, 1, 0, 1], [0, 1, 0, 0]]


@program((GRID, 99))
def life(grid, steps):
    n, m = len(grid), len(grid[0])
    now = [row[:] for row in grid]
    for _ in range(steps % 97):
        new = [[0] * m for _ in range(n)]
        for i in range(n):
            for j in range(m):
                count = 0
                for di in (-1, 0, 1):
                    for dj in (-1, 0, 1):
                        if di or dj:
                            count += now[(i + di) % n][(j + dj) % m]
                new[i][j] = 1 if count == 3 or (count == 2 and now[i][j]) else 0
        now = new
    return now, np.array(now)


@program((GRID,))
def reached(grid):
    n, m = len(grid), len(grid[0])
    far, queue, head = [[-1] * m for _ in range(n)], [(0, 0)], 0
    far[0][0] = 0
    while head < len(queue):
        i, j = queue[head]
        head += 1
        for a, b in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
            if 0 <= a < n and 0 <= b < m and grid[a][b] == 0 and far[a][b] < 0:
                far[a][b] = far[i][j] + 1
                queue.append((a, b))
    return far


@program((100, 3))
def named(n, m):
    """Names of rows, of rows that were put there, and of rows that change places."""
    table = [[i] * m for i in range(n)]
    row, new = table[1], [7] * m
    other = table
    row[0] = 50
    table[0] = new
    new[-1] = 8
    other[-1][0] += 1
    table[0][0] -= 3
    prev = table[0]
    for i in range(1, n):
        cur = table[i]
        cur[-1] += prev[-1]
        prev = cur
    table[0], table[-1] = table[-1], table[0]
    return table, other, [r[:] for r in table], list(table[0]), table[1][::-1]


@program((100, 3))
def grown(n, m):
    table, states, state = [], [], [1] * m
    for i in range(n):
        row = [0] * m
        table.append(row)
        row[0] = i
        if i > 0:
            table[i - 1][1] += row[0] + table[-1][0]
        state = [v + i for v in state]
        states.append(state)
    last = table.pop()
    last[0] = -1
    table.insert(1, [9] * m)
    return table, last, states, state, len(table), max(map(max, table))


@smooth((R.random((4, 3)),))
def turned(a):
    """Lists that grow in a list that grows: the first one says how long they are."""
    rows = []
    for j in range(len(a[0])):
        row = []
        for i in range(len(a)):
            row.append(a[i][j] ** 2)
        rows.append(row)
        rows[j][0] += 1.0
        rows[-1][-1] *= 2.0
    total = rows[0][1] * rows[1][0]
    for row in rows:
        for v in row:
            total += v * v
    return total


@program((3,), (0,))
def seen(n):
    t = [[i * j % 5 for j in range(n)] for i in range(n)]
    deep = [[[i + j * k for k in range(2)] for j in range(n)] for i in range(n)]
    if not t:
        return t, deep
    plane = deep[1]
    plane[0], plane[1][0] = [7, 8], 9
    whole = np.array(t, dtype=float)
    t[0][0] = 9
    turned = [list(r) for r in zip(*t, strict=True)] if n == 3 else t
    found = min(t[-1]), sum(map(sum, t)), max(max(r) for r in t), t[1].index(2), t[2].count(0)
    flat = [v for r in t for v in r if v > 0]
    return (
        found,
        flat,
        deep,
        whole,
        turned,
        4 in t[2],
        t == turned,
        t[0] == [9, 0, 0],
        whole.tolist(),
    )


@program((3, 0, 3), (3, -4, 0))
def placed(n, i, j):
    table = [[0] * n for _ in range(n)]
    table[i][j] = 1
    return table


@program((X, 3))
def of_arrays(x, n):
    return [[x * i + j for j in range(2)] for i in range(n)], [[x[:1].tolist()] * 2]


@refused((100, 3))
def shared(n, m):
    return [[0] * m] * n


@refused((100, 3))
def changed_by_another_name(n, m):
    table = [[0] * m for _ in range(n)]
    rows = table[1:]
    rows[0][0] = 1
    rows[0] = [2] * m
    return table


@refused((100, 3))
def put_in_each_round(n, m):
    table, row = [[0] * m for _ in range(n)], [0] * m
    for i in range(n):
        row[0] = i
        table[i] = row
    return table


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
test_refuses = PHRASES.refuses()
