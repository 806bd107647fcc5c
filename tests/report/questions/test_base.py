"""The base setup is named, its curves begin and end as told, and each is drawn as it is."""

import math

import pandas as pd
import pytest

from study.report.code import code
from study.report.questions.base import PARTS, QUESTION, base_setup, figure, finding
from tests.artists import lines
from tests.words import has, only


def test_the_base_setup_is_named_with_what_keeps_it_from_the_defaults() -> None:
    default = pd.DataFrame(
        {"dataset": ["a", "b"], "configuration": "sgd", "differs": "", "diverged": False}
    )
    assert has(base_setup(default), "default of every parameter", "sgd")
    near = default.assign(configuration=["p", "q"], differs=["hidden, lr", ""])
    assert has(
        base_setup(near), "not stored on a", "p (", "hidden layers and learning rate", "on a",
        "q on b",
    )  # fmt: skip
    both = near.assign(differs="lr", diverged=[False, True])
    assert has(base_setup(both), "not stored on a", "diverged", "on b", "p (")
    everywhere = base_setup(near.assign(differs="lr", diverged=True))
    assert has(everywhere, "diverged in every run;", "p (")
    assert "not stored" not in everywhere


BASE = pd.DataFrame(
    {"dataset": ["a"], "configuration": ["sgd"], "differs": [""], "diverged": [False]}
)

CURVES = pd.DataFrame(
    {
        "dataset": "a", "metric": ["train_loss", "train_loss", "train_accuracy", "train_accuracy"],
        "epoch": [1, 5000, 1, 5000], "runs": 3, "median": [0.5, 1.5e-5, 0.5, 0.998],
    }
)  # fmt: skip


def said(curves: pd.DataFrame) -> list[str]:
    """Return the sentences about learning."""
    return finding(BASE, curves)[1:]


def test_learning_says_where_the_base_setup_begins_and_ends() -> None:
    assert only(
        said(CURVES), "On a", "training loss", "0.5", "epoch 1 ", "1.5 × 10⁻⁵", "epoch 5,000",
        "training accuracy", "over 99 %", "3 runs, 75 %",
    )  # fmt: skip
    held_out = CURVES[CURVES["metric"] == "train_accuracy"].assign(metric="test_accuracy")
    first, second = said(pd.concat([held_out.assign(median=[0.5, 0.75]), CURVES]))
    assert has(first, "On a", "test accuracy", "0.5", "epoch 1 ", "0.75", "epoch 5,000")
    assert [second] == said(CURVES)
    assert only(said(CURVES[CURVES["epoch"] == 1]), "0.5 after epoch 1,", "last", "3 runs, 75 %")


def test_an_infinite_loss_is_said_and_no_accuracy_beside_it() -> None:
    infinite = CURVES[CURVES["metric"] == "train_loss"].assign(median=math.inf)
    assert only(said(infinite), "On a", "training loss", "infinite", "epoch 1 ")
    (ends,) = said(CURVES.assign(median=[0.5, math.inf, 0.5, 0.4]))
    assert has(ends, "0.5 after epoch 1 ", "∞ after epoch 5,000")
    assert "accuracy" not in ends


def test_a_single_run_has_no_band() -> None:
    (alone,) = said(CURVES.assign(runs=1))
    assert has(alone, "single run")
    assert "%" not in alone.partition("over 99 %")[2]


def curves() -> pd.DataFrame:
    """Return a curve on each of two datasets."""
    rows = [(dataset, epoch, 1 / epoch) for dataset in ("linear", "xor") for epoch in (1, 10, 100)]
    table = pd.DataFrame(rows, columns=["dataset", "epoch", "median"])
    return table.assign(low=table["median"] / 2, high=table["median"] * 2)


def test_one_setup_draws_training_and_held_out_samples_where_there_are_any() -> None:
    one = curves()
    held_out = one[one["dataset"] == "linear"].assign(metric="test_loss", median=0.7)
    table = [one.assign(metric="train_loss"), one.assign(metric="train_accuracy"), held_out]
    drawn = figure(pd.concat(table), {"linear": 0.25})
    loss, other, accuracy, _ = drawn.axes
    assert loss.get_yscale() == "log"
    assert lines(loss)["held-out samples"] == pytest.approx([0.7] * 3)
    assert list(lines(loss)) == ["training samples", "held-out samples", "always the mean label"]
    assert list(lines(other)) == ["training samples"]
    assert accuracy.get_ylim() == pytest.approx((-0.03, 1.03))
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    expected = one.loc[one["dataset"] == "linear", "median"].tolist()
    assert lines(accuracy)["training samples"] == pytest.approx(expected)


def test_the_legend_names_every_line_though_the_last_panel_lacks_some() -> None:
    one = curves()
    held_out = one[one["dataset"] == "linear"].assign(metric="test_loss")
    drawn = figure(pd.concat([one.assign(metric="train_loss"), held_out]), {})
    legend = drawn.axes[1].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(PARTS)


@pytest.mark.parametrize("classes", [True, False])
def test_a_target_that_is_a_number_has_no_accuracy_to_draw(*, classes: bool) -> None:
    rows = [("price", "train_loss", epoch, 1 / epoch) for epoch in (1, 10)]
    rows += [
        ("cheap", metric, epoch, 1 / epoch)
        for metric in ("train_loss", "train_accuracy")
        for epoch in (1, 10)
        if classes
    ]
    table = pd.DataFrame(rows, columns=["dataset", "metric", "epoch", "median"])
    drawn = figure(table.assign(low=table["median"], high=table["median"]), {})
    words = [[text.get_text() for text in axes.texts] for axes in drawn.axes]
    none = "none: the target is a number"
    assert words == ([[], [], [none], []] if classes else [[]])
    assert len(drawn.axes[-1].lines) == 1


def test_no_lines_draw_a_loss_that_is_infinite_whatever_the_accuracy_is() -> None:
    table = curves().assign(metric="train_loss")
    accuracy = table.assign(metric="train_accuracy")
    lines = code(QUESTION, {"base_curves": pd.concat([table, accuracy])}, "lab")
    assert lines is not None
    assert '["metric"] == "train_loss"' in lines
    both = pd.concat([table.assign(median=math.inf), accuracy])
    assert code(QUESTION, {"base_curves": both}, "lab") is None
