"""One look: colours that name one level each, words, and scales that show every value."""

import base64
import io
import itertools

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from PIL import Image

from study.plot.axes import (
    CEILING,
    COLUMN,
    WIDTH,
    limits,
    linear_limits,
    logarithmic,
    loss_limits,
    panels,
    plain,
    tilt,
)
from study.plot.image import DENSITY, PIXELS, POINTS, Picture, picture
from study.plot.theme import (
    ARMS,
    CLASSES,
    FAINT,
    HELD_OUT,
    LEVELS,
    OKABE_ITO,
    ORDERED,
    OTHER,
    RESULT,
    STATUS,
    VERDICTS,
    colours,
    words,
)
from study.space import PARAMETERS


def test_every_level_has_a_colour_of_its_own() -> None:
    for name, parameter in PARAMETERS.items():
        levels = parameter.options or ("8", "16", "32", "64", "128")
        of = colours({name: levels})[name]
        assert list(of) == list(levels)
        assert len(set(of.values())) == len(levels)


def test_a_choice_keeps_its_colour_whatever_else_is_studied() -> None:
    few = colours({"activation": ["tanh"]})["activation"]
    many = colours({"activation": list(PARAMETERS["activation"].options)})["activation"]
    assert few["tanh"] == many["tanh"]


def test_an_ordered_parameter_gets_lighter_from_level_to_level() -> None:
    shades = [luminance(c) for c in colours({"lr": ["0.1", "1", "5", "10"]})["lr"].values()]
    assert shades == sorted(shades)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2)."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


DATA = {
    "roles": (RESULT, OTHER, HELD_OUT, FAINT), "levels": LEVELS, "classes": CLASSES[:2],
    "verdicts": tuple(VERDICTS.values()), "status": tuple(STATUS.values())[:3],
    "ordered": tuple(to_hex(ORDERED(x)) for x in np.linspace(0, 1, 30)),
}  # fmt: skip


@pytest.mark.parametrize("palette", DATA.values(), ids=DATA)
@pytest.mark.parametrize("page", ["#fffefb", "#16181b"])
def test_all_colours_are_visible_on_a_light_page_and_on_a_dark_one(
    page: str, palette: tuple[str, ...]
) -> None:
    for colour in palette:
        darker, lighter = sorted([luminance(colour), luminance(page)])
        assert (lighter + 0.05) / (darker + 0.05) >= 3, colour


def test_classes_and_verdicts_have_colours_that_nothing_else_has() -> None:
    own = {"classes": CLASSES[:2], "verdicts": tuple(VERDICTS.values())}
    rest = [colour for name in ("roles", "levels", "status") for colour in DATA[name][:-1]]
    for name, palette in own.items():
        others = [*rest, *(of for other in own if other != name for of in own[other])]
        for one, other in itertools.product(palette, others):
            assert np.abs(np.subtract(to_rgb(one), to_rgb(other))).sum() > 0.2, (one, other)


def test_no_two_colours_of_one_figure_are_near_each_other() -> None:
    for palette in (LEVELS, tuple(STATUS.values())):
        for one, other in itertools.combinations(palette, 2):
            assert np.abs(np.subtract(to_rgb(one), to_rgb(other))).sum() > 0.2


SIGHT = {
    "usual": np.eye(3),
    "no green cones": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                                [-0.011820, 0.042940, 0.968881]]),
    "no red cones": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                              [-0.003882, -0.048116, 1.051998]]),
}  # fmt: skip
"""What is seen of linear red, green and blue: Machado, Oliveira & Fernandes 2009, severity 1."""


@pytest.mark.parametrize("sight", SIGHT.values(), ids=SIGHT)
def test_twenty_classes_have_distinguishable_colours(sight: np.ndarray) -> None:
    """By at least 17 units of CIELAB: about 2 are just noticed."""
    assert CLASSES[:2] == OKABE_ITO[:2]
    assert len(set(CLASSES)) == 20
    rgb = np.array([to_rgb(colour) for colour in CLASSES])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    white = np.array([0.9505, 1.0, 1.089])
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.clip(linear @ sight.T, 0, 1) @ np.transpose(to_xyz) / white
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)
    apart = [np.linalg.norm(one - other) for one, other in itertools.combinations(lab, 2)]
    assert min(apart) > 17


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hidden", "hidden layers"),
        ("final_test_accuracy", "final test accuracy"),
        ("best_train_loss", "best training loss"),
        ("epochs_to_loss_05", "epochs to loss 0.05"),
    ],
)
def test_names_are_written_in_words(name: str, expected: str) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, "1"), (0.5, "0.5"), (1000.0, "1000"), (1e4, "10⁴"), (5e-7, "5·10⁻⁷")],
)
def test_ticks_are_plain_numbers_or_powers_of_ten(value: float, expected: str) -> None:
    assert plain(value) == expected


def test_limits_hold_every_finite_value_and_exist_without_any() -> None:
    low, high = limits([[0.5, np.inf, np.nan], [0.0]])
    assert low < 1e-12
    assert high > 0.5
    assert limits([[np.inf]]) == (1e-3, 1.0)


def test_a_loss_axis_ends_at_its_ceiling_only_where_the_trivial_loss_is_known() -> None:
    assert loss_limits([[1e9]], {"a": 0.25})[1] == CEILING * 0.25
    assert loss_limits([[1e9]], {})[1] > 1e9


@pytest.mark.parametrize(
    ("high", "expected"), [(3.0, ["0.2", "0.5", "1", "2"]), (300.0, ["1", "10", "100"])]
)
def test_a_narrow_axis_has_more_ticks_within_a_decade(high: float, expected: list[str]) -> None:
    _, ((axes,),) = panels(1, 1, height=1.0)
    logarithmic(axes, "y", 0.15, high)
    shown = [tick for tick in axes.yaxis.get_majorticklocs() if 0.15 <= tick <= high]
    assert [axes.yaxis.get_major_formatter()(tick) for tick in shown] == expected


def test_the_same_figure_gives_the_same_bytes_without_metadata() -> None:
    first, second = (picture(panels(1, 1, height=1.0)[0]) for _ in range(2))
    assert first == second
    assert first.kind == "svg"
    assert mpl.__version__ not in first.text


def bitmap(drawn: Picture) -> Image.Image:
    """Return a bitmap as it is decoded."""
    return Image.open(io.BytesIO(base64.b64decode(drawn.text)))


def test_many_points_become_a_bitmap_of_few_colours_at_double_density() -> None:
    figure, ((axes,),) = panels(1, 1, height=1.0)
    axes.scatter(np.arange(POINTS + 1), np.arange(POINTS + 1))
    drawn = picture(figure)
    assert drawn.kind == "png"
    image = bitmap(drawn)
    assert image.size[0] == pytest.approx(WIDTH * DENSITY, abs=1)
    assert image.mode == "P"
    assert picture(figure) == drawn


def test_a_very_large_bitmap_is_less_dense() -> None:
    figure, ((axes,),) = panels(1, 1, height=60.0)
    axes.scatter(np.arange(POINTS + 1), np.arange(POINTS + 1))
    wide, high = bitmap(picture(figure)).size
    assert wide * high == pytest.approx(PIXELS, rel=0.01)
    assert high / wide == pytest.approx(60.4 / WIDTH, rel=0.01)


def test_an_arm_has_one_colour() -> None:
    assert len(set(ARMS.values())) == len(ARMS)


def test_texts_below_an_axis_are_turned_only_where_they_would_touch() -> None:
    _, ((few, many),) = panels(1, 2, height=1.0)
    tilt(few, ["0.1", "1"])
    tilt(many, ["0.0001–0.00063"] * 5)
    angles = [axes.xaxis.get_ticklabels()[0].get_rotation() for axes in (few, many)]
    assert angles == [0.0, 30.0]


def test_each_row_has_its_height_and_many_columns_widen_the_figure() -> None:
    figure, grid = panels(2, 5, height=[1.0, 2.0])
    assert figure.get_figheight() == pytest.approx(3.4)
    assert figure.get_figwidth() == pytest.approx(5 * COLUMN)
    assert [len(row) for row in grid] == [5, 5]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [([0.0, 1.0, -np.inf, np.nan], -0.07, 1.07), ([5000.0], 4999.95, 5000.05), ([], -0.07, 1.07)],
)
def test_a_linear_axis_shows_what_is_finite_and_does_not_stretch_to_the_rest(
    values: list[float], low: float, high: float
) -> None:
    _, ((axes,),) = panels(1, 1, height=1.0)
    axes.hlines(0, -1e30, 1e30)
    axes.set(xlim=linear_limits([values, []]))
    assert axes.get_xlim() == pytest.approx((low, high))
