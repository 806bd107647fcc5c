"""Small multiples have a panel for each two levels: median, band and single runs."""

import math

import numpy as np
import pandas as pd

from study.report.questions.multiples import caption, figure, finding
from tests.words import only

EPOCHS = [1, 10, 100]


def curve(first: str, second: str, medians: list[float]) -> pd.DataFrame:
    """Return one panel's rows of `curves`."""
    numbers = np.array(medians)
    return pd.DataFrame({
        "dataset": "xor", "first": "activation", "second": "lr", "first_level": first,
        "second_level": second, "epoch": EPOCHS, "median": numbers, "low": numbers / 2,
        "high": numbers * 2, "metric": "train_loss", "goal": "minimize",
    })  # fmt: skip


def test_each_panel_shows_its_median_and_its_single_runs() -> None:
    curves = pd.concat([
        curve("tanh", "0.1", [0.5, 0.2, 0.01]), curve("tanh", "1", [0.5, math.inf, math.inf]),
        curve("none", "0.1", [0.4, 0.3, 0.2]),
    ])  # fmt: skip
    single = pd.DataFrame({
        "dataset": "xor", "first_level": "tanh", "second_level": "0.1",
        "repetition": [0, 0, 1, 1], "epoch": [1, 10, 1, 10], "value": [0.6, 0.1, 0.4, 0.3],
    })  # fmt: skip
    panels = figure(curves, single, {"xor": 0.25})
    assert len(panels.axes) == 4
    learns, diverges, linear, empty = panels.axes
    drawn = [np.asarray(line.get_ydata()).tolist() for line in learns.lines]
    assert drawn == [[0.6, 0.1], [0.4, 0.3], [0.5, 0.2, 0.01], [0.25, 0.25]]
    assert [text.get_text() for text in diverges.texts] == ["median ∞"]
    assert not learns.texts
    assert learns.get_title(loc="left") == "learning rate\n0.1"
    assert (learns.get_ylabel(), linear.get_ylabel()) == ("tanh", "none")
    assert learns.get_xscale() == learns.get_yscale() == "log"
    assert [np.asarray(line.get_ydata()).tolist() for line in empty.lines] == [[], [0.25, 0.25]]


def test_an_accuracy_has_a_plain_axis_and_the_training_samples_a_broken_line() -> None:
    first = curve("tanh", "0.1", [0.5, 0.7, 0.8]).assign(metric="test_accuracy", high=1.0)
    second = first.assign(metric="train_accuracy", median=[0.6, 0.9, 1.0])
    single = pd.DataFrame({
        "dataset": "xor", "first_level": "tanh", "second_level": "0.1", "repetition": [0, 0],
        "epoch": [1, 10], "value": [0.4, 0.6],
    })  # fmt: skip
    (axes,) = figure(pd.concat([first, second]), single, {"xor": 0.25}).axes
    drawn = [np.asarray(line.get_ydata()).tolist() for line in axes.lines]
    assert drawn == [[0.4, 0.6], [0.5, 0.7, 0.8], [0.6, 0.9, 1.0]]
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", "--"]
    assert axes.get_yscale() == "linear"


def test_two_levels_are_named_where_the_first_metric_ends_best() -> None:
    levels = pd.DataFrame({
        "dataset": "xor", "first": "activation", "second": "lr", "runs": [10, 10, 9],
        "first_level": ["tanh", "tanh", "none"], "second_level": ["0.1", "1", "1"],
        "epoch": 50, "median": [0.004, 0.4, math.inf], "metric": "train_loss", "goal": "minimize",
    })  # fmt: skip
    second = levels.assign(metric="train_accuracy", median=[0.1, 0.2, 0.0])
    curves = pd.concat([levels.assign(epoch=1, median=[0.4, 0.1, 0.3]), levels, second])
    assert only(
        finding(curves), "training loss", "lowest", "activation tanh and learning rate 0.1", "xor"
    )
    accuracy = curves.assign(metric="test_accuracy", goal="maximize")
    assert only(finding(accuracy), "highest", "activation tanh and learning rate 1 on xor")
    other = accuracy.assign(dataset="linear", median=[0.4, 0.1, 0.2] * 3)
    assert only(
        finding(pd.concat([accuracy, other])), "tanh and learning rate 1 on xor",
        "tanh and learning rate 0.1 on linear",
    )  # fmt: skip


def test_nothing_is_reported_where_no_two_panels_differ() -> None:
    same = curve("tanh", "0.1", [0.5, 0.2, 0.01])
    infinite = curve("tanh", "1", [0.5, math.inf, math.inf])
    assert finding(pd.concat([same, infinite])) == []


def test_the_caption_explains_the_broken_lines_only_where_they_are_drawn() -> None:
    one = curve("tanh", "0.1", [0.5, 0.2, 0.01])
    both = pd.concat([one.assign(metric="test_loss"), one])
    assert "training samples" in caption({"multiples": both})
    assert "training samples" not in caption({"multiples": one})
