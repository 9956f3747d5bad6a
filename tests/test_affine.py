"""Index algebra: equality of forms, and what can be proved."""

import pytest

from transpile.sym.affine import Affine, Facts, feasible
from transpile.sym.ir import Var
from transpile.sym.types import INT

n, i, j, k = (Var(name, INT) for name in "nijk")
N, I, J, K = map(Affine.of, (n, i, j, k))  # noqa: E741


def test_forms_are_equal_however_they_were_made():
    assert (N + I) - N == I
    assert I * 2 - I == I
    assert (N - 1) + 1 == N
    assert str(N - I * 2 - 3) == "n - 2*i - 3"
    assert (I + N).substitute({i: N * -1}) == Affine()


@pytest.mark.parametrize(
    ("facts", "claim", "certain"),
    [
        ([I, N - I - 1], N - 1, True),
        ([I, N - I - 1], N - 2, False),
        ([I - 1, N - I - 1], I - 1, True),
        ([I - K - 1, J - K - 1, K, N - I - 1, N - J - 1], I - 1, True),
        ([I - K - 1, J - I], J - K - 2, False),
        ([I * 2 - 1], I - 1, True),
        ([I * 2 - N, N - I * 2 - 1], Affine((), -5), True),
    ],
)
def test_nonnegative(facts, claim, certain):
    if claim.constant is not None:
        assert Facts(facts).impossible() is certain
    else:
        assert Facts(facts).nonnegative(claim) is certain


def test_integers_are_tighter_than_rationals():
    assert not feasible([I * 2 - 1, I * -2 + 1])
    assert feasible([I * 3 - 1, I * -3 + 4])


def test_the_lu_elimination_reads_rows_that_no_later_step_writes():
    """A[k, j] read at (k, i, j) is never the address of a write A[i', j'] at (k', i', j')."""
    k2, i2, j2 = (Var(name, INT) for name in ("k2", "i2", "j2"))
    K2, I2, J2 = map(Affine.of, (k2, i2, j2))
    order = [K2 - K]
    loops = [I - K - 1, J - K - 1, I2 - K2 - 1, J2 - K2 - 1]
    same = [I2 - K, K - I2, J2 - J, J - J2]
    assert not feasible([*order, *loops, *same])
