"""The arguments of `tests.hunt`: those that are passed, and those that stand in the text."""

from __future__ import annotations

from typing import Any

import numpy as np

# -- arguments that are passed when a call runs

ROW = np.array([0.5, -1.25, 2.0, 0.75])
MATRIX = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 5.0]])
TABLE = np.array([[0.5, -1.0, 2.0, 0.0], [1.5, 3.0, -0.25, 7.0], [-2.5, 6.0, 1.0, -3.5]])
COUNTS = np.array([2, 0, 3, 1])


def locked(x: np.ndarray) -> np.ndarray:
    x = x.copy()
    x.flags.writeable = False
    return x


PASSED: dict[str, Any] = {
    "row": ROW,
    "matrix": MATRIX,
    "table": TABLE,
    "cube": np.arange(24.0).reshape(2, 3, 4) - 7.5,
    "none": ROW[:0],
    "hollow": np.zeros((3, 0)),
    "dot": np.array(1.5),
    "one": ROW[:1],
    "nans": np.array([1.0, np.nan, -2.0, np.inf]),
    "single": ROW.astype("float32"),
    "counts": COUNTS,
    "shorts": np.array([[3, -1, 2], [0, 5, 7]], "int32"),
    "bytes": np.array([200, 3, 7], "uint8"),
    "flags": np.array([True, False, True, True]),
    "mask": TABLE > 0.5,
    "waves": ROW + 1j * ROW[::-1],
    "backward": ROW[::-1],
    "fortran": np.asfortranarray(TABLE),
    "apart": np.repeat(TABLE, 2, 1)[:, ::2],
    "locked": locked(ROW),
    "whole": 2,
    "real": 2.5,
    "truth": True,
    "imaginary": 1.5 - 1j,
    "double": np.float64(0.5),
    "small": np.int32(3),
    "bit": np.bool_(True),
}
MATRICES = {
    "unit": np.array([[2.5]]), "void": np.zeros((0, 0)), "flat": np.ones((3, 3)),
    "tall": TABLE.T.copy(), "wide": TABLE, "matrix": MATRIX,
    "turned": MATRIX + 0.5j * np.eye(3, k=1),
    "stack": np.stack((MATRIX, MATRIX.T @ MATRIX)), "slim": MATRIX.astype("float32"),
    "whole_matrix": np.array([[2, 1], [1, 3]]), "none_of": np.zeros((0, 2, 2)),
    "pair": np.array([[0.0, 1.0], [-1.0, 0.0]]), "row3": np.array([1.0, -2.0, 0.5]),
}  # fmt: skip
WIDTHS = (
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128"
)
NUMBERS = {
    **{f"{dtype}_row": np.array([1, 0, 3], dtype) for dtype in WIDTHS.split()},
    **{f"{dtype}_dot": np.array(2, dtype) for dtype in WIDTHS.split()},
    **{f"{dtype}_number": np.dtype(dtype).type(3) for dtype in WIDTHS.split()},
    "extremes": np.array([-128, 127, -1], "int8"), "most": np.array([2**64 - 1, 1, 2], "uint64"),
    "least": np.array([-(2**63), 2**63 - 1, 0]), "odd": np.array([np.nan, np.inf, -0.0]),
}  # fmt: skip
PASSED |= MATRICES | NUMBERS
CONSTANTS = "0 1 -1 2 3 127 128 255 256 300 -129 2**31 2**40 -2**63 2**63 1.5 -0.0 1j True np.inf"
LIKELY = ("row", "row", "table", "table", "matrix", "matrix", "counts", "flags")
AGAIN = ("backward", "fortran", "apart", "single", "shorts", "waves", "mask", "cube")

# -- arguments that stand in the text

EVERY = "None True 0 1 -1 2 2.5 1j 'a' () (0,) (1,0) [0] [1.0,2.0] [[1.0]] np.int64(1) ... np.nan"
ARRAYS = "[1.0,2.0,3.0,4.0] [1,2] (0.5,1) [[1.0,2.0],[3.0,4.0]] 2 1.5 [] [[1],[2]] [True,False]"
AXIS = "None 0 1 -1 -2 2 -3 5 -5 (0,1) (0,) () (0,0) (-1,1) [0] 1.0 True 'x' np.int64(0)"
WHOLE = "0 1 2 3 -1 -2 7 True 1.0 None np.int32(2)"
FLAG = "True False 0 1 None 'a'"
DTYPE = (
    "np.float64 np.float32 np.int64 np.int8 np.uint8 np.bool_ np.complex128 float int bool complex "
    "'float32' 'i4' None row.dtype 'x' 3 object"
)
SHAPE = "3 0 (2,2) (4,) (2,0) () -1 (-1,2) (2,-1) (3,4) [2,2] 2.0 None (2,2.0) True np.int64(4)"
NUMBER = "0 1 2.5 -1 1j True None [1.0] np.nan np.float32(1.5)"
PLACES = "0 1 -1 3 9 [0,1] [1,-1] [9] [[0,1],[1,0]] [] (0,1) 1.0 [True,False] None slice(0,2)"
KINDS = {
    "axis axis1 axis2 axisa axisb axisc axes source destination start": AXIS,
    "n N M k m ndmin num deg decimals offset ndim minlength ddof correction shift kth start stop "
    "step edge_order repeats reps bins l_and_u ind": WHOLE + " (1,2) [1,2] [0,1,2]",
    "keepdims endpoint retstep sparse copy right increasing density returned equal_nan lower upper "
    "hermitian full_matrices compute_uv check_finite overwrite_a overwrite_b overwrite_ab left "
    "overwrite_x return_index return_inverse return_counts assume_unique invert bias rowvar "
    "include_initial permute_l p_indices pivoting unit_diagonal stable subok": FLAG,
    "dtype": DTYPE,
    "shape new_shape dims dimensions s": SHAPE,
    "fill_value initial a_min a_max min max nan posinf neginf constant_values rtol atol rcond tol "
    "val default base dx d period discont delta lmbda to_begin to_end prepend append q p": NUMBER,
    "indices obj indices_or_sections sorter": PLACES,
    "order": "'C' 'F' 'K' 'A' None 'x' 1 inf np.inf -np.inf 2 -1 'fro' 'nuc' 0",
    "ord": "None 1 2 -1 -2 0 np.inf -np.inf 'fro' 'nuc' 'x' 3",
    "mode": "'raise' 'wrap' 'clip' 'constant' 'edge' 'reflect' 'symmetric' 'full' 'same' 'valid' "
    "'reduced' 'r' 'x' None 0",
    "side": "'left' 'right' 'x' None",
    "kind": "None 'quicksort' 'stable' 'x' 'heapsort' 'mergesort'",
    "casting": "'same_kind' 'unsafe' 'safe' 'no' 'equiv' 'x' None",
    "method": "'linear' 'lower' 'higher' 'nearest' 'midpoint' 'median_unbiased' 'x'",
    "indexing": "'xy' 'ij' 'x'",
    "norm": "None 'ortho' 'forward' 'backward' 'x'",
    "UPLO": "'L' 'U' 'l' 'x'",
    "subscripts": "'ij,j' 'ij' 'ii' 'i,i' 'ij->ji' 'i->' 'ij,jk->ik' 'i,j' '...i' 'iij' 'x-y' ''",
    "pad_width": "1 0 (1,2) ((1,2),) ((0,1),(2,0)) -1 1.0 [1,2] 2",
    "reflect_type": "'even' 'odd' 'x'",
    "trans transposed": "0 1 2 'N' 'T' 'C' 3 True",
    "assume_a": "'gen' 'sym' 'her' 'pos' 'x'",
    "function func1d pyfunc funclist": "np.sum np.sin [np.sin,0] np.cumsum None 3",
    "given": DTYPE,
}  # fmt: skip
TEXTS = {key: texts.split() for keys, texts in KINDS.items() for key in keys.split()}
