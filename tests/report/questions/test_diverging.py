"""Where most runs diverge is named with its share, and a map counts them."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from study.plot.theme import ON_DARK, ON_LIGHT, SOFT
from study.report.questions.diverging import figure, finding
from tests.words import only

GROUP = {"dataset": "xor", "implementation": "exact"}

CELL = {
    **GROUP, "parameter": "lr", "level": "1", "other": "activation", "other_level": "none",
    "configurations": 2, "runs": 10, "diverged": 9, "share": 0.9, "first": 2.0,
}  # fmt: skip


def test_where_most_runs_diverge_is_named_of_several_configurations_if_possible() -> None:
    alone = {**CELL, "level": "2", "configurations": 1, "diverged": 10, "share": 1.0}
    most = finding(pd.DataFrame([CELL, alone]))
    assert only(most, "activation none and learning rate 1:", "90 %")
    assert only(finding(pd.DataFrame([alone])), "activation none and learning rate 2:", "100 %")
    assert finding(pd.DataFrame([{**CELL, "diverged": 0}])) == []
    single = {**CELL, "other": "none", "other_level": "all"}
    sentences = finding(pd.DataFrame([single]))
    assert only(sentences, "learning rate 1:", "90 %")
    assert "all" not in sentences[0]


def test_values_that_share_the_largest_share_are_named_together() -> None:
    tied = pd.DataFrame([{**CELL, "level": "0.1", "first": 5.0}, CELL])
    assert only(finding(tied), "activation none and learning rate 0.1 and 1", "90 %")


def test_datasets_that_differ_are_named_or_what_they_share_is() -> None:
    other = {**CELL, "dataset": "linear", "level": "2", "share": 0.5, "diverged": 5}
    assert only(
        finding(pd.DataFrame([CELL, other])), "activation none and learning rate 1 on xor",
        "activation none and learning rate 2 on linear",
    )  # fmt: skip
    same = {**other, "level": "1"}
    assert only(finding(pd.DataFrame([CELL, same])), "learning rate 1:", "50 % to 90 %")
    levels = ", ".join(map(str, range(30)))
    many = {**other, "level": levels.replace(",", " ")}
    assert only(finding(pd.DataFrame([CELL, many])), "activation none", "learning rate", "differ")
    apart = {**many, "other_level": "tanh"}
    assert "activation" not in finding(pd.DataFrame([CELL, apart]))[0]


def test_of_many_pairs_the_ones_with_the_largest_differences_are_drawn() -> None:
    rows = [
        {**CELL, "other": name, "other_level": str(i), "share": share * (i % 2)}
        for name, share in (("hidden", 0.1), ("activation", 0.9), ("optimizer", 0.5))
        for i in range(12)
    ]
    drawn = figure(pd.DataFrame(rows))
    assert drawn.get_size_inches()[1] * 120 <= 700
    assert [axes.get_ylabel() for axes in drawn.axes] == ["activation"]


def texts(axes: Axes) -> list[str]:
    """Return the texts of a panel."""
    return [text.get_text() for text in axes.texts]


def test_a_map_counts_diverged_runs_and_all_runs() -> None:
    table = pd.DataFrame(
        {
            **GROUP, "parameter": "lr", "other": "activation",
            "level": ["0.1", "0.1", "1"], "other_level": ["tanh", "none", "none"],
            "runs": 4, "diverged": [0, 2, 3], "share": [0.0, 0.5, 0.75],
        }
    )  # fmt: skip
    alone = table[:1].assign(other="none", other_level="all")
    first, second = figure(pd.concat([table, alone])).axes
    assert texts(first) == ["0/4", "2/4", "3/4", "–"]
    assert [text.get_position() for text in first.texts] == [(0, 0), (0, 1), (1, 1), (1, 0)]
    assert [text.get_color() for text in first.texts] == [ON_LIGHT, ON_LIGHT, ON_DARK, SOFT]
    shown = np.ma.filled(np.ma.asarray(first.images[0].get_array()).astype(float), math.nan)
    np.testing.assert_array_equal(shown, [[0.0, math.nan], [0.5, 0.75]])
    assert (first.get_xlabel(), first.get_ylabel()) == ("learning rate", "activation")
    assert [t.get_text() for t in first.get_yticklabels()] == ["tanh", "none"]
    assert first.get_title(loc="left") == ""
    assert (texts(second), second.get_ylabel(), second.get_title(loc="left")) == (["0/4"], "", "")
