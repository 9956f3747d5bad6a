"""Random programs of the language: loops, overwrites, branches, views, scatters, swaps, early ends.

`write(seed)` gives the text of `f(x, y, A, c, k)`: two vectors and a square matrix of one size, a
number, and indices. Every index that is written is in range and every value stays moderate. Nothing
is compared with a copy of itself: at a tie complex step is no reference.
"""

from __future__ import annotations

import random

import numpy as np

SIZE = 5
wrt = ("x", "y", "A", "c")


def arguments(seed: int) -> tuple:
    rng = np.random.default_rng(seed)
    x, y, A = rng.normal(size=SIZE), rng.normal(size=SIZE), rng.normal(size=(SIZE, SIZE))
    return x, y, A, float(rng.normal()), rng.integers(0, SIZE, size=SIZE)


HELPERS = """import numpy as np


def mix(a, b):
    if a > b:
        return 0.5 * a + b
    return np.sin(b) - a


def bump(v, t):
    v[1:] += t * np.tanh(v[:-1])
    return v[0]


def blend(u, v):
    w = u + 0.5 * v
    w[0] = np.sin(w[-1])
    return w

"""


def write(seed: int) -> str:
    return _Writer(seed).function()


class _Writer:
    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.lines: list[str] = []
        self.depth = 1
        self.indices = ["0", "1", "2", "-1"]  # expressions that are in range now
        self.loops = 0
        self.swaps = self.pick.random() < 0.3  # names change places, so none is a view
        self.views: list[str] = []
        self.vectors = ["x", "y"]
        self.whole = ""  # a number of the program's own that is a valid index

    def function(self) -> str:
        self.put("n = len(x)")
        self.put("s = x[0] * c")
        if self.swaps:
            self.swapping_loop()
        for _ in range(self.pick.randint(2, 4)):
            self.statement()
        if self.pick.random() < 0.3:
            self.put(f"if {self.scalar()} > 0.3:")
            self.put("    return s * c + np.sum(x * y)")
        self.put("return s + np.sum(x * x) + np.sum(np.sin(y)) + np.sum(A * A)")
        return "\n".join([HELPERS, "def f(x, y, A, c, k):", *self.lines, ""])

    def put(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def statement(self) -> None:
        kinds = [self.assign, self.assign, self.write_element, self.write_element, self.write_slice]
        kinds += [self.scatter, self.write_matrix, self.shrink, self.call, self.integer, self.local]
        if self.depth < 4:
            kinds += [self.branch]
        if self.depth < 4 and self.loops < 2:
            kinds += [self.loop, self.loop, self.repeat, self.each]
        if not self.swaps:
            kinds += [self.view, self.view] if self.depth == 1 else [self.view]
        self.pick.choice(kinds)()

    def block(self, *closing: str) -> None:
        """Statements one deeper; the names they bind are not read after them."""
        kept = self.vectors, self.views, self.indices
        self.vectors, self.views, self.indices = map(list, kept)
        self.depth += 1
        for _ in range(self.pick.randint(1, 3)):
            self.statement()
        for line in closing:
            self.put(line)
        self.depth -= 1
        self.vectors, self.views, self.indices = kept

    def index(self) -> str:
        return self.pick.choice(self.indices + self.indices[4:] * 2)  # loop variables most

    def element(self) -> str:
        name = self.pick.choice([*self.vectors, "A", *self.views])
        if name == "A":
            return f"A[{self.index()}, {self.index()}]"
        return (
            f"{name}[{self.pick.choice(['0', '1', '-1']) if name in self.views else self.index()}]"
        )

    def scalar(self, depth: int = 2) -> str:
        if depth == 0:
            return self.pick.choice(["s", "c", "0.5", self.element(), self.element()])
        a, b = self.scalar(depth - 1), self.scalar(self.pick.randint(0, depth - 1))
        forms = [f"{a} + {b}", f"{a} - {b}", f"np.sin({a}) * ({b})", f"np.tanh({a})"]
        forms += [f"({a}) / (2.0 + np.cos({b}))", f"np.exp(-(({a}) ** 2))", f"-({a})"]
        return self.pick.choice(forms)

    def assign(self) -> None:
        self.put(f"s {self.pick.choice(['=', '+=', '-='])} {self.scalar()}")

    def write_element(self) -> None:
        self.put(f"{self.element()} {self.pick.choice(['=', '=', '+=', '-='])} {self.scalar()}")

    def write_slice(self) -> None:
        a, b = self.pick.choice(self.vectors), self.pick.choice(self.vectors)
        left, right = self.pick.sample(["[1:]", "[:-1]", "[:0:-1]"], 2)
        forms = [
            f"{a}{left} = 0.5 * {b}{right} + {self.scalar(1)}",
            f"{a}{left} += c * np.sin({b}{right})",
            f"{a}[1:-1] = {b}[2:] - 0.5 * {a}[:-2]",
            f"{a}[::2] *= np.cos({b}[::2])",
            f"{a}[:] = np.where({b} > {a}, np.tanh({b}), {self.scalar(1)})",
            f"A[{self.index()}] = 0.5 * {b} + A[{self.index()}]",
            f"A[:, {self.index()}] -= np.sin({b}) * s",
            f"{a}[:] = np.tanh(A @ {b})",
            f"{a}[::-2] -= 0.1 * {b}[::2] + {self.scalar(1)}",
            f"{a} += np.abs({b}) * 0.3",
        ]
        self.put(self.pick.choice(forms))

    def write_matrix(self) -> None:
        forms = [
            "A[1:-1, 1:-1] += 0.2 * (A[:-2, 1:-1] + A[2:, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:])",
            "A[1:, :-1] = np.sin(A[:-1, 1:])",
            "A[:] = 0.5 * A.T + c",
            f"A += 0.1 * np.outer(x, {self.pick.choice(self.vectors)})",
            "A *= np.cos(x)[:, None]",
            f"A[::2, ::-1] = A[::-2] * {self.scalar(1)}",
            "A[:, 1:] -= 0.3 * y[:, None] * A[:, :-1]",
        ]
        self.put(self.pick.choice(forms))

    def shrink(self) -> None:
        """Sums, and slices whose extent is an index."""
        i, v = self.pick.choice([i for i in self.indices if i not in ("-1", "q")]), self.pick
        a, b = v.choice(self.vectors), v.choice(self.vectors)
        forms = [
            f"s += np.dot(A[{i}, :{i}], {a}[:{i}])",
            f"{a}[{i}] -= 0.3 * (A[{i}, :{i}] @ {b}[:{i}])",
            f"{a}[{i}:] = 0.5 * {b}[: n - ({i})] + {self.scalar(1)}",
            f"A[{i}, {i}:] -= 0.2 * s * A[{i} - 1, {i}:]",
            f"s = 0.5 * s + {a}[:{i}].sum() - np.mean({b})",
            f"{a}[:] = 0.3 * A.sum(axis=0) - {b}",
            f"{a} -= np.mean({b})",
        ]
        self.put(v.choice(forms))

    def call(self) -> None:
        a, b = self.pick.choice(self.vectors), self.pick.choice(self.vectors)
        i = self.pick.choice(self.indices)
        forms = [
            f"s = mix({self.scalar(1)}, {self.scalar(1)})",
            f"s -= bump({a}, {self.scalar(1)})",
            f"s += bump(A[{i}], s)",
            f"{a}[:] = blend({a}, {b})",
            f"s = {self.scalar(1)} if {self.test()} else {self.scalar(1)}",
        ]
        self.put(self.pick.choice(forms))

    def integer(self) -> None:
        i, j = self.index(), self.index()
        if not self.whole:
            self.whole = "q"
            self.lines.insert(0, "    q = 1")
        forms = [
            f"q = (q + 3 * ({i})) % n",
            f"q = ({i}) // 2",
            f"q = k[{i}] % 3 + 1",
            f"q = (q + k[{i}]) % n",
            f"k[{i}] = (k[{j}] + q) % n",
            f"q += 1 - q if {self.test()} else 0",
        ]
        self.put(self.pick.choice(forms))
        self.indices.append("q")

    def local(self) -> None:
        """An array of the program's own, or a name bound to another one."""
        a, b = self.pick.choice(self.vectors), self.pick.choice(self.vectors)
        forms = [f"{a}.copy()", f"np.sin({a}) + {b}", "np.zeros(n)", f"blend({a}, {b})", f"c * {a}"]
        if self.swaps and self.pick.random() < 0.4:
            self.put(f"{a} = {self.pick.choice(forms)}")
            return
        name = f"u{len(self.lines)}"
        self.put(f"{name} = {self.pick.choice(forms)}")
        self.vectors.append(name)

    def scatter(self) -> None:
        name, i = self.pick.choice(self.vectors), self.index()
        self.put(f"{name}[k[{i}]] {self.pick.choice(['=', '+='])} {self.scalar()}")

    def view(self) -> None:
        name, i = f"v{len(self.lines)}", self.index()
        bases = ["x[1:]", "y[::-1]", "A[1]", "A[:, 2]", "x", f"A[{i}]", f"A[1:, {i}]", "A.T[0]"]
        self.put(f"{name} = {self.pick.choice(bases)}")
        self.views.append(name)
        self.put(f"{name}[1:3] {self.pick.choice(['=', '+='])} {self.scalar(1)}")

    def branch(self) -> None:
        self.put(f"if {self.test()}:")
        self.block()
        if self.pick.random() < 0.6:
            self.put("else:")
            self.block()

    def test(self) -> str:
        a, b = self.scalar(1), self.scalar(1)
        forms = [f"{a} > {b}", f"{a} > 0.2 and {b} < 0.5", f"-1.0 < {a} < 0.4"]
        forms += [f"not {a} < 0.1 or {b} > 0.7"]
        return self.pick.choice([forms[0], *forms])

    def loop(self) -> None:
        i = "ij"[self.loops]
        ranges = [
            ("range(n)", [i, f"n - 1 - {i}"]),
            ("range(1, n)", [i, f"{i} - 1"]),
            ("range(n - 1)", [i, f"{i} + 1"]),
            ("range(n - 2, -1, -1)", [i, f"{i} + 1"]),
            ("reversed(range(1, n, 2))", [i, f"{i} - 1"]),
            ("range(n - 1, 0, -2)", [i, f"{i} - 1"]),
            ("range(3, 3)", [i]),
            (f"range(k[{self.index()}])", [i]),
            ("range(min(int(abs(s)), n))", [i]),
        ]
        if self.loops == 1:
            nested = [
                ("range(i)", [i]),
                ("range(i, n)", [i]),
                ("range(n - 1, i, -1)", [i, "j - i"]),
            ]
            ranges += nested if "i" in self.indices else []
        header, indices = self.pick.choice(ranges)
        self.put(f"for {i} in {header}:")
        outer, self.indices, self.loops = self.indices, self.indices + indices, self.loops + 1
        self.block(*self.early_end())
        self.indices, self.loops = outer, self.loops - 1
        self.end_of_loop()

    def each(self) -> None:
        """A loop over elements or rows."""
        v = f"e{len(self.lines)}"
        ways = [(f"{v} in x", [v]), (f"{v}, w{v} in zip(x, y[::-1])", [v, f"w{v}"])]
        ways += [(f"({v}, w{v}) in enumerate(y)", [f"w{v}"]), (f"{v} in A", [f"{v}[1]"])]
        header, names = self.pick.choice(ways[: 2 if self.swaps else None])
        self.put(f"for {header}:")
        self.loops += 1
        self.block(f"s = 0.7 * s + {' * '.join(names)}", *self.early_end())
        self.loops -= 1
        self.end_of_loop()

    def end_of_loop(self) -> None:
        if self.pick.random() < 0.2:
            self.put("else:")
            self.block()

    def early_end(self) -> list[str]:
        way = self.pick.choice(["", "", "break", "continue", "return s * s + np.sum(y)"])
        after = [f"s = 0.5 * s + {self.scalar(1)}"]
        return [f"if {self.scalar(1)} > 0.8:", f"    {way}", *after] if way else []

    def repeat(self) -> None:
        count = f"count{len(self.lines)}"
        self.put(f"{count} = 0")
        self.put(f"while {self.scalar(1)} < 0.9 and {count} < 4:")
        self.loops += 1
        self.block(f"{count} += 1", *self.early_end())
        self.loops -= 1
        self.end_of_loop()

    def swapping_loop(self) -> None:
        self.put(f"for step in range({self.pick.randint(1, 4)}):")
        self.loops += 1
        self.block("x, y = y, x")
        self.loops -= 1
