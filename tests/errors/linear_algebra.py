"""Linear algebra that is not taken, of NumPy and of SciPy."""

import numpy as np
import scipy.linalg
import scipy.special

from tests.refusals import given

A = np.array([[4.0, 1.0], [1.0, 3.0]])
M = np.arange(6.0).reshape(2, 3)


@given(A)
def inverse_of_a_row(a):
    return np.linalg.inv(a[0])


@given(M)
def inverse_of_a_rectangle(a):
    return np.linalg.inv(a.reshape(2, 3))


@given(A)
def solved_for_a_number(a):
    return np.linalg.solve(a, 1.0)


@given(A)
def eigenvalues(a):
    return np.linalg.eigvals(a)


@given(M)
def all_singular_vectors(m):
    return np.linalg.svd(m[:, :2])[0] if len(m) > 8 else np.linalg.svd(np.ones((3, 2)))[0]


@given(A)
def singular_values_of_hermitian(a):
    return np.linalg.svd(a, hermitian=True)


@given(A)
def pseudo_inverse_of_hermitian(a):
    return np.linalg.pinv(a, hermitian=True)


@given(A)
def rank_of_hermitian(a):
    return np.linalg.matrix_rank(a, hermitian=True)


@given(A)
def cutoff_of_several(a):
    return np.linalg.pinv(a, a[0])


@given(A)
def flag_of_the_running_program(a):
    return scipy.linalg.cholesky(a, a[0, 0] > 0.0)


@given(np.zeros((2, 2, 2)))
def norm_of_a_block(a):
    return np.linalg.norm(a, 1)


@given(np.zeros((2, 2, 2)))
def determinants_of_scipy(a):
    return scipy.linalg.det(a)


@given(A)
def block_on_the_right(a):
    return scipy.linalg.solve(a, np.zeros((2, 2, 2)))


@given(A)
def transposed_otherwise(a):
    return scipy.linalg.solve_triangular(a, a[0], trans="H")


@given(A)
def solved_without_its_factor(a):
    return scipy.linalg.cho_solve(a, a[0])


@given(M)
def all_of_q(m):
    return scipy.linalg.qr(m)


@given(A)
def eigenvalues_of_a_pair(a):
    return scipy.linalg.eigvalsh(a, a)


@given(A)
def eigenvectors_of_scipy(a):
    return scipy.linalg.eigh(a)


@given(A)
def rank_of_the_pseudo_inverse(a):
    return scipy.linalg.pinv(a, return_rank=True)


@given(A, 100)
def order_of_the_running_program(a, n):
    return scipy.special.polygamma(n, a)


@given(A)
def transform_of_a_number(a):
    return np.fft.fft(a[0, 0])


@given(A)
def transform_of_a_number_in_two_dimensions(a):
    return np.fft.fft2(a[0, 0])


@given(A)
def points_of_a_transform(a):
    return np.fft.fft2(a, s=4)


@given(A)
def points_along_more_axes(a):
    return np.fft.fft2(a, s=(2, 2), axes=(0,))


@given(A + 1j)
def general_eigenvalues_of_a_pair(a):
    return scipy.linalg.eigvals(a, a)


@given(A + 1j)
def left_eigenvectors(a):
    return scipy.linalg.eig(a, left=True)


@given(A + 1j)
def homogeneous_eigenvalues(a):
    return scipy.linalg.eigvals(a, homogeneous_eigvals=True)


@given(A + 1j)
def transpose_of_a_hermitian_matrix(a):
    return scipy.linalg.solve(a, a[0], assume_a="her", transposed=True)


@given(A)
def circulants_of_rows(a):
    return scipy.linalg.circulant(a)


@given(A)
def blocks_of_a_stack(a):
    return scipy.linalg.block_diag(a[None], a)


@given(A)
def no_blocks(a):
    return scipy.linalg.block_diag()


@given(A)
def counts_of_diagonals(a):
    return scipy.linalg.solve_banded(1, a, a[0])


@given(A)
def counts_that_are_no_integers(a):
    return scipy.linalg.solve_banded((0.0, 1.0), a, a[0])


@given(A)
def diagonals_in_one_row(a):
    return scipy.linalg.solveh_banded(a[0], a[0])


@given(A)
def complex_cutoff(a):
    return np.linalg.pinv(a, 1j)
