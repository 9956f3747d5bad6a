"""Heat spreads over a plate; sensors on a coarse grid read it later, with noise. What was at first?

The misfit below steps the heat equation in place and compares with every reading. Its gradient with
respect to the start is the adjoint of the whole simulation, which transpile writes; L-BFGS-B does
the rest, over 4,096 unknowns.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import matplotlib
import numpy as np
from scipy.optimize import minimize

import transpile

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
SIZE, READINGS, STEPS = 64, 8, 3  # cells a side, readings, time steps from one to the next
DIFFUSION, NOISE, ROUGHNESS = 0.2, 0.02, 3e-3


@transpile.function
def simulate(start, c, readings, steps):
    """What the sensors on every second cell read, and the plate in the end; its rim stays cold."""
    u = start.copy()
    n, m = u.shape
    seen = np.empty((readings, (n + 1) // 2, (m + 1) // 2))
    for k in range(readings):
        for step in range(steps):
            u[1:-1, 1:-1] += c * (
                u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
            )
        seen[k] = u[::2, ::2]
    return seen, u


@transpile.function
def misfit(start, c, observed, steps, roughness):
    """Half the squares of what the readings miss, and a price on a rough start."""
    u = start.copy()
    cost = 0.5 * roughness * (np.sum((u[1:] - u[:-1]) ** 2) + np.sum((u[:, 1:] - u[:, :-1]) ** 2))
    for k in range(len(observed)):
        for step in range(steps):
            u[1:-1, 1:-1] += c * (
                u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
            )
        cost += 0.5 * np.sum((u[::2, ::2] - observed[k]) ** 2)
    return cost


value_and_gradient = transpile.value_and_grad(misfit, wrt="start")


def shapes() -> np.ndarray:
    """The truth: a warm disc, a hot bar and a cold ring, on a cold plate."""
    x, y = np.meshgrid(np.linspace(0.0, 1.0, SIZE), np.linspace(0.0, 1.0, SIZE))
    r = np.hypot(x - 0.65, y - 0.62)
    plate = np.where(np.hypot(x - 0.28, y - 0.7) < 0.13, 0.7, 0.0)
    plate += np.where((abs(x - 0.4) < 0.25) & (abs(y - 0.25) < 0.06), 1.0, 0.0)
    return plate - np.where((r > 0.12) & (r < 0.2), 0.6, 0.0)


def recover(observed: np.ndarray) -> tuple[np.ndarray, int]:
    """The start that explains the readings, and how many gradients it took."""

    def cost(flat: np.ndarray) -> tuple[float, np.ndarray]:
        start = flat.reshape(SIZE, SIZE)
        value, slope = value_and_gradient(start, DIFFUSION, observed, STEPS, ROUGHNESS)
        return value, slope.ravel()

    options = {"maxiter": 300, "ftol": 1e-12, "gtol": 1e-6, "maxcor": 20}
    found = minimize(cost, np.zeros(SIZE * SIZE), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(SIZE, SIZE), found.nfev


def plot(panels: dict[str, np.ndarray]) -> Path:
    figure, axes = plt.subplots(1, len(panels), figsize=(12, 3.1), layout="constrained")
    for axis, (title, plate) in zip(axes, panels.items(), strict=True):
        image = axis.imshow(plate, cmap="RdBu_r", vmin=-1.0, vmax=1.0, origin="lower")
        axis.set(title=title, xticks=[], yticks=[])
    figure.colorbar(image, ax=axes, shrink=0.85, label="temperature")
    path = HERE / "output" / "heat.png"
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=120)
    return path


def main() -> None:
    truth = shapes()
    seen, end = simulate(truth, DIFFUSION, READINGS, STEPS)
    observed = seen + NOISE * np.random.default_rng(0).normal(size=seen.shape)
    value_and_gradient(truth, DIFFUSION, observed, STEPS, ROUGHNESS)  # compiled here
    began = perf_counter()
    recovered, gradients = recover(observed)
    seconds = perf_counter() - began
    print(f"\nheat on a plate of {SIZE} x {SIZE} cells, {READINGS * STEPS} time steps")
    print(f"  {observed.size} noisy readings, {truth.size} unknowns")
    print(f"  recovered with {gradients} gradients in {seconds:.2f} s")
    for name, plate in (("the end of the run", end), ("the recovered start", recovered)):
        off = np.linalg.norm(plate - truth) / np.linalg.norm(truth)
        print(f"  {name:22}is {100.0 * off:4.1f} % off the true start")
    path = plot(
        {
            "true start": truth,
            "first reading, every second cell": observed[0],
            "end of the run": end,
            "recovered start": recovered,
        }
    )
    print(f"\nfiles\n  adjoint, C       {value_and_gradient.path('c')}\n  plot             {path}")


if __name__ == "__main__":
    main()
