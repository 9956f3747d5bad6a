"""Random programs of the language: loops, overwrites, branches, views, scatters, swaps, early ends.

`write(seed)` gives the text of `f(x, y, A, c, k)`: two vectors and a square matrix of one size, a
number, and indices. Every index that is written is in range and every value stays moderate.
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
        return "\n".join(["import numpy as np", "", "", "def f(x, y, A, c, k):", *self.lines, ""])

    def put(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def statement(self) -> None:
        kinds = [self.assign, self.assign, self.write_element, self.write_element, self.write_slice]
        kinds += [self.scatter]
        if self.depth < 4:
            kinds += [self.branch]
        if self.depth < 4 and self.loops < 2:
            kinds += [self.loop, self.loop, self.repeat]
        if self.depth == 1 and not self.swaps:
            kinds += [self.view, self.view]
        self.pick.choice(kinds)()

    def block(self, *closing: str) -> None:
        self.depth += 1
        for _ in range(self.pick.randint(1, 3)):
            self.statement()
        for line in closing:
            self.put(line)
        self.depth -= 1

    def index(self) -> str:
        return self.pick.choice(self.indices + self.indices[4:] * 2)  # loop variables most

    def element(self) -> str:
        name = self.pick.choice(["x", "y", "A", *self.views])
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
        a, b = self.pick.choice(["x", "y"]), self.pick.choice(["x", "y"])
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
        ]
        self.put(self.pick.choice(forms))

    def scatter(self) -> None:
        name, i = self.pick.choice(["x", "y"]), self.index()
        self.put(f"{name}[k[{i}]] {self.pick.choice(['=', '+='])} {self.scalar()}")

    def view(self) -> None:
        name = f"v{len(self.views)}"
        self.put(f"{name} = {self.pick.choice(['x[1:]', 'y[::-1]', 'A[1]', 'A[:, 2]', 'x'])}")
        self.views.append(name)
        self.put(f"{name}[1:3] {self.pick.choice(['=', '+='])} {self.scalar(1)}")

    def branch(self) -> None:
        self.put(f"if {self.scalar(1)} > {self.scalar(1)}:")
        self.block()
        if self.pick.random() < 0.6:
            self.put("else:")
            self.block()

    def loop(self) -> None:
        i = "ij"[self.loops]
        ranges = [
            ("range(n)", [i, f"n - 1 - {i}"]),
            ("range(1, n)", [i, f"{i} - 1"]),
            ("range(n - 1)", [i, f"{i} + 1"]),
            ("range(n - 2, -1, -1)", [i, f"{i} + 1"]),
            ("reversed(range(1, n, 2))", [i, f"{i} - 1"]),
        ]
        if self.loops == 1:
            ranges += [("range(i)", [i]), ("range(i, n)", [i])] if "i" in self.indices else []
        header, indices = self.pick.choice(ranges)
        self.put(f"for {i} in {header}:")
        outer, self.indices, self.loops = self.indices, self.indices + indices, self.loops + 1
        self.block(*self.early_end())
        self.indices, self.loops = outer, self.loops - 1

    def early_end(self) -> list[str]:
        way = self.pick.choice(["", "", "break", "continue", "return s * s + np.sum(y)"])
        after = [f"s = 0.5 * s + {self.scalar(1)}"]
        return [f"if {self.scalar(1)} > 0.8:", f"    {way}", *after] if way else []

    def repeat(self) -> None:
        count = f"count{len(self.lines)}"
        self.put(f"{count} = 0")
        self.put(f"while {self.scalar(1)} < 0.9 and {count} < 4:")
        self.loops += 1
        self.block(f"{count} += 1")
        self.loops -= 1

    def swapping_loop(self) -> None:
        self.put(f"for step in range({self.pick.randint(1, 4)}):")
        self.loops += 1
        self.block("x, y = y, x")
        self.loops -= 1
