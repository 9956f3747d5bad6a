"""An expression that no person has written."""

import linecache

FILE = __file__.replace("nested_too_deeply", "deep")
TEXT = f"def f(x):\n    return {' + '.join(['x'] * 900)}\n"
names = {}
linecache.cache[FILE] = len(TEXT), None, TEXT.splitlines(keepends=True), FILE
exec(compile(TEXT, FILE, "exec"), names)
f, args = names["f"], (1.0,)
