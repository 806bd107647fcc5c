"""Effects of levels: the largest is named, and the matrix has each behaviour with an effect."""

import math

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from study.plot.columns import around
from study.plot.columns import columns as columns_of
from study.plot.image import picture
from study.plot.theme import INK, SOFT
from study.report.questions.behaviour import (
    BETTER,
    HIGH,
    TINT,
    WORSE,
    caption,
    columns,
    figure,
    finding,
    written,
)
from tests.artists import boxes
from tests.words import has, only

GROUP = {"dataset": "xor", "implementation": "exact"}


def effect(aspect: str, size: float, low: float, high: float) -> dict[str, object]:
    """Return Adam's effect against SGD's on full accuracy (speed), else on the best loss."""
    return {
        **GROUP, "aspect": aspect, "parameter": "optimizer", "level": "adam", "reference": "sgd",
        "pairs": 3, "confidence": 0.97, "effect": size, "low": low, "high": high,
        "behaviour": "epochs_to_full_accuracy" if aspect == "speed" else "best_train_loss",
        "alone": 0.53, "other_alone": 0.21, "scale": "log10", "clear": low > 0 or high < 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        (-1.0, ["lowers", "factor of 10", "xor"]),
        (2.0, ["raises", "factor of 100", "xor"]),
        (-math.inf, ["lowers", "xor"]),
    ],
)
def test_the_largest_clear_effect_is_named_with_its_size(size: float, parts: list[str]) -> None:
    sure = effect("speed", size, min(size, size / 2), max(size, size / 2))
    unsure = effect("ceiling", 5.0, -1.0, 9.0)
    named = ["Optimizer adam instead of sgd", parts[0], "epochs to full accuracy", *parts[1:]]
    assert only(finding(pd.DataFrame([sure, unsure])), *named)
    assert finding(pd.DataFrame([{**unsure, "pairs": 0}])) == []
    assert only(finding(pd.DataFrame([unsure])), "No effect is clear", "xor")


def test_a_ratio_beyond_all_floats_has_no_size() -> None:
    """Between losses of 1e300 and 1e-300."""
    (sentence,) = finding(pd.DataFrame([effect("ceiling", 600.0, 1.0, 600.0)]))
    assert has(sentence, "raises the best training loss most on xor")


def test_a_difference_is_not_called_a_factor_and_divergence_has_a_noun() -> None:
    row = {**effect("divergence", 0.25, 0.1, 0.5), "scale": "raw", "behaviour": "diverged"}
    assert only(finding(pd.DataFrame([row])), "raises divergence most", "by 0.25", "on xor")


def test_the_objective_has_precedence_then_the_best_loss_then_speed() -> None:
    rows = [effect(aspect, 1.0, 0.5, 2.0) for aspect in ("speed", "ceiling")]
    assert only(finding(pd.DataFrame(rows)), "best training loss")
    objective = {**rows[0], "aspect": "objective", "behaviour": "final_test_error"}
    assert only(finding(pd.DataFrame([*rows, objective])), "final test error")


def test_among_infinite_effects_the_clearest_is_the_largest() -> None:
    endless = effect("speed", math.inf, 1.0, math.inf)
    clearer = {**endless, "level": "rmsprop", "alone": 0.1, "other_alone": 0.9}
    assert only(finding(pd.DataFrame([endless, clearer])), "optimizer rmsprop".capitalize())


def test_costs_are_no_effects() -> None:
    cost = {**effect("cost", 2.0, math.nan, math.nan), "behaviour": "seconds_per_epoch"}
    assert finding(pd.DataFrame([cost])) == []


def test_datasets_that_agree_share_a_statement_whatever_the_sizes() -> None:
    one, two = effect("speed", -1.0, -2.0, -0.5), effect("speed", -2.0, -3.0, -0.5)
    rows = [{**row, "dataset": name} for name, row in (("a", one), ("b", two), ("c", one))]
    (sentence,) = finding(pd.DataFrame(rows))
    assert has(sentence, "Optimizer adam instead of sgd", "all 3 datasets")
    assert "factor" not in sentence
    other = {**one, "dataset": "d", "parameter": "lr", "level": "1", "reference": "0.1"}
    assert only(
        finding(pd.DataFrame([rows[0], other])),
        "pochs to full accuracy depend most on optimizer on a", "learning rate on d",
    )  # fmt: skip


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_a_matrix_has_every_behaviour_with_a_clear_effect_and_colours_clear_ones() -> None:
    rows = [
        ("best_train_loss", "10", "log10", -1.0, True),
        ("best_train_loss", "1", "log10", math.inf, True),
        ("diverged", "10", "raw", 0.5, False),
        ("diverged", "1", "raw", 0.25, False),
        ("late_spread", "10", "raw", 0.1, True),
        ("late_spread", "1", "raw", math.nan, False),
        ("generalisation_gap", "10", "raw", math.nan, False),
        ("late_spikes", "10", "raw", 0.1, False),
    ]
    names = ["behaviour", "level", "scale", "effect", "clear"]
    table = pd.DataFrame(rows, columns=names).assign(aspect="")
    (axes,) = figure(table.assign(parameter="lr", reference="0.1", **GROUP)).axes
    assert texts(axes) == ["×0.1", "×∞", "+0.10", "–"]
    assert [box.get_facecolor() for box in boxes(axes)] == [
        *(to_rgba(colour, TINT) for colour in (BETTER, WORSE, WORSE)), to_rgba("none"),
    ]  # fmt: skip
    assert [box.get_xy() for box in boxes(axes)] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [text.get_color() for text in axes.texts] == [INK, INK, INK, SOFT]
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "learning rate 0.1 → 10", "learning rate 0.1 → 1",
    ]  # fmt: skip
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        "best\ntraining\nloss", "late spread",
    ]  # fmt: skip


def test_each_dataset_and_network_has_a_matrix_of_its_own_contrasts() -> None:
    """The comparison of the networks has its own matrix, with the dataset's name."""
    table = pd.DataFrame(
        {
            "behaviour": "diverged", "dataset": ["linear", "xor", "xor", "xor"],
            "implementation": ["both", "both", "both", "exact"], "parameter": "optimizer",
            "level": ["adam", "adam", "rmsprop", "adam"], "reference": "sgd",
            "scale": "raw", "effect": [0.1, -0.2, 0.0, 0.3], "clear": False, "aspect": "divergence",
        }
    )  # fmt: skip
    panels = figure(table).axes
    assert list(map(texts, panels)) == [["+0.10"], ["−0.20", "0"], ["+0.30"]]
    assert [axes.get_title(loc="left") for axes in panels] == ["linear", "xor", "xor"]


def test_a_matrix_can_be_cut_between_its_columns_each_with_the_names_of_all_rows() -> None:
    behaviours = ("best_train_loss", "constant_prediction", "diverged", "late_spread")
    each = [{"behaviour": of, "level": level} for of in behaviours for level in ("1", "10")]
    table = pd.DataFrame(each).assign(
        parameter="lr", reference="0.1", scale="raw", effect=0.1, clear=True, aspect="",
        dataset="xor",
    )  # fmt: skip
    both = pd.concat([table.assign(implementation=of) for of in ("exact", "as_printed")])
    drawn = figure(both)
    picture(drawn)
    (first, *others), _ = columns_of(drawn)
    assert len(others) == len(behaviours) - 1
    for of in others:
        assert len(of.names) == 2 + 4  # two titles, and two levels each
        assert all(name.right <= of.box.left for name in of.names)
        assert around(of.names).left >= first.box.left


@pytest.mark.parametrize(
    ("effect", "scale", "text"),
    [
        (0.0, "log10", "×1"), (400.0, "log10", "×∞"), (-math.inf, "log10", "×0"),
        (math.inf, "raw", "∞"), (-math.inf, "raw", "−∞"), (0.004, "raw", "0"),
        (-0.125, "raw", "−0.12"),
    ],
)  # fmt: skip
def test_effects_are_written_as_ratios_or_with_their_sign(
    effect: float, scale: str, text: str
) -> None:
    assert written(effect, scale) == text


def test_costs_are_a_column_and_without_a_clear_effect_each_known_one_is() -> None:
    rows = [("best_train_loss", "ceiling", 1.0), ("seconds_per_epoch", "cost", 2.0),
            ("late_spread", "stability", math.nan)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["behaviour", "aspect", "effect"])
    assert columns(table.assign(clear=False)) == ["best_train_loss", "seconds_per_epoch"]
    other = pd.DataFrame([("diverged", "divergence", 0.5)], columns=table.columns)
    both = pd.concat([table.assign(clear=False), other.assign(clear=True)])
    assert columns(both) == ["seconds_per_epoch", "diverged"]


def test_matrices_of_one_dataset_are_no_higher_than_a_figure_may_be() -> None:
    row = {"behaviour": "diverged", "scale": "raw", "effect": 0.1, "clear": True, "aspect": ""}
    levels = [{**GROUP, **row, "parameter": "lr", "reference": "0", "level": i} for i in range(60)]
    drawn = figure(pd.DataFrame(levels).astype({"level": "str"}))
    assert drawn.get_figheight() <= HIGH + 0.5


def test_a_caption_is_short_and_explains_infinite_ratios_if_there_are_any() -> None:
    table = pd.DataFrame([effect("speed", math.inf, 1.0, math.inf)])
    assert has(caption(table), "Magenta", "×∞", "×0")
    assert len(caption(table).split()) <= 40
    assert "∞" not in caption(table.assign(effect=1.0))
