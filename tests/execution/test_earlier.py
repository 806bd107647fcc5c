"""A study that an earlier release stored is read, complete, and extended by this one.

`tests/earlier.py` made it once. Nothing here depends on the last bits of this machine's numbers.
"""

import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from study import load_results
from study.columns import TABLES
from study.report.page import write_report
from study.spec.load import load_pipeline
from tests.cli.calling import call
from tests.driving import finish, last
from tests.earlier import EARLIER
from tests.store.made import rewrite

LOSSES = {
    "169ff79a0e435f4c": ("moons", 0, 0.1, "sgd", 0.0, 0.196536),
    "3dfb676b21cb9306": ("moons", 1, 1.0, "adam", None, 0.058871),
    "b6e0f7e86f645337": ("moons", 1, 1.0, "sgd", 0.9, 0.087056),
    "e277314bd6deb0f0": ("linear", 0, 0.1, "adam", None, 0.097940),
    "4c96f949ddbb24df": ("linear", 1, 0.1, "sgd", 0.9, 0.284713),
    "2bf95abea07c5746": ("linear", 1, 1.0, "sgd", 0.0, 0.258689),
}
"""Some runs: dataset, repetition, lr, optimizer, momentum and final_train_loss."""


EARLY = """
[[hypotheses]]
id = "best-early"
claim = "The smallest test loss comes earlier with Adam"
datasets = ["moons"]
where = {momentum = 0.0}
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "best_test_epoch"
expect = "lower"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of its results."""
    return Path(shutil.copytree(EARLIER, tmp_path / "results" / "earlier"))


def planned(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> tuple[int, str | None]:
    """Return how many runs `study plan` misses, and why `study run` would refuse them."""
    options = ["--results", folder.parent, "--json", *(f"--set={each}" for each in more)]
    code, output, _ = call(capsys, "plan", folder / "pipeline.toml", *options)
    assert code == 0
    plan = json.loads(output)
    return plan["missing"], plan["refused"]


def test_an_earlier_study_is_read_with_its_own_numbers() -> None:
    results = load_results(EARLIER)
    names = ["dataset", "repetition", "lr", "optimizer", "momentum", "final_train_loss"]
    for run_id, due in LOSSES.items():
        (row,) = results.runs.loc[results.runs["run_id"] == run_id, names].to_dict("records")
        result = [None if value != value else value for value in row.values()]  # noqa: PLR0124
        assert result[:-1] == list(due[:-1])
        assert result[-1] == pytest.approx(due[-1], abs=1e-6)
        curve = results.metrics({"run_id": run_id})
        assert list(curve["epoch"]) == list(range(1, 21))
        assert curve["train_loss"].iloc[-1] == row["final_train_loss"]
        assert curve["test_loss"].notna().all() == (row["dataset"] == "moons")
    assert len(results.runs) == 24
    assert list(results.hypotheses["n"]) == [2, 2]
    predictions = results.predictions()
    assert predictions["prediction"].notna().all()
    assert predictions[["answer", "confidence"]].isna().all(axis=None)
    assert results.runs["best_test_epoch"].isna().all()
    assert (results.runs["best_test_loss"].notna() == (results.runs["dataset"] == "moons")).all()


def test_an_earlier_study_is_complete(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert planned(capsys, folder) == (0, None)
    assert planned(capsys, folder, "search.repetitions=3") == (12, None)
    before = {path: path.read_bytes() for path in folder.rglob("part-*")}
    assert last(finish(load_pipeline(folder / "pipeline.toml"), folder.parent)).trained == 0
    assert before == {path: path.read_bytes() for path in before}


@pytest.mark.usefixtures("undrawn")
def test_an_earlier_study_is_extended_and_reported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = load_results(EARLIER)
    runs, metrics = before.runs, before.metrics()
    more = load_pipeline(folder / "pipeline.toml", ["search.repetitions=3"])
    done = last(finish(more, folder.parent))
    assert (done.runs, done.trained, done.certified) == (36, 12, 8)
    assert planned(capsys, folder, "search.repetitions=3") == (0, None)
    after = load_results(folder)
    old = after.runs[after.runs["run_id"].isin(runs["run_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(old, runs, check_categorical=False)
    again = after.metrics({"repetition": [0, 1]})
    for name in ("epoch", "train_loss", "test_loss"):
        np.testing.assert_array_equal(again[name], metrics[name])
    for name, rows in (("runs", 36), ("metrics", 36 * 20), ("predictions", None)):
        frame = pd.read_parquet(folder / f"{name}.parquet")
        assert [*frame] == [column.name for column in TABLES[name]]
        assert rows in (None, len(frame))
    assert list(after.hypotheses["n"]) == [3, 3]
    write_report(folder)
    assert load_results(folder).table("configurations")["runs"].sum() == 36


@pytest.mark.usefixtures("undrawn")
def test_added_columns_have_values_in_added_runs_only(folder: Path) -> None:
    """A hypothesis on an added metric counts the repetitions that have it, not the others."""
    path = folder.parent / "later.toml"
    path.write_text((folder / "pipeline.toml").read_text() + EARLY)
    finish(load_pipeline(path, ["search.repetitions=3"]), folder.parent)
    results = load_results(folder)
    assert list(results.hypotheses["n"]) == [3, 3, 1]
    runs = results.runs[results.runs["dataset"] == "moons"].set_index("run_id")
    new = runs["repetition"] == 2
    assert (runs["best_test_epoch"].notna() == new).all()
    curves = results.metrics({"dataset": "moons", "repetition": 2}).pivot_table(
        index="epoch", columns="run_id", values="test_loss", observed=True
    )
    result = curves.idxmin()
    assert runs.loc[result.index, "best_test_epoch"].tolist() == result.tolist()
    predictions = results.predictions()
    of_new = predictions["run_id"].isin(results.runs.loc[results.runs["repetition"] == 2, "run_id"])
    assert (predictions["answer"].notna() == of_new).all()
    kept = predictions[of_new]
    assert (kept["answer"] == (kept["prediction"] > 0.5)).all()
    write_report(folder)


def test_an_objective_that_stored_runs_lack_is_refused_and_never_counts_them_as_the_worst(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder.parent / "later.toml"
    (linear, moons) = (folder / "pipeline.toml").read_text().split("[datasets.moons]")
    text = linear.replace("[datasets.linear]", "[datasets.linear]\ntest_fraction = 0.25")
    aim = '[search.objective]\nmetric = "best_test_epoch"\n[search.parameters]'
    path.write_text(f"{text}[datasets.moons]{moons.replace('[search.parameters]', aim)}")
    before = {part: part.read_bytes() for part in folder.rglob("part-*")}
    code, _, error = call(capsys, "run", path, "--results", folder.parent)
    assert code == 2
    assert "12 runs" in error
    assert "best_test_epoch" in error
    assert "--fresh" in error
    assert before == {part: part.read_bytes() for part in before}


@pytest.mark.usefixtures("undrawn")
def test_a_report_makes_absent_and_older_tables_again(folder: Path) -> None:
    due = load_results(EARLIER).hypotheses
    write_report(folder)
    tables = {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}
    path = folder / "hypotheses.parquet"
    for older in (False, True):
        if older:
            rewrite(path, partial(pa.Table.drop_columns, columns=["effect"]))
        else:
            path.unlink()
        shutil.rmtree(folder / "tables")
        write_report(folder)
        pd.testing.assert_frame_equal(load_results(folder).hypotheses, due)
        assert tables == {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}


def aged(folder: Path) -> Path:
    """Take from all tables of a study the columns that the first release of format 2 lacked."""
    for path in folder.rglob("*.parquet"):
        name = path.parent.name if path.name.startswith("part-") else path.name
        original = EARLIER / name
        if path.is_file() and original.exists():
            first = next(original.glob("part-*")) if original.is_dir() else original
            added = {*pq.read_schema(path).names} - {*pq.read_schema(first).names}
            rewrite(path, partial(pa.Table.drop_columns, columns=sorted(added)))
    return folder


LATER = """
name = "aged"
[datasets.moons]
generator = "moons"
samples = 20
[model]
hidden = [3]
{model}
[training]
epochs = 10
[search]
repetitions = 2
[search.parameters]
lr = [0.1, 1.0]
"""
ACCURACY = 'search.objective={metric = "final_train_accuracy", goal = "maximize"}'


@pytest.mark.parametrize(
    ("model", "loss", "output"),
    [
        ('output_activation = "none"', "mse", "none"),
        ('loss = "binary_cross_entropy"\noutput_activation = "none"', "binary_cross_entropy", None),
    ],
)
def test_a_loss_that_could_not_be_searched_is_what_the_pipeline_fixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], model: str, loss: str, output: str | None
) -> None:
    """Its runs stay complete, and count for that loss if the loss is searched later."""
    path = tmp_path / "aged.toml"
    path.write_text(LATER.format(model=model), encoding="utf-8")
    finish(load_pipeline(path), tmp_path)
    folder = aged(tmp_path / "aged")
    assert "loss" not in pq.read_schema(next(folder.glob("runs.parquet/*"))).names
    assert planned(capsys, folder) == (0, None)
    runs = load_results(folder).runs
    assert {*runs["loss"]} == {loss}
    assert runs["output_activation"].dropna().unique().tolist() == ([output] if output else [])
    path.write_text(LATER.format(model='output_activation = "none"'), encoding="utf-8")
    both = 'search.parameters.loss=["binary_cross_entropy", "mse"]'
    done = last(finish(load_pipeline(path, [both, ACCURACY]), tmp_path))
    assert (done.runs, done.trained) == (8, 4)
    after = load_results(folder).runs
    assert {*after["loss"]} == {"mse", "binary_cross_entropy"}
    assert {*after["run_id"]} > {*runs["run_id"]}
