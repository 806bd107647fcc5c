"""Configurations by name or by values, their curves and their pairs, against plain counting."""

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from study.errors import ResultsError
from study.report.page import write_report
from study.space import Value
from study.store.compared import PAIRS, Configuration, pairs
from study.store.reader import Results, load_results
from tests import synthetic
from tests.faults.door import without_pictures
from tests.pages import ROOT, blocks

ADAM: dict[str, Value | None] = {"optimizer": "adam"}
SGD: dict[str, Value | None] = {"optimizer": "sgd", "lr": 0.01, "momentum": 0.0}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = synthetic.store(synthetic.LAB, tmp_path_factory.mktemp("compared") / "lab")
    with without_pictures():
        write_report(folder)
    return load_results(folder)


def test_a_curve_is_the_median_of_the_stored_epochs(results: Results) -> None:
    curve = results.curve(ADAM)
    assert set(curve["configuration"]) == {"lr 0.01 · adam"}
    stored = results.metrics(ADAM, columns=["dataset", "epoch", "train_loss"])
    expected = stored.groupby(["dataset", "epoch"], observed=True)["train_loss"].median()
    result = curve.set_index(["dataset", "epoch"])["median"]
    assert len(result) > 50  # the drawn ones of 60
    assert result.to_dict() == pytest.approx(expected[result.index].to_dict(), rel=1e-6)
    pd.testing.assert_frame_equal(results.curve("lr 0.01 · adam"), curve)


def test_a_comparison_pairs_the_repetitions(results: Results) -> None:
    result = results.compare(ADAM, SGD)
    assert list(result.columns) == list(PAIRS)
    loss = result[(result["metric"] == "final_train_loss") & (result["dataset"] == "xor")]
    runs = results.runs[results.runs["dataset"] == "xor"]
    a = runs[runs["optimizer"] == "adam"].sort_values("repetition")["final_train_loss"]
    sgd = runs[(runs["optimizer"] == "sgd") & (runs["lr"] == 0.01) & (runs["momentum"] == 0)]
    b = sgd.sort_values("repetition")["final_train_loss"]
    assert loss["repetition"].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(loss["a"], a)
    np.testing.assert_array_equal(loss["b"], b)
    np.testing.assert_allclose(loss["difference"], np.log10(a.to_numpy() / b.to_numpy()), rtol=1e-4)
    assert loss["lower"].tolist() == ["a", "a", "a"]
    turned = results.compare(SGD, ADAM)
    np.testing.assert_array_equal(turned["difference"], -result["difference"])


def test_infinite_values_lose_and_tie_with_each_other(results: Results) -> None:
    lost: dict[str, Value | None] = {"lr": 1.0, "momentum": 0.9}
    result = results.compare(lost, ADAM)
    loss = result[result["metric"] == "final_train_loss"]
    assert loss["difference"].tolist() == [math.inf] * 6
    assert set(loss["lower"]) == {"b"}
    same = results.compare(lost, lost)
    assert set(same["difference"]) == {0.0}
    assert set(same["lower"]) == {"neither"}


def test_accuracies_are_compared_by_differences_and_zero_losses_have_a_ratio() -> None:
    table = pd.DataFrame({
        "dataset": "one", "configuration": ["x", "y"], "repetition": 0,
        "final_train_loss": [0.0, 1e-3], "final_train_accuracy": [0.75, -math.inf],
        "final_test_loss": [0.5, math.nan],
    })  # fmt: skip
    rows = pairs(table, "x", "y").set_index("metric")
    assert rows["difference"].to_dict() == {
        "final_train_loss": pytest.approx(-9), "final_train_accuracy": math.inf,
    }  # fmt: skip
    assert rows["lower"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("lr 0.01 · adma", ["'lr 0.01 · adma'", "'lr 0.01 · adam'"]),
        ({"lr": 0.01}, ["3 configurations", "lr = 0.01", "optimizer, momentum"]),
        ({}, ["5 configurations differ in lr, optimizer, momentum"]),
        ({"lr": 5.0}, ["no configuration", "lr = 5.0"]),
        ({"hidden": [8, 4]}, ["no configuration", "[8, 4]"]),
        ({"lrr": 5.0}, ["'lrr'", "did you mean 'lr'?"]),
    ],
)
def test_an_unknown_configuration_is_an_error_that_names_it(
    results: Results, asked: Configuration, parts: list[str]
) -> None:
    with pytest.raises(ResultsError) as raised:
        results.curve(asked)
    for part in parts:
        assert part in str(raised.value)


def test_none_is_a_parameter_that_does_not_act(results: Results) -> None:
    pd.testing.assert_frame_equal(results.curve({"momentum": None}), results.curve(ADAM))


@pytest.mark.no_cover  # what is executed is no part of the project
def test_the_code_of_the_documentation_draws_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = synthetic.LAB.replace(
        "[search.parameters]", '[search.parameters]\nimplementation = ["exact", "as_printed"]'
    )
    folder = synthetic.store(text, tmp_path / "results" / "lab")
    with without_pictures():
        write_report(folder)
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
    page = page.replace('"optimizer": "sgd",', '"optimizer": "sgd", "momentum": 0.0,')
    page = page.replace('"optimizer": "adam"}', '"optimizer": "adam", "momentum": None}')
    names: dict[str, object] = {}
    with mpl.rc_context({"backend": "agg"}):
        for block in blocks("python", page):
            exec(block, names)  # noqa: S102  # the documentation's own lines
    curve, loss = names["curve"], names["loss"]
    assert isinstance(curve, pd.DataFrame)
    assert isinstance(loss, pd.DataFrame)
    assert len(loss) == 6
    printed = capsys.readouterr().out
    for dataset, rows in loss.groupby("dataset"):
        ratio = f"{10 ** rows['difference'].median():.6f}"
        assert f"{dataset}" in printed
        assert ratio in printed
    for columns in (curve.columns, loss.columns):
        assert all(f"`{name}`" in page for name in columns)
