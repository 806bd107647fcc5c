"""What limits this network: products, tanh, calls and passes, and the machine's peak."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from tests.benchmarks.cells import Cell
from tests.benchmarks.contestants import Contestant
from tests.benchmarks.this_network import stacked
from tests.benchmarks.turns import in_turns

KINDS = {"matmul": "products", "tanh": "tanh"}
MODULES = [
    import_module(f"nn_core.{name}")
    for name in ("activations", "convolution", "linear", "losses", "optimizer", "optimizers")
]


def shares(cell: Cell, spent: float, seconds: float) -> dict[str, float]:
    """Return where the time of an epoch goes, as shares of `spent`, µs a run, the largest first.

    Products and tanh are watched. Calls are an epoch of the smallest network there is, since its
    arrays take no time, shared by the runs of the stack. Passes over activations, gradients and
    parameters are the rest.
    """
    contestant, smallest = stacked(cell), stacked(cell.smallest())
    (calls,) = in_turns([smallest], 3, seconds)
    measured_us = {**_watched(contestant, seconds), "calls": calls / cell.runs}
    rest = max(spent - sum(measured_us.values()), 0.0)
    result = {name: us / spent for name, us in {**measured_us, "passes": rest}.items()}
    return dict(sorted(result.items(), key=lambda item: -item[1]))


def _watched(contestant: Contestant, seconds: float) -> dict[str, float]:
    """Return µs per run and epoch in the functions of `KINDS`, the least of some short rounds."""
    least = dict.fromkeys(KINDS.values(), float("inf"))
    with _watching() as spent:
        for _ in range(5):
            spent.clear()
            calls, start = 0, time.process_time()
            while time.process_time() - start < seconds:
                contestant.call()
                calls += 1
            for kind in least:
                least[kind] = min(least[kind], 1e6 * spent[kind] / (calls * contestant.runs))
    return least


@contextmanager
def _watching() -> Iterator[Counter[str]]:
    """Let the network's files use a NumPy that adds up its seconds by kind."""
    spent: Counter[str] = Counter()

    class Watched:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # anything that NumPy has
            value = getattr(np, name)
            if name not in KINDS:
                return value

            def timed(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # as in NumPy
                start = time.process_time()
                result = value(*arguments, **options)
                spent[KINDS[name]] += time.process_time() - start  # type: ignore[assignment]  # seconds
                return result

            return timed

    for module in MODULES:
        vars(module)["np"] = Watched()
    try:
        yield spent
    finally:
        for module in MODULES:
            vars(module)["np"] = np


def peak(precision: str) -> float:
    """Return the most FLOP/s that a large product reaches here."""
    a = np.ones((768, 768), precision)
    out, least = np.empty_like(a), float("inf")
    for _ in range(9):
        start = time.process_time()
        np.matmul(a, a, out=out)
        least = min(least, time.process_time() - start)
    return float(2 * len(a) ** 3 / least)
