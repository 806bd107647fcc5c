"""A part is whole or not at all, and holds what was handed over."""

import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from study.columns import TABLES, Kind
from study.store.parts import PARTED, Writer
from study.store.schema import Precision
from study.store.stored import part_names, stored_runs
from study.store.sweep import sweep
from tests.store.made import (
    Made,
    assert_consistent,
    failed,
    ids,
    killed_at_each_step,
    made,
    stored,
    table,
)


def test_a_part_is_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def commit_another(folder: Path) -> None:
        writer = Writer(folder, "float32")
        writer.add([made(2), failed(3)])
        writer.commit()

    seen = []
    for folder in killed_at_each_step(
        monkeypatch, tmp_path, begin=lambda f: stored(f, [made(0), made(1)]), act=commit_another
    ):
        committed = sorted(stored_runs(folder))
        sweep(folder)
        assert_consistent(folder)
        assert sorted(stored_runs(folder)) == committed
        assert sweep(folder) == ()
        seen.append(committed)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (ids(0, 1), ids(0, 1, 2, 3))
    assert len(seen) > 6  # three files, each synced before and after it is renamed


def test_after_a_failed_commit_the_next_one_stores_the_same_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    writer = Writer(tmp_path, "float32")
    writer.add([made(0)])
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _no_space)
        with pytest.raises(OSError, match="No space left"):
            writer.commit()
    assert writer.commit() == 20
    assert_consistent(tmp_path)
    assert list(stored_runs(tmp_path)) == ids(0)


def _no_space(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_finished_runs_are_kept_after_an_interruption(tmp_path: Path) -> None:
    def interrupted() -> None:
        with Writer(tmp_path, "float32") as writer:
            writer.add([made(0)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(stored_runs(tmp_path)) == ids(0)
    assert_consistent(tmp_path)


def test_commit_returns_the_rows_of_metrics(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "float32")
    writer.add([made(0, epochs=7), made(1, epochs=3), failed(2)])
    assert (writer.commit(), writer.commit()) == (10, 0)
    assert part_names(tmp_path) == ["part-000000.parquet"]


def test_a_part_is_due_a_second_after_the_last_one_or_at_64_mebibytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    writer = Writer(tmp_path, "float32")
    now[0] = 101.5
    assert not writer.due  # nothing is buffered
    writer.add([made(0)])
    assert writer.due
    writer.commit()
    writer.add([made(1)])
    assert not writer.due
    now[0] = 102.5
    assert writer.due
    writer.commit()
    for filled in (writer, Writer(tmp_path, "float32")):
        filled.add([Made({}, {"epoch": np.empty(2**26 - 1, np.int8)}, {})])
        assert not filled.due
        filled.add([Made({}, {}, {"x0": np.empty(1, np.int8)})])
        assert filled.due


def test_names_sort_in_the_order_of_writing_and_never_return(tmp_path: Path) -> None:
    stored(tmp_path, [made(0)], [made(1)])
    for name in PARTED:
        last = tmp_path / f"{name}.parquet" / "part-000001.parquet"
        aside = tmp_path / "damaged" / f"{name}.parquet" / last.name
        aside.parent.mkdir(parents=True)
        last.rename(aside)
    stored(tmp_path, [made(2)])
    assert part_names(tmp_path) == ["part-000000.parquet", "part-000002.parquet"]


def test_all_parts_of_all_tables_have_one_schema_with_test_metrics_or_without(
    tmp_path: Path,
) -> None:
    stored(tmp_path, [made(0)], [made(1, held_out=True)], [failed(2)], [made(3), failed(4)])
    for name in PARTED:
        schemas = [pq.read_schema(path) for path in (tmp_path / f"{name}.parquet").iterdir()]
        assert len(schemas) == 4
        assert all(schema.equals(schemas[0], check_metadata=True) for schema in schemas)


def _floats(precision: Precision) -> st.SearchStrategy[float]:
    return st.floats(width=32 if precision == "float32" else 64)


KINDS: dict[Kind, Callable[[Precision], st.SearchStrategy[object]]] = {
    "text": lambda _: st.text(max_size=4) | st.none(),
    "choice": lambda _: st.sampled_from(["sgd", "adam", "σ", ""]) | st.none(),
    "count": lambda _: st.integers(0, 2**31 - 1) | st.none(),
    "real": lambda _: st.floats() | st.none(),
    "metric": lambda precision: _floats(precision) | st.none(),
}


@st.composite
def runs(draw: st.DrawFn, precision: Precision) -> Made:
    """Draw whatever a run may be: any value in any column, and no epochs or some."""
    row = {c.name: draw(KINDS[c.kind](precision)) for c in TABLES["runs"]}
    row["run_id"] = draw(st.uuids()).hex
    epochs, points = draw(st.integers(0, 4)), draw(st.integers(0, 4))

    def numbers(length: int) -> Any:  # noqa: ANN401 - NumPy's array of a dtype known later
        return draw(arrays(precision, length, elements=_floats(precision)))

    names = [c.name for c in TABLES["metrics"] if c.kind == "metric"]
    optional = {name: numbers(epochs) if draw(st.booleans()) else None for name in names}
    metrics = {"epoch": np.arange(1, epochs + 1), **optional} if epochs else {}
    parts = st.sampled_from(["train", "test", "grid"])
    predictions = {
        "epoch": draw(arrays(np.int32, points, elements=st.integers(1, 9))),
        "part": np.array([draw(parts) for _ in range(points)], dtype=str),
        **{name: numbers(points) for name in ("x0", "x1", "target", "confidence")},
        "prediction": numbers(points) if draw(st.booleans()) else None,
        "answer": draw(arrays(precision, points, elements=st.integers(0, 19) | st.just(math.nan))),
    }
    return Made(row, metrics, predictions)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_every_value_comes_back_as_it_was(precision: Precision, data: st.DataObject) -> None:
    batches = data.draw(st.lists(st.lists(runs(precision), max_size=3), max_size=2))
    handed = [run for batch in batches for run in batch]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Writer(folder, precision) as writer:
            for batch in batches:
                writer.add(batch)
                writer.commit()
        assert repr(list(stored_runs(folder).values())) == repr([dict(run.row) for run in handed])
        assert repr(table(folder, "metrics")) == repr([r for run in handed for r in _epochs(run)])
        assert repr(table(folder, "predictions")) == repr(
            [r for run in handed for r in _answers(run)]
        )


def _epochs(run: Made) -> list[dict[str, object]]:
    """Return the rows of metrics that a run must have; repr tells null from NaN, and −0 from 0."""
    length = len(run.metrics.get("epoch", ()))  # type: ignore[arg-type]
    own = {k: [None] * length if v is None else v.tolist() for k, v in run.metrics.items()}
    names = [column.name for column in TABLES["metrics"]]
    return [{n: own[n][i] if n in own else run.row[n] for n in names} for i in range(length)]


def _answers(run: Made) -> list[dict[str, object]]:
    """Return the rows of predictions that a run must have."""
    length = len(run.predictions["epoch"])
    own = {k: [None] * length if v is None else v.tolist() for k, v in run.predictions.items()}
    for name in ("x0", "x1", "target", "answer", "confidence"):
        own[name] = [None if math.isnan(value) else value for value in own[name]]
    own["answer"] = [None if value is None else int(value) for value in own["answer"]]
    names = [column.name for column in TABLES["predictions"] if column.name != "run_id"]
    return [{"run_id": run.row["run_id"], **{n: own[n][i] for n in names}} for i in range(length)]
