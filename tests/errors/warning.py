"""Warnings, and filters of them, that are not taken."""

import warnings

import numpy as np

from tests.refusals import given


@given(np.ones(3))
def filtered_here(x):
    warnings.simplefilter("ignore")
    return x


@given(np.ones(3))
def raised(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return 1.0 / x


@given(np.ones(3))
def of_a_module(x):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="numpy")
        return 1.0 / x


@given(np.ones(3))
def recorded(x):
    with warnings.catch_warnings(record=True):
        return 1.0 / x


@given(np.ones(3))
def misspelled(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kind=UserWarning)
        return 1.0 / x


@given(np.ones(3))
def of_no_class(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", int)
        return 1.0 / x


@given(np.ones(3))
def filtered_or_not(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", append=x[0] > 0)
        return 1.0 / x


@given(np.ones(3))
def by_a_text_that_runs(x):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "large")
        warnings.warn(f"{x[0]} is large")
    return x


@given(np.ones(3))
def caught(x):
    try:
        warnings.warn("large")
        y = 1.0 / float(x[0])
    except Exception:
        y = 0.0
    return y


@given(np.ones(3))
def of_an_array(x):
    warnings.warn(x)
    return x


@given(np.ones(3))
def of_an_error(x):
    warnings.warn("large", ValueError)
    return x


@given(np.ones(3))
def from_a_source(x):
    warnings.warn("large", source=x)
    return x


@given(np.ones(3))
def at_any_level(x):
    warnings.warn("large", stacklevel=int(x[0]))
    return x


@given(np.ones(3))
def skipping_files(x):
    warnings.warn("large", skip_file_prefixes=("numpy",))
    return x
