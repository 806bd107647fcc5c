"""Where runs ended: each is drawn, and the parameter whose medians differ most is named."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from study.plot.theme import Looks
from study.report.gather import gather
from study.report.questions.final_loss import caption, figure, finding, jittered, tables
from tests import searches
from tests.pipelines import small
from tests.words import has, only

LOOKS = Looks({"lr": {"0.1": "#0072b2", "1": "#d55e00"}}, {"a": 0.25}, ("final_train_loss",))

WHEN = """
name = "when"

[datasets.xor]
generator = "xor"

[training]
epochs = 5

[search]
repetitions = 2

[search.parameters]
optimizer = ["sgd", "adam"]
lr = {choices = [0.1, 1.0], when = {optimizer = "adam"}}
"""


def test_a_parameter_is_compared_where_it_is_searched_alone(tmp_path: Path) -> None:
    """Under SGD the learning rate has its default, which no one asked for."""
    material = gather(searches.made(small(text=WHEN), tmp_path))
    assert set(material.runs.loc[material.runs["optimizer"] == "sgd", "lr"].isna()) == {True}
    table = tables(material)["final_loss"]
    assert table.loc[table["parameter"] == "lr", "level"].tolist() == ["0.1", "1"]
    assert set(material.runs["configuration"]) == {
        "lr 0.01 · sgd", "lr 0.1 · adam", "lr 1 · adam"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("medians", "parts"),
    [
        ([0.1, 0.2, 0.1, 0.9], ["learning rate", "0.1 at 0.1", "0.9 at 1"]),
        ([0.1, 0.2, math.inf, 0.9], ["learning rate", "0.9 at 1", "∞ at 0.1"]),
        ([0.0, 0.2, 0.1, 0.9], ["optimizer", "0 at sgd", "0.2 at adam"]),
        ([0.1] * 4, ["same at every level"]),
        ([math.inf] * 4, ["infinite at every level"]),
    ],
)
def test_the_parameter_with_the_largest_ratio_of_medians_is_named(
    medians: list[float], parts: list[str]
) -> None:
    table = pd.DataFrame(
        {
            "dataset": "a", "parameter": ["optimizer", "optimizer", "lr", "lr"],
            "level": ["sgd", "adam", "0.1", "1"], "median": medians,
            "metric": "final_train_loss", "goal": "minimize",
        }
    )  # fmt: skip
    assert only(finding(table), "final training loss", *parts, "on a")


def test_of_an_accuracy_the_largest_difference_counts() -> None:
    table = pd.DataFrame(
        {
            "dataset": "a", "parameter": ["optimizer", "optimizer", "lr", "lr"],
            "level": ["sgd", "adam", "0.1", "1"], "median": [0.01, 0.1, 0.5, 0.9],
            "metric": "final_test_accuracy", "goal": "maximize",
        }
    )  # fmt: skip
    assert only(finding(table), "final test accuracy", "learning rate", "0.5 at 0.1", "0.9 at 1")


def test_datasets_share_a_statement_about_the_first_metric() -> None:
    table = pd.DataFrame(
        {
            "dataset": ["a", "a", "b", "b"], "parameter": "lr", "level": ["0.1", "1"] * 2,
            "median": [0.1, 0.2, 0.3, 0.9], "metric": "final_test_loss", "goal": "minimize",
        }
    )  # fmt: skip
    of_training = table.assign(metric="final_train_loss", median=0.5)
    both = finding(pd.concat([table, of_training]))
    assert only(both, "final test loss", "learning rate", "on both datasets")


def test_a_caption_explains_the_marks_that_are_drawn() -> None:
    medians = pd.DataFrame({"metric": ["final_train_loss", "other"]})
    every = caption(runs(), medians)
    assert has(every, "Crosses", "Triangles", "Grey")
    assert len(every.split()) <= 40
    few = caption(runs()[:1].assign(final_train_accuracy=0.5),
                  pd.DataFrame({"metric": ["final_train_accuracy"]}))  # fmt: skip
    assert not any(mark in few for mark in ("Cross", "Triangle", "Grey"))


def runs() -> pd.DataFrame:
    """Return runs at two levels: finite, zero, beyond the scale, diverged and failed ones."""
    table = pd.DataFrame(
        [
            ("a", "0.1", "completed", 0.2),
            ("a", "0.1", "completed", 0.0),
            ("a", "0.1", "completed", 1e9),
            ("a", "1", "diverged", 0.1),
            ("a", "1", "failed", math.nan),
            ("a", None, "completed", 0.3),
        ],
        columns=["dataset", "lr", "status", "final_train_loss"],
    )
    table["lr"] = table["lr"].astype(pd.CategoricalDtype(["0.1", "1"], ordered=True))
    return table


def test_every_run_is_a_point_a_triangle_or_a_cross() -> None:
    medians = pd.DataFrame(
        {"dataset": "a", "parameter": "lr", "level": ["0.1", "1"], "median": [0.2, math.inf]}
    ).assign(metric="final_train_loss", goal="minimize")
    (axes,) = figure(runs(), medians, LOOKS).axes
    marks = [part for part in axes.collections if isinstance(part, PathCollection)]
    points, beyond, crosses = (np.asarray(part.get_offsets()) for part in marks)
    np.testing.assert_allclose(points[:, 1], [0.2, 1e-12])
    assert beyond[:, 1].tolist() == [25.0]
    assert len(crosses) == 2
    assert (crosses[:, 1] > 25.0).all()
    assert np.round(crosses[:, 0]).tolist() == [1.0, 1.0]
    (bars,) = (part for part in axes.collections if not isinstance(part, PathCollection))
    assert [np.asarray(path.vertices)[:, 1].tolist() for path in bars.get_paths()] == [[0.2, 0.2]]
    assert [t.get_text() for t in axes.get_xticklabels()] == ["0.1", "1"]


def test_no_number_is_next_to_the_crosses() -> None:
    medians = pd.DataFrame({"dataset": "a", "parameter": "lr", "level": ["0.1"], "median": [0.2]})
    medians = medians.assign(metric="final_train_loss", goal="minimize")
    (axes,) = figure(runs(), medians, LOOKS).axes
    write = axes.yaxis.get_major_formatter()
    assert (write(10.0), write(100.0)) == ("10", "")


def test_with_an_accuracy_diverged_runs_are_below_and_training_medians_are_grey() -> None:
    shown = runs().assign(
        final_test_accuracy=[0.5, 1.0, 0.75, 0.9, math.nan, 0.3], final_train_accuracy=1.0
    )
    medians = pd.DataFrame({
        "dataset": "a", "parameter": "lr", "level": ["0.1", "1", "0.1", "1"],
        "median": [0.75, -math.inf, 1.0, 1.0], "goal": "maximize",
        "metric": ["final_test_accuracy"] * 2 + ["final_train_accuracy"] * 2,
    })  # fmt: skip
    (axes,) = figure(shown, medians, LOOKS).axes
    assert axes.get_yscale() == "linear"
    marks = [part for part in axes.collections if isinstance(part, PathCollection)]
    points, beyond, crosses = (np.asarray(part.get_offsets()) for part in marks)
    assert points[:, 1].tolist() == [0.5, 1.0, 0.75]
    assert (len(beyond), len(crosses)) == (0, 2)
    assert (crosses[:, 1] < 0.5).all()
    assert axes.get_ylim()[0] < crosses[0, 1]
    training, own = (part for part in axes.collections if not isinstance(part, PathCollection))
    heights = [
        [np.asarray(path.vertices)[:, 1].tolist() for path in bars.get_paths()]
        for bars in (own, training)
    ]
    assert heights == [[[0.75, 0.75]], [[1.0, 1.0], [1.0, 1.0]]]
    assert [line.get_label() for line in axes.lines if "mean" in str(line.get_label())] == []
    assert axes.get_ylabel() == "final test accuracy"


def test_jitter_is_the_same_every_time_and_stays_near_its_level() -> None:
    levels = pd.Series(["x"] * 50 + ["y"] * 50)
    first, second = (jittered(levels, ["x", "y"]) for _ in range(2))
    assert first.tolist() == second.tolist()
    assert (first - levels.map({"x": 0, "y": 1})).abs().max() <= 0.35
    assert first[:50].is_unique
