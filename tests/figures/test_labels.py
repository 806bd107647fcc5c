"""Titles and labels stay within their panels, however long the names are."""

from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from study.figures.axes import folded, label, panels

LONG = "a_dataset_whose_name_has_sixty_letters_and_does_not_fit_at_all"


def _title(axes: Axes) -> Text:
    shown = axes.get_title(loc="left")
    return next(text for text in axes.findobj(Text) if text.get_text() == shown)


def test_titles_of_long_names_do_not_run_into_each_other() -> None:
    figure, grid = panels(2, 3, height=1.6)
    for row in grid:
        for axes in row:
            label(axes, title=f"{LONG}, by hidden layers", y=LONG)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    for row in grid:
        titles = [_title(axes).get_window_extent() for axes in row]
        assert all(left.x1 <= right.x0 for left, right in pairwise(titles))
    sides = [row[0].yaxis.label.get_window_extent() for row in grid]
    assert sides[1].y1 <= sides[0].y0


def test_short_texts_stay_as_they_are() -> None:
    assert folded("xor: the truth\n", 20) == "xor: the truth\n"
    assert folded("", 20) == ""
