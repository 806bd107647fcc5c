"""Parts of an earlier release lack columns: these read as what its runs were trained with."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from study import load_results
from study.space import PARAMETERS
from study.store.files import write_text
from study.store.filtered import read_filtered
from study.store.parts import PARTED
from study.store.renewal import renewal_begun, renewed
from study.store.sound import added_since, sound, sound_runs
from study.store.stored import part_names, part_path, stored_runs
from study.store.sweep import forget, sweep
from tests.store.made import (
    assert_consistent,
    ids,
    killed_at_each_step,
    made,
    rewrite,
    stored,
)  # fmt: skip

OLD, NEW = "part-000000.parquet", "part-000001.parquet"
ABSENT = {
    "metrics": ["momentum", "activation", "width", "gradient_norm"],
    "predictions": ["target"],
    "runs": ["momentum", "activation", "width", "best_train_loss"],
}
PIPELINE = """
name = "older"

[datasets.xor]
generator = "xor"

[model]
activation = "tanh"

[training]
momentum = 0.5

[search.parameters]
lr = [0.1, 1.0]
"""


def older(folder: Path, *parts: str) -> Path:
    """Store two parts, each of a run with SGD and one with Adam; let some lack columns."""
    stored(folder, [made(0), made(1, optimizer="adam")], [made(2), made(3, optimizer="adam")])
    for part in parts:
        for name, absent in ABSENT.items():
            rewrite(part_path(folder, name, part), partial(pa.Table.drop_columns, columns=absent))
    return folder


@pytest.fixture(params=[(OLD,), (NEW,), (OLD, NEW)], ids=["first", "last", "both"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return older(tmp_path / "older", *request.param)


def lacks(folder: Path) -> set[str]:
    """Return the runs of parts that lack columns."""
    collected: set[str] = set()
    for part, own in ((OLD, ids(0, 1)), (NEW, ids(2, 3))):
        held = pq.read_schema(part_path(folder, "runs", part)).names
        collected |= set() if "momentum" in held else {*own}
    return collected


def momenta(frame: pd.DataFrame) -> dict[str, float | None]:
    rows = frame[["run_id", "momentum"]].drop_duplicates()
    return {str(i): None if np.isnan(m) else m for i, m in rows.itertuples(index=False)}


def test_an_absent_parameter_is_what_the_pipeline_fixes_and_null_where_it_does_not_act(
    folder: Path,
) -> None:
    write_text(PIPELINE, folder / "pipeline.toml")
    lacking = lacks(folder)
    due = {i: 0.5 if i in lacking else 0.0 for i in ids(0, 2)} | dict.fromkeys(ids(1, 3))
    results = load_results(folder)
    names = {i: "tanh" if i in lacking else "sigmoid" for i in ids(0, 1, 2, 3)}
    for frame in (results.runs, results.metrics()):
        assert momenta(frame) == due
        assert dict(zip(frame["run_id"], frame["activation"], strict=True)) == names
    rows, (sounds, wrong) = stored_runs(folder), sound_runs(folder)
    assert {i: row["momentum"] for i, row in rows.items()} == due
    assert (sounds, wrong) == (rows, [])


def test_an_absent_parameter_is_its_neutral_default_without_a_pipeline_and_else_null(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neutral = replace(PARAMETERS["momentum"], neutral=0.25)
    monkeypatch.setitem(PARAMETERS, "momentum", neutral)
    lacking, results = lacks(folder), load_results(folder)
    due = {i: 0.25 if i in lacking else 0.0 for i in ids(0, 2)} | dict.fromkeys(ids(1, 3))
    for frame in (results.runs, results.metrics()):
        assert momenta(frame) == due
        assert {*frame.loc[frame["activation"].isna(), "run_id"]} == lacking


def test_a_searched_parameter_that_is_absent_is_not_guessed(folder: Path) -> None:
    write_text(PIPELINE.replace("lr =", "momentum = [0.5, 0.9]\nlr ="), folder / "pipeline.toml")
    assert {i for i in lacks(folder) if stored_runs(folder)[i]["momentum"] is not None} == set()


def test_an_absent_metric_is_null_and_others_are_as_they_were(folder: Path, tmp_path: Path) -> None:
    lacking, whole = lacks(folder), load_results(older(tmp_path / "whole"))
    results = load_results(folder)
    for frame, name in ((results.runs, "best_train_loss"), (results.metrics(), "gradient_norm")):
        assert frame.loc[frame["run_id"].isin(lacking), name].isna().all()
    gradients = results.metrics().dropna(subset="gradient_norm")
    assert {*gradients["run_id"]} == {*ids(0, 1, 2, 3)} - lacking
    same = ["run_id", "lr", "hidden", "layers"]
    pd.testing.assert_frame_equal(results.runs[same], whole.runs[same])
    pd.testing.assert_frame_equal(results.metrics()["train_loss"].to_frame(),
                                  whole.metrics()["train_loss"].to_frame())  # fmt: skip
    assert list(results.runs) == list(whole.runs)
    assert list(results.metrics()) == list(whole.metrics())
    kinds = whole.metrics().dtypes.drop("activation")  # whose levels are others
    pd.testing.assert_series_equal(results.metrics().dtypes.drop("activation"), kinds)


def test_rows_are_filtered_by_columns_that_some_parts_lack(folder: Path) -> None:
    write_text(PIPELINE, folder / "pipeline.toml")
    lacking, results = lacks(folder), load_results(folder)
    for value, due in ((0.5, {*ids(0, 2)} & lacking), (0.0, {*ids(0, 2)} - lacking)):
        result = results.metrics({"momentum": value, "epoch": [3, 4]}, columns=["run_id", "epoch"])
        assert list(result) == ["run_id", "epoch"]
        assert {*result["run_id"]} == due
        assert {*result["epoch"]} == ({3, 4} if due else set())
    tanh = results.metrics({"activation": "tanh", "optimizer": "adam"}, columns=["lr", "run_id"])
    assert {*tanh["run_id"]} == {*ids(1, 3)} & lacking
    nothing = results.metrics({"gradient_norm": None}, columns=["run_id"])
    assert {*nothing["run_id"]} == lacking
    grid = results.predictions({"target": None, "part": "train"}, columns=["run_id"])
    assert {*grid["run_id"]} == lacking
    assert len(read_filtered(folder, "metrics", part_names(folder), where=())) == 4 * 20


def test_reading_writes_nothing(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.parquet") if path.is_file()}
    results = load_results(folder)
    assert len(results.runs) == len(results.metrics()) / 20 == 4
    assert len(results.predictions()) == 20
    assert before == {path: path.read_bytes() for path in before}


def test_parts_are_written_again_with_all_columns_in_all_rows(folder: Path) -> None:
    write_text(PIPELINE, folder / "pipeline.toml")
    results, lacking = load_results(folder), lacks(folder)
    due = results.runs, results.metrics(), results.predictions()
    (note,) = renewed(folder)
    assert note.startswith("added to an older part" if len(lacking) == 2 else "added to 2 older")
    assert [*renewed(folder)] == [*renewal_begun(folder)] == []
    for name in ("runs", "metrics"):
        frame = pd.read_parquet(folder / f"{name}.parquet")  # as anybody reads them
        momentum = frame.drop_duplicates("run_id").set_index("run_id")["momentum"]
        assert (momentum.loc[sorted({*ids(0, 2)} & lacking)] == 0.5).all()
        assert list(frame) == list(due[name == "metrics"])
    again = load_results(folder)
    for before, after in zip(due, (again.runs, again.metrics(), again.predictions()), strict=True):
        pd.testing.assert_frame_equal(before, after)
    for part in part_names(folder):
        assert sound(folder, part) is not None
    assert sweep(folder) == ()
    assert_consistent_rows(folder)


def test_unmeasured_metrics_are_known_before_and_after_parts_are_rewritten(
    folder: Path,
) -> None:
    lacking = lacks(folder)
    parts = {part: own & lacking for part, own in ((OLD, {*ids(0)}), (NEW, {*ids(2)}))}
    for pass_ in range(2):
        for part, older_ones in parts.items():
            due = {"width", "gradient_norm", "target", "best_train_loss"} if older_ones else set()
            assert added_since(folder, part) == due
        assert bool([*renewed(folder)]) == (pass_ == 0)
    forget(folder, ids(0, 2))  # which writes parts once more
    assert all(bool(added_since(folder, part)) == bool(own) for part, own in parts.items())


def test_a_renewal_killed_at_any_step_is_readable_and_completed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_once = older(tmp_path / "once", OLD, NEW)
    write_text(PIPELINE, made_once / "pipeline.toml")
    due = load_results(made_once)
    runs, metrics = due.runs, due.metrics()

    def begin(folder: Path) -> None:
        shutil.copytree(made_once, folder)

    def act(folder: Path) -> None:
        assert [*renewed(folder)]

    def begun(folder: Path) -> Iterator[bool]:
        for part in part_names(folder):
            for name in PARTED:
                yield "momentum" in pq.read_schema(part_path(folder, name, part)).names or (
                    "target" in pq.read_schema(part_path(folder, name, part)).names
                )

    seen = set()
    for folder in killed_at_each_step(monkeypatch, tmp_path / "kills", begin=begin, act=act):
        results = load_results(folder)
        pd.testing.assert_frame_equal(results.runs, runs)
        pd.testing.assert_frame_equal(results.metrics(), metrics)
        done = sum(begun(folder))
        seen.add(done)
        sweep(folder)
        assert all(begun(folder)) == (done > 0)
        pd.testing.assert_frame_equal(load_results(folder).metrics(), metrics)
        assert_consistent_rows(folder)
    assert seen == {0, 1, 2, 3, 4, 5, 6}


def test_a_start_renews_no_part_of_a_table_in_which_all_lack_the_same(tmp_path: Path) -> None:
    """A metric of every epoch, say, is a column of metrics alone."""
    stored(tmp_path, [made(0)], [made(1)])
    for part in (OLD, NEW):
        path = part_path(tmp_path, "metrics", part)
        rewrite(path, partial(pa.Table.drop_columns, columns=["gradient_norm"]))
    assert sweep(tmp_path) == ()
    assert "gradient_norm" not in pd.read_parquet(tmp_path / "metrics.parquet")
    stored(tmp_path, [made(2)])  # which only a study does that has renewed the older ones
    assert sweep(tmp_path) == ("added to 2 older parts the columns that this version has more",)
    metrics = pd.read_parquet(tmp_path / "metrics.parquet")
    expected = metrics.groupby("run_id", observed=True)["gradient_norm"].count()
    assert expected.to_dict() == {"0000": 0, "0001": 0, "0002": 20}


def assert_consistent_rows(folder: Path) -> None:
    (folder / "pipeline.toml").unlink()
    assert_consistent(folder)
