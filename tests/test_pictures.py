"""The README's figure is drawn from the lab's runs, and its pictures are small."""

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from study.plot.theme import VERDICTS
from tests.claims import DIVERGED, Results, made
from tests.pages import ROOT
from tests.pictures import SIZE, ratios, softsign

LAB: dict[str, float | str] = {"optimizer": "sgd", "lr": 0.01, "hidden": "128x64"}


def test_a_ratio_is_of_two_runs_of_one_repetition_and_network() -> None:
    """A diverged tanh run has a loss of ∞; runs of another learning rate are left out."""
    settings: list[tuple[dict[str, float | str], Results]] = [
        ({"implementation": "exact", "activation": "softsign"}, [0.4, 0.1]),
        ({"implementation": "exact", "activation": "tanh"}, [0.1, 0.2]),
        ({"implementation": "as_printed", "activation": "softsign"}, [0.3, 0.2]),
        ({"implementation": "as_printed", "activation": "tanh"}, [0.6, DIVERGED]),
        ({"implementation": "exact", "activation": "tanh", "lr": 0.1}, [9.0, 9.0]),
    ]
    runs = [made({**LAB, **of}, values, metric="final_train_loss") for of, values in settings]
    table = ratios(pd.concat(runs)).set_index(["implementation", "repetition"])["ratio"]
    expected = {
        ("as_printed", 0): 0.5,
        ("as_printed", 1): 0.0,
        ("exact", 0): 4.0,
        ("exact", 1): 0.5,
    }
    assert table.round(12).to_dict() == expected


def test_a_repetition_is_a_point_with_the_colour_of_what_it_shows() -> None:
    """Green where SoftSign ends lower, red where it does not, a row for each network."""
    rows = [("exact", 0, 20.0), ("exact", 1, 0.5), ("as_printed", 0, 0.1)]
    figure = softsign(pd.DataFrame(rows, columns=["implementation", "repetition", "ratio"]))
    (axes,) = figure.axes
    figure.draw_without_rendering()
    points = {}
    for marks in axes.collections:
        assert isinstance(marks, PathCollection)
        places, colours = np.asarray(marks.get_offsets()), np.asarray(marks.get_facecolor())
        for (x, y), colour in zip(places, colours, strict=True):
            points[round(float(x), 6), round(float(y))] = to_hex(colour)
    green, red = to_hex(VERDICTS["supported"]), to_hex(VERDICTS["contradicted"])
    assert points == {(20.0, 0): red, (0.5, 0): green, (0.1, 1): green}
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "correct network", "as-printed network"
    ]  # fmt: skip


def test_the_pictures_are_small_and_of_a_fixed_width() -> None:
    for name in ("report.png", "lab.png"):
        assert (ROOT / "docs" / name).stat().st_size <= 200_000
    header = (ROOT / "docs" / "report.png").read_bytes()[16:24]
    assert int.from_bytes(header[:4]) == SIZE["width"] == 1440
    assert int.from_bytes(header[4:]) == SIZE["height"]
