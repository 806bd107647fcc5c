"""Titles and labels stay within their panels, however long the names are."""

from itertools import pairwise
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from study.plot.axes import COLUMN, label, limits, linear_limits, logarithmic, named_rows, panels
from study.plot.image import LEAST, picture
from study.plot.texts import folded

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


def _shares(axes: Axes) -> tuple[float, float]:
    """Return which share of its column and of its row a panel has."""
    place, box = axes.get_subplotspec(), axes.get_position()
    assert place is not None
    return box.width * place.get_gridspec().ncols, box.height * place.get_gridspec().nrows


@pytest.mark.parametrize("name", [LONG, "_" + "W" * 99, f"{LONG} " * 3, "漢" * 80])
def test_a_panel_has_room_however_long_the_names_are(name: str) -> None:
    """Low rows for two bars, and no warning, which would be an error here."""
    figure, grid = panels(4, 2, height=0.76)
    for row in grid:
        for axes in row:
            named_rows(axes, [name, "b"])
            label(axes, title=f"{name}, by hidden layers", y=name)
    picture(figure)
    shares = [_shares(axes) for row in grid for axes in row]
    assert all(wide >= LEAST * 0.99 and high >= LEAST * 0.8 for wide, high in shares)


def test_a_figure_with_short_names_keeps_its_size() -> None:
    figure, grid = panels(4, 2, height=0.76)
    for row in grid:
        for axes in row:
            label(axes, title="xor, by hidden layers")
    picture(figure)
    assert figure.get_size_inches().tolist() == [2 * COLUMN, 4 * 0.76 + 0.4]


HOSTILE = "$x^$ and $\\frac$", "{0:>99}", "_hidden", "漢字 😀", "a\x00b", "100 %", "#"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_no_formula_and_has_a_box_for_each_character_that_the_font_lacks(
    name: str,
) -> None:
    figure, ((axes,),) = panels(1, 1, height=2.0)
    named_rows(axes, [name])
    label(axes, title=name, y=name)
    picture(figure)
    shown = name.replace("漢字", "□□").replace("\x00", "□")
    assert axes.get_title(loc="left") == axes.get_ylabel() == shown
    assert [text.get_text() for text in axes.get_yticklabels()] == [shown]
    assert not any(
        text.get_parse_math() for text in (axes.yaxis.label, *axes.get_yticklabels(), _title(axes))
    )


ENDS = {
    (1e-12, 1e300): (10**-22.6, 10**210.6),
    (1e308, 1e308): (1e200 / 1.1, 1e200 * 1.1),
    (1e30, 1e30): (1e30 / 1.1, 1e30 * 1.1),
    (0.0, 0.0): (1e-12 / 1.1, 1e-12 * 1.1),
    (0.01, 1.0): (10**-2.1, 10**0.1),
}


@pytest.mark.parametrize(("values", "ends"), ENDS.items())
def test_axes_take_any_float(values: tuple[float, float], ends: tuple[float, float]) -> None:
    """No sum overflows, and no axis is a point: both would warn, which is an error here."""
    figure, ((axes, other),) = panels(1, 2, height=2.0)
    assert limits([values]) == pytest.approx(ends)
    logarithmic(axes, "y", *limits([values, [float("inf"), float("nan")]]))
    other.set_xlim(linear_limits([values, [-values[0]]]))
    picture(figure)
    other.set_xlim(linear_limits([values]))
    picture(figure)
    low, high = other.get_xlim()
    assert low < min(*values, 1e200) <= min(max(values), 1e200) < high
