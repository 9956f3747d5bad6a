"""A list whose length depends on what is in it."""


def f(n):
    primes = []
    for k in range(2, n):
        if all(k % p != 0 for p in primes):
            primes.append(k)
    return len(primes)


args = (30,)
