"""Programs with stacks, queues and lists that grow: edges, searches, hulls, alignments."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform


@runs(uniform(30, 12, 10, low=0.0, high=1.0), 0.15, 0.3)
def canny(img, low, high):
    k = np.array([1, 4, 6, 4, 1]) / 16
    pad = np.pad(img, 2, mode="edge")
    tmp = sum(k[i] * pad[i : i + img.shape[0], :] for i in range(5))
    g = sum(k[i] * tmp[:, i : i + img.shape[1]] for i in range(5))
    gx = np.zeros_like(g)
    gy = np.zeros_like(g)
    gx[:, 1:-1] = g[:, 2:] - g[:, :-2]
    gy[1:-1, :] = g[2:, :] - g[:-2, :]
    mag = np.hypot(gx, gy)
    mag /= mag.max()
    angle = np.rad2deg(np.arctan2(gy, gx)) % 180
    nms = np.zeros_like(mag)
    H, W = mag.shape
    for y in range(1, H - 1):
        for x in range(1, W - 1):
            a = angle[y, x]
            if a < 22.5 or a >= 157.5:
                n1, n2 = mag[y, x - 1], mag[y, x + 1]
            elif a < 67.5:
                n1, n2 = mag[y - 1, x - 1], mag[y + 1, x + 1]
            elif a < 112.5:
                n1, n2 = mag[y - 1, x], mag[y + 1, x]
            else:
                n1, n2 = mag[y - 1, x + 1], mag[y + 1, x - 1]
            if mag[y, x] >= n1 and mag[y, x] >= n2:
                nms[y, x] = mag[y, x]
    strong = nms >= high
    weak = (nms >= low) & ~strong
    stack = [(int(y), int(x)) for y, x in np.argwhere(strong)]
    edges = strong.copy()
    while stack:
        y, x = stack.pop()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                yy, xx = y + dy, x + dx
                if 0 <= yy < H and 0 <= xx < W and weak[yy, xx] and not edges[yy, xx]:
                    edges[yy, xx] = True
                    stack.append((yy, xx))
    return edges.astype(np.uint8) * 255


@runs(integers(21, 40, high=12))
def graph_bfs_levels(edges_flat):
    edges = edges_flat.reshape(-1, 2)
    n = 12
    adj = np.zeros((n, n), dtype=bool)
    for a, b in edges:
        adj[a, b] = adj[b, a] = True
    dist = np.full(n, -1)
    dist[0] = 0
    queue = [0]
    head = 0
    while head < len(queue):
        u = queue[head]
        head += 1
        for v in np.nonzero(adj[u])[0]:
            if dist[v] < 0:
                dist[v] = dist[u] + 1
                queue.append(v)
    return dist


def cross(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


@runs(normal(22, 20, 2))
def convex_hull_area(pts):
    order = np.lexsort((pts[:, 1], pts[:, 0]))
    p = pts[order]
    lower = []
    for q in p:
        while len(lower) >= 2 and cross(lower[-2], lower[-1], q) <= 0:
            lower.pop()
        lower.append(q)
    upper = []
    for q in p[::-1]:
        while len(upper) >= 2 and cross(upper[-2], upper[-1], q) <= 0:
            upper.pop()
        upper.append(q)
    hull = np.array(lower[:-1] + upper[:-1])
    x, y = hull[:, 0], hull[:, 1]
    return 0.5 * abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))), len(hull)


@runs(integers(3, 11, high=4), integers(4, 10, high=4))
def smith_waterman_affine(s, t, match=2, mismatch=-1, gap_open=-3, gap_extend=-1):
    n, m = len(s), len(t)
    NEG = -(10**9)
    M = np.zeros((n + 1, m + 1), dtype=int)
    X = np.full((n + 1, m + 1), NEG)
    Y = np.full((n + 1, m + 1), NEG)
    best, where = 0, (0, 0)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            score = match if s[i - 1] == t[j - 1] else mismatch
            X[i, j] = max(M[i - 1, j] + gap_open, X[i - 1, j] + gap_extend)
            Y[i, j] = max(M[i, j - 1] + gap_open, Y[i, j - 1] + gap_extend)
            M[i, j] = max(0, M[i - 1, j - 1] + score, X[i, j], Y[i, j])
            if M[i, j] > best:
                best, where = M[i, j], (i, j)
    return best, where


@runs(uniform(5, 6), integers(6, 6, high=6) + 1, 12)
def knapsack_1d(values, weights, capacity):
    best = np.zeros(capacity + 1)
    keep = np.zeros((len(values), capacity + 1), dtype=bool)
    for i, (v, w) in enumerate(zip(values, weights)):
        for c in range(capacity, w - 1, -1):
            if best[c - w] + v > best[c]:
                best[c] = best[c - w] + v
                keep[i, c] = True
    chosen = []
    c = capacity
    for i in reversed(range(len(values))):
        if keep[i, c]:
            chosen.append(i)
            c -= weights[i]
    return best[capacity], np.array(chosen, dtype=int)


@runs((1, 5, 10, 25, 50), 100, gives=292)
def coin_ways(coins, amount):
    ways = [1] + [0] * amount
    for c in coins:
        for a in range(c, amount + 1):
            ways[a] += ways[a - c]
    return ways[amount]
