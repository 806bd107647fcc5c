"""Where most runs diverge is named, and what shares that; a map counts them."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from study.plot.theme import ON_DARK, ON_LIGHT
from study.report.questions.diverging import figure, finding
from tests.words import has

GROUP = {"dataset": "xor", "implementation": "exact"}

CELL = {
    **GROUP, "parameter": "lr", "level": "1", "other": "activation", "other_level": "none",
    "configurations": 2, "runs": 10, "diverged": 9, "share": 0.9, "first": 2.0,
}  # fmt: skip


def stable(*unstable: str | None, constant: int = 0) -> pd.DataFrame:
    """Return combinations of six runs, and the smallest value at which each diverged."""
    about = {**GROUP, "parameter": "lr", "runs": 6, "constant": constant}
    return pd.DataFrame([{**about, "smallest_unstable": one} for one in unstable])


def test_where_most_runs_diverge_is_named_of_several_configurations_if_possible() -> None:
    alone = {**CELL, "level": "2", "configurations": 1, "diverged": 10, "share": 1.0}
    most = finding(pd.DataFrame([CELL, alone]), stable("1"))[0]
    assert has(most, "On xor", "learning rate 1", "activation none", "9 of 10 runs", "2 epochs")
    most = finding(pd.DataFrame([alone]), stable("1"))[0]
    assert has(most, "On xor", "learning rate 2", "activation none", "10 of 10 runs", "2 epochs")
    none = finding(pd.DataFrame([{**CELL, "diverged": 0}]), stable("1"))[0]
    assert has(none, "On xor", "no run")


def test_values_that_share_the_largest_share_are_named_together() -> None:
    tied = pd.DataFrame([{**CELL, "level": "0.1", "first": 5.0}, CELL])
    most = finding(tied, stable("1"))[0]
    assert has(most, "learning rate 0.1 and 1", "activation none", "9 of 10 runs each", "2 epochs")


@pytest.mark.parametrize(
    ("combinations", "parts"),
    [
        (stable("1", None), ("1 of 2 combinations", "never", "learning rate")),
        (stable("1", None, constant=4), ("1 of 2 combinations", "never", "4", "6 runs")),
        (stable(None), ("no learning rate",)),
        (stable("1"), ("some learning rate",)),
        (stable("1", "1"), ("each combination", "some learning rate")),
    ],
)
def test_what_never_diverged_is_counted(combinations: pd.DataFrame, parts: tuple[str, ...]) -> None:
    never = finding(pd.DataFrame([CELL]), combinations)[1]
    assert has(never, "On xor", *parts)
    assert ("constant" in never) == bool(combinations["constant"].any())


def texts(axes: Axes) -> list[str]:
    """Return what is written in a panel."""
    return [text.get_text() for text in axes.texts]


def test_a_map_says_how_many_of_how_many_diverged() -> None:
    table = pd.DataFrame(
        {
            **GROUP, "parameter": "lr", "other": "activation",
            "level": ["0.1", "0.1", "1"], "other_level": ["tanh", "none", "none"],
            "runs": 4, "diverged": [0, 2, 3], "share": [0.0, 0.5, 0.75],
        }
    )  # fmt: skip
    alone = table[:1].assign(other="none", other_level="all")
    first, second = figure(pd.concat([table, alone])).axes
    assert texts(first) == ["0/4", "2/4", "3/4"]
    assert [text.get_position() for text in first.texts] == [(0, 0), (0, 1), (1, 1)]
    assert [text.get_color() for text in first.texts] == [ON_LIGHT, ON_LIGHT, ON_DARK]
    shown = np.ma.filled(np.ma.asarray(first.images[0].get_array()).astype(float), math.nan)
    np.testing.assert_array_equal(shown, [[0.0, math.nan], [0.5, 0.75]])
    assert (first.get_xlabel(), first.get_ylabel()) == ("learning rate", "activation")
    assert [t.get_text() for t in first.get_yticklabels()] == ["tanh", "none"]
    assert first.get_title(loc="left") == ""
    assert (texts(second), second.get_ylabel(), second.get_title(loc="left")) == (["0/4"], "", "")
