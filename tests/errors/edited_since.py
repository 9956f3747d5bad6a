"""A function whose file has another text by now."""

import linecache

FILE = __file__.replace("edited_since", "edited")
RAN = "def f(x):\n    return x + 1.0\n"
NOW = "def f(x):\n    return x + 2.0\n"
names = {}
exec(compile(RAN, FILE, "exec"), names)
linecache.cache[FILE] = len(NOW), None, NOW.splitlines(keepends=True), FILE
f = names["f"]
