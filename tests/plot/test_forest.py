"""The forest of hypotheses draws its table: points, intervals, claimed shares and verdicts."""

import math

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from study.plot.forest import forest
from study.plot.theme import VERDICTS

CLAIMS = pd.DataFrame(
    [
        ("a", "linear", "exact", "supported", 1.0, 0.7, 1.0, 0.5),
        ("a", "linear", "as_printed", "contradicted", 0.1, 0.0, 0.45, 0.5),
        ("b", "linear", "exact", "undecided", 0.8, 0.44, 0.97, 0.9),
        ("c", "xor", "as_printed − exact", "undecided", math.nan, 0.0, 1.0, 0.5),
    ],
    columns=[
        "id", "dataset", "implementation", "verdict",
        "share", "share_low", "share_high", "threshold",
    ],
)  # fmt: skip


def test_a_forest_has_a_panel_a_dataset_and_a_row_a_hypothesis() -> None:
    figure = forest(CLAIMS)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["linear", "xor"]
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["a", "b", "c"]
    for axes in figure.axes:
        assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_bars_are_the_intervals_in_the_colours_of_their_verdicts() -> None:
    axes = forest(CLAIMS).axes[0]
    bars = axes.collections[0]
    rows = CLAIMS[CLAIMS["dataset"] == "linear"]
    segments = bars.get_segments()  # type: ignore[attr-defined]
    assert [tuple(s[:, 0]) for s in segments] == list(
        zip(rows["share_low"], rows["share_high"], strict=True)
    )
    assert [to_hex(c) for c in bars.get_colors()] == [VERDICTS[v] for v in rows["verdict"]]  # type: ignore[attr-defined]


def test_points_and_ticks_are_at_their_shares_one_row_a_network() -> None:
    axes = forest(CLAIMS).axes[0]
    ticks, points = (np.asarray(axes.collections[i].get_offsets()) for i in (1, 2))
    rows = CLAIMS[CLAIMS["dataset"] == "linear"]
    assert ticks[:, 0].tolist() == rows["threshold"].tolist()
    assert points[:, 0].tolist() == rows["share"].tolist()
    first, second, third = points[:, 1]
    assert first < 0 < second
    assert third == 1
    assert first == -second


def test_a_forest_of_one_dataset_and_network_names_neither() -> None:
    figure = forest(CLAIMS[:1])
    (axes,) = figure.axes
    assert axes.get_title(loc="left") == ""
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["supported", "share to beat"]


def test_the_legend_names_verdicts_networks_and_the_tick() -> None:
    (legend,) = forest(CLAIMS).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        *VERDICTS, "exact", "as_printed", "as_printed − exact", "share to beat",
    ]  # fmt: skip
