"""How often repetitions predict differently is counted, reported at its maximum, and drawn."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb

from study.plot.plane import FINE, TINT
from study.plot.theme import CLASSES
from study.report.questions.gallery import caption, figure, finding
from study.stats.disagreement import disagreement, surfaces
from tests.words import has, only

RUNS = pd.DataFrame(
    {
        "dataset": "xor", "first_level": "tanh", "second_level": "0.1",
        "constant": [1.0, 0.0, 1.0, math.nan],
    }
)  # fmt: skip


def predictions(*predictions: list[float]) -> pd.DataFrame:
    """Return the predictions of some repetitions, a list each, at points in a row."""
    rows = [
        ("xor", "tanh", "0.1", f"run {i}", float(x), 0.0, prediction)
        for i, of_run in enumerate(predictions)
        for x, prediction in enumerate(of_run)
    ]
    columns = ["dataset", "first_level", "second_level", "run_id", "x0", "x1", "prediction"]
    return pd.DataFrame(rows, columns=columns)


def test_shares_are_of_the_repetitions_that_have_an_answer() -> None:
    table = surfaces(predictions([0.9, 0.1], [0.8, 0.7], [math.nan, math.nan]))
    assert [*table.columns] == [
        "dataset", "first_level", "second_level", "x0", "x1", "ones", "repetitions"
    ]  # fmt: skip
    assert table["ones"].tolist() == [1.0, 0.5]
    assert table["repetitions"].tolist() == [2, 2]


def test_two_repetitions_that_differ_at_half_of_the_points_disagree_by_half() -> None:
    """And of three, one against two at one of two points: 2 of 3 pairs differ there."""
    result = disagreement(surfaces(predictions([0.9, 0.1], [0.8, 0.7])), RUNS, "activation", "lr")
    assert result[["first", "second"]].to_numpy().tolist() == [["activation", "lr"]]
    assert result["disagreement"].tolist() == [0.5]
    assert result[["runs", "constant"]].to_numpy().tolist() == [[3, 2]]
    elsewhere = disagreement(surfaces(predictions([0.9], [0.8])), RUNS.iloc[:0], "activation", "lr")
    assert elsewhere[["runs", "constant"]].to_numpy().tolist() == [[0, 0]]
    three = disagreement(surfaces(predictions([0.9, 0.1], [0.8, 0.7], [0.6, 0.2])), RUNS, "a", "b")
    assert three["disagreement"].tolist() == pytest.approx([(0 + 2 / 3) / 2])
    alike = disagreement(surfaces(predictions([0.9, 0.1], [0.9, 0.1])), RUNS, "a", "b")
    assert alike["disagreement"].tolist() == [0.0]


def test_a_single_repetition_has_nothing_to_disagree_with() -> None:
    result = disagreement(surfaces(predictions([0.9, 0.1])), RUNS, "a", "b")
    assert math.isnan(result["disagreement"].iloc[0])
    assert disagreement(surfaces(predictions()), RUNS, "a", "b").empty


def cells(first: list[str], second: list[str], disagree: list[float]) -> pd.DataFrame:
    """Return cells of ten repetitions."""
    levels = {"first_level": first, "second_level": second, "disagreement": disagree}
    about = {"dataset": "xor", "first": "activation", "second": "lr", "runs": 10, "constant": 0}
    return pd.DataFrame({**levels, **about})


def test_repetitions_disagree_most_somewhere() -> None:
    table = cells(["tanh", "none"], ["0.1", "1"], [0.04, 0.3]).assign(constant=[5, 0])
    assert only(finding(table), "4 % to 30 %", "activation none and learning rate 1 on xor")
    same = pd.concat([table, table.assign(dataset="linear", disagreement=[0.01, 0.2])])
    assert only(finding(same), "1 % to 30 %", "activation none", "on both datasets")
    apart = pd.concat([table, table.assign(dataset="linear", disagreement=[0.5, 0.2])])
    assert only(finding(apart), "4 % to 50 %", "differs")
    assert finding(table.assign(disagreement=math.nan)) == []
    assert finding(table.assign(disagreement=0.1)) == []


def test_repetitions_that_predict_one_class_everywhere_are_not_called_stable() -> None:
    table = cells(["tanh", "none", "relu"], ["0.1", "1", "1"], [0.04, 0.3, 0.0])
    assert only(finding(table.assign(constant=[0, 0, 9])), "4 % to 30 %", "activation none")
    assert finding(table.assign(constant=10)) == []


def test_a_caption_explains_only_the_marks_that_are_drawn() -> None:
    table, shown = cells(["tanh"], ["1"], [0.04]), surfaces(predictions([0.9, 0.1], [0.8, 0.7]))
    plain = caption({"disagreement": table, "surfaces": shown})
    assert has(plain, "blue", "orange", "disagree")
    assert "constant" not in plain
    assert "constant" in caption({"disagreement": table.assign(constant=9), "surfaces": shown})
    alone = caption({"disagreement": table.assign(disagreement=math.nan), "surfaces": shown})
    assert "disagree" not in alone
    several = caption({"disagreement": table, "surfaces": shown.assign(classes=3)})
    assert "blue" not in several


def test_maps_of_one_dataset_are_low_enough_for_a_page() -> None:
    pairs = [(f"{i}", f"{j}") for i in range(6) for j in range(6)]
    table = cells([one for one, _ in pairs], [other for _, other in pairs], [0.1] * 36)
    shown = surfaces(predictions([0.9, 0.1])).iloc[:0]
    assert figure(shown, table).get_size_inches()[1] * 120 <= 700


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
    maps = figure(pd.DataFrame(rows, columns=columns), cells)
    assert len(maps.axes) == 4
    drawn, *empty = maps.axes
    (mesh,) = (one for one in drawn.collections if isinstance(one, QuadMesh))
    assert np.asarray(mesh.get_array()).ravel().tolist() == [0.0, 1.0, 0.5, 1.0]
    assert [text.get_text() for text in drawn.texts] == ["25%"]
    for differ, constant, text in (
        (0.0, 3, ["0%, constant"]), (np.nan, 4, ["constant"]), (np.nan, 0, []),
    ):  # fmt: skip
        other = cells.assign(disagreement=differ, constant=constant)
        first = figure(pd.DataFrame(rows, columns=columns), other).axes[0]
        assert [one.get_text() for one in first.texts] == text
    assert drawn.get_title(loc="left") == "learning rate\n0.1"
    assert drawn.get_ylabel() == "tanh"
    assert all(not axes.collections and not axes.axison for axes in empty)
    assert [text.get_text() for axes in empty for text in axes.texts] == ["", "none", ""]


def several(*answers_of: list[float]) -> pd.DataFrame:
    """Return the same of four classes, whose predictions are indices."""
    table = predictions(*answers_of).rename(columns={"prediction": "answer"})
    return table.assign(prediction=math.nan, classes=4)


def test_of_several_classes_two_repetitions_differ_as_often_as_their_pairs_do() -> None:
    """Counted pair by pair, where a repetition without a finite answer does not count."""
    rng = np.random.default_rng(0)
    runs = rng.integers(4, size=(5, 60)).astype(float)
    runs[2, :7] = math.nan
    table = surfaces(several(*runs.tolist()))
    result = disagreement(table, RUNS, "activation", "lr")
    at = []
    for column in runs.T:
        finite = column[~np.isnan(column)]
        pairs = [one != other for one, other in itertools.combinations(finite, 2)]
        at.append(np.mean(pairs))
    assert result["disagreement"].tolist() == pytest.approx([np.mean(at)])
    assert table["repetitions"].tolist() == [4] * 7 + [5] * 53
    for row, column in zip(table.to_dict("records"), runs.T, strict=True):
        counts = sorted((column == c).sum() for c in range(4))
        n = sum(counts)
        assert (column == row["answer"]).sum() == counts[-1]
        assert row["margin"] == pytest.approx((counts[-1] - counts[-2]) / n)


def test_two_and_several_classes_are_in_one_table() -> None:
    two = predictions([0.9, 0.1], [0.8, 0.7]).assign(dataset="moons", answer=1.0, classes=2)
    table = surfaces(pd.concat([two, several([3.0, 1.0], [3.0, 2.0])]))
    own = table.groupby("dataset")
    assert own["ones"].apply(lambda of: of.dropna().tolist()).to_dict() == {
        "moons": [1.0, 0.5], "xor": []
    }  # fmt: skip
    assert own["classes"].first().to_dict() == {"moons": 2, "xor": 4}
    result = disagreement(table, RUNS, "activation", "lr").set_index("dataset")["disagreement"]
    assert result.to_dict() == {"moons": 0.5, "xor": 0.5}
    nothing = surfaces(several([math.nan], [math.nan]))
    assert nothing.empty
    assert disagreement(nothing, RUNS, "a", "b").empty


def test_a_map_of_several_classes_is_white_where_two_are_as_frequent() -> None:
    table = surfaces(several([3.0, 1.0], [3.0, 2.0]))
    both = pd.concat([table, table.assign(x1=1.0)])
    cell = disagreement(table, RUNS, "activation", "lr")
    (mesh,) = (
        part for part in figure(both, cell).axes[0].collections if isinstance(part, QuadMesh)
    )
    colours = np.asarray(mesh.get_array(), float).reshape(FINE + 1, FINE + 1, 3)
    np.testing.assert_allclose(colours[:, -1], 1)
    np.testing.assert_allclose(
        colours[:, 0], [[1 - TINT * (1 - of) for of in to_rgb(CLASSES[3])]] * (FINE + 1)
    )
