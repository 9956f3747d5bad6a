"""The parts of complex numbers. A derivative that knows more than that they are numbers is here.

Inside a derivative, the cotangent g of a complex z means that the cost moves by the real part of
g * dz. So the rules of all operators that multiply and add serve complex numbers as they stand.
"""

from __future__ import annotations

from transpile.sym.ops.table import Call, conjugated, joined, op, part

# Of a real number these are never written: its real part and its conjugate are itself.
REAL = op("real(x)", numpy=Call("np.real"), c=Call("creal{f}"), type=part,
          complex="creal{f}", vjp={"x": "g"})  # fmt: skip

IMAG = op("imag(x)", numpy=Call("np.imag"), c=Call("cimag{f}"), type=part,
          complex="cimag{f}", vjp={"x": "-(1j * g)"})  # fmt: skip

CONJ = op("conjugate(x)", numpy=Call("np.conjugate"), c=Call("conj{f}"), type=conjugated,
          complex="conj{f}", ufunc="conjugate", aliases=("conj",),
          vjp={"x": "conj(g)"})  # fmt: skip

# Python's `complex(x, y)`: every bit of both, which `x + 1j * y` does not keep.
JOINED = op("joined(x, y)", numpy=Call("complex"), c=Call("CMPLX"), type=joined,
            vjp={"x": "g", "y": "1j * g"})  # fmt: skip
