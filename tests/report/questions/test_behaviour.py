"""Effects of levels: the largest are named once, and every one stands in the matrix."""

import math

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from study.plot.theme import INK, SOFT
from study.report.questions.behaviour import BETTER, TINT, WORSE, effects, figure, written
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
        (-1.0, ["10 times faster", "(xor)"]),
        (2.0, ["100 times slower", "(xor)"]),
        (-math.inf, ["at least one", "full accuracy", "adam", "53 %", "sgd", "21 %", "(xor)"]),
    ],
)
def test_the_largest_effect_that_can_be_told_from_none_is_named(
    size: float, parts: list[str]
) -> None:
    sure = effect("speed", size, min(size, size / 2), max(size, size / 2))
    unsure = effect("ceiling", 5.0, -1.0, 9.0)
    first, second = effects(pd.DataFrame([sure, unsure]))
    assert effects(pd.DataFrame([{**unsure, "pairs": 0}])) == []
    assert only(effects(pd.DataFrame([unsure])), "Of 1 effect", "not one", "95 %")
    assert has(first, "Of 2 effects", "1 differ")
    assert has(second, "epochs to full accuracy", "optimizer adam instead of sgd", *parts)


def test_an_effect_that_one_pair_alone_shows_is_not_the_largest_and_shares_break_ties() -> None:
    endless = effect("speed", math.inf, 1.0, math.inf)
    clearer = {**endless, "level": "rmsprop", "alone": 0.1, "other_alone": 0.9}
    table = pd.DataFrame([endless, clearer, {**clearer, "level": "x", "alone": 0.0, "pairs": 1}])
    assert "optimizer rmsprop instead of sgd" in effects(table)[1]


def test_an_endless_effect_on_the_best_loss_is_divergence() -> None:
    _, worse = effects(pd.DataFrame([effect("ceiling", math.inf, 1.0, math.inf)]))
    assert has(worse, "best training loss", "optimizer adam instead of sgd", "stays finite")
    assert has(worse, "adam", "53 %", "sgd", "21 %", "xor")


def test_a_dataset_has_one_largest_effect_whichever_network_shows_it() -> None:
    within, between = effect("ceiling", 1.0, 0.5, 2.0), effect("ceiling", 2.0, 1.0, 3.0)
    networks = {**between, "parameter": "implementation", "implementation": "both"}
    found = effects(pd.DataFrame([within, {**within, "effect": 0.5}, networks]))
    assert len(found) == 2
    assert has(found[1], "implementation", "100 times")


def test_what_datasets_agree_in_is_told_once_with_the_size_on_each() -> None:
    one, two = effect("speed", -1.0, -2.0, -0.5), effect("speed", -2.0, -3.0, -0.5)
    rows = [{**row, "dataset": name} for name, row in (("a", one), ("b", two), ("c", one))]
    assert only(
        effects(pd.DataFrame(rows))[1:],
        "optimizer adam instead of sgd", "10 times faster (a; c)", "100 times faster (b)",
    )  # fmt: skip


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_a_matrix_writes_every_effect_and_colours_those_that_are_clear() -> None:
    rows = [
        ("best_train_loss", "10", "log10", -1.0, True),
        ("best_train_loss", "1", "log10", math.inf, True),
        ("diverged", "10", "raw", 0.5, False),
        ("diverged", "1", "raw", 0.25, False),
        ("generalisation_gap", "10", "raw", math.nan, False),
    ]
    columns = ["behaviour", "level", "scale", "effect", "clear"]
    table = pd.DataFrame(rows, columns=columns)
    (axes,) = figure(table.assign(parameter="lr", reference="0.1", **GROUP)).axes
    assert texts(axes) == ["×0.1", "×∞", "+0.50", "+0.25", "–"]
    assert [box.get_facecolor() for box in boxes(axes)] == [
        *(to_rgba(colour, TINT) for colour in (BETTER, WORSE)), *[to_rgba("none")] * 3,
    ]  # fmt: skip
    assert [box.get_xy() for box in boxes(axes)] == [
        (0, 0), (0, 1), (1, 0), (1, 1), (2, 0),
    ]  # fmt: skip
    assert [text.get_color() for text in axes.texts] == [INK, INK, SOFT, SOFT, SOFT]
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "learning rate 10 instead of 0.1", "learning rate 1 instead of 0.1",
    ]  # fmt: skip
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        "best\ntraining loss", "diverged", "generalisation\ngap",
    ]  # fmt: skip


def test_each_dataset_and_network_has_a_matrix_of_its_own_contrasts() -> None:
    """What compares the networks themselves stands apart, though it has the dataset's name."""
    table = pd.DataFrame(
        {
            "behaviour": "diverged", "dataset": ["linear", "xor", "xor", "xor"],
            "implementation": ["both", "both", "both", "exact"], "parameter": "optimizer",
            "level": ["adam", "adam", "rmsprop", "adam"], "reference": "sgd",
            "scale": "raw", "effect": [0.1, -0.2, 0.0, 0.3], "clear": False,
        }
    )  # fmt: skip
    panels = figure(table).axes
    assert list(map(texts, panels)) == [["+0.10"], ["−0.20", "0"], ["+0.30"]]
    assert [axes.get_title(loc="left") for axes in panels] == ["linear", "xor", "xor"]


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
