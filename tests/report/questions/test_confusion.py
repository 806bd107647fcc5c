"""The confusion matrix is counted, its pair and class are named, and its cells drawn."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from study.plot.image import picture
from study.report.questions.confusion import QUESTION, confusion, figure, finding
from tests.artists import offsets, segments
from tests.studies import Study
from tests.words import only


def predictions(rng: np.random.Generator, classes: int = 4) -> pd.DataFrame:
    """Return five runs that answer 30 samples at random, and never see the last class."""
    size = 5 * 30
    columns = {
        "target": rng.integers(classes - 1, size=size),
        "answer": rng.integers(classes, size=size),
    }
    return pd.DataFrame({"run_id": np.repeat([*"abcde"], 30), **columns})


def test_shares_equal_scikit_learns_over_repetitions() -> None:
    asked = predictions(np.random.default_rng(3))
    table = confusion(asked, ["w", "x", "y", "z"])
    assert set(table["true"]) == {0, 1, 2}
    each = np.array([
        confusion_matrix(run["target"], run["answer"], labels=range(4), normalize="true")
        for _, run in asked.groupby("run_id")
    ])  # fmt: skip
    for row in table.to_dict("records"):
        shares = each[:, row["true"], row["answer"]]
        assert row["median"] == pytest.approx(np.median(shares))
        assert (row["low"], row["high"]) == pytest.approx((shares.min(), shares.max()))
        assert row["repetitions"] == 5
        sizes = asked[asked["target"] == row["true"]].groupby("run_id").size()
        assert row["samples"] == sizes.median()


def test_a_class_that_one_repetition_lacks_counts_in_the_others() -> None:
    asked = pd.DataFrame(
        {"run_id": [*"aabb"], "target": [0, 1, 1, 1], "answer": [0.0, 2.0, 1.0, 1.0]}
    )
    rows = confusion(asked, ["x", "y", "z"]).to_dict("records")
    table = {(row["true"], row["answer"]): row for row in rows}
    assert [table[0, 0][name] for name in ("repetitions", "samples", "median")] == [1, 1, 1]
    assert [table[1, 1][name] for name in ("repetitions", "samples")] == [2, 1.5]
    assert [table[1, 2][name] for name in ("median", "low", "high")] == [0.5, 0, 1]


def cells(*wrong: tuple[int, int, float, float, float]) -> pd.DataFrame:
    """Return a table of three classes: all correct except (true, prediction, median, range)."""
    names, rows = ["rose", "tulip", "iris"], []
    given = {(true, answer): rest for true, answer, *rest in wrong}
    for true in range(3):
        for answer in range(3):
            same = true == answer
            median, low, high = given.get((true, answer), [float(same)] * 3)
            rows.append((true, names[true], answer, names[answer], median, low, high))
    columns = ["true", "true_label", "answer", "answer_label", "median", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(
        dataset="garden", part="test", configuration="lr 1", repetitions=3, samples=9
    )


def test_the_most_frequent_error_is_named() -> None:
    table = cells(
        (0, 1, 0.2, 0.1, 0.3), (0, 0, 0.8, 0.7, 0.9),
        (2, 1, 0.15, 0.1, 0.2), (2, 0, 0.15, 0.1, 0.2), (2, 2, 0.7, 0.7, 0.7),
    )  # fmt: skip
    assert only(finding(table), "rose predicted as tulip on garden", "20 %")
    assert only(finding(cells()), "Every sample", "correctly")
    other = cells((2, 0, 0.1, 0.1, 0.1)).assign(dataset="park")
    two = finding(pd.concat([table, other]))
    assert only(two, "rose predicted as tulip on garden", "iris predicted as rose on park", "10 %")
    perfect = finding(pd.concat([table, cells().assign(dataset="park")]))
    assert only(perfect, "rose predicted as tulip on garden")
    assert finding(table[:0]) == []


def test_cells_and_accuracies_equal_the_table() -> None:
    table = cells((0, 1, 0.2, 0.1, 0.3), (0, 0, 0.8, 0.7, 0.9))
    matrix, right = figure(table).axes
    (image,) = matrix.images
    expected = np.array([[0.8, 0.2, 0], [0, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(np.asarray(image.get_array(), float), expected)
    texts = {text.get_position(): text.get_text() for text in matrix.texts}
    assert texts == {(0, 0): "80\n70–90", (1, 0): "20\n10–30", (1, 1): "100", (2, 2): "100"}
    lines, points = right.collections
    assert offsets(points) == [[0.8, 0.0], [1.0, 1.0], [1.0, 2.0]]
    assert segments(lines)[0] == [[0.7, 0.0], [0.9, 0.0]]
    assert [tick.get_text() for tick in matrix.get_yticklabels()] == ["rose", "tulip", "iris"]


def test_twenty_classes_fit_into_700_pixels() -> None:
    """A page's pixel is a 120th of an inch, after panels were enlarged for long names too."""
    rng = np.random.default_rng(0)
    asked = predictions(rng, classes=21)
    names = [f"a class with a long name, {i}" for i in range(20)]
    table = confusion(asked.assign(answer=asked["target"]), names)
    drawn = figure(table.assign(dataset="many", part="train"))
    picture(drawn)
    assert drawn.get_figheight() * 120 <= 700


def test_it_counts_the_best_configurations_held_out_predictions(
    read_only: Callable[[str], Study],
) -> None:
    study = read_only("bundled classes")
    tables, material = study.tables(QUESTION), study.material
    best = material.ranked.loc[material.ranked["rank"] == 1, "configuration"].item()
    runs = material.runs.loc[material.runs["configuration"] == best, "run_id"]
    last = material.predictions(runs)
    held = last[last["part"] == "test"]
    each = np.array([
        recall_score(run["target"], run["answer"], labels=range(3), average=None)
        for _, run in held.groupby("run_id")
    ])  # fmt: skip
    recalls = tables["recalls"]
    assert recalls["true_label"].tolist() == ["setosa", "versicolor", "virginica"]
    assert recalls["median"].tolist() == pytest.approx(np.median(each, axis=0))
    assert recalls["low"].tolist() == pytest.approx(each.min(axis=0))
    assert recalls["samples"].tolist() == [10, 10, 10]
    assert set(recalls["part"]) == {"test"}
    assert set(recalls["configuration"]) == {best}


def test_two_classes_are_left_out_and_have_no_such_question(
    read_only: Callable[[str], Study],
) -> None:
    assert not QUESTION.applies(read_only("finished").material)
    assert set(read_only("several classes").tables(QUESTION)["confusion"]["dataset"]) == {"clouds"}


def test_without_a_prediction_there_is_no_cell() -> None:
    nothing = pd.DataFrame({"run_id": ["a"], "target": [0.0], "answer": [math.nan]}).dropna()
    assert confusion(nothing, ["x", "y", "z"]).empty
