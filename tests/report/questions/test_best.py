"""The best of each dataset: named with its ties, listed with its size, drawn with its runs."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.metrics import METRICS
from study.plot.theme import Looks
from study.report.gather import gather
from study.report.questions.best import BEST, caption, figure, finding, tables
from study.spec.objective import Objective
from study.stats.leading import COLUMNS, leading
from tests.artists import offsets
from tests.pipelines import small
from tests.searches import made
from tests.words import has, only


def ranked(
    medians: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    tied: Sequence[bool] = (True,),
    *,
    separable: bool = True,
) -> pd.DataFrame:
    """Return ranked configurations of ten runs each, the last being the base setup."""
    n = len(medians)
    return pd.DataFrame(
        {
            "dataset": "xor", "rank": range(1, n + 1),
            "configuration": [f"lr {i}" for i in range(n)],
            "base": [i == n - 1 for i in range(n)], "near": False, "fresh": False, "runs": 10,
            "metric": "final_train_loss", "goal": "minimize", "quantile": 0.5,
            "value": medians, "median": medians, "low": lows, "high": highs,
            "separable": separable, "tied": tied, "cheapest": [i == 1 for i in range(n)],
            "parameters": [82.0, *[41.0] * (n - 1)],
        }
    )  # fmt: skip


LEARNED = pd.DataFrame([{"dataset": "xor", "better": 3}])


def values(*medians: float) -> pd.DataFrame:
    """Return a ranking with these values, all tied with the best."""
    n = len(medians)
    return ranked(medians, [0.05] * n, [0.15] * n, [True] * n)


@pytest.mark.parametrize(
    ("tied", "separable", "parts"),
    [
        ([True, True, False], True, ["tied with 1 other"]),
        ([True, True, True], True, ["tied with 2 others"]),
        ([True, False, False], True, ["tied with no other"]),
        ([True] * 3, False, ["not separable", "2 others"]),
    ],
)
def test_the_best_is_named_with_the_number_of_ties(
    tied: list[bool], parts: list[str], *, separable: bool
) -> None:
    table = ranked([0.1, 0.2, 0.9], [0.05, 0.12, 0.8], [0.15, 0.3, 1.0], tied, separable=separable)
    assert only(finding(table, LEARNED), "best", "lr 0", *parts, "xor")


def test_without_a_test_no_ties_are_reported() -> None:
    for table in (
        values(0.1, 0.2).assign(runs=1),
        values(0.1, 0.2).assign(metric="seconds"),
    ):
        (sentence,) = finding(table, LEARNED)
        assert has(sentence, "best", "lr 0", "xor")
        assert "tied" not in sentence


def test_datasets_share_a_sentence_that_shows_where_they_differ() -> None:
    one, other = values(0.1, 0.2), values(0.3, 0.4).assign(dataset="linear")
    learned = pd.DataFrame({"dataset": ["xor", "linear"], "better": 2})
    assert only(finding(pd.concat([one, other]), learned), "lr 0", "1 other", "both datasets")
    other["configuration"] = ["tanh", "lr 0"]
    assert only(
        finding(pd.concat([one, other]), learned), "lr 0", "on xor", "tanh", "on linear"
    )  # fmt: skip
    long = pd.concat([one, other.assign(configuration=" · ".join("abcdefghij"))])
    (sentence,) = finding(long, learned)
    assert has(sentence, "best", "tied with 1 other on both datasets")
    assert "lr 0" not in sentence


def test_the_only_configuration_is_not_reported_as_the_best() -> None:
    assert finding(values(0.1), LEARNED) == []


def test_where_nothing_was_learned_no_configuration_is_best() -> None:
    (sentence,) = finding(values(0.1, 0.2), LEARNED.assign(better=0))
    assert has(sentence, "No configuration", "trivial predictor", "xor")
    assert "lr 0" not in sentence


def test_nothing_is_best_where_everything_diverged() -> None:
    (sentence,) = finding(values(math.inf), LEARNED)
    assert has(sentence, "No configuration", "finite objective", "xor")
    assert "lr 0" not in sentence


GRID = """
name = "sizes"

[datasets.linear]
generator = "linear"
samples = 30
test_fraction = 0.3

[datasets.xor]
generator = "xor"

[training]
epochs = 5

[search]
repetitions = 3

[search.parameters]
lr = [0.001, 0.01, 0.02, 0.1, 0.2, 0.5, 1.0, 1.5, 1e30]
hidden = [[4], [3, 2]]
"""


def test_the_short_table_has_sizes_medians_and_the_base_setup(tmp_path: Path) -> None:
    """Recomputed from runs.parquet; without a held-out part its value is null."""
    folder = made(small(text=GRID), tmp_path)
    table = tables(gather(folder))
    runs = pd.read_parquet(folder / "runs.parquet").astype({"dataset": str, "hidden": str})
    best = table["best"]
    for dataset, rows in best.groupby("dataset"):
        assert rows["rank"].tolist()[:BEST] == list(range(1, BEST + 1))
        assert len(rows) - BEST == (rows["rank"] > BEST).sum() <= 1
        assert (rows["setup"] != "").sum() == 1
        assert rows["final_test_loss"].notna().all() == (dataset == "linear")
        for row in rows.to_dict("records"):
            hidden, lr = row["configuration"].split(" · ")
            own = runs[(runs["dataset"] == dataset) & (runs["hidden"] == hidden)]
            own = own[np.isclose(own["lr"], float(lr.removeprefix("lr ")))]
            assert (len(own), row["runs"]) == (3, 3)
            assert row["parameters"] == own["parameters"].iloc[0] == {"4": 17, "3x2": 20}[hidden]
            assert row["value"] == np.median(own["final_train_loss"])
            if dataset == "linear":
                assert row["final_test_loss"] == np.median(own["final_test_loss"])
            single = table["best_runs"]
            single = single[single["run_id"].isin(own["run_id"])]
            assert sorted(single["value"]) == sorted(own["final_train_loss"])
            assert set(single["configuration"]) == {row["configuration"]}
    assert len(table["best_runs"]) == 3 * len(best)
    assert "final_train_loss" not in best  # which is the value


@pytest.mark.parametrize(
    ("metric", "others"),
    [
        ("final_test_loss", {"final_train_loss": [3.0, 3.0]}),
        ("final_train_accuracy", {"final_test_accuracy": [0.2, math.nan]}),
        ("seconds", {"final_train_loss": [3.0, 3.0], "final_test_loss": [7.0, math.nan]}),
    ],
)
def test_beside_the_value_is_the_same_statistic_of_the_other_part(
    metric: str, others: dict[str, list[float]]
) -> None:
    """Of four runs, the upper median of losses, and the lower one of accuracies."""
    shown = pd.concat([values(0.1).assign(dataset=name) for name in ("xor", "linear")])
    four = {
        "final_train_loss": [1.0, 2.0, 3.0, 4.0], "final_test_loss": [5.0, 6.0, 7.0, 8.0],
        "final_train_accuracy": [0.5, 0.6, 0.7, 0.8], "final_test_accuracy": [0.1, 0.2, 0.3, 0.4],
    }  # fmt: skip
    runs = pd.DataFrame(four).assign(configuration="lr 0", status="completed")
    alone = runs.assign(dataset="linear", final_test_loss=math.nan, final_test_accuracy=math.nan)
    goal = METRICS[metric].goal
    table = leading(
        shown, pd.concat([runs.assign(dataset="xor"), alone]), Objective(metric=metric, goal=goal)
    )
    beside = table.drop(columns=[*COLUMNS, "setup"], errors="ignore")
    pd.testing.assert_frame_equal(beside, pd.DataFrame(others))


def three() -> pd.DataFrame:
    """Return three ranked configurations; the last one diverged."""
    return pd.DataFrame(
        {
            "dataset": "a", "rank": [1, 2, 9], "configuration": ["p", "q", "r"],
            "setup": ["", "nearest to base setup", "base setup"], "tied": [True, False, None],
            "value": [0.01, 0.1, math.inf], "low": [0.005, 0.05, 1.0],
            "high": [0.02, math.inf, math.inf],
        }
    ).astype({"tied": "boolean"})  # fmt: skip


def single() -> pd.DataFrame:
    """Return single runs of them: finite ones, one far beyond the axis, and two diverged ones."""
    of = [("p", 0.004), ("p", 0.0), ("q", 0.2), ("q", 1e9), ("r", math.inf), ("r", math.inf)]
    return pd.DataFrame(of, columns=["configuration", "value"]).assign(dataset="a")


LOOKS = Looks({}, {"a": 0.25}, ("final_train_loss",))
TRIVIAL = pd.DataFrame({"dataset": ["a"], "metric": ["final_train_loss"], "trivial": [0.25]})


def test_a_ranking_draws_runs_medians_and_intervals_and_marks_infinite_ones() -> None:
    (axes,) = figure(three(), single(), TRIVIAL, LOOKS).axes
    bars, points, dots, rings, crosses = axes.collections
    segments = [np.asarray(path.vertices)[:, 0].tolist() for path in bars.get_paths()]
    assert segments == [[0.005, 0.02], [0.05, pytest.approx(1e30)]]
    assert offsets(points) == [[0.004, 0], [1e-12, 0], [0.2, 1]]
    np.testing.assert_allclose(np.asarray(dots.get_offsets()), [[0.01, 0.0], [0.1, 1.0]])
    assert offsets(rings) == [[0.01, 0.0]]
    assert offsets(crosses) == [[0.99, 1], [0.99, 2], [0.99, 2]]
    assert [t.get_text() for t in axes.texts] == [
        "p  #1", "nearest to base setup: q  #2", "base setup: r  #9"
    ]  # fmt: skip
    assert axes.get_xscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["trivial predictor"]
    low, high = axes.get_ylim()
    assert low > high, "the best is at the top"


def test_a_ranking_by_accuracy_has_a_plain_axis_and_no_trivial_loss() -> None:
    values, low = [1.0, 0.5, -math.inf], [0.0, -math.inf, -math.inf]
    table = three().assign(value=values, low=low, high=1.0)
    runs = single().assign(value=[0.9, 1.0, 0.5, 0.6, -math.inf, -math.inf])
    (axes,) = figure(table, runs, TRIVIAL, replace(LOOKS, metrics=("final_train_accuracy",))).axes
    assert axes.get_xscale() == "linear"
    assert axes.get_xlim() == pytest.approx((-0.07, 1.07))
    assert not axes.lines
    (beside,) = figure(
        table, runs, TRIVIAL, replace(LOOKS, metrics=("final_train_accuracy",)), {"a": 0.6}
    ).axes
    (line,) = beside.lines
    assert list(map(float, np.ravel(line.get_xdata()))) == [0.6, 0.6]
    assert "most frequent class" in caption(
        table.assign(most_frequent_class=0.6),
        runs,
        table.assign(
            metric="final_train_accuracy",
            goal="maximize",
            quantile=0.5,
            runs=2,
        ),
    )
    *_, crosses = axes.collections
    assert offsets(crosses) == [[0.01, 2], [0.01, 2]]


def test_the_line_of_a_held_out_loss_is_the_trivial_loss_of_held_out_samples() -> None:
    looks = replace(LOOKS, metrics=("final_test_loss",))
    learned = TRIVIAL.assign(metric="final_test_loss", trivial=0.7)
    (axes,) = figure(three(), single(), learned, looks).axes
    (line,) = axes.lines
    assert list(map(float, np.ravel(line.get_xdata()))) == [0.7, 0.7]
    (axes,) = figure(three(), single(), TRIVIAL, looks).axes
    assert not axes.lines, "0.25 is the trivial loss of other samples"


def test_a_caption_explains_the_marks_that_are_drawn() -> None:
    table = values(0.1)
    every = caption(three(), single(), table)
    assert has(every, "upper median", "Rings", "Dashed", "Crosses")
    assert len(every.split()) <= 40
    plain = table.assign(metric="final_train_accuracy")
    short = caption(three().assign(tied=False), single()[:2], plain)
    assert not any(mark in short for mark in ("Ring", "Dashed", "Cross"))
