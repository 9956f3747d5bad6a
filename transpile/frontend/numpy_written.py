"""NumPy's functions written in NumPy with loops, as a user would write them.

Their text is read where they are called, so that they have derivatives without a rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.numpy_table import written


@written
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0) -> Any:
    d = dx if x is None else x[..., 1:] - x[..., :-1]
    return np.sum(d * (y[..., 1:] + y[..., :-1]) / 2.0, axis=-1)
