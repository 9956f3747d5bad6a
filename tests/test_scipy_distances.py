"""`scipy.spatial.distance` and `scipy.stats.norm`: values, errors and gradients."""

from __future__ import annotations

import numpy as np
import scipy.stats
from scipy.spatial import distance
from scipy.spatial.distance import cdist, pdist, squareform
from scipy.stats import norm

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(5)
A, B = rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
K = np.array([[3, -1], [4, 0], [7, 7]])
ENDS = np.array([-40.0, -3.0, -0.0, 2.0, np.inf, -np.inf, np.nan])


@program((A, B), (K, K), (A[:, :2], K), (A, B[0]), (A, B[:, :2]), (A.astype(np.float32), B))
def between(a, b):
    near = cdist(a, b), cdist(a, b, "sqeuclidean"), cdist(a, b, metric="cosine")
    far = cdist(a, b, "cityblock"), cdist(a, b, "chebyshev"), cdist(a, b, "minkowski", p=3)
    return near + far


@program((A,), (K,), (A[0],), (A[:1],))
def pairs(a):
    whole = squareform(pdist(a))
    return pdist(a, "cityblock"), whole, squareform(whole), cdist(a, a)


@program((np.arange(4),), (A,), (A[:3],))
def no_distances(a):
    return squareform(a)


@program((A[0], B[0]), (K[0], K[1]), (A, B))
def two(u, v):
    return distance.euclidean(u, v), distance.sqeuclidean(u, v), distance.cosine(u, v)


@program((A, 0.3, 1.7), (ENDS, 0.0, 1.0), (ENDS, 1, -1.0), (2, 1, 3), (ENDS, ENDS, 2.0))
def normal(x, m, s):
    below = norm.cdf(x), norm.cdf(x, m, s), norm.sf(x, loc=m), scipy.stats.norm.sf(x, m, s)
    return below, norm.pdf(x), norm.pdf(x, m, s), norm.logpdf(x, scale=s)


@smooth((A, B), by_differences=True)
def gradients_between(a, b):
    near, curved = cdist(a, b) * cdist(a, b, "cosine"), cdist(a, b, "minkowski", p=3) ** 2
    return np.sum(near + curved) + np.sum(cdist(a, a)[1] * pdist(b, "sqeuclidean")[:4])


@smooth((A, 0.3, 1.7))
def gradients_of_the_normal(x, m, s):
    return np.sum(norm.cdf(x, m, s) * norm.logpdf(x, m, s) + norm.sf(x) * norm.pdf(x, m, s))


@refused((A,))
def another_metric(a):
    return cdist(a, a, "hamming")


@refused((A,))
def a_frozen_distribution(a):
    return norm(0.0, 2.0).cdf(a)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
