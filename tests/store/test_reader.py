"""All readers of a results folder read the same numbers at any time."""

import threading
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from study.columns import TABLES
from study.errors import ResultsError
from study.store.files import write_table, write_text
from study.store.filtered import read_filtered
from study.store.parts import Writer
from study.store.reader import load_results
from study.store.stored import part_path, stored_runs
from tests.store.made import Made, failed, ids, made, rewrite, stored


def _pandas(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "metrics.parquet", filters=[("optimizer", "==", "adam")])


def _duckdb(folder: Path) -> pd.DataFrame:
    path = folder / "metrics.parquet" / "*.parquet"
    adam = duckdb.connect().sql(f"FROM '{path}' WHERE optimizer = 'adam'")
    frame: pd.DataFrame = adam.df()
    return frame


def _polars(folder: Path) -> pd.DataFrame:
    scan = pl.scan_parquet(folder / "metrics.parquet" / "*.parquet")
    return scan.filter(pl.col("optimizer") == "adam").collect().to_pandas()


def _arrow(folder: Path) -> pd.DataFrame:
    adam = ds.field("optimizer") == "adam"
    frame: pd.DataFrame = ds.dataset(folder / "metrics.parquet").to_table(filter=adam).to_pandas()
    return frame


def _ours(folder: Path) -> pd.DataFrame:
    return load_results(folder).metrics({"optimizer": "adam"})


READERS = {"pandas": _pandas, "duckdb": _duckdb, "polars": _polars, "arrow": _arrow, "ours": _ours}


def test_all_readers_read_the_same_numbers_while_parts_are_added(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "float32")
    adam: list[Made] = []
    for number in range(4):
        batch = [made(2 * number), made(2 * number + 1, optimizer="adam", held_out=number == 1)]
        adam.append(batch[1])
        writer.add(batch)
        writer.commit()
        loss = np.concatenate([run.metrics["train_loss"] for run in adam])
        for name, read in READERS.items():
            frame = read(tmp_path).sort_values(["run_id", "epoch"])
            assert set(frame["run_id"].astype(str)) == {run.row["run_id"] for run in adam}, name
            assert frame["train_loss"].dtype == np.float32, name
            np.testing.assert_array_equal(frame["train_loss"], loss, err_msg=name)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_reader_during_writing_sees_whole_parts_only(
    tmp_path: Path, read: Callable[[Path], pd.DataFrame]
) -> None:
    stored(tmp_path, [made(0, optimizer="adam")])

    def write() -> None:
        for number in range(1, 12):
            stored(tmp_path, [made(number, optimizer="adam"), made(100 + number)])

    writing = threading.Thread(target=write)
    writing.start()
    try:
        while writing.is_alive():
            counts = read(tmp_path).groupby("run_id", observed=True).size()
            assert (counts == 20).all()
    finally:
        writing.join()
    assert len(read(tmp_path)) == 12 * 20


def test_stored_runs_are_the_rows_of_the_frame(tmp_path: Path) -> None:
    stored(tmp_path, [made(0), failed(1)], [made(2, optimizer="adam", held_out=True)])
    runs = load_results(tmp_path).runs
    for row, frame_row in zip(stored_runs(tmp_path).values(), runs.to_dict("records"), strict=True):
        for name, value in row.items():
            in_frame = frame_row[name]
            assert pd.isna(in_frame) if value is None else in_frame == value, name
    assert list(runs.columns) == [column.name for column in TABLES["runs"]]


def test_choices_have_the_same_categories_in_all_frames_in_the_order_of_parameters(
    tmp_path: Path,
) -> None:
    stored(tmp_path, [made(0, optimizer="a later one")], [made(1, optimizer="adam")], [made(2)])
    write_table(
        [dict.fromkeys((c.name for c in TABLES["trials"]), None) | {"optimizer": "adam"}],
        tmp_path / "trials.parquet",
    )
    results = load_results(tmp_path)
    for frame in (results.runs, results.metrics({"optimizer": "adam"}), results.trials):
        assert list(frame["optimizer"].cat.categories) == ["sgd", "adam", "a later one"]
    for frame in (results.metrics(), results.predictions()):
        assert list(frame["run_id"].cat.categories) == ids(0, 1, 2)


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    stored(tmp_path, [made(0)])
    for name in ("metrics", "runs"):
        path = part_path(tmp_path, name, "part-000000.parquet")
        content = bytearray(path.read_bytes())
        content[20] ^= 0xFF
        path.write_bytes(content)
    with pytest.raises(ResultsError, match=r"part-000000.parquet is damaged \("):
        stored_runs(tmp_path)
    with pytest.raises(ResultsError, match=r"metrics.parquet/part-000000.parquet is damaged"):
        read_filtered(tmp_path, "metrics", ["part-000000.parquet"], where=())


@pytest.mark.parametrize("old", ["part-000000.parquet", "part-000001.parquet"])
@pytest.mark.parametrize(
    ("change", "unlike"),
    [
        (lambda rows: rows.drop_columns("repetition"), "without repetition"),
        (lambda rows: rows.append_column("gain", rows["lr"]), "with gain"),
    ],
)
def test_a_part_of_a_later_release_is_a_sentence(
    tmp_path: Path, old: str, change: Callable[[pa.Table], pa.Table], unlike: str
) -> None:
    stored(tmp_path, [made(0)], [made(1)])
    for name in ("metrics", "runs"):
        rewrite(part_path(tmp_path, name, old), change)
    message = rf"{old} was written by another version, {unlike}; `study run --fresh` sets these"
    results = load_results(tmp_path)
    for read in (lambda: results.runs, results.metrics, lambda: stored_runs(tmp_path)):
        with pytest.raises(ResultsError, match=message):
            read()


def test_missing_tables_are_empty_or_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no study is: those in results/ would be named
    with pytest.raises(ResultsError, match=r"^there is no folder .*missing$"):
        load_results(tmp_path / "missing")
    with pytest.raises(ResultsError, match=r"holds no runs yet$"):
        load_results(tmp_path)
    assert stored_runs(tmp_path / "missing") == {}
    results = load_results(str(stored(tmp_path, [made(0)])))
    for name in ("trials", "hypotheses", "certificate"):
        frame = getattr(results, name)
        assert (len(frame), list(frame)) == (0, [column.name for column in TABLES[name]])
    with pytest.raises(ResultsError, match=r"^table of .*: 'curves' is not one of "):
        results.table("curves")
    for elsewhere in ("../runs", "", "."):
        with pytest.raises(ResultsError, match=r"^table of .*: '.*' is not one of "):
            results.table(elsewhere)
    stored(tmp_path / "studies" / "lab", [made(0)])
    with pytest.raises(ResultsError, match=r"holds no runs yet; there are \S+studies.lab$"):
        load_results(tmp_path / "studies")


def test_results_are_summarised_as_text_and_in_a_notebook(tmp_path: Path) -> None:
    stored(tmp_path, [made(0), failed(1)], [made(2, optimizer="adam", held_out=True)])
    results = load_results(tmp_path)
    first, *rows = repr(results).splitlines()
    assert first == f"Results({str(tmp_path)!r})"
    summary = {row[2:15].strip(): row[15:] for row in rows}
    assert summary["runs"] == "3 (2 completed, 1 failed)"
    assert "optimizer" in summary["parameters"].split(", ")
    assert summary["metrics"] == "40 epochs: metrics(where, columns=…)"
    assert (summary["trials"], summary["hypotheses"]) == ("0", "0")
    table = results._repr_html_()
    assert ET.fromstring(table).findtext("caption") == str(tmp_path)  # noqa: S314  # ours
    assert all(name in table and message in table for name, message in summary.items())
    one = load_results(stored(tmp_path / "one", [made(0)]))
    assert "all runs have the same" in repr(one)


def test_tables_and_the_pipeline_come_back(tmp_path: Path) -> None:
    results = load_results(stored(tmp_path, [made(0)]))
    frame = pd.DataFrame({"lr": [0.1, np.inf], "of": pd.Categorical(["a", "b"])}, index=[5, 6])
    write_table(frame, tmp_path / "tables" / "curves.parquet")
    write_text('title = "σ"\n', tmp_path / "pipeline.toml")
    pd.testing.assert_frame_equal(results.table("curves"), frame.reset_index(drop=True))
    assert results.pipeline_text == 'title = "σ"\n'
