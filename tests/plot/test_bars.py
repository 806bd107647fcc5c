"""Bars of shares: the figure holds what fits into a screen, and the largest of it."""

import pandas as pd
import pytest

from study.plot.axes import TALLEST
from study.plot.bars import shares


def table(rows: dict[str, list[float]]) -> pd.DataFrame:
    """Return the shares of terms a0, a1, … in each row; the last term is noise."""
    return pd.DataFrame(
        [
            {
                "dataset": "xor", "implementation": "exact", "row": row, "term": f"a{i}",
                "kind": "noise" if i == len(of) - 1 else "parameter", "share": share,
                "null": float("nan"),
            }
            for row, of in rows.items() for i, share in enumerate(of)
        ]
    )  # fmt: skip


@pytest.mark.parametrize("terms", [3, 12, 40, 90])
def test_the_first_rows_are_drawn_in_a_figure_no_higher_than_a_screen(terms: int) -> None:
    each = [i / 100 for i in range(terms)]
    figure = shares(table({f"metric {i}": each for i in range(6)}), "share")
    assert figure.get_figheight() <= TALLEST + 1e-9
    drawn = [axes.get_title(loc="left") for axes in figure.axes]
    assert drawn[0] == "metric 0"
    assert drawn == [f"metric {i}" for i in range(len(drawn))]


def test_of_very_many_terms_the_largest_are_drawn_and_the_noise() -> None:
    each = [0.01 * i for i in range(60)] + [0.0]
    (axes,) = shares(table({"loss": each}), "share").axes
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names[-1] == "a60"
    assert names[:-1] == [f"a{i}" for i in range(60 - len(names) + 1, 60)]


@pytest.mark.parametrize("unknown", ["loss", "accuracy", "time"])
def test_a_row_without_a_share_is_left_out_unless_there_is_no_other(unknown: str) -> None:
    nan = float("nan")
    rows = {"loss": [0.5, 0.1], "accuracy": [0.3, 0.1], "time": [0.2, 0.1]} | {unknown: [nan, nan]}
    figure = shares(table(rows), "x")
    assert [axes.get_title(loc="left") for axes in figure.axes] == [n for n in rows if n != unknown]
    (axes,) = shares(table({row: [nan, nan] for row in rows}), "x").axes
    assert axes.get_title(loc="left") == "loss"
