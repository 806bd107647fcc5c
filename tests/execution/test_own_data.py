"""A study of your own data: trained, moved, reproduced, refused where the data changed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study import load_results
from study.errors import ResultsError
from study.execution.driver import Options, run
from study.execution.events import StackDone
from study.execution.reproduce import reproduce
from study.report.gather import gather
from study.report.page import write_report
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.store.reader import Results
from study.store.stored import stored_runs
from tests.driving import finish, last

pytestmark = pytest.mark.usefixtures("uncertified")

TOML = """
name = "own"
[datasets.price]
generator = "csv"
path = "../data/own.csv"
features = ["size", "rooms", "year"]
target = "price"
test_fraction = 0.2
[datasets.plane]
generator = "csv"
path = "../data/own.csv"
features = ["size", "rooms"]
target = "price"
[datasets.cheap]
generator = "csv"
path = "../data/own.csv"
features = ["size"]
target = "cheap"
[model]
output_activation = "none"
hidden = [4]
[training]
epochs = 12
[search]
repetitions = 2
[search.parameters]
lr = [0.01, 0.1]
activation = ["tanh", "relu"]
"""


def declared(folder: Path, text: str = TOML) -> Pipeline:
    """Return the pipeline of a file in folder/pipelines, which reads folder/data/own.csv."""
    path = folder / "pipelines" / "own.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_pipeline(path)


def written(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    size, rooms, year = rng.normal(size=(3, 20))
    price = 2 * size + rooms
    cheap = np.where(price < 0, "yes", "no")
    frame = pd.DataFrame(
        {"size": size, "rooms": rooms, "year": 1000 + year, "price": price, "cheap": cheap}
    )
    path = folder / "data" / "own.csv"
    path.parent.mkdir()
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the folder of a finished study, and the folder in which its file and data were.

    Pipeline and data are gone, and the results have moved.
    """
    folder = tmp_path_factory.mktemp("a b")
    written(folder)
    finish(declared(folder), folder / "results")
    moved = tmp_path_factory.mktemp("elsewhere") / "moved"
    (folder / "results" / "own").rename(moved)
    return moved, folder


def of(results: Results, dataset: str) -> pd.DataFrame:
    return results.runs[results.runs["dataset"] == dataset]


def test_a_regression_has_losses_and_no_accuracy_anywhere(own: tuple[Path, Path]) -> None:
    results = load_results(own[0])
    accuracies = ["final_train_accuracy", "final_test_accuracy", "epochs_to_full_accuracy"]
    assert of(results, "price")[accuracies].isna().all(axis=None)
    assert of(results, "price")[["final_train_loss", "final_test_loss"]].notna().all(axis=None)
    assert of(results, "cheap")["final_train_accuracy"].notna().all()
    metrics = results.metrics({"dataset": "price"})
    assert metrics[["train_accuracy", "test_accuracy"]].isna().all(axis=None)
    assert metrics[["train_loss", "test_loss"]].notna().all(axis=None)


def test_predictions_contain_at_most_two_inputs(own: tuple[Path, Path]) -> None:
    results = load_results(own[0])
    for dataset, planar in {"price": False, "plane": True, "cheap": False}.items():
        ids = of(results, dataset)["run_id"].tolist()
        rows = results.predictions({"run_id": ids})
        assert rows["x0"].notna().any() == rows["x1"].notna().any() == planar
        assert ("grid" in set(rows["part"])) == planar
        samples = rows[(rows["part"] != "grid") & (rows["run_id"] == ids[0])]
        assert len(samples) == 20
        assert samples["target"].notna().all()


KINDS = """
name = "kinds"
[datasets.kinds]
generator = "csv"
path = "../data/kinds.csv"
features = ["a", "b"]
target = "kind"
test_fraction = 0.25
[model]
loss = "softmax_cross_entropy"
output_activation = "none"
hidden = [6]
[training]
epochs = 15
optimizer = "adam"
lr = 0.1
[search]
repetitions = 2
"""


@pytest.mark.parametrize("classes", [3, 20])
@pytest.mark.usefixtures("undrawn")
def test_a_table_of_several_classes_is_stored_extended_reported_and_reproduced(
    classes: int, tmp_path: Path
) -> None:
    names = ["<b>", "[red]", "$x^$", *(f"kind {i:02}" for i in range(17))][:classes]
    index = np.arange(5 * classes) % classes
    a, b = np.random.default_rng(0).normal(size=(2, 5 * classes))
    (tmp_path / "data").mkdir()
    frame = pd.DataFrame({"a": a + index, "b": b, "kind": [names[i] for i in index]})
    frame.to_csv(tmp_path / "data" / "kinds.csv", index=False)
    pipeline = declared(tmp_path, KINDS)
    assert last(finish(pipeline, tmp_path / "results")).trained == 2
    assert last(finish(pipeline, tmp_path / "results")).trained == 0
    more = declared(tmp_path, KINDS.replace("repetitions = 2", "repetitions = 3"))
    assert last(finish(more, tmp_path / "results")).trained == 1
    folder = tmp_path / "results" / "kinds"
    results = load_results(folder)
    for row in results.runs.to_dict("records"):
        predicted = results.predictions({"run_id": row["run_id"], "epoch": 15})
        assert predicted["prediction"].isna().all()
        assert predicted["answer"].isin(range(classes)).all()
        assert predicted["confidence"].between(1 / classes - 1e-6, 1).all()
        for part, size in (("train", 15 * classes // 4), ("test", 5 * classes // 4)):
            own = predicted[predicted["part"] == part]
            assert abs(len(own) - size) <= 1
            right = (own["answer"] == own["target"]).mean()
            assert right == pytest.approx(row[f"final_{part}_accuracy"])
        assert set(predicted.loc[predicted["part"] == "train", "target"]) == set(range(classes))
        assert reproduce(folder, row["run_id"]).differs_at is None
    page = write_report(folder).read_text(encoding="utf-8")
    assert "<b> (5)" not in page
    assert "&lt;b&gt;" in page


SPLIT = """
name = "split"
[datasets.own]
generator = "csv"
path = "../data/split.csv"
split = "part"
target = "y"
[model]
output_activation = "none"
hidden = [4]
[training]
epochs = 9
batch_size = 5
[search]
repetitions = 2
"""


@pytest.mark.parametrize("classes", [False, True])
def test_changing_held_out_rows_changes_no_number_of_training(
    classes: bool,  # noqa: FBT001  # a parameter of the test
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(5, 3, size=(30, 3)), columns=["a", "b", "y"])
    if classes:
        frame["y"] = np.where(frame["y"] > 5, "yes", "no")
    frame["part"] = np.where(np.arange(30) % 3 == 1, "test", "train")
    test = frame["part"] == "test"
    other = frame.copy()
    other.loc[test, ["a", "b"]] *= -1000
    other.loc[test, "y"] = other.loc[test, "y"].to_numpy()[::-1] if classes else 1e6
    collected = []
    for i, table in enumerate((frame, other)):
        folder = tmp_path / str(i)
        (folder / "data").mkdir(parents=True)
        table.to_csv(folder / "data" / "split.csv", index=False)
        finish(declared(folder, SPLIT), folder / "results")
        results = load_results(folder / "results" / "split")
        assert results.runs["status"].tolist() == ["completed"] * 2
        columns = ["repetition", "epoch", "train_loss", "train_accuracy", "gradient_norm"]
        metrics = results.metrics().sort_values(["repetition", "epoch"])
        predictions = results.predictions()
        train = predictions[predictions["part"] == "train"]
        collected.append((metrics[columns].to_numpy(), train["prediction"].to_numpy(), metrics))
    assert np.array_equal(collected[0][0], collected[1][0], equal_nan=True)
    assert np.array_equal(collected[0][1], collected[1][1])
    assert not np.array_equal(collected[0][2]["test_loss"], collected[1][2]["test_loss"])
    by = declared(tmp_path / "0", SPLIT).datasets["own"].parts(rng=rng).train
    x = frame.loc[~test, ["a", "b"]].to_numpy(dtype=np.float64)
    np.testing.assert_allclose(np.asarray(by.x, float), (x - x.mean(0)) / x.std(0))


@pytest.mark.no_cover  # a whole report
@pytest.mark.usefixtures("undrawn")
def test_results_that_were_moved_are_reported_and_reproduced_from_anywhere(
    own: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, folder = own
    away = folder.with_name("hidden")
    folder.rename(away)
    monkeypatch.chdir(tmp_path)
    try:
        firsts = load_results(moved).runs.groupby("dataset", observed=True)["run_id"].first()
        assert [reproduce(moved, run_id).differs_at for run_id in firsts] == [None] * 3
        page = write_report(moved).read_text(encoding="utf-8")
    finally:
        away.rename(folder)
    classes = pd.read_parquet(moved / "tables" / "classes.parquet")
    assert dict(zip(classes["class"], classes["label"], strict=True)) == {0: "no", 1: "yes"}
    assert set(classes["dataset"]) == {"cheap"}, "price and plane are numbers"
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL))
    assert "nan" not in words.split()


def test_the_same_content_elsewhere_resumes_and_other_content_is_refused(
    tmp_path: Path,
) -> None:
    path = written(tmp_path)
    results = tmp_path / "results"
    assert last(finish(declared(tmp_path), results)).trained == 24
    shutil.move(path, path.with_name("renamed.csv"))
    again = declared(tmp_path, TOML.replace("own.csv", "renamed.csv"))
    assert last(finish(again, results)).trained == 0
    text = path.with_name("renamed.csv").read_text()
    path.write_text(text.replace("yes", "no", 1))
    with pytest.raises(ResultsError) as refused:
        finish(declared(tmp_path), results)
    lines = str(refused.value).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("  datasets.cheap.content of the file was '20 samples, hash ")
    assert lines[1].endswith("' now")
    stored = load_pipeline(results / "own" / "pipeline.toml")
    assert last(finish(stored, results)).trained == 0, "the stored file is a pipeline too"


def test_a_file_that_changes_while_a_study_begins_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    pipeline = declared(tmp_path)
    path.write_text(path.read_text().replace("yes", "no", 1))
    with pytest.raises(ResultsError, match="has changed since it was read"):
        list(run(pipeline, Options(tmp_path / "results", executor="inline")))


def linked(path: Path, to: Path) -> None:
    path.unlink()
    path.symlink_to(to)


COPIES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_text(""),
    "another number": lambda path: path.write_text(path.read_text().replace("\n", "\n1", 1)),
    "a row less": lambda path: path.write_text(path.read_text().rpartition("\n")[0][:-9]),
    "another table": lambda path: path.write_text("a,b\n1,2\n"),
    "no text": lambda path: path.write_bytes(b"\xff" + path.read_bytes()),
    "a link": lambda path: linked(path, path.parents[3] / "data" / "own.csv"),
}


@pytest.mark.parametrize("harm", COPIES.values(), ids=COPIES)
def test_a_damaged_copy_is_restored_from_the_original(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    original, results = written(tmp_path), tmp_path / "results"
    finish(declared(tmp_path), results)
    copy, stored = results / "own" / "data" / "price.csv", set(stored_runs(results / "own"))
    harm(copy)
    if not copy.is_symlink():
        with pytest.raises(ResultsError, match=r"own.pipeline.toml.+; `study run` with the"):
            gather(results / "own")
    events = finish(declared(tmp_path), results)
    assert last(events).trained == 0
    assert copy.read_bytes() == original.read_bytes()
    assert not copy.is_symlink()
    assert set(stored_runs(results / "own")) == stored
    assert gather(results / "own").pipeline.name == "own"


def test_a_copy_is_not_made_from_an_original_that_has_changed(tmp_path: Path) -> None:
    original, results = written(tmp_path), tmp_path / "results"
    finish(declared(tmp_path), results)
    copy = results / "own" / "data" / "price.csv"
    copy.write_text("")
    original.write_text(original.read_text().replace("yes", "no", 1))
    with pytest.raises(
        ResultsError, match=r"price.csv: is empty.+and 8 runs do not belong to this one"
    ):
        finish(declared(tmp_path), results)
    assert copy.read_text() == ""
    assert len(stored_runs(results / "own")) == 24


def test_an_interrupted_search_resumes_although_a_copy_is_damaged(tmp_path: Path) -> None:
    """The file that declares it is there, so what it may train is known."""
    written(tmp_path)
    text = TOML.replace("[search]\n", '[search]\nmethod = "random"\ntrials = 4\nbatch = 2\n')
    stopped = run(declared(tmp_path, text), Options(tmp_path / "results", executor="inline"))
    while not isinstance(next(stopped), StackDone):
        pass
    stopped.close()
    (tmp_path / "results" / "own" / "data" / "cheap.csv").unlink()
    events = finish(declared(tmp_path, text), tmp_path / "results")
    assert (last(events).runs, last(events).runs > last(events).trained > 0) == (24, True)
