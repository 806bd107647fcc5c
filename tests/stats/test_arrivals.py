"""The share of runs that has arrived rises to what arrives at all, and the rest is counted."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from study.stats.arrivals import COLUMNS, arrivals
from tests.grids import grid

METRIC = "epochs_to_full_accuracy"


def test_shares_are_those_that_have_arrived_and_diverged_runs_never_do() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 4)
    runs = runs.assign(**{METRIC: [5, 2, 5, np.nan, 3, 3, 3, 3]})
    runs.loc[7, "status"] = "diverged"
    table = arrivals(runs, ["lr"], metric=METRIC, last=100)
    assert tuple(table.columns) == COLUMNS
    low, high = (table[table["level"] == level] for level in ("0.1", "1"))
    assert low[["epoch", "share"]].to_numpy().tolist() == [[2, 0.25], [5, 0.75], [100, 0.75]]
    assert high[["epoch", "share"]].to_numpy().tolist() == [[3, 0.75], [100, 0.75]]
    assert (low["never"].iloc[0], high["never"].iloc[0], high["runs"].iloc[0]) == (1, 1, 4)


def test_nothing_stored_is_no_row() -> None:
    missing = grid({"lr": [0.1, 1.0]}, 2).assign(status="missing")
    assert arrivals(missing, ["lr"], metric=METRIC, last=9).empty


@given(st.lists(st.one_of(st.none(), st.integers(1, 50)), min_size=1, max_size=12))
def test_the_last_share_is_of_all_that_arrive(epochs: list[int | None]) -> None:
    runs = grid({"lr": [0.1, 1.0]}, len(epochs))
    runs[METRIC] = pd.array([*epochs, *epochs], dtype="Float64").to_numpy(float, na_value=np.nan)
    table = arrivals(runs, ["lr"], metric=METRIC, last=50)
    for _, rows in table.groupby("level"):
        assert rows["epoch"].is_monotonic_increasing
        assert rows["epoch"].iloc[-1] == 50
        assert rows["share"].is_monotonic_increasing
        assert rows["share"].iloc[-1] == pd.Series(epochs).notna().mean()
        assert rows["never"].iloc[0] == epochs.count(None)
