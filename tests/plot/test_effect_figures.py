"""Figures of shares, effects and divergence draw every number of their tables."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from study.plot.divergence import divergence
from study.plot.groups import groups
from study.plot.theme import INK

GROUP = {"dataset": "xor", "implementation": "exact"}


def texts(axes: Axes) -> list[str]:
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
