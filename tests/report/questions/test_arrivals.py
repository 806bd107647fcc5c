"""The share of runs that has arrived rises, who never does is counted, and both are told."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from study.report.questions.arrivals import COLUMNS, arrivals, figure, finding
from tests.artists import lines
from tests.grids import grid
from tests.words import has, only

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


def test_the_parameter_that_decides_how_many_arrive_is_named() -> None:
    rows = [("lr", "0.1", 0.25), ("lr", "1", 0.5), ("optimizer", "sgd", 0.3),
            ("optimizer", "adam", 0.45)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["parameter", "level", "share"]).assign(dataset="xor")
    assert only(finding(table), "xor", "50 %", "learning rate 1", "25 %", "0.1")
    for same, said in ((1.0, "every run"), (0.0, "no run"), (0.5, "every level")):
        (sentence,) = finding(table.assign(share=same))
        assert has(sentence, "xor", said, "full training accuracy")
        assert "%" not in sentence


def test_the_shares_that_have_arrived_are_steps_from_none() -> None:
    colours = {"lr": {"0.1": "#0072b2", "1": "#d55e00"}, "optimizer": {"sgd": "#111111"}}
    rows = [
        (dataset, parameter, level, epoch, share)
        for dataset in ("linear", "xor")
        for parameter, of in colours.items()
        for level in of
        for epoch, share in ((5, 0.5), (100, 0.75))
        if (dataset, level) != ("xor", "1")
    ]
    table = pd.DataFrame(rows, columns=["dataset", "parameter", "level", "epoch", "share"])
    axes = figure(table, colours).axes
    drawn = [["0.1", "1"], ["0.1"], ["sgd"], ["sgd"]]
    assert [lines(one) for one in axes] == [{n: [0, 0.5, 0.75] for n in names} for names in drawn]
    for line in axes[0].lines:
        assert line.get_color() == colours["lr"][str(line.get_label())]
        assert list(np.asarray(line.get_xdata())) == [1, 5, 100]
    assert [one.get_title(loc="left") for one in axes] == [
        "linear, by learning rate", "xor, by learning rate",
        "linear, by optimizer", "xor, by optimizer",
    ]  # fmt: skip
    assert [one.get_legend() is None for one in axes] == [True, False, True, False]
