"""The hunt of `tests.hunt`: a few calls of every entry here, many with the fuzzer.

What differs from NumPy is a fault, whatever the arguments are.
"""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.hunt import CALLS, drawn, hunt
from tests.phrases import Phrases

phrases = Phrases()
program = phrases.program


def faults(names, seeds, mode, folder):
    calls = [drawn(name, seed) for name in names for seed in seeds]
    return [
        f"{call.body}: {said}" for call, how, said in hunt(calls, mode, folder) if how == "wrong"
    ]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("part", range(2))
def test_in_python(part, tmp_path):
    assert faults(CALLS[part::8], (3,), "FAST_COMPILE", tmp_path) == []


@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", ["FAST_COMPILE", "FAST_RUN"])
@pytest.mark.parametrize("part", range(40))
def test_whole(part, mode, tmp_path):
    assert faults(CALLS[part::40], range(25), mode, tmp_path) == []


COUNTS = np.array([2, 0, 3, 1])
BYTES, SHORTS = np.array([3, 200], "uint8"), np.array([-128, 3], "int8")


@program((BYTES, 2.0), (BYTES, np.array([2, 3])), (SHORTS, np.array([2, 3])), (SHORTS, SHORTS))
def signs(x, y):
    return -x / y, y + -x, y - -x, -x * y, y * -x, x * -1.0


@program((np.array([1.5, 2.5]), BYTES), (np.arange(2), SHORTS))
def taken_off(x, y):
    x -= y
    x[0] -= y[1]
    return x


ROW, TABLE = np.arange(4.0), np.arange(12.0).reshape(3, 4) - 5.0
LOCKED = ROW.copy()
LOCKED.flags.writeable = False


@program((ROW[:0],), (ROW,), (ROW[:1],))
def slices_of_nothing(x):
    y, z = np.zeros(0), np.zeros(3)
    some = np.maximum.accumulate(()), np.nancumsum([]), y[:1], y[2:], y[1:0], y[-1:], y[-3:-5]
    return some, z[5:2], z[2:1], z[-2:-3], z[4:], x[:1], x[5:2], x[2:1], x[-3:-5]


@program((np.float64(2.5),), (np.int8(3),), (np.bool_(True),))
def rows_of_scalars(x):
    return np.argmax(x), np.cumsum(x), np.ravel(x)


@program((LOCKED, 1), (LOCKED, np.array([0, 0])), (LOCKED, np.array([], "int64")), (ROW, 1))
def added_at(x, k):
    np.add.at(x, k, 2.0)


@program((ROW,), (ROW[::-1],), (TABLE,), (TABLE[:, ::2],))
def ravelled(x):
    return x.ravel() + 1, np.reshape(x, -1)


@program((TABLE, 9), (TABLE, 1))
def read_before_it_is_written(x, k):
    r = x[k]
    x[...] = 1
    return r


@program((ROW[:0], 0), (TABLE[:, :0], 5), (TABLE[:0], 5), (ROW, 1), (TABLE, -1), (TABLE, 4))
def partitioned(x, k):
    return np.partition(x, k), np.argpartition(x, k).shape


@program(
    (ROW,), (ROW * 0,), (TABLE,), (TABLE[:, :0],), (np.ones((2, 0, 3)),), (np.ones((2, 3, 3)),)
)
def ranks(x):
    return np.linalg.matrix_rank(x), np.linalg.matrix_rank(x, tol=1e-3)


@program((COUNTS, "sort"), (COUNTS, "table"), (COUNTS, 2), (ROW, "table"))
def is_in(x, kind):
    return np.isin(x, [1, 2], kind=kind)


@program((np.ones(2, "uint8"),), (np.ones(2, "float32"),), (np.ones(2, bool),))
def joined_with_numbers(x):
    return np.concatenate((x, 300), axis=None), np.union1d(x, -1), np.append(x, 2)


@program(*((k, x) for k in (COUNTS, SHORTS, BYTES) for x in (2.9, np.inf, np.nan, 3e9, -129.5)))
def float_into_integers(k, x):
    k[0] = x
    k[1:][k[1:] > 0] = x
    return k


@program(*((SHORTS, np.float64(x)) for x in (2.9, np.inf, np.nan, 300)), (BYTES, np.float64(300)))
def scalar_into_integers(k, x):
    k[[1]] = x
    k[0] = x
    return k


@program((ROW, 2), (BYTES, 300), (COUNTS, 2))
def copied(x, y):
    np.copyto(x[:1], y, casting="same_kind")
    return np.dot(x, 2), np.kron(x, y), np.inner(x, 0)


@pytest.mark.parametrize("rest", [slice(None), slice(1, None)])
def test_arguments_that_share_memory(rest, mode):
    def f(x, y):
        t = y.copy()
        x[1:] = 7
        return t

    theirs, ours = np.arange(5.0), np.arange(5.0)
    want = f(theirs, theirs[rest])
    assert transpile.function(f)(ours, ours[rest]).tolist() == want.tolist()
    assert ours.tolist() == theirs.tolist()


test_runs_as_python_does = phrases.runs()
