"""The Nile at Aswan, 1871-1970: how much of its variation is measurement, how much is the river?

The local level model says: the flow of a year is a level plus noise, the level a random walk. Its
likelihood is the plain Kalman loop below. transpile turns the loop into C and gives its exact
gradient; L-BFGS-B finds the two variances that Durbin and Koopman published.
"""

from __future__ import annotations

from pathlib import Path
from timeit import Timer

import matplotlib
import numpy as np
from scipy.optimize import OptimizeResult, minimize

import transpile

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
PUBLISHED = (15099.0, 1469.1)  # Durbin and Koopman, section 2.10.3


@transpile.function
def log_likelihood(y, s2_eps, s2_eta):
    """How well a level with these two variances explains the series `y`."""
    a, P, ll = y[0], s2_eps + s2_eta, 0.0
    for t in range(1, len(y)):
        F = P + s2_eps
        v = y[t] - a
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        K = P / F
        a = a + K * v
        P = P * (1.0 - K) + s2_eta
    return ll


@transpile.function
def filtered_level(y, s2_eps, s2_eta):
    """The level in each year and its variance, given the flows up to that year."""
    level, variance = np.empty_like(y), np.empty_like(y)
    a, P = y[0], s2_eps
    level[0], variance[0] = a, P
    for t in range(1, len(y)):
        P = P + s2_eta
        K = P / (P + s2_eps)
        a = a + K * (y[t] - a)
        P = P * (1.0 - K)
        level[t], variance[t] = a, P
    return level, variance


gradient = transpile.grad(log_likelihood, wrt=("s2_eps", "s2_eta"))
value_and_gradient = transpile.value_and_grad(log_likelihood, wrt=("s2_eps", "s2_eta"))


def fit(y: np.ndarray) -> OptimizeResult:
    """Maximise the likelihood over the logarithms of the variances."""

    def cost(logs: np.ndarray) -> tuple[float, np.ndarray]:
        variances = np.exp(logs)
        ll, slopes = value_and_gradient(y, *variances)
        return -ll, -variances * slopes

    start = np.log([y.var() / 2.0, y.var() / 2.0])
    return minimize(cost, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-7})


def by_differences(y: np.ndarray, s2_eps: float, s2_eta: float) -> tuple[float, float]:
    """What one does without a gradient: two more values for each parameter."""
    f = log_likelihood.__wrapped__
    h, k = 1e-5 * s2_eps, 1e-5 * s2_eta
    return (
        (f(y, s2_eps + h, s2_eta) - f(y, s2_eps - h, s2_eta)) / (2.0 * h),
        (f(y, s2_eps, s2_eta + k) - f(y, s2_eps, s2_eta - k)) / (2.0 * k),
    )


def microseconds(f, *args) -> float:
    """The best of five timings of a call, once it is compiled."""
    f(*args)
    timer = Timer(lambda: f(*args))
    calls, _ = timer.autorange()
    return 1e6 * min(timer.repeat(5, max(1, calls // 5))) / max(1, calls // 5)


def print_times(y: np.ndarray) -> None:
    plain = log_likelihood.__wrapped__
    in_python = transpile.function(plain, mode="FAST_COMPILE")
    in_python_gradient = transpile.grad(in_python, wrt=("s2_eps", "s2_eta"))
    rows = [
        ("plain Python (gradient by differences)", plain, by_differences),
        ("generated Python", in_python, in_python_gradient),
        ("generated C", log_likelihood, gradient),
    ]
    print(f"\n{'microseconds a call':40}{'value':>10}{'gradient':>10}")
    for name, value, slopes in rows:
        times = [microseconds(f, y, *PUBLISHED) for f in (value, slopes)]
        print(f"  {name:38}{times[0]:10.1f}{times[1]:10.1f}")


def plot(years: np.ndarray, y: np.ndarray, s2_eps: float, s2_eta: float) -> Path:
    level, variance = filtered_level(y, s2_eps, s2_eta)
    margin = 1.645 * np.sqrt(variance)
    figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
    axes.fill_between(
        years, level - margin, level + margin, color="#cfe3ef", label="90 % interval of the level"
    )
    axes.plot(years, y, ".", color="#777777", label="flow of the year")
    axes.plot(years, level, color="#12557a", linewidth=2, label="filtered level")
    axes.axvline(1898.5, color="#b5651d", linestyle=":", label="dam at Aswan begun")
    axes.set(xlim=(years[0], years[-1]), ylabel="$10^8$ m³ a year", title="The Nile at Aswan")
    figure.legend(ncols=4, frameon=False, loc="outside lower center")
    axes.spines[["top", "right"]].set_visible(False)
    path = HERE / "output" / "nile.png"
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=120)
    return path


def main() -> None:
    years, y = np.loadtxt(HERE / "nile.csv", delimiter=",").T.copy()
    found = fit(y)
    estimates = np.exp(found.x)
    print(f"{'the Nile, 1871-1970':40}{'found':>10}{'published':>10}")
    names = ("variance of the noise, s2_eps", "variance of the level, s2_eta")
    for name, estimate, published in zip(names, estimates, PUBLISHED, strict=True):
        print(f"  {name:38}{estimate:10.1f}{published:10.1f}")
    print(f"  log-likelihood {-found.fun:.4f} after {found.nfev} values and gradients")
    print_times(y)
    print("\nthe adjoint, as generated Python:\n")
    print(gradient.source("python"))
    print("files")
    for name, path in [
        ("adjoint, Python", gradient.path("python")),
        ("adjoint, C", gradient.path("c")),
        ("likelihood, C", log_likelihood.path("c")),
        ("plot", plot(years, y, *estimates)),
    ]:
        print(f"  {name:17}{path}")


if __name__ == "__main__":
    main()
