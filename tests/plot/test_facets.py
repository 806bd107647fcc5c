"""Panels: in the order of the table, labelled at the edges, blank without rows."""

import pandas as pd
from matplotlib.axes import Axes

from study.plot.axes import COLUMN, DIGITS, TALLEST, WIDTH
from study.plot.facets import facets

TABLE = pd.DataFrame({"row": ["b", "b", "a"], "column": ["x", "y", "y"], "value": [1.0, 2.0, 3.0]})


def draw(axes: Axes, rows: pd.DataFrame) -> None:
    for name, of in rows.groupby("row"):
        axes.bar([0], of["value"], label=str(name))


def labels(row: str, column: str) -> tuple[str, str]:
    return f"{column} of {row}", f"values of {row}"


def test_each_two_values_have_a_panel_and_one_without_rows_is_blank() -> None:
    panels = facets(TABLE, ("row", "column"), draw, height=1.0, labels=labels).axes
    titles = [axes.get_title(loc="left") for axes in panels]
    assert titles == ["x of b", "y of b", "x of a", "y of a"]
    assert [len(axes.patches) for axes in panels] == [1, 1, 0, 1]
    assert [axes.axison for axes in panels] == [True, True, False, True]
    assert [axes.get_ylabel() for axes in panels] == ["values of b", "", "values of a", ""]


def test_a_scale_is_given_to_panels_without_rows_too() -> None:
    def scale(axes: Axes, row: str, column: str) -> None:
        axes.set_xlim(0, len(row + column))

    panels = facets(TABLE, ("row", "column"), draw, height=1.0, labels=labels, scale=scale).axes
    assert {axes.get_xlim() for axes in panels} == {(0.0, 2.0)}
    assert all(axes.axison for axes in panels)
    assert [len(axes.patches) for axes in panels] == [1, 1, 0, 1]


def test_a_label_is_below_each_panel_or_below_the_lowest_where_they_share_it() -> None:
    for share, expected in ((False, ["z"] * 4), (True, ["", "", "z", "z"])):
        panels = facets(
            TABLE, ("row", "column"), draw, height=1.0, labels=labels, x="z", share_x=share
        ).axes
        assert [axes.get_xlabel() for axes in panels] == expected


def test_rows_of_one_column_are_side_by_side_if_they_would_be_too_high() -> None:
    one = TABLE.assign(row=[*"abc"], column="x")
    for height, columns, wide in ((1.7, 1, WIDTH), (2.0, 2, 2 * COLUMN)):
        drawn = facets(
            one, ("row", "column"), draw, height=height, labels=labels, x="z", share_x=True
        )
        panels = [axes for axes in drawn.axes if axes.axison]
        assert [axes.get_title(loc="left") for axes in panels] == ["x of a", "x of b", "x of c"]
        assert drawn.get_figwidth() == wide
        assert drawn.get_figheight() <= TALLEST
        assert [axes.get_xlabel() for axes in panels] == {1: ["", "", "z"], 2: ["", "z", "z"]}[
            columns
        ]


def test_named_marks_have_a_legend_above_the_first_panel_or_each_row() -> None:
    one = facets(TABLE, ("row", "column"), draw, height=1.0, labels=labels, named=True).axes
    assert [axes.get_legend() is not None for axes in one] == [True, False, False, False]
    each = facets(TABLE, ("row", "column"), draw, height=1.0, labels=labels, named="row").axes
    assert [axes.get_legend() is not None for axes in each] == [True, False, False, False]
    column = TABLE.assign(column="x")
    own = facets(column, ("row", "column"), draw, height=1.0, labels=labels, named="row").axes
    assert [axes.get_legend() is not None for axes in own] == [True, True]


def test_the_places_of_panels_are_rounded_and_the_layout_still_moves_them() -> None:
    figure = facets(TABLE, ("row", "column"), draw, height=1.0, labels=labels)
    seen = []
    for width in (4.0, 6.0):
        figure.set_figwidth(width)
        figure.draw_without_rendering()
        corners = [list(axes.get_position(original=True).extents) for axes in figure.axes]
        assert corners == [[round(of, DIGITS) for of in each] for each in corners]
        seen.append(corners)
    assert seen[0] != seen[1]
