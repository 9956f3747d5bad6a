"""Dynamic programming over tables, and graphs as arrays."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform


def match(b1, b2):
    if b1 + b2 == 3:
        return 1
    return 0


@runs(integers(1, 9, high=4), gives=None)
def nussinov(seq):
    N = len(seq)
    table = np.zeros((N, N), np.int32)
    for i in range(N - 1, -1, -1):
        for j in range(i + 1, N):
            if j - 1 >= 0:
                table[i, j] = max(table[i, j], table[i, j - 1])
            if i + 1 < N:
                table[i, j] = max(table[i, j], table[i + 1, j])
            if j - 1 >= 0 and i + 1 < N:
                if i < j - 1:
                    table[i, j] = max(table[i, j], table[i + 1, j - 1] + match(seq[i], seq[j]))
                else:
                    table[i, j] = max(table[i, j], table[i + 1, j - 1])
            for k in range(i + 1, j):
                table[i, j] = max(table[i, j], table[i, k] + table[k + 1, j])
    return table


KITTEN = np.array([ord(c) for c in "kitten"], dtype=np.uint8)
SITTING = np.array([ord(c) for c in "sitting"], dtype=np.uint8)


@runs(KITTEN, SITTING, gives=3)
def edit_distance(a, b):
    d = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    d[:, 0] = np.arange(len(a) + 1)
    d[0, :] = np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost = 0 if a[i - 1] == b[j - 1] else 1
            d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + cost)
    return d[-1, -1]


@runs(KITTEN, SITTING, gives=4)
def longest_common(a, b):
    m, n = a.size, b.size
    table = np.zeros((m + 1, n + 1), dtype=np.int64)
    for i in range(m):
        for j in range(n):
            if a[i] == b[j]:
                table[i + 1][j + 1] = table[i][j] + 1
            else:
                table[i + 1][j + 1] = max(table[i + 1][j], table[i][j + 1])
    return table[m][n]


@runs(np.array([60, 100, 120]), np.array([10, 20, 30]), 50, gives=220)
def knapsack(values, weights, capacity):
    best = np.zeros(capacity + 1, dtype=values.dtype)
    for v, w in zip(values, weights):
        best[w:] = np.maximum(best[w:], best[:-w] + v)
    return best[capacity]


@runs(integers(2, 8, high=4), integers(3, 10, high=4), 2, -1, -1)
def smith_waterman(a, b, match, mismatch, gap):
    H = np.zeros((a.shape[0] + 1, b.shape[0] + 1), np.int32)
    best, where = 0, (0, 0)
    for i in range(1, H.shape[0]):
        for j in range(1, H.shape[1]):
            diagonal = H[i - 1, j - 1] + (match if a[i - 1] == b[j - 1] else mismatch)
            H[i, j] = max(0, diagonal, H[i - 1, j] + gap, H[i, j - 1] + gap)
            if H[i, j] > best:
                best, where = int(H[i, j]), (i, j)
    return best, where


@runs(np.log(uniform(4, 3)), np.log(uniform(5, 3, 3)), np.log(uniform(6, 3, 4)),
      np.array([0, 2, 1, 3, 3, 0]))  # fmt: skip
def viterbi(start, transition, emission, observed):
    T, S = len(observed), len(start)
    score = np.empty((T, S))
    back = np.zeros((T, S), dtype=int)
    score[0] = start + emission[:, observed[0]]
    for t in range(1, T):
        candidates = score[t - 1][:, np.newaxis] + transition
        back[t] = candidates.argmax(axis=0)
        score[t] = candidates.max(axis=0) + emission[:, observed[t]]
    path = np.empty(T, dtype=int)
    path[-1] = np.argmax(score[-1])
    for t in range(T - 2, -1, -1):
        path[t] = back[t + 1, path[t + 1]]
    return path, score[-1].max()


@runs(normal(7, 6), normal(8, 7), 0.5, wrt=("x", "y"), by_differences=True)
def soft_alignment(x, y, gamma):
    """Dynamic time warping with a smooth minimum."""
    D = (x[:, None] - y[None, :]) ** 2
    R = np.full((len(x) + 1, len(y) + 1), np.inf)
    R[0, 0] = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            r = np.array([R[i, j], R[i, j + 1], R[i + 1, j]])
            low = np.min(r)
            R[i + 1, j + 1] = D[i, j] + low - gamma * np.log(np.sum(np.exp(-(r - low) / gamma)))
    return R[-1, -1]


@runs(uniform(9, 5, 5), 0.85, 30, wrt=("links", "damping"))
def pagerank(links, damping, steps):
    n = links.shape[0]
    M = links / links.sum(axis=0)
    rank = np.ones(n) / n
    for _ in range(steps):
        rank = damping * (M @ rank) + (1 - damping) / n
    return rank


@runs(np.array([0, 0, 1, 2, 3, 1]), np.array([1, 2, 3, 3, 4, 4]),
      np.array([4.0, 1.0, 1.0, 5.0, 3.0, 7.0]), 5, gives=np.array([0.0, 4.0, 1.0, 5.0, 8.0]),
      wrt=("length",))  # fmt: skip
def bellman_ford(source, target, length, n):
    dist = np.full(n, np.inf)
    dist[0] = 0.0
    for _ in range(n - 1):
        for e in range(len(source)):
            u, v = source[e], target[e]
            if dist[u] + length[e] < dist[v]:
                dist[v] = dist[u] + length[e]
    return dist


@runs(np.array([0, 2, 4, 5, 6, 6]), np.array([1, 2, 3, 4, 3, 4]), gives=np.array([0, 1, 1, 2, 2]))
def breadth_first(offsets, neighbours):
    n = len(offsets) - 1
    level = np.full(n, -1)
    queue = np.zeros(n, dtype=np.int64)
    head, tail = 0, 1
    level[0] = 0
    while head < tail:
        u = queue[head]
        head += 1
        for v in neighbours[offsets[u] : offsets[u + 1]]:
            if level[v] < 0:
                level[v] = level[u] + 1
                queue[tail] = v
                tail += 1
    return level


@runs(np.array([[0, 7, 0, 5], [7, 0, 8, 9], [0, 8, 0, 7], [5, 9, 7, 0]]), gives=19)
def minimum_spanning_tree(weights):
    n = weights.shape[0]
    big = np.iinfo(np.int64).max
    key = np.full(n, big)
    done = np.zeros(n, dtype=bool)
    key[0] = 0
    total = 0
    for _ in range(n):
        u = np.argmin(np.where(done, big, key))
        done[u] = True
        total += key[u]
        better = (weights[u] > 0) & ~done & (weights[u] < key)
        key[better] = weights[u][better]
    return total


@runs(np.array([[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 1], [1, 0, 0, 1]]))
def connected_components(grid):
    rows, cols = grid.shape
    label = np.where(grid > 0, np.arange(grid.size).reshape(grid.shape) + 1, 0)
    changed = True
    while changed:
        new = label.copy()
        new[1:, :] = np.maximum(new[1:, :], label[:-1, :])
        new[:-1, :] = np.maximum(new[:-1, :], label[1:, :])
        new[:, 1:] = np.maximum(new[:, 1:], label[:, :-1])
        new[:, :-1] = np.maximum(new[:, :-1], label[:, 1:])
        new *= grid > 0
        changed = not np.array_equal(new, label)
        label = new
    return label


@runs(np.array([1, 5, 10, 25]), 63, gives=6)
def coins(denominations, amount):
    best = np.full(amount + 1, amount + 1)
    best[0] = 0
    for total in range(1, amount + 1):
        for coin in denominations:
            if coin <= total:
                best[total] = min(best[total], best[total - coin] + 1)
    return best[amount]


@runs(np.array([30, 35, 15, 5, 10, 20, 25]), gives=15125)
def matrix_chain(p):
    n = len(p) - 1
    m = np.zeros((n, n), dtype=np.int64)
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            k = np.arange(i, j)
            m[i, j] = np.min(m[i, i:j] + m[i + 1 : j + 1, j] + p[i] * p[k + 1] * p[j + 1])
    return m[0, -1]
