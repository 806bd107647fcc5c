"""What is asked of some runs, epochs or columns alone: read from the parts that have them."""

from pathlib import Path

import pyarrow.dataset as ds
import pytest

from study.errors import ResultsError
from study.store.kinds import content
from study.store.reader import load_results
from study.store.stored import part_path, stored_runs
from study.store.sweep import forget
from tests.store.made import ids, made, stored


def test_where_takes_a_value_a_list_or_none_and_columns_and_epochs_are_picked(
    tmp_path: Path,
) -> None:
    stored(tmp_path, [made(0), made(1, optimizer="adam")], [made(2, optimizer="other")])
    results = load_results(tmp_path)

    def read(**where: object) -> set[str]:
        return set(results.metrics(where)["run_id"])

    assert read(optimizer=["adam", "sgd"], lr=[1.0, 0.1]) == set(ids(0, 1))
    assert read(momentum=None) == set(ids(1, 2))
    assert read(momentum=[None, 0.0], optimizer="sgd") == set(ids(0))
    assert read(lr=[]) == set()
    few = results.metrics({"run_id": "0001"}, columns=["train_loss", "epoch"], epochs=[1, 20, 99])
    assert (list(few.columns), list(few["epoch"])) == (["train_loss", "epoch"], [1, 20])
    grid = results.predictions({"run_id": "0002", "part": "grid"}, columns=["x0", "target"])
    assert grid["target"].isna().tolist() == [True] * 3


def test_a_wrong_filter_is_an_error(tmp_path: Path) -> None:
    results = load_results(stored(tmp_path, [made(0)]))
    with pytest.raises(
        ResultsError, match=r"^column of metrics: 'optimiser' is not one of .*optimizer.*\(did"
    ):
        results.metrics({"optimiser": "adam"})
    with pytest.raises(ResultsError, match=r"\(did you mean 'train_loss'\?\)$"):
        results.metrics(columns=["train_los"])
    with pytest.raises(ResultsError, match=r"^lr is a number, not '0.01'$"):
        results.metrics({"lr": "0.01"})
    with pytest.raises(ResultsError, match=r"^hidden is text, not \[128, 64\]$"):
        results.metrics({"hidden": [128, 64]})
    with pytest.raises(ResultsError, match=r"^epoch is a whole number, not 2.5$"):
        results.metrics({"epoch": 2.5})


def test_epochs_restrict_the_epochs_of_where(tmp_path: Path) -> None:
    results = load_results(stored(tmp_path, [made(0)]))
    assert results.metrics({"epoch": 3}, epochs=[5]).empty
    assert list(results.metrics({"epoch": [3.0, 5]}, epochs=[5, 7])["epoch"]) == [5]


def test_a_part_that_goes_away_while_it_is_read_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    results = load_results(stored(tmp_path, [made(0)], [made(1)], [made(2)]))
    forget(tmp_path, ids(1))
    assert list(results.runs["run_id"]) == ids(0, 2)
    assert set(results.metrics()["run_id"]) == set(ids(0, 2))
    real = ds.dataset

    def forgets_first(*arguments: object, **named: object) -> object:
        forget(tmp_path, ids(0))
        return real(*arguments, **named)

    monkeypatch.setattr("pyarrow.dataset.dataset", forgets_first)
    assert set(results.metrics()["run_id"]) == set(ids(2))
    forget(tmp_path, ids(2))
    assert results.metrics(columns=["epoch"]).empty


def test_what_is_asked_of_some_runs_opens_their_parts_alone(tmp_path: Path) -> None:
    """A damaged part of other runs is neither read nor in the way."""
    results = load_results(stored(tmp_path, [made(0)], [made(1, optimizer="adam")]))
    _, other = results.parts
    part_path(tmp_path, "metrics", other).write_bytes(b"nothing that could be read")
    sgd = results.metrics({"optimizer": "sgd"})
    assert set(sgd["run_id"]) == {results.runs["run_id"][0]}
    assert results.metrics({"run_id": str(results.runs["run_id"][0])}).equals(sgd)
    with pytest.raises(ResultsError, match="damaged"):
        results.metrics({"optimizer": "adam"})


def test_a_part_is_opened_once_however_often_it_is_read_until_it_is_written_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = stored(tmp_path, [made(0)], [made(1)])
    read: list[str] = []

    def reads(path: Path) -> bytes:
        read.append(path.parent.name)
        return content(path)

    monkeypatch.setattr("study.store.stored.content", reads)
    results = load_results(folder)
    for run_id in (*ids(0, 1), *ids(0, 1)):
        assert len(results.metrics({"run_id": run_id})) == 20
        assert run_id in set(stored_runs(folder))
    assert sorted(read) == 2 * ["metrics.parquet"] + 2 * ["runs.parquet"]
    forget(folder, ids(1))
    stored(folder, [made(1, optimizer="adam")])
    assert {row["optimizer"] for row in stored_runs(folder).values()} == {"sgd", "adam"}
