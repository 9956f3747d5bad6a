"""One fresh process: prints the seconds that import, first value and first gradient take.

Run by run.py with a cache directory in TRANSPILE_FLAGS. With `warm` as argument it only builds what
is built once a machine.
"""

import sys
from time import perf_counter

import numpy as np

began = perf_counter()
import transpile  # noqa: E402 (NumPy's own import is not counted)

imported = perf_counter() - began

import programs  # noqa: E402 (a neighbour, found when this file runs as a script)

if sys.argv[1:] == ["warm"]:
    transpile.function(programs.first_elements)(np.ones(2), np.ones(2))
else:
    y = np.random.default_rng(0).normal(size=100).cumsum()
    began = perf_counter()
    transpile.function(programs.log_likelihood)(y, 1.0, 1.0)
    valued = perf_counter() - began
    began = perf_counter()
    transpile.grad(programs.log_likelihood, wrt=("s2_eps", "s2_eta"))(y, 1.0, 1.0)
    print(imported, valued, perf_counter() - began)
