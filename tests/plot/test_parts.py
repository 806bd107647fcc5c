"""A wide figure in parts: nothing is cut, and each part has the names of its rows."""

import base64
import io
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from study.plot.axes import label, panels
from study.plot.columns import MARGIN, Box, Column, Panel, columns, named
from study.plot.image import POINTS, Picture, picture
from study.plot.parts import GAP, PART, Piece, arranged

TOP = GAP / 2


def test_as_many_columns_as_fit_are_side_by_side_and_the_next_ones_have_the_names() -> None:
    third = PART / 3
    names = (Box(2, 10, 12, 20), Box(0, 30, 12, 50))
    made = [
        Column(Box(i * third, 5, (i + 1) * third - 2, 60), names if i else ()) for i in range(5)
    ]
    first, lacking, second = arranged(made)
    assert first == Piece(0, TOP - 5, (Box(0, 5, 3 * third - 2, 60),))
    below = TOP + 55 + GAP - 5
    assert lacking == Piece(0, below, names)
    assert second == Piece(12 - 3 * third, below, (Box(3 * third, 5, 5 * third - 2, 60),))


def test_what_is_above_all_columns_comes_first_and_loses_the_margin_at_its_left() -> None:
    above = Box(100, 0, 300, 20)
    head, first, second = arranged(
        [Column(Box(0, 25, 200, 90)), Column(Box(210, 30, 400, 80))], above
    )
    assert head == Piece(-100, TOP, (above,))
    assert (first.x, first.y) == (0, TOP + 20 + GAP - 25)
    assert (second.x, second.y) == (-210, TOP + 20 + GAP + 65 + GAP - 30)


LABEL, TICKS, LOWER = Box(0, 10, 8, 40), Box(10, 10, 20, 40), Box(10, 60, 20, 90)
LEFT = [
    Panel((Box(0, 5, 100, 50),), (LABEL,), (TICKS,)),
    Panel((Box(0, 55, 99, 99),), (), (LOWER,)),
]


@pytest.mark.parametrize(
    ("labels", "ticks", "bottom", "lacks"),
    [
        ((), (), 99, (LABEL, TICKS, LOWER)),
        ((), (), 50, (LABEL, TICKS)),  # the lower row ends before this column
        ((), (Box(102, 10, 110, 40),), 99, (LABEL,)),
        ((Box(102, 10, 104, 40),), (Box(105, 10, 110, 40),), 99, ()),
    ],
)
def test_a_column_lacks_the_names_that_only_the_first_one_has(
    labels: tuple[Box, ...], ticks: tuple[Box, ...], bottom: float, lacks: tuple[Box, ...]
) -> None:
    right = Panel((Box(101, 5, 200, bottom),), labels, ticks)
    every = Box(-9, 0, -2, 99)
    (first, second), above = named([*LEFT, right], [every], [])
    assert first == Column(Box(-9, 0, 100, 99))
    assert second == Column(right.boxes[0], (every, *lacks))
    assert above is None


def test_a_legend_above_is_apart_and_one_beside_has_no_names() -> None:
    above, beside = Box(0, 0, 300, 5), Box(102, 10, 130, 60)
    (_, second), head = named(LEFT, [], [above, beside])
    assert head == above
    assert second == Column(beside)


def two(title: str = "left", *, columns: int = 2, points: int = 0) -> Figure:
    """Return a figure with a row of panels, whose names are at its left alone."""
    figure, (row,) = panels(1, columns, height=1.5, share_y=True)
    for i, axes in enumerate(row):
        axes.barh([0, 1], [1, 2], color=["#ff0000", "#0000ff"][i % 2])
        axes.scatter(np.linspace(0, 1, points), np.linspace(0, 1, points), s=1)
        label(axes, x="share", y="rows" * (i == 0))
        axes.set_title(title if i == 0 else f"panel {i}", loc="left")
        axes.set_yticks([0, 1], ["the first row", "the second row"])
    return figure


def test_both_columns_of_a_drawn_figure_are_found_with_all_that_belongs_to_them() -> None:
    figure = two()
    picture(figure)
    (first, second), above = columns(figure)
    wide, high = (72 * inches for inches in figure.get_size_inches())
    places = [
        [72 / figure.dpi * edge for edge in (axes.bbox.x0, axes.bbox.x1)] for axes in figure.axes
    ]
    assert -MARGIN <= first.box.left < places[0][0] < places[0][1] < first.box.right
    assert first.box.right <= second.box.left < places[1][0] < places[1][1] < second.box.right
    assert second.box.right <= wide + MARGIN
    assert max(first.box.bottom, second.box.bottom) <= high + MARGIN
    label_, *ticks = second.names
    assert label_.right < min(tick.left for tick in ticks)
    assert max(tick.right for tick in ticks) < places[0][0] + MARGIN
    assert (first.names, len(ticks), above) == ((), 2, None)


def sizes(drawn: Picture) -> tuple[float, float]:
    """Return the width and height of a picture's parts, in points."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn.parts)
    assert found is not None
    return float(found[1]), float(found[2])


def test_parts_show_the_one_drawing_again_and_fit_a_phone() -> None:
    drawn = picture(two(columns=4), "noise-1")
    wide, high = sizes(drawn)
    assert wide <= PART
    assert high > 3 * 72 * 1.5
    assert drawn.text.count('<g id="noise-1-0">') == 1
    assert set(re.findall('href="([^"]*)"', drawn.parts)) == {"#noise-1-0"}
    assert len(re.findall("<use [^>]*url", drawn.parts)) == 7  # 4 columns, 3 times their names
    assert picture(two(columns=4), "noise-1") == drawn


def test_a_bitmap_is_packed_once_and_shown_again() -> None:
    drawn = picture(two(points=POINTS), "best-1")
    (source,) = re.findall('base64,([^"]*)"', drawn.text + drawn.parts)
    with Image.open(io.BytesIO(base64.b64decode(source))) as image:
        assert image.width == pytest.approx(2 * drawn.width, abs=2)
        colours = {to_rgb(name) for name in ("#ff0000", "#0000ff")}
        every = np.asarray(image.convert("RGB")).reshape(-1, 3) / 255
        assert colours <= {tuple(of) for of in np.unique(every, axis=0).tolist()}
    assert 'id="best-1-0"' in drawn.text
    assert sizes(drawn)[0] <= PART


@pytest.mark.parametrize(
    "figure", [two(columns=1), two("a title that does not end before the second panel " * 2)]
)
def test_a_narrow_figure_and_one_that_cannot_be_cut_stay_whole(figure: Figure) -> None:
    drawn = picture(figure)
    assert drawn.parts == ""
    assert 'id="figure-0"' not in drawn.text
