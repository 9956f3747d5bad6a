"""What Python itself has."""

import functools

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X)
def filtering(x):
    return filter(None, (x, 1.0))


@given(X)
def looking_up_an_attribute(x):
    return getattr(x, "shape" if x[0] > 0.0 else "size")


@given(X)
def sum_of_two_by_name(x):
    return abs(x=1.0)


@given(X)
def generator_in_an_array(x):
    return zip(v for v in x)


@given(X)
def length_of_two(x):
    return len(x, x)


@given(X)
def zipped_as_the_program_says(x):
    return [a + b for a, b in zip(x, x, strict=x[0] > 0.0)]


@given(X)
def number_of_an_array(x):
    return float(x)


@given(X)
def zipped_backwards(x):
    return [a for a, b in reversed(zip(x, x))]


@given(X)
def mapped_over_nothing(x):
    return list(map(abs))


@given(2.345, 200)
def digits_of_a_float(x, n):
    return round(x, n)


@given(X, 200)
def digits_of_the_running_program(x, n):
    return round(x[0], n)


@given(X)
def instance_of_a_number(x):
    return isinstance(x, 3)


@given(X)
def sorted_kinds(x):
    return x, sorted((1, "a"))


@given(X)
def printed_to_a_file(x):
    print(x[0], file=None)
    return x


@given(X)
def printed_with_a_number_between(x):
    print(x[0], x[1], sep=x[2])
    return x


@given(X)
def printed_array(x):
    print(x)
    return x


@given(X + 1j)
def printed_complex_number(z):
    print(z[0])
    return z


@given(X)
def greatest_by_another_name(x):
    return max(x[0], x[1], start=0.0)


@given(X)
def greatest_of_arrays(x):
    return max(x, x + 1.0)


@given(X)
def reduced_without_a_start(x):
    return functools.reduce(lambda a, b: a + b, reversed(x))


@given(X)
def length_of_a_number(x):
    return len(x[0])


@given(np.array(1.0))
def length_of_no_dimensions(x):
    return len(x)


@given(X)
def evaluated_text(x):
    return eval("x + 1.0")


@given(X)
def representation(x):
    return x, repr(x[0])


@given(X)
def greatest_of_nothing(x):
    return max()
