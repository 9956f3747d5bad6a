"""What NumPy, SciPy, math, cmath and Python's own functions mean, a family to a file."""
