"""A start restores the committed state, and reports each change in a sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from study import load_results
from study.errors import ResultsError
from study.store.files import write_text
from study.store.lock import held
from study.store.names import REPORT_LOCK
from study.store.parts import PARTED
from study.store.schema import arrow_schema
from study.store.sound import sound_runs
from study.store.stored import part_names, part_path, stored_runs
from study.store.sweep import forget, sweep
from tests.store.made import (
    assert_consistent,
    failed,
    ids,
    killed_at_each_step,
    made,
    rewrite,
    stored,
    table,
)

PART = "part-000000.parquet"
MOVED = f"moved {PART} to damaged/, so that its runs are trained again: "


def some(folder: Path) -> Path:
    """Store seven runs in three parts."""
    return stored(folder, [made(0), failed(1), made(2)], [made(3), made(4)], [made(5), failed(6)])


def test_forget_leaves_exactly_the_other_runs(tmp_path: Path) -> None:
    before = some(tmp_path / "a")
    kept = [row for row in table(before, "metrics") if row["run_id"] not in ids(1, 2, 3, 4)]
    forget(before, ids(1, 2, 3, 4, 99))
    assert_consistent(before)
    assert sorted(stored_runs(before)) == ids(0, 5, 6)
    assert repr(table(before, "metrics")) == repr(kept)
    assert part_names(before) == [PART, "part-000002.parquet"]


def test_forget_of_no_stored_run_writes_nothing(tmp_path: Path) -> None:
    def times() -> list[int]:
        return [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("*"))]

    before = times() if some(tmp_path) else []
    forget(tmp_path, ids(77))
    assert times() == before


def test_sweep_completes_a_forget_that_was_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone, whole = ids(1, 2, 3, 4), some(tmp_path / "whole")
    for folder in killed_at_each_step(
        monkeypatch,
        tmp_path,
        begin=lambda folder: copytree(whole, folder),
        act=lambda folder: forget(folder, gone),
    ):
        left = set(stored_runs(folder))
        sweep(folder)
        assert_consistent(folder)
        assert set(stored_runs(folder)) == left >= set(ids(0, 5, 6))
    assert left == set(ids(0, 5, 6))


def _damage(folder: Path) -> None:
    """Leave one of everything that a start may find."""
    some(folder)
    forget_metrics_not_yet = part_path(folder, "runs", PART)
    rewrite(forget_metrics_not_yet, lambda rows: rows.filter(pc.not_equal(rows["run_id"], "0000")))
    part_path(folder, "runs", "part-000001.parquet").write_bytes(b"torn")
    part_path(folder, "runs", "part-000002.parquet").unlink()
    (folder / "incoming").mkdir()
    (folder / ".trials.parquet.unfinished").touch()


def test_sweep_reports_its_changes(tmp_path: Path) -> None:
    _damage(tmp_path)
    assert sweep(tmp_path) == (
        "removed incoming/, left by a study that was cut short",
        "removed .trials.parquet.unfinished, which was not finished",
        "removed part-000002.parquet of metrics and predictions, which was not committed",
        "removed from part-000000.parquet the rest of runs that will be trained again",
        MOVED.replace(PART, "part-000001.parquet") + "it has no checksum",
    )
    assert_consistent(tmp_path)
    assert sorted(stored_runs(tmp_path)) == ids(1, 2)


def test_sweep_leaves_alone_what_a_report_is_writing(tmp_path: Path) -> None:
    unfinished = some(tmp_path) / "tables" / ".a.parquet.1.unfinished"
    write_text("half", unfinished)
    with held(tmp_path / REPORT_LOCK):
        assert sweep(tmp_path) == ()
    assert sweep(tmp_path) == (f"removed tables/{unfinished.name}, which was not finished",)
    assert not (tmp_path / REPORT_LOCK).exists()


def test_a_sweep_that_is_killed_is_completed_by_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _damage(damaged := tmp_path / "damaged")
    for folder in killed_at_each_step(
        monkeypatch, tmp_path, begin=lambda folder: copytree(damaged, folder), act=sweep
    ):
        sweep(folder)
        assert_consistent(folder)
        assert sorted(stored_runs(folder)) == ids(1, 2)
        assert (folder / "damaged/runs.parquet/part-000001.parquet").read_bytes() == b"torn"


def test_a_whole_folder_and_a_missing_one_need_no_sentence(tmp_path: Path) -> None:
    assert sweep(some(tmp_path / "whole")) == ()
    assert sweep(tmp_path / "missing") == ()


def _tear(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[20] ^= 0xFF  # in the first page
    path.write_bytes(content)


HARM = {
    "runs torn": ("runs", _tear),
    "runs flipped": ("runs", _flip),
    "metrics torn": ("metrics", _tear),
    "metrics flipped": ("metrics", _flip),
    "metrics missing": ("metrics", Path.unlink),
    "predictions torn": ("predictions", _tear),
    "predictions flipped": ("predictions", _flip),
    "predictions missing": ("predictions", Path.unlink),
}


@pytest.mark.parametrize(("name", "harm"), HARM.values(), ids=HARM)
def test_a_damaged_part_is_set_aside_with_all_its_files_and_never_read(
    tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    harm(part_path(some(tmp_path), name, PART))
    present = {path.parent.stem for path in tmp_path.rglob(PART)}
    (note,) = sweep(tmp_path)
    assert note.startswith(MOVED)
    assert_consistent(tmp_path)
    assert sorted(stored_runs(tmp_path)) == ids(3, 4, 5, 6)
    assert {path.parent.stem for path in (tmp_path / "damaged").rglob(PART)} == present


UNLIKE: dict[str, tuple[str, Callable[[pa.Table], pa.Table], str]] = {
    "an epoch less": ("metrics", lambda rows: rows.slice(1), "1 of its 2 trained runs lack rows"),
    "an epoch twice": ("metrics", lambda rows: pa.concat_tables([rows, rows.slice(39)]), "1 of"),
    "no prediction": ("predictions", lambda rows: rows.slice(0, 0), "2 of its 2 trained runs lack"),
    "predictions of an epoch before": (
        "predictions",
        lambda rows: rows.set_column(
            1, rows.schema[1], pc.subtract(rows["epoch"], pa.scalar(1, pa.int32()))
        ),
        "2 of its 2 trained runs lack rows of predictions",
    ),
    "rows of no run": (
        "metrics",
        lambda rows: rows.set_column(0, rows.schema[0], pa.nulls(40, rows.schema[0].type)),
        "its metrics: it has rows without a run",
    ),
    "numbers as text": (
        "runs", lambda rows: rows.set_column(2, "repetition", rows["repetition"].cast(pa.string())),
        "its columns have other types",
    ),
    "another precision": (
        "metrics", lambda rows: rows.cast(arrow_schema("metrics", "float64")),
        "in float64, its runs",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "change", "message"), UNLIKE.values(), ids=UNLIKE)
def test_a_part_whose_files_do_not_go_together_is_set_aside(
    tmp_path: Path, name: str, change: Callable[[pa.Table], pa.Table], message: str
) -> None:
    """Although each of them has a checksum that is right."""
    rewrite(part_path(some(tmp_path), name, PART), change)
    (note,) = sweep(tmp_path)
    assert note.startswith(MOVED)
    assert message in note
    assert_consistent(tmp_path)
    assert sorted(stored_runs(tmp_path)) == ids(3, 4, 5, 6)


@pytest.mark.parametrize("name", ["metrics", "predictions"])
def test_a_file_of_other_runs_is_not_taken_for_a_parts_own(tmp_path: Path, name: str) -> None:
    """Two parts with as many rows, one of whose files was copied over the other's."""
    stored(tmp_path, [made(0), made(1)], [made(2), made(3)])
    shutil.copy(part_path(tmp_path, name, "part-000001.parquet"), part_path(tmp_path, name, PART))
    results = load_results(tmp_path)
    with pytest.raises(ResultsError, match=rf"{PART} is damaged \(2 of its 2 trained runs lack"):
        results.metrics() if name == "metrics" else results.predictions()
    assert sweep(tmp_path) == (MOVED + f"2 of its 2 trained runs lack rows of {name}",)
    assert sorted(stored_runs(tmp_path)) == ids(2, 3)


def test_a_part_that_has_a_column_more_is_another_versions_and_stays(tmp_path: Path) -> None:
    path = part_path(some(tmp_path), "runs", PART)
    rewrite(path, lambda rows: rows.append_column("gain", rows["lr"]))
    with pytest.raises(ResultsError, match=r"written by another version, with gain; `study"):
        sweep(tmp_path)
    assert len(part_names(tmp_path)) == 3


def test_of_a_run_in_several_parts_the_last_is_kept(tmp_path: Path) -> None:
    longer = [made(1, epochs=30), made(3)]
    stored(tmp_path, [made(0), made(1)], [made(1, epochs=9), failed(2)], longer, [failed(2)])
    assert sweep(tmp_path) == tuple(
        f"removed {rows} runs from part-00000{part}.parquet, which were stored more than once"
        for part, rows in ((1, 2), (0, 1))
    )
    assert_consistent(tmp_path)
    rows = stored_runs(tmp_path)
    assert list(rows) == ids(0, 1, 3, 2)
    assert rows["0001"]["epochs"] == 30


def test_a_part_that_holds_a_run_twice_is_set_aside(tmp_path: Path) -> None:
    stored(tmp_path, [made(0), made(1)], [made(1), made(2), made(1)])
    (note,) = sweep(tmp_path)
    assert note.startswith(MOVED.replace(PART, "part-000001.parquet"))
    assert note.endswith("one of them is stored twice")
    assert_consistent(tmp_path)
    assert sorted(stored_runs(tmp_path)) == ids(0, 1)


STRAYS = [
    "part-000000 (1).parquet", "part-000000 copy.parquet", "part-000000.parquet.bak",
    "part-000000.sync-conflict-20300101.parquet", "part-0000000.parquet", "Part-000000.parquet",
    "notes.txt", "._part-000000.parquet", "_metadata", "part-1.parquet",
]  # fmt: skip


@pytest.mark.parametrize("name", STRAYS)
def test_a_file_without_the_name_of_a_part_is_set_aside_and_never_read(
    tmp_path: Path, name: str
) -> None:
    """Copies in all three tables, as a synchronised folder has them, and in one alone."""
    for tables in (PARTED, ("runs",), ("metrics",)):
        folder = some(tmp_path / "-".join(tables))
        whole = table(folder, "metrics"), len(load_results(folder).runs)
        copies = {part_path(folder, each, name): part_path(folder, each, PART) for each in tables}
        for copy, original in copies.items():
            shutil.copy(original, copy)
        assert len(load_results(folder).runs) == whole[1]
        assert len(load_results(folder).metrics()) == len(whole[0])
        notes = sweep(folder)
        assert len(notes) == len(tables)
        assert all(f"{each}.parquet/{name} to damaged/" in "".join(notes) for each in tables)
        assert_consistent(folder)
        assert repr((table(folder, "metrics"), len(pd.read_parquet(folder / "runs.parquet")))) == (
            repr(whole)
        )
        for copy, original in copies.items():
            aside = folder / "damaged" / copy.relative_to(folder)
            assert aside.read_bytes() == original.read_bytes()
        assert sweep(folder) == ()


def test_files_that_are_set_aside_twice_are_kept_twice(tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        write_text(text, part_path(some(tmp_path), "runs", "notes.txt"))
        sweep(tmp_path)
    aside = tmp_path / "damaged" / "runs.parquet"
    kept = {path.name: path.read_text() for path in aside.glob("notes*")}
    assert kept == {"notes.txt": "one", "notes.txt.1": "two", "notes.txt.2": "three"}


def test_files_that_no_reader_takes_for_a_table_are_left_alone(tmp_path: Path) -> None:
    for path in (some(tmp_path) / "notes.txt", tmp_path / "runs.parquet" / ".DS_Store"):
        write_text("mine", path)
        assert sweep(tmp_path) == ()
        assert path.read_text() == "mine"


def test_a_copy_under_the_name_of_a_part_leaves_each_run_once(tmp_path: Path) -> None:
    folder = some(tmp_path)
    for name in PARTED:
        shutil.copy(part_path(folder, name, PART), part_path(folder, name, "part-000099.parquet"))
    with pytest.raises(ResultsError, match=rf"holds run 0000 twice, in {PART} and part-000099"):
        _ = load_results(folder).runs
    runs, wrong = sound_runs(folder)
    assert (sorted(runs), wrong) == (ids(0, 1, 2, 3, 4, 5, 6), [])
    assert sweep(folder) == (f"removed 3 runs from {PART}, which were stored more than once",)
    assert_consistent(folder)
    assert sorted(stored_runs(folder)) == ids(0, 1, 2, 3, 4, 5, 6)


def test_without_the_table_of_runs_the_others_are_kept(tmp_path: Path) -> None:
    shutil.rmtree(some(tmp_path) / "runs.parquet")
    assert len(sweep(tmp_path)) == 3
    assert len(list((tmp_path / "damaged" / "metrics.parquet").iterdir())) == 3
    assert stored_runs(tmp_path) == {}


def test_a_table_that_is_a_link_to_another_study_is_refused_and_nothing_removed(
    tmp_path: Path,
) -> None:
    """Its parts would be removed there, having no runs here."""
    other, folder = some(tmp_path / "other"), some(tmp_path / "one")
    shutil.rmtree(folder / "metrics.parquet")
    (folder / "metrics.parquet").symlink_to(other / "metrics.parquet")
    before = table(other, "metrics")
    with pytest.raises(ResultsError, match=r"metrics.parquet is a link to another folder"):
        sweep(folder)
    assert repr(table(other, "metrics")) == repr(before)


def test_runs_whose_metrics_are_a_link_are_not_counted_as_stored(tmp_path: Path) -> None:
    folder = some(tmp_path)
    path, (before, _) = part_path(folder, "metrics", PART), sound_runs(folder)
    path.symlink_to(path.rename(tmp_path / "elsewhere.parquet"))
    runs, wrong = sound_runs(folder)
    assert wrong == [f"{PART} is damaged: its metrics are a link"]
    assert runs.keys() < before.keys()
