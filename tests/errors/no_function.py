"""What is not a function of the user's."""

f = len
