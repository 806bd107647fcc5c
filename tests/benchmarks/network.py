"""How long an epoch takes: this network, the lab's style and its peers, in turns.

    python -m tests.benchmarks.network [--quick]

Peers that are not installed are left out; `make bench-peers` installs them.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from study.training.compiled import backend
from tests.benchmarks import lab_style, limits, peers, this_network
from tests.benchmarks.cells import Cell, full_batch, others
from tests.benchmarks.contestants import Contestant
from tests.benchmarks.table import LEGEND, Row, header, line, together
from tests.benchmarks.turns import in_turns, one_core

UPDATES = 3
TOLERANCE, OF_ADAGRAD = 1e-3, 0.05
"""Of the relative difference of losses, where they agree best: the first step of AdaGrad has the
length lr, whatever g, and rounding may turn the sign of a small one."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds of this many seconds, in these precisions and peers' sizes."""

    rounds: int = 6
    seconds: float = 0.02
    precisions: tuple[str, ...] = ("float32", "float64")
    sizes: tuple[int, ...] = peers.SIZES


QUICK = Effort(rounds=3, precisions=("float32",), sizes=())


def measured(cell: Cell, peak: float, effort: Effort) -> Row:
    """Measure this network and its rivals in a cell, after checking that they compute the same."""
    ours = [this_network.stacked(cell, alone=alone) for alone in (False, True)]
    rivals = list(peers.contestants(cell, effort.sizes))
    if cell.plain:
        rivals.append(lab_style.one(cell))
    _same(cell, [this_network.stacked(cell), *rivals])
    us, alone, *theirs = in_turns([*ours, *rivals], effort.rounds, effort.seconds)
    best: dict[str, float] = {}
    for rival, time in zip(rivals, theirs, strict=True):
        best[rival.name] = min(time, best.get(rival.name, time))
    shares = limits.shares(cell, us, effort.seconds)
    return Row(cell.name, cell.runs, us, alone, best, 2e6 * cell.products / us / peak, shares)


def _same(cell: Cell, contestants: list[Contestant]) -> None:
    """Raise ValueError where losses after a few updates differ by more than rounding."""
    ours, *theirs = [contestant.loss_after(UPDATES) for contestant in contestants]
    assert ours is not None
    tolerance = OF_ADAGRAD if cell.optimizer == "adagrad" else TOLERANCE
    for contestant, losses in zip(contestants[1:], theirs, strict=True):
        if losses is None:
            continue
        if np.abs(losses / ours[: len(losses)] - 1).min() > tolerance:
            raise ValueError(f"{contestant.name} trains another network: {losses}, not {ours}")


def lines(effort: Effort) -> Iterator[str]:
    """Measure everything; yield the report line by line."""
    there, absent = peers.find()
    yield f"one thread, {one_core()}; {', '.join(there) or 'no peers'}"
    yield f"updates and slopes: {backend().message}"
    if absent:
        yield f"not installed, so not measured: {', '.join(absent)}; `make bench-peers` installs it"
    yield LEGEND
    rows: list[Row] = []
    peaks = {precision: limits.peak(precision) for precision in effort.precisions}
    for precision, peak in peaks.items():
        yield f"\n{header(f'{precision}, {peak / 1e9:.0f} GFLOP/s')}"
        for cell in full_batch(precision):
            rows.append(measured(cell, peak, effort))
            yield line(rows[-1])
    yield f"\n{header('float32, others')}"
    for cell in others():
        rows.append(measured(cell, peaks["float32"], effort))
        yield line(rows[-1])
    yield ""
    yield from together(rows)


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a minute: float32, fewer rounds")
    with threadpool_limits(limits=1):
        for text in lines(QUICK if parser.parse_args().quick else Effort()):
            print(text, flush=True)


if __name__ == "__main__":
    main()
