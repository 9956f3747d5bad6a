"""What to write instead of functions that are not taken; `docs/numpy.md` lists them."""

from __future__ import annotations

ADD_ENTRY = "write it with what is taken, or add an entry to transpile/sym/ops"

# For a name, or with a dot at its end for all of a module: why it is not taken, what to write.
INSTEAD: dict[str, tuple[str, str]] = {
    "apply_over_axes": ("it calls a function anew for each axis", "call it with a tuple of axes"),
    "array_equiv": ("it broadcasts before it compares", "write np.array_equal, or np.all(x == y)"),
    "asfortranarray": ("arrays lie in memory row by row", "leave it out, no value depends on it"),
    "asmatrix": ("a matrix has operators of its own", "use an array of two dimensions, and @"),
    "bmat": ("a matrix has operators of its own", "write np.block"),
    "einsum_path": ("it says how, not what", "call np.einsum itself"),
    "fromfile": ("files are read outside", "make the array outside, and pass it in"),
    "fromiter": ("it takes any iterator", "write np.array([...])"),
    "frompyfunc": ("it gives arrays of objects", "write np.vectorize, or a loop"),
    "genfromtxt": ("files are read outside", "make the array outside, and pass it in"),
    "histogram2d": ("not written yet", "write a loop over the points, or np.histogram"),
    "load": ("files are read outside", "make the array outside, and pass it in"),
    "loadtxt": ("files are read outside", "make the array outside, and pass it in"),
    "matrix": ("a matrix has operators of its own", "use an array of two dimensions, and @"),
    "nanpercentile": ("not written yet", "write np.percentile(x[~np.isnan(x)], q)"),
    "nanquantile": ("not written yet", "write np.quantile(x[~np.isnan(x)], q)"),
    "ndenumerate": ("its items are index and element", "write a loop for each axis"),
    "ndindex": ("its items are indices", "write a loop for each axis"),
    "nditer": ("it goes over buffers", "write a loop for each axis"),
    "poly1d": ("it is a class", "keep the coefficients, and write np.polyval"),
    "polymul": ("it drops leading zeros", "write np.convolve"),
    "roots": ("its result may be real or complex", "write np.linalg.eigvals of the companion"),
    "save": ("files are written outside", "return the array, and save it outside"),
    "savetxt": ("files are written outside", "return the array, and save it outside"),
    "set_printoptions": ("it changes how NumPy prints", "call it outside"),
    "seterr": ("it changes all that comes after", "write with np.errstate(...):"),
    "shares_memory": ("memory is not the program's", "leave it out"),
    "unique_values": ("they come in no order", "write np.unique(x, equal_nan=False)"),
    "lib.stride_tricks.": ("strides may overlap", "write the windows with slices, or np.stack"),
    "ma.": ("masked arrays are objects", "keep the mask, and write np.where(mask, x, y)"),
    "char.": ("texts are no numbers", "do it outside"),
    "strings.": ("texts are no numbers", "do it outside"),
    "testing.": ("it is for tests", "write assert np.allclose(x, y)"),
    "polynomial.": ("its polynomials are objects", "keep the coefficients, and write np.polyval"),
    "random.": ("its numbers are not counter-based",
                "write np.random.Generator(np.random.Philox(seed)), which is the same everywhere"),
    "scipy.integrate.": ("it calls back into Python",
                         "write the rule as a loop, or np.trapezoid over points"),
    "scipy.interpolate.": ("it gives an object", "write np.interp, or the polynomials yourself"),
    "scipy.ndimage.": ("it is compiled for itself", "write the stencil as slices or loops"),
    "scipy.optimize.": ("it calls back into Python",
                        "write the iteration as a loop, or call it outside with transpile.grad"),
    "scipy.signal.": ("it is compiled for itself", "write np.convolve, np.fft, or the recurrence"),
    "scipy.sparse.": ("sparse matrices are objects", "pass data, indices and indptr, and loop"),
    "scipy.spatial.": ("it is compiled for itself", "write the distances with broadcasting"),
    "scipy.special.": ("not written yet", "write its series, or a rule with @transpile.custom_vjp"),
    "scipy.stats.": ("its distributions are objects", "write the formula, with scipy.special"),
}  # fmt: skip


def instead(name: str) -> str:
    """What to write in place of the function, or of those of its module."""
    parts = name.split(".")
    places = [name, *(".".join(parts[:k]) + "." for k in range(len(parts) - 1, 0, -1))]
    return next((INSTEAD[place][1] for place in places if place in INSTEAD), ADD_ENTRY)
