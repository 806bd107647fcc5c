"""The table that the bench prints: a line for each cell, and a summary of all cells."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

RIVALS = "lab's style", "PyTorch, one", "PyTorch, bmm", "JAX", "scikit-learn"
STACKED = {"PyTorch, bmm", "JAX"}
MEAN, WORST = 1.15, 1.0
"""How many times as long the best peer is to take, where one of these trains a cell: in the
geometric mean, and in the worst cell."""

GOALS = {"128x64 linear": 4, "32x16 xor": 40}
"""How many times as fast as PyTorch, one network at a time, this network is to be."""

LEGEND = """\
us        µs that this network takes for a run's epoch: update, loss, accuracy, gradient norm
NumPy     the same by NumPy alone; equal where Numba is not installed
stack     how many runs the study trains at once, by its own rule
peak      products' share of the machine's peak, all of an epoch's time counted
columns   how many times as long a rival takes; stacked rivals in the best of a few sizes
limit     this network's time: products, tanh, passes over arrays (elementwise), calls (Python)
best      the fastest peer's time in this network's; below 1, the peer is faster; then in NumPy's
scikit-learn has no output activation, no accuracy and no gradient norm, and so does less"""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured in a cell, in µs per run and epoch; shares of this network's time."""

    name: str
    runs: int
    us: float
    alone: float
    rivals: dict[str, float]
    of_peak: float
    shares: dict[str, float]

    @property
    def both(self) -> tuple[float, float]:
        """The time with compiled loops, and NumPy's alone."""
        return self.us, self.alone

    @property
    def best(self) -> tuple[str, float] | None:
        """The fastest peer and its µs; the lab's style is no peer."""
        peers = {name: us for name, us in self.rivals.items() if name != RIVALS[0]}
        return min(peers.items(), key=lambda item: item[1]) if peers else None


def header(title: str) -> str:
    """Return the line above a table."""
    rivals = "".join(f"{name:>14}" for name in RIVALS)
    return f"{title:<24}{'us':>8}{'NumPy':>8}{'stack':>6}{'peak':>6}{rivals}{'best':>12}  limit"


def line(row: Row) -> str:
    """Return a cell's line."""
    rivals = "".join(f"{_times(row, name):>14}" for name in RIVALS)
    best = "".join(f"{row.best[1] / us:6.2f}" if row.best else f"{'–':>6}" for us in row.both)
    limit = ", ".join(f"{name} {share:.0%}" for name, share in row.shares.items())
    times = "".join(f"{us:8.1f}" for us in row.both)
    return f"{row.name:<24}{times}{row.runs:6}{row.of_peak:6.0%}{rivals}{best}  {limit}"


def _times(row: Row, rival: str) -> str:
    return f"{row.rivals[rival] / row.us:.2f}" if rival in row.rivals else "–"


def together(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what all cells show: geometric means, the worst cell, the goals."""
    for rival in RIVALS:
        ratios = [row.rivals[rival] / row.us for row in rows if rival in row.rivals]
        if ratios:
            yield f"{rival}: {_mean(ratios):.2f} times as long in the geometric mean"
    for i, name in enumerate(("this network", "NumPy alone")):
        stacked = [row for row in rows if row.best and STACKED & row.rivals.keys()]
        best = [(row.best[1] / row.both[i], row.name) for row in stacked if row.best]
        if best:
            mean, (least, worst) = _mean(ratio for ratio, _ in best), min(best)
            yield f"best peer, of {name}: {mean:.2f} in the geometric mean {_verdict(mean, MEAN)}"
            yield f"  {least:.2f} in the worst cell, {worst} {_verdict(least, WORST)}"
    for name, goal in GOALS.items():
        ratios = [
            row.rivals[RIVALS[1]] / row.us
            for row in rows
            if row.name.startswith(name) and RIVALS[1] in row.rivals
        ]
        if ratios:
            least = min(ratios)
            yield f"{RIVALS[1]}, {name}: at least {least:.1f} times as long {_verdict(least, goal)}"


def _verdict(value: float, goal: float) -> str:
    return f"(goal: {goal:.3g}, {'reached' if value >= goal else 'missed'})"


def _mean(ratios: Iterable[float]) -> float:
    logarithms = [math.log(ratio) for ratio in ratios]
    return math.exp(math.fsum(logarithms) / len(logarithms))
