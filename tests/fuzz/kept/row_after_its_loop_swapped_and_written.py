def f(x, y, A, c, k, m):
    n = len(x)
    s = 0.3
    for row in A:
        pass
    else:
        for i in range(m, n):
            row[2] = 0.5
            row, x = x, row
    return s
