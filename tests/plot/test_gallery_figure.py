"""The gallery has a map for each two levels: the share at each point, and its number."""

import numpy as np
import pandas as pd
from matplotlib.collections import QuadMesh

from study.plot.gallery import gallery


def test_each_pair_of_levels_is_a_map_of_its_shares() -> None:
    corners = [(0.0, 0.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 0.5), (1.0, 1.0, 1.0)]
    rows = [("xor", "tanh", "0.1", x0, x1, ones) for x0, x1, ones in corners]
    columns = ["dataset", "first_level", "second_level", "x0", "x1", "ones"]
    cells = pd.DataFrame(
        {
            "dataset": "xor", "first": "activation", "second": "lr",
            "first_level": ["tanh", "none"], "second_level": ["0.1", "1"],
            "disagreement": [0.25, 0.5], "runs": 4, "constant": [2, 4],
        }
    )  # fmt: skip
    figure = gallery(pd.DataFrame(rows, columns=columns), cells)
    assert len(figure.axes) == 4
    drawn, *empty = figure.axes
    (mesh,) = (one for one in drawn.collections if isinstance(one, QuadMesh))
    assert np.asarray(mesh.get_array()).ravel().tolist() == [0.0, 1.0, 0.5, 1.0]
    assert [text.get_text() for text in drawn.texts] == ["25%"]
    for disagreement, constant, text in (
        (0.0, 3, ["0%, constant"]), (np.nan, 4, ["constant"]), (np.nan, 0, []),
    ):  # fmt: skip
        other = cells.assign(disagreement=disagreement, constant=constant)
        first = gallery(pd.DataFrame(rows, columns=columns), other).axes[0]
        assert [one.get_text() for one in first.texts] == text
    assert drawn.get_title(loc="left") == "learning rate\n0.1"
    assert drawn.get_ylabel() == "xor\ntanh"
    assert all(not axes.collections and not axes.axison for axes in empty)
    assert [text.get_text() for axes in empty for text in axes.texts] == ["", "xor\nnone", ""]
