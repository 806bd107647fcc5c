"""Predicted numbers: each is drawn against its target, and the explained variance is R²."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from study.report.questions.numbers import QUESTION, explained, figure, finding
from tests.artists import offsets
from tests.studies import Study
from tests.words import only

TABLE = pd.DataFrame({
    "dataset": "price", "role": ["best"] * 4 + ["base"] * 4,
    "part": ["train", "train", "test", "test"] * 2,
    "target": [1.0, 3.0, 0.0, 4.0] * 2, "prediction": [1.0, 3.0, 1.0, 3.0, 2.0, 2.0, 4.0, 0.0],
})  # fmt: skip


def test_the_explained_variance_is_one_minus_the_share_of_the_squared_errors() -> None:
    result = explained(TABLE)
    assert result.to_numpy().tolist() == [
        ["price", "best", "train", 2, 1.0, 0.0], ["price", "best", "test", 2, 0.75, 1.0],
        ["price", "base", "train", 2, 0.0, 1.0], ["price", "base", "test", 2, -3.0, 4.0],
    ]  # fmt: skip
    same = explained(TABLE.assign(target=1.0))
    assert same["r2"].isna().all()


def test_held_out_samples_are_reported_where_there_are_any() -> None:
    fits = explained(TABLE).assign(learned=True)
    assert only(finding(fits), "best", "75 %", "held-out", "base setup", "0 %")
    train = fits[fits["part"] == "train"]
    assert only(finding(train), "best", "100 %", "training", "base setup", "0 %")
    other = fits.assign(dataset="rent", r2=0.5)
    assert only(finding(pd.concat([fits, other])), "50 % to 75 %", "0 % to 50 %")
    assert finding(fits.assign(learned=False)) == []
    assert finding(fits[fits["role"] == "base"]) == []
    assert finding(fits.assign(r2=np.nan)) == []


def test_each_sample_is_a_point_and_exact_predictions_are_a_line() -> None:
    best, base = figure(TABLE).axes
    assert best.get_title(loc="left") == "best configuration"
    train, test = best.collections
    assert (offsets(train), offsets(test)) == ([[1, 1], [3, 3]], [[0, 1], [4, 3]])
    for axes in (best, base):
        (line,) = axes.lines
        np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())
    infinite = TABLE.assign(prediction=TABLE["prediction"].where(TABLE["role"] == "best", np.inf))
    assert len(figure(infinite).axes) == 1


def test_the_tables_contain_the_typical_runs(read_only: Callable[[str], Study]) -> None:
    study = read_only("one input")
    tables, runs = study.tables(QUESTION), study.material.runs
    for row in study.material.shown.to_dict("records"):
        of = tables["predicted"]
        own = of[(of["role"] == row["role"]) & (of["part"] == "train")]
        error = np.square(own["prediction"] - own["target"]).mean()
        loss = runs.loc[runs["run_id"] == row["run_id"], "final_train_loss"].item()
        assert error == pytest.approx(loss, rel=1e-4)
    assert not QUESTION.applies(read_only("finished").material)
    assert QUESTION.applies(read_only("regression").material)
