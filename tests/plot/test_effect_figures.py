"""Figures of shares, effects and divergence draw every number of their tables."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from study.plot import effects
from study.plot.divergence import divergence
from study.plot.groups import groups
from study.plot.theme import INK, SOFT
from tests.artists import boxes

GROUP = {"dataset": "xor", "implementation": "exact"}


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
    (axes,) = effects.matrix(table.assign(parameter="lr", reference="0.1", **GROUP)).axes
    assert texts(axes) == ["×0.1", "×∞", "+0.50", "+0.25", "–"]
    assert [to_hex(box.get_facecolor()) for box in boxes(axes)] == [
        effects.BETTER, effects.WORSE, effects.UNSURE, effects.UNSURE, effects.UNSURE,
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


def test_each_dataset_has_a_matrix_of_its_own_contrasts() -> None:
    table = pd.DataFrame(
        {
            "behaviour": "diverged", "dataset": ["linear", "xor", "xor"], "implementation": "both",
            "parameter": "optimizer", "level": ["adam", "adam", "rmsprop"], "reference": "sgd",
            "scale": "raw", "effect": [0.1, -0.2, 0.0], "clear": False,
        }
    )  # fmt: skip
    linear, xor = effects.matrix(table).axes
    assert (texts(linear), texts(xor)) == (["+0.10"], ["−0.20", "0"])
    assert (linear.get_title(loc="left"), xor.get_title(loc="left")) == ("linear", "xor")


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
    assert effects.written(effect, scale) == text


def test_a_map_says_how_many_of_how_many_diverged() -> None:
    table = pd.DataFrame(
        {
            **GROUP, "parameter": "lr", "other": "activation",
            "level": ["0.1", "0.1", "1"], "other_level": ["tanh", "none", "none"],
            "runs": 4, "diverged": [0, 2, 3], "share": [0.0, 0.5, 0.75],
        }
    )  # fmt: skip
    alone = table[:1].assign(other="none", other_level="all")
    first, second = divergence(pd.concat([table, alone])).axes
    assert texts(first) == ["0/4", "2/4", "3/4"]
    assert [text.get_position() for text in first.texts] == [(0, 0), (0, 1), (1, 1)]
    assert [text.get_color() for text in first.texts] == [INK, INK, "white"]
    shown = np.ma.filled(np.ma.asarray(first.images[0].get_array()).astype(float), math.nan)
    np.testing.assert_array_equal(shown, [[0.0, math.nan], [0.5, 0.75]])
    assert (first.get_xlabel(), first.get_ylabel()) == ("learning rate", "activation")
    assert [t.get_text() for t in first.get_yticklabels()] == ["tanh", "none"]
    assert first.get_title(loc="left") == "xor"
    assert (texts(second), second.get_ylabel(), second.get_title(loc="left")) == (["0/4"], "", "")


def test_a_group_names_its_network_where_there_are_several() -> None:
    table = pd.DataFrame({"dataset": ["xor", "xor"], "implementation": ["both", "exact"]})
    assert list(groups(table).values()) == ["xor", "xor"]
    printed = table.assign(implementation=["both", "as_printed"])
    assert list(groups(table, printed).values()) == [
        "xor", "xor, exact network", "xor, network as printed",
    ]  # fmt: skip
