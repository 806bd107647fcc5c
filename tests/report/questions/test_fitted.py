"""The function of one input: its median and range, at inputs between which it is straight."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from study.report.questions.fitted import QUESTION, aligned, figure, finding, fitted
from tests.artists import lines, offsets
from tests.studies import Study
from tests.words import only


def run(name: str, points: dict[float, float], role: str = "best") -> pd.DataFrame:
    """Return the predictions of a run: x → prediction."""
    about = {"dataset": "curve", "role": role, "run_id": name}
    return pd.DataFrame({"x": [*points], "prediction": [*points.values()]}).assign(**about)


def test_runs_are_compared_where_all_of_them_have_samples() -> None:
    first = run("a", {1.0: 10.0, 0.0: 0.0})
    second = run("b", {0.5: 2.0, 2.0: 2.0})
    third = run("c", {0.0: 3.0, 1.0: 3.0})
    overflowed = run("d", {0.0: np.inf, 1.0: 3.0})
    table = fitted(pd.concat([first, second, third, overflowed]))
    assert (table["x"].iloc[0], table["x"].iloc[-1]) == (0.5, 1.0)
    assert table[["runs"]].drop_duplicates().to_numpy().tolist() == [[3]]
    assert table.loc[table.index[[0, -1]], ["low", "median", "high"]].to_numpy().tolist() == [
        [2.0, 3.0, 5.0], [2.0, 3.0, 10.0]
    ]  # fmt: skip
    assert fitted(run("a", {1.0: 0.0})).empty
    assert fitted(first[:0]).empty


def test_inputs_of_repetitions_have_one_scale() -> None:
    both = pd.concat([run("a", {0.0: 1.0, 4.0: 1.0}), run("b", {-1.0: 1.0, 0.0: 1.0, 1.0: 1.0})])
    assert aligned(both).tolist() == [0.0, 4.0, 0.0, 2.0, 4.0]


def test_how_far_repetitions_are_apart_is_reported() -> None:
    table = fitted(pd.concat([run("a", {0.0: 0.0, 1.0: 0.2}), run("b", {0.0: 0.0, 1.0: 0.5})]))
    base = table.assign(role="base", high=table["high"] + 1)
    both = pd.concat([table, base]).assign(learned=True)
    assert only(finding(both), "best", "0.3", "base setup", "1.3")
    assert only(finding(table.assign(learned=True)), "best", "0.3")
    for nothing in (both.assign(learned=False), both.assign(runs=1), both[both["role"] == "base"]):
        assert finding(nothing) == []


def test_samples_are_drawn_with_the_median_and_its_range() -> None:
    table = fitted(pd.concat([run("a", {0.0: 0.0, 1.0: 0.2}), run("b", {0.0: 0.0, 1.0: 0.4})]))
    points = pd.DataFrame({"dataset": "curve", "x": [0.5], "target": [0.3]})
    (axes,) = figure(table, points).axes
    samples, band = axes.collections
    assert offsets(samples) == [[0.5, 0.3]]
    assert lines(axes)["median"][-1] == pytest.approx(0.3)
    heights = np.asarray(band.get_paths()[0].vertices)[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((0, 0.4))


def test_stored_predictions_belong_to_their_inputs(read_only: Callable[[str], Study]) -> None:
    """Each sample has its row's target: z = (x − 1)², both of them scaled."""
    study = read_only("one input")
    tables = study.tables(QUESTION)
    points = tables["fitted_samples"]
    assert points["part"].value_counts().to_dict() == {"train": 15, "test": 5}
    fit = np.polyfit(points["x"], points["target"], 2)
    np.testing.assert_allclose(np.polyval(fit, points["x"]), points["target"], atol=1e-5)
    assert fit[0] > 0.1
    functions = tables["fitted"]
    assert set(functions["role"]) == {"near", "best"}
    low, high = points["x"].min(), points["x"].max()
    assert (functions["x"].min(), functions["x"].max()) == pytest.approx((low, high))
    assert not QUESTION.applies(read_only("finished").material)
