"""The share of runs with full accuracy rises, and runs that never reach it are counted."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from study.report.questions.arrivals import (
    COLUMNS,
    QUESTION,
    arrivals,
    arrived,
    caption,
    figure,
    finding,
)
from tests.artists import lines
from tests.grids import grid
from tests.studies import Study
from tests.words import only

METRIC = "epochs_to_full_accuracy"


def test_shares_count_the_runs_with_full_accuracy_and_diverged_runs_never_have_it() -> None:
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


@settings(max_examples=30)
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


ROWS = [("lr", "0.1", 0.25), ("lr", "1", 0.5), ("optimizer", "sgd", 0.3),
        ("optimizer", "adam", 0.45)]  # fmt: skip


def ended(dataset: str, shares: list[float] | None = None) -> pd.DataFrame:
    """Return rows of the table `arrived`."""
    table = pd.DataFrame(ROWS, columns=["parameter", "level", "share"]).assign(dataset=dataset)
    return table if shares is None else table.assign(share=shares)


def test_the_parameter_with_the_largest_effect_on_full_accuracy_is_named() -> None:
    assert only(finding(ended("xor")), "learning rate 1,", "50 %", "0.1", "25 %")
    two = pd.concat([ended("xor"), ended("linear", [0.1, 0.9, 0.5, 0.6])])
    assert only(finding(two), "learning rate 1,", "50 % to 90 %", "0.1", "10 % to 25 %")
    assert only(finding(ended("xor", [0.5] * 4)), "50 %")
    assert finding(ended("xor")[:0]) == []


def test_datasets_that_disagree_are_named() -> None:
    two = pd.concat([ended("xor"), ended("linear", [0.9, 0.1, 0.5, 0.5])])
    assert only(finding(two), "learning rate 1 on xor", "learning rate 0.1 on linear")


def test_the_last_share_of_each_level_and_when_half_have_arrived() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 4).assign(**{METRIC: [5, 2, 5, np.nan, 3, np.nan, np.nan, 9]})
    runs.loc[7, METRIC] = np.nan
    result = arrived(arrivals(runs, ["lr"], metric=METRIC, last=100))
    assert result[["level", "runs", "share", "never"]].to_numpy().tolist() == [
        ["0.1", 4, 0.75, 1], ["1", 4, 0.25, 3]
    ]  # fmt: skip
    assert result["half"].tolist()[0] == 5
    assert np.isnan(result["half"].tolist()[1])


def test_a_study_in_which_no_run_has_full_accuracy_leaves_the_question_out(
    read_only: Callable[[str], Study],
) -> None:
    assert not QUESTION.applies(read_only("finished").material)
    assert not QUESTION.applies(read_only("regression").material)
    assert QUESTION.applies(read_only("several classes").material)


def test_shares_with_full_accuracy_are_steps_from_zero() -> None:
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
    table = table.assign(runs=4, never=1)
    axes = figure(table, colours).axes
    drawn = [["0.1", "1"], ["0.1"], ["sgd"], ["sgd"]]
    assert [lines(one) for one in axes] == [{n: [0, 0.5, 0.75] for n in names} for names in drawn]
    for line in axes[0].lines:
        assert line.get_color() == colours["lr"][str(line.get_label())]
        assert list(np.asarray(line.get_xdata())) == [1, 5, 100]
    assert [one.get_title(loc="left") for one in axes] == [
        "by learning rate", "by learning rate", "by optimizer", "by optimizer",
    ]  # fmt: skip
    assert [one.get_legend() is None for one in axes] == [False, True, False, True]


def test_of_many_parameters_the_ones_with_the_largest_differences_are_drawn() -> None:
    shares = {"lr": (0.1, 0.9), "optimizer": (0.4, 0.5), "momentum": (0.2, 0.6)}
    rows = [
        ("xor", name, level, 9, share)
        for name, of in shares.items()
        for level, share in zip("ab", of, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["dataset", "parameter", "level", "epoch", "share"])
    table = table.assign(runs=10, never=1)
    drawn = figure(table, {name: {"a": "#111111", "b": "#222222"} for name in shares})
    titles = [axes.get_title(loc="left") for axes in drawn.axes]
    assert titles == ["by learning rate", "by momentum"]
    assert drawn.get_size_inches()[1] * 120 <= 700
    assert "two" in caption({"arrivals": table})
    assert "two" not in caption({"arrivals": table[table["parameter"] == "lr"]})
