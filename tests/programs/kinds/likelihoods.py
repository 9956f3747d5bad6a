"""Likelihoods and fits: sigma points, Markov chains, volatilities, innovations, least squares."""

from typing import NamedTuple

import numpy as np

from tests.programs.kinds._case import integers, normal, runs


def sigma_points(m, P, kappa):
    n = len(m)
    L = np.linalg.cholesky((n + kappa) * P)
    pts = np.empty((2 * n + 1, n))
    pts[0] = m
    for i in range(n):
        pts[1 + i] = m + L[:, i]
        pts[1 + n + i] = m - L[:, i]
    return pts


@runs(normal(6, 8), 0.1, 0.5, wrt=("ys", "q", "r"), by_differences=True)
def ukf(ys, q, r, kappa=1.0):
    n = 2
    m, P = np.array([0.1, 0.0]), np.diag([0.5, 0.5])
    w = np.full(2 * n + 1, 1 / (2 * (n + kappa)))
    w[0] = kappa / (n + kappa)
    dt = 0.1
    ll = 0.0
    out = []
    for y in ys:
        X = sigma_points(m, P, kappa)
        X = np.array([[x[0] + dt * x[1], x[1] - dt * np.sin(x[0])] for x in X])
        m = w @ X
        dX = X - m
        P = (w[:, None] * dX).T @ dX + q * np.eye(n)
        X = sigma_points(m, P, kappa)
        Z = np.sin(X[:, 0])
        zm = np.sum(w * Z)
        S = np.sum(w * (Z - zm) ** 2) + r
        C = ((X - m).T * w) @ (Z - zm)
        K = C / S
        m = m + K * (y - zm)
        P = P - np.outer(K, K) * S
        P = 0.5 * (P + P.T)
        ll += -0.5 * (np.log(2 * np.pi * S) + (y - zm) ** 2 / S)
        out.append(m[0])
    return ll, np.array(out)


@runs(
    np.array([0.6, 0.4]),
    np.array([[0.7, 0.3], [0.4, 0.6]]),
    np.array([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]]),
    integers(7, 12, high=3),
    1,
    wrt=("pi", "A", "B"),
)
def baum_welch(pi, A, B, obs, iters):
    K, T = A.shape[0], len(obs)
    pi, A, B = pi.copy(), A.copy(), B.copy()
    lls = []
    for it in range(iters):
        alpha = np.zeros((T, K))
        beta = np.ones((T, K))
        c = np.zeros(T)
        alpha[0] = pi * B[:, obs[0]]
        c[0] = alpha[0].sum()
        alpha[0] /= c[0]
        for t in range(1, T):
            alpha[t] = (alpha[t - 1] @ A) * B[:, obs[t]]
            c[t] = alpha[t].sum()
            alpha[t] /= c[t]
        for t in range(T - 2, -1, -1):
            beta[t] = A @ (B[:, obs[t + 1]] * beta[t + 1]) / c[t + 1]
        gamma = alpha * beta
        xi = np.zeros((K, K))
        for t in range(T - 1):
            xi += alpha[t][:, None] * A * (B[:, obs[t + 1]] * beta[t + 1])[None, :] / c[t + 1]
        pi = gamma[0]
        A = xi / xi.sum(axis=1, keepdims=True)
        for k in range(B.shape[1]):
            B[:, k] = gamma[obs == k].sum(axis=0)
        B /= gamma.sum(axis=0)[:, None]
        lls.append(np.log(c).sum())
    return pi, A, B, np.array(lls)


@runs(0.05, 0.1, 0.85, 0.02 * normal(8, 30), wrt=("omega", "alpha", "beta", "r"))
def garch_nll(omega, alpha, beta, r):
    T = r.size
    h = np.empty(T)
    h[0] = np.var(r)
    for t in range(1, T):
        h[t] = omega + alpha * r[t - 1] ** 2 + beta * h[t - 1]
    if np.any(h <= 0):
        return np.inf
    return 0.5 * np.sum(np.log(2 * np.pi * h) + r**2 / h)


class ARMA(NamedTuple):
    phi: float
    theta: float
    sigma2: float


@runs(normal(10, 20), 0.5, 0.3, 1.1, wrt=("y", "phi", "theta", "sigma2"))
def arma_innovations(y, phi, theta, sigma2):
    model = ARMA(phi, theta, sigma2)
    n = len(y)
    v = np.zeros(n)
    th = np.zeros(n)
    yhat = np.zeros(n)
    v[0] = (1 + 2 * model.phi * model.theta + model.theta**2) / (1 - model.phi**2)
    for i in range(n - 1):
        th[i] = model.theta / v[i]
        v[i + 1] = 1 + model.theta**2 - th[i] ** 2 * v[i]
        yhat[i + 1] = model.phi * y[i] + th[i] * (y[i] - yhat[i])
    return -0.5 * (
        n * np.log(2 * np.pi * model.sigma2)
        + np.log(v).sum()
        + ((y - yhat) ** 2 / v).sum() / model.sigma2
    )


def model_fn(p, t):
    return p[0] * np.exp(-p[1] * t) + p[2]


def jac_fn(p, t):
    e = np.exp(-p[1] * t)
    return np.column_stack([e, -p[0] * t * e, np.ones_like(t)])


@runs(
    np.linspace(0, 4, 12),
    2.5 * np.exp(-1.3 * np.linspace(0, 4, 12)) + 0.5,
    np.array([1.0, 1.0, 0.0]),
)
def levenberg_marquardt(t, y, p0, max_iter=50, tol=1e-10):
    p, lam = p0.copy(), 1e-3
    r = y - model_fn(p, t)
    cost = r @ r
    for it in range(max_iter):
        J = jac_fn(p, t)
        g = J.T @ r
        if np.linalg.norm(g, np.inf) < tol:
            break
        H = J.T @ J
        while True:
            step = np.linalg.solve(H + lam * np.diag(np.diag(H)), g)
            new = p + step
            rn = y - model_fn(new, t)
            cn = rn.dot(rn)
            if cn < cost:
                p, r, cost = new, rn, cn
                lam = max(lam / 10, 1e-12)
                break
            lam *= 10
            if lam > 1e10:
                return p, cost, it
    return p, cost, it
