"""Option prices: closed form, trees, grids, and paths from given normals."""

import math

import numpy as np
from scipy.special import erf

from tests.programs.kinds._case import normal, runs, uniform


def phi(x):
    return 0.5 * (1.0 + erf(x / np.sqrt(2.0)))


@runs(uniform(1, 6, low=90.0, high=110.0), 100.0, uniform(2, 6), 0.05, 0.2,
      wrt=("S", "r", "sigma", "T"), by_differences=True)  # fmt: skip
def black_scholes(S, K, T, r, sigma):
    d1 = (np.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * np.sqrt(T))
    d2 = d1 - sigma * np.sqrt(T)
    call = S * phi(d1) - K * np.exp(-r * T) * phi(d2)
    put = call - S + K * np.exp(-r * T)
    return call, put


def cnd(d):
    k = 1.0 / (1.0 + 0.2316419 * np.abs(d))
    poly = k * (
        0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
    )
    tail = 0.39894228040143267793994605993438 * np.exp(-0.5 * d * d) * poly
    return np.where(d > 0, 1.0 - tail, tail)


@runs(uniform(3, 6, low=90.0, high=110.0), uniform(4, 6, low=80.0, high=120.0), uniform(5, 6),
      0.02, 0.3, wrt=("S", "X", "T", "V"))  # fmt: skip
def black_scholes_series(S, X, T, R, V):
    sqrt_t = np.sqrt(T)
    d1 = (np.log(S / X) + (R + 0.5 * V * V) * T) / (V * sqrt_t)
    d2 = d1 - V * sqrt_t
    exp_rt = np.exp(-R * T)
    return S * cnd(d1) - X * exp_rt * cnd(d2), X * exp_rt * (1.0 - cnd(d2)) - S * (1.0 - cnd(d1))


@runs(100.0, 101.0, 0.05, 0.2, 1.0, 20, wrt=("S", "K", "r", "sigma", "T"))
def american_put(S, K, r, sigma, T, n):
    """A binomial tree with early exercise."""
    dt = T / n
    u = np.exp(sigma * np.sqrt(dt))
    p = (np.exp(r * dt) - 1 / u) / (u - 1 / u)
    discount = np.exp(-r * dt)
    prices = S * u ** (2 * np.arange(n + 1) - n)
    values = np.maximum(K - prices, 0)
    for i in range(n - 1, -1, -1):
        prices = prices[1:] / u
        values = discount * (p * values[1:] + (1 - p) * values[:-1])
        values = np.maximum(values, K - prices)
    return values[0]


@runs(100.0, 0.05, 0.2, 1.0, normal(6, 16, 8), wrt=("S0", "r", "sigma", "T"))
def asian_call(S0, r, sigma, T, Z):
    steps = Z.shape[1]
    dt = T / steps
    increments = (r - 0.5 * sigma**2) * dt + sigma * np.sqrt(dt) * Z
    paths = S0 * np.exp(np.cumsum(increments, axis=1))
    payoff = np.maximum(paths.mean(axis=1) - 100.0, 0.0)
    return np.exp(-r * T) * np.mean(payoff), np.std(payoff, ddof=1) / np.sqrt(len(payoff))


@runs(100.0, 105.0, 0.04, 0.3, normal(7, 20, 5))
def longstaff_schwartz(S0, K, r, sigma, Z):
    """An American put by regression on the paths in the money."""
    paths, steps = Z.shape
    dt = 1.0 / steps
    S = np.empty((paths, steps + 1))
    S[:, 0] = S0
    for t in range(steps):
        S[:, t + 1] = S[:, t] * np.exp((r - 0.5 * sigma**2) * dt + sigma * math.sqrt(dt) * Z[:, t])
    cash = np.maximum(K - S[:, -1], 0)
    for t in range(steps - 1, 0, -1):
        cash = cash * np.exp(-r * dt)
        money = S[:, t] < K
        X = S[money, t] / S0
        A = np.vander(X, 3)
        beta = np.linalg.lstsq(A, cash[money], rcond=None)[0]
        go_on = A @ beta
        exercise = K - S[money, t]
        cash[money] = np.where(exercise > go_on, exercise, cash[money])
    return np.exp(-r * dt) * cash.mean()


@runs(100.0, 0.05, 0.2, 20, 30, wrt=("K", "r", "sigma"))
def crank_nicolson(K, r, sigma, n, steps):
    """A European call on a grid of prices, by the Thomas algorithm in each step."""
    S = np.linspace(0.0, 300.0, n + 1)
    dt = 1.0 / steps
    j = np.arange(1, n)
    a = 0.25 * dt * (sigma**2 * j**2 - r * j)
    b = -0.5 * dt * (sigma**2 * j**2 + r)
    c = 0.25 * dt * (sigma**2 * j**2 + r * j)
    V = np.maximum(S - K, 0)
    for k in range(steps):
        rhs = a * V[:-2] + (1 + b) * V[1:-1] + c * V[2:]
        upper = S[-1] - K * np.exp(-r * (k + 1) * dt)
        rhs[-1] += c[-1] * upper
        cp, dp = np.zeros(n - 1), np.zeros(n - 1)
        cp[0], dp[0] = -c[0] / (1 - b[0]), rhs[0] / (1 - b[0])
        for i in range(1, n - 1):
            m = (1 - b[i]) + a[i] * cp[i - 1]
            cp[i] = -c[i] / m
            dp[i] = (rhs[i] + a[i] * dp[i - 1]) / m
        V[0], V[-1] = 0.0, upper
        V[-2] = dp[-1]
        for i in range(n - 3, -1, -1):
            V[i + 1] = dp[i] - cp[i] * V[i + 2]
    return np.interp(100.0, S, V)


@runs(
    normal(8, 10, 3) / 50,
    np.array([0.3, 0.3, 0.4]),
    wrt=("returns", "weights"),
    by_differences=True,
)
def value_at_risk(returns, weights):
    cov = np.cov(returns, rowvar=False)
    vol = np.sqrt(weights @ cov @ weights)
    return 1.645 * vol, vol / np.sqrt(np.diagonal(cov)).dot(weights)


@runs(np.array([-100.0, 30.0, 40.0, 50.0]), wrt=("flows",), by_differences=True)
def internal_rate(flows):
    rate = 0.1
    t = np.arange(len(flows))
    for _ in range(30):
        f = np.sum(flows / (1 + rate) ** t)
        df = np.sum(-t * flows / (1 + rate) ** (t + 1))
        step = f / df
        rate -= step
        if abs(step) < 1e-15:
            break
    return rate


@runs(np.array([1.0, 1.0]), 0.05, 0.1, 0.02, normal(9, 10, 6), wrt=("kappas", "theta", "r0", "vol"))
def vasicek(kappas, theta, vol, r0, Z):
    rates = np.full((len(kappas), Z.shape[0]), r0)
    total = np.zeros_like(rates)
    for t in range(Z.shape[1]):
        rates = rates + kappas[:, None] * (theta - rates) / 12 + vol * np.sqrt(1 / 12) * Z[:, t]
        total += rates / 12
    return np.exp(-total).mean(axis=1)
