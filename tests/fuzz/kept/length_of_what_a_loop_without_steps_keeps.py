def f(x, y, A, c):
    n = len(x)
    s = y[0]
    for i in range(n):
        for j in range(int(x[0])):
            if i > 1:
                return y[j]
            for k in range(3, 3):
                if 0.5 > x[k]:
                    continue
                x, y = y, x
    return s
