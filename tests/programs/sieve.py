"""Prime numbers: integers and booleans, to the bit; there is nothing to differentiate."""

import numpy as np

wrt = ()


def sieve(n):
    prime = np.ones(n, dtype=bool)
    prime[:2] = False
    i = 2
    while i * i < n:
        if prime[i]:
            for j in range(i * i, n, i):
                prime[j] = False
        i += 1
    count = 0
    gaps = np.zeros(n, dtype=np.int64)
    last = 2
    for i in range(3, n):
        if prime[i]:
            gaps[i - last] += 1
            last = i
            count += 1
    return count + 1, prime, gaps


def arguments(seed):
    return (100 + seed,)
