"""Texts and bytes whose content only the running program knows."""

import numpy as np

from tests.refusals import given

STORE = bytearray(b"ab")


@given(b"abc")
def a_byte_written(data):
    data[0] = 1


@given(np.ones((2, 2), np.uint8))
def bytes_of_a_matrix(x):
    return bytes(x)


@given(np.ones(3))
def bytes_of_floats(x):
    return bytes(x)


@given("abc")
def bytes_of_a_text(text):
    return bytes(text)


@given(b"abc")
def an_unknown_keyword(data):
    return int.from_bytes(data, "big", length=2)


@given("abc")
def an_integer_of_a_text(text):
    return int.from_bytes(text, "big")


@given(b"abc", "big")
def another_order(data, order):
    return int.from_bytes(data, order + "g")


@given(b"abc", "big" * 30)
def an_order_that_is_not_known(data, order):
    return int.from_bytes(data, order)


@given(5)
def another_method_of_integers(n):
    return int.to_bytes(n, 4, "big", signed=True), int.bit_count(n, 2)


@given("a" * 70, 1.0)
def a_long_text_compared(text, x):
    return x if text == "fast" else -x


@given("abc", 3)
def a_text_before_a_number(text, n):
    return text < n


@given(b"abc", "abc")
def a_text_in_bytes(data, text):
    return text in data


@given(b"abc", "abc")
def a_text_found_in_bytes(data, text):
    return data.find(text)


@given(5)
def a_character_of_a_number(n):
    return ord(n)


@given("a" * 70)
def a_method_of_texts(text):
    return text.title()


@given("a" * 70)
def a_number_of_texts(text):
    return text + 1.0


@given(b"abc")
def a_number_of_bytes(data):
    return data + 1.0


@given(b"abc", 1)
def a_global_that_changes(data, k):
    return STORE[k]


@given(bytearray(b"abc"))
def a_bytearray_returned(data):
    return data


@given("abc")
def numbers_of_a_text(text):
    return np.frombuffer(text, np.uint8)


@given(b"abcdefgh")
def floats_of_bytes(data):
    return np.frombuffer(data)


@given(b"abcdefgh")
def integers_of_another_order(data):
    return np.frombuffer(data, ">i4")
