"""The runs of one dataset as configurations × repetitions, and which of them match."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.metrics import DIVERGED, METRICS
from study.space import PARAMETERS, Value
from study.stats.comparable import pruned
from study.stats.intervals import Array

Cell: TypeAlias = Mapping[str, Value]
"""What the configurations of one side of a hypothesis have in common."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The runs of one dataset and network, as cells of a table configurations × repetitions.

    `place` has the row and the column of each run. Missing runs have no cell; a failed run counts
    as the worst. A configuration with a pruned run is left out with all its runs (see
    `whole.pruned`). `repetitions` are the numbers of the columns.
    """

    runs: pd.DataFrame
    configurations: pd.DataFrame
    place: tuple[NDArray[np.int64], NDArray[np.int64]]
    repetitions: NDArray[np.int64]
    pruned: pd.DataFrame

    @classmethod
    def of(cls, runs: pd.DataFrame) -> "Cells":
        """Lay out the runs of one dataset and network, one row a run."""
        names = list(PARAMETERS)
        ended = runs[runs["status"].isin(["completed", "diverged", "pruned", "failed"])]
        ended = ended.reset_index(drop=True)
        number = ended.groupby(names, dropna=False).ngroup()
        given_up = pruned(ended, names)
        kept = ended[~given_up]
        row, first = np.unique(number[kept.index], return_index=True)
        at = np.searchsorted(row, number[kept.index])
        repetition, column = np.unique(kept["repetition"], return_inverse=True)
        configurations = kept.iloc[first][names].astype(object).reset_index(drop=True)
        left_out = ended[given_up].drop_duplicates(names)[names].astype(object)
        return cls(kept, configurations, (at, column), repetition.astype(np.int64), left_out)

    def matched(self, cells: Sequence[Cell], free: Collection[str]) -> list[tuple[int, ...]]:
        """Return every choice of one configuration from each cell that differ in `free` alone.

        Parameters that are null in one of two configurations do not act there, and are not
        compared.
        """
        sides = [np.flatnonzero(_has(self.configurations, cell)) for cell in cells]
        compared = [name for name in PARAMETERS if name not in free]
        codes = np.stack([pd.factorize(self.configurations[name])[0] for name in compared], axis=1)

        def agree(one: int, side: NDArray[np.intp]) -> NDArray[np.bool_]:
            own, others = codes[one], codes[side]
            same = (own == others) | (own < 0) | (others < 0)  # −1 is null
            return np.asarray(same.all(axis=1))

        chosen: list[tuple[int, ...]] = [(int(i),) for i in sides[0]]
        for side in sides[1:]:
            chosen = [
                (*some, int(i))
                for some in chosen
                for i in side[np.logical_and.reduce([agree(one, side) for one in some])]
            ]
        return chosen

    def pruned_from(self, cells: Sequence[Cell]) -> int:
        """Return how many configurations of these cells are left out as pruned."""
        some = [_has(self.pruned, cell) for cell in cells]
        return int(np.logical_or.reduce(some).sum())

    def values(self, metric: str, chosen: Sequence[tuple[int, ...]]) -> Array:
        """Return the metric of these configurations, (choices, cells, repetitions); NaN: no run.

        A run that diverged or never got there counts as the worst, unless the metric is a fact
        of any run (its parameters, say), and one that failed always does. NaN too where a run was
        stored before the metric existed. `diverged` itself is 1 or 0, and ½ of a run that failed:
        it shows neither.
        """
        values: Array = self._table(self._measured(metric), np.nan)[np.array(chosen)]
        return values

    def diverged(self, chosen: Sequence[tuple[int, ...]]) -> NDArray[np.bool_]:
        """Return which of these runs diverged, (choices, cells, repetitions)."""
        of_runs = (self.runs["status"] == "diverged").to_numpy().astype(np.float64)
        diverged: NDArray[np.bool_] = self._table(of_runs, 0.0)[np.array(chosen)] > 0
        return diverged

    def _table(self, of_runs: Array, absent: float) -> Array:
        table = np.full((len(self.configurations), len(self.repetitions)), absent)
        table[self.place] = of_runs
        return table

    def _measured(self, metric: str) -> Array:
        diverged, failed = (self.runs["status"] == status for status in ("diverged", "failed"))
        if metric == DIVERGED:
            return diverged.to_numpy().astype(np.float64) + 0.5 * failed.to_numpy()
        values = self.runs[metric].astype(np.float64).mask(failed)
        if not METRICS[metric].fact:
            values = values.mask(diverged)
        measured = values.fillna(METRICS[metric].worst)
        if (beside := METRICS[metric].measured_with) is not None:
            unknown = values.isna() & self.runs[beside].notna() & ~(failed | diverged)
            measured = measured.mask(unknown)
        return measured.to_numpy().astype(np.float64)

    def precision(self, metric: str) -> np.dtype[Any]:
        """Return the precision in which a metric and its thresholds are stored."""
        kind = self.runs.dtypes.get(metric)
        return kind if kind == np.float32 else np.dtype(np.float64)


def _has(configurations: pd.DataFrame, cell: Cell) -> NDArray[np.bool_]:
    has = np.ones(len(configurations), dtype=np.bool_)
    for name, value in cell.items():
        has &= configurations[name].eq(value).to_numpy(dtype=np.bool_)
    return has
