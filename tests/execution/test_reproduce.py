"""A stored run that is retrained alone has the same bits, or the difference is located."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from nn_core import MSELoss, Sequential
from study import load_results
from study.errors import ResultsError
from study.execution import supply
from study.execution.driver import Options, run
from study.execution.reproduce import reproduce
from study.plan.trials import planned
from study.store.sound import places
from study.store.stored import part_path
from study.training.build import _layers
from study.training.loop import train
from tests.driving import failing
from tests.pipelines import small
from tests.store.made import rewrite


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("results")
    pipeline = small("datasets.linear.test_fraction=0.2", "training.precision=float64")
    list(run(pipeline, Options(results, executor="inline")))
    return results / "small"


def some(folder: Path, **values: str) -> str:
    runs = load_results(folder).runs
    for column, value in values.items():
        runs = runs[runs[column] == value]
    return str(runs["run_id"].iloc[-1])


@pytest.mark.parametrize("status", ["completed", "diverged"])
@pytest.mark.parametrize("dataset", ["linear", "xor"])
def test_a_single_run_reproduces_the_stored_bits(folder: Path, status: str, dataset: str) -> None:
    reproduced = reproduce(folder, some(folder, status=status, dataset=dataset))
    assert (reproduced.differs_at, reproduced.column) == (None, None)


def test_the_weights_give_the_stored_loss(folder: Path) -> None:
    run_id = some(folder, status="completed", dataset="xor")
    weights = reproduce(folder, run_id).weights
    pipeline = small("datasets.linear.test_fraction=0.2", "training.precision=float64")
    one = next(r for r in planned(pipeline).runs if r.run_id == run_id)
    network = Sequential(_layers(one, pipeline))
    for i, layer in enumerate(network.layers[::2]):
        layer.weights[...] = weights[f"weights_{i}"]  # type: ignore[attr-defined]
        layer.biases[...] = weights[f"biases_{i}"]  # type: ignore[attr-defined]
    asked = load_results(folder).predictions({"run_id": run_id, "part": "train"})
    y_pred = network(asked[["x0", "x1"]].to_numpy())
    assert np.array_equal(y_pred[:, 0], asked["prediction"])
    stored = load_results(folder).runs.set_index("run_id")["final_train_loss"][run_id]
    assert MSELoss()(y_pred, asked[["target"]].to_numpy()) == pytest.approx(stored, rel=1e-12)


def test_a_changed_number_is_found_with_its_epoch(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "small").symlink_to(folder)
    run_id = some(folder, status="completed", dataset="xor")

    def change(table: pa.Table) -> pa.Table:
        frame = table.to_pandas()
        hit = (frame["run_id"] == run_id) & (frame["epoch"] == 7)
        assert hit.sum() == 1
        frame.loc[hit, "train_loss"] = np.nextafter(frame.loc[hit, "train_loss"], 1)
        return pa.Table.from_pandas(frame, schema=table.schema)

    part = part_path(folder, "metrics", places(folder, {run_id})[run_id][0])
    original = part.read_bytes()
    rewrite(part, change)
    reproduced = reproduce(folder, run_id)
    part.write_bytes(original)
    assert (reproduced.differs_at, reproduced.column) == (7, "train_loss")
    assert reproduced.sentence == f"run {run_id}: train_loss differs from epoch 7 on"


def test_a_row_that_is_not_of_its_id_is_not_reproduced(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "small")
    run_id = some(folder, status="completed", dataset="xor")
    part = part_path(tmp_path / "small", "runs", places(folder, {run_id})[run_id][0])

    def change(table: pa.Table) -> pa.Table:
        frame = table.to_pandas()
        frame.loc[frame["run_id"] == run_id, "lr"] *= 2
        return pa.Table.from_pandas(frame, schema=table.schema)

    rewrite(part, change)
    with pytest.raises(ResultsError, match=f"the row of run {run_id} in runs.parquet was changed"):
        reproduce(tmp_path / "small", run_id)


def test_a_run_that_ends_earlier_the_second_time_differs_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*arguments: Any, until: int) -> Any:  # noqa: ANN401  # as `train`
        return train(*arguments, until=until - 2)

    monkeypatch.setattr("study.execution.reproduce.train", cut)
    reproduced = reproduce(folder, some(folder, status="completed", dataset="xor"))
    assert (reproduced.differs_at, reproduced.column) == (29, "train_loss")


def test_an_unknown_run_and_a_failed_one_are_users_errors(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ResultsError, match="has no run 'abc'"):
        reproduce(folder, "abc")
    monkeypatch.setattr(supply, "train_stack", failing(1000))
    list(run(small(), Options(tmp_path, executor="inline")))
    run_id = some(tmp_path / "small", status="failed")
    with pytest.raises(ResultsError, match=f"run {run_id} failed: MemoryError: too large"):
        reproduce(tmp_path / "small", run_id)
