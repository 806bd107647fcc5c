"""The picture of the first screen: titles that fit, and no curve without an end."""

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.text import Text

from study.report.questions.glance import figure, tables
from tests.studies import Study

CURVE = pd.DataFrame({"epoch": [1, 2], "median": [0.3, 0.1], "low": [0.2, 0.1], "high": [0.4, 0.2]})


def curves(*datasets: str) -> pd.DataFrame:
    """Return the same curve of several datasets."""
    return pd.concat([CURVE.assign(dataset=name, metric="train_loss") for name in datasets])


@pytest.mark.parametrize("kind", ["only diverged", "nothing but divergence"])
def test_a_configuration_without_a_finite_value_has_no_curve(
    kind: str, read_only: Callable[[str], Study]
) -> None:
    assert tables(read_only(kind).material)["glance"].empty


def test_the_titles_of_two_long_names_do_not_meet() -> None:
    drawing = figure(curves("a_long_name_" * 5, "another_name" * 5), {})
    drawing.draw_without_rendering()
    left, right = (
        next(of for of in axes.get_children() if isinstance(of, Text) and of.get_text())
        for axes in drawing.axes
    )
    assert left.get_window_extent().x1 < right.get_window_extent().x0


def test_a_picture_of_one_dataset_does_not_name_it() -> None:
    (axes,) = figure(curves("xor"), {}).axes
    assert axes.get_title(loc="left") == ""
