"""Constant answers, recounted from what networks answered to their training samples."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.stats.constant import by_configuration, collapsed, constant
from tests import searches
from tests.grids import grid
from tests.pipelines import small
from tests.studies import STUDIES

TABLES = {section.name: section.tables for section in QUESTIONS}
ANSWERS = {section.name: section.finding for section in QUESTIONS}


def asked(predictions: list[float], targets: list[float], *, classes: bool = True) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"run_id": "a", "classes": classes, "target": targets, "prediction": predictions}
    )
    return frame.assign(answer=np.where(classes, frame["prediction"] > 0.5, np.nan))


@pytest.mark.parametrize(
    ("predictions", "targets", "expected"),
    [([2, 2, 2], [0, 1, 2], 1), ([2, 1, 2], [0, 1, 2], 0), ([1, 1, 1], [1, 1, 1], 0)],
)
def test_with_several_classes_a_constant_prediction_is_one_class(
    predictions: list[float], targets: list[float], expected: int
) -> None:
    """Above ½ there are several of them."""
    table = constant(asked([math.nan] * 3, targets).assign(answer=predictions))
    assert table["constant"].tolist() == [expected]


@pytest.mark.parametrize(
    ("predictions", "targets", "classes", "expected"),
    [
        ([0.9, 0.2, 0.7], [1, 0, 1], True, 0),
        ([0.9, 0.8, 0.6], [1, 0, 1], True, 1),
        ([0.5, 0.1, 0.2], [1, 0, 1], True, 1),
        ([0.497, 0.503, 0.5], [1, 0, 1], True, 1),
        ([0.9, 0.8, 0.6], [1, 0, 1], False, 0),
        ([3.0, 3.2, 2.9], [-20, 0, 20], False, 1),
        ([3.0, 3.5, 2.9], [-20, 0, 20], False, 0),
        ([7.0, 7.0, 7.0], [7, 7, 7], False, 0),
        ([0.9, 0.8, 0.6], [1, 1, 1], True, 0),
    ],
)
def test_a_constant_prediction_is_one_label_or_one_number(
    predictions: list[float], targets: list[float], *, classes: bool, expected: int
) -> None:
    table = constant(asked(predictions, targets, classes=classes))
    assert table["constant"].tolist() == [expected]
    assert table["answer"].tolist() == [pytest.approx((min(predictions) + max(predictions)) / 2)]


def test_runs_without_stored_predictions_are_not_counted() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 4).assign(
        constant=[1, 1, 0, math.nan, 0, 0, 1, 1], answer=[0.5, 0.7, 9, math.nan, 9, 9, 1, 1]
    )
    runs.loc[7, "status"] = "diverged"
    table = by_configuration(runs)
    assert table["runs"].tolist() == [3, 3]
    assert table["constant"].tolist() == [2, 1]
    assert table["answer"].tolist() == [pytest.approx(0.6), 1]
    assert collapsed(table).tolist() == [True, False]
    nothing = by_configuration(runs.assign(constant=math.nan))
    assert nothing.empty
    assert constant(asked([], [])).empty


TANH = """
name = "tanh"

[datasets.linear]
generator = "linear"
samples = 30

[datasets.xor]
generator = "xor"

[model]
hidden = [8]

[training]
epochs = 60

[search]
repetitions = 6

[search.parameters]
activation = ["tanh", "softsign"]
lr = [0.1, 1.0, 30.0]
"""


def recounted(folder: Path) -> pd.DataFrame:
    """Return each completed run with whether all of its training samples get one label."""
    runs = pd.read_parquet(folder / "runs.parquet").astype({"dataset": str, "activation": str})
    rows = pd.read_parquet(folder / "predictions.parquet").astype({"run_id": str, "part": str})
    own = rows[rows["part"] == "train"].groupby("run_id")["prediction"]
    same = own.agg(lambda p: len(set(p > 0.5)) == 1 or np.ptp(p) <= 0.01).rename("same")
    return runs[runs["status"] == "completed"].join(same, on="run_id")


def test_a_collapse_is_reported_and_not_praised(tmp_path: Path) -> None:
    folder = searches.made(small(text=TANH), tmp_path)
    runs = recounted(folder)
    by = ["dataset", "activation", "lr"]
    counts = runs.groupby(by)["same"].agg(["sum", "size"])
    mostly = counts["sum"] > counts["size"] / 2
    assert 0 < mostly.sum() < len(mostly), "some configurations collapse here, and some do not"
    material = gather(folder)
    table = TABLES["noise"](material)["constant"]
    expected = {
        (dataset, f"{activation} · lr {lr:g}"): (same, n)
        for (dataset, activation, lr), (same, n) in zip(
            counts.index, counts.itertuples(index=False, name=None), strict=True
        )
    }
    rows = table[["dataset", "configuration", "constant", "runs"]].itertuples(index=False)
    assert {(row[0], row[1]): (row[2], row[3]) for row in rows} == expected
    for dataset, subset in runs.groupby("dataset"):
        own = table[table["dataset"] == dataset]
        assert (own["constant"].sum(), own["runs"].sum()) == (subset["same"].sum(), len(subset))
    tables_of = TABLES["cautions"](material)["cautions"]
    warned = tables_of[tables_of["caution"] == "constant"].set_index("dataset")
    assert warned["value"].to_dict() == mostly.groupby("dataset").sum().to_dict()
    assert set(warned["n"]) == {6}
    cells = TABLES["gallery"](material)["disagreement"]
    own = cells.astype({"first_level": str, "second_level": str})
    for cell in own.to_dict("records"):
        at = cell["dataset"], cell["first_level"], float(cell["second_level"])
        assert (cell["constant"], cell["runs"]) == tuple(counts.to_dict("index")[at].values())
    effects = TABLES["behaviour"](material)["behaviour"]
    collapse = effects[(effects["behaviour"] == "constant_answer") & (effects["parameter"] == "lr")]
    for row in collapse.to_dict("records"):
        share = counts["sum"] / counts["size"]
        each = [
            share[row["dataset"], of, float(row["level"])]
            - share[row["dataset"], of, float(row["reference"])]
            for of in ("tanh", "softsign")
        ]
        assert row["pairs"] == 2
        assert np.sign(row["effect"]) in {0.0, np.sign(np.mean(each))}


def test_a_regression_that_predicts_one_number_is_reported_as_that(tmp_path: Path) -> None:
    folder = STUDIES["regression"](tmp_path / "lab")
    rows = pd.read_parquet(folder / "predictions.parquet").astype({"run_id": str, "part": str})
    own = rows[rows["part"] == "train"].groupby("run_id")
    same = own["prediction"].agg(np.ptp) <= 0.01 * own["target"].agg(np.ptp)
    material = gather(folder)
    expected = material.runs.set_index("run_id")["constant"].dropna()
    assert expected.astype(bool).to_dict() == same.reindex(expected.index).to_dict()
    assert material.constant["runs"].sum() == len(expected)


def test_missing_predictions_leave_it_unknown(tmp_path: Path) -> None:
    folder = STUDIES["only failed"](tmp_path / "lab")
    material = gather(folder)
    assert material.runs["constant"].isna().all()
    assert material.constant.empty
