"""What a start finds is brought to what was committed, and said in sentences."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from study.store.files import write_text
from study.store.lock import REPORT_LOCK, held
from study.store.stored import part_names, part_path, stored_runs
from study.store.sweep import forget, sweep
from tests.store.made import (
    assert_consistent,
    failed,
    ids,
    killed_at_each_step,
    made,
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


def test_what_a_kill_leaves_of_forget_is_completed_by_sweep(
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
    rows = pq.read_table(forget_metrics_not_yet)
    pq.write_table(rows.filter(pc.not_equal(rows["run_id"], "0000")), forget_metrics_not_yet)
    part_path(folder, "runs", "part-000001.parquet").write_bytes(b"torn")
    part_path(folder, "runs", "part-000002.parquet").unlink()
    (folder / "incoming").mkdir()
    (folder / ".trials.parquet.unfinished").touch()


def test_sweep_says_what_it_did(tmp_path: Path) -> None:
    _damage(tmp_path)
    assert sweep(tmp_path) == (
        "removed incoming/, left by a study that was cut short",
        "removed .trials.parquet.unfinished, which was not finished",
        "removed part-000002.parquet of metrics and predictions, which was not committed",
        "removed from part-000000.parquet what was left of runs that are to be trained again",
        MOVED.replace(PART, "part-000001.parquet")
        + "Parquet file size is 4 bytes, smaller than the minimum file footer (8 bytes)",
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
    (said,) = sweep(tmp_path)
    assert said.startswith(MOVED)
    assert_consistent(tmp_path)
    assert sorted(stored_runs(tmp_path)) == ids(3, 4, 5, 6)
    assert {path.parent.stem for path in (tmp_path / "damaged").rglob(PART)} == present


def test_a_part_whose_metrics_lack_rows_is_set_aside(tmp_path: Path) -> None:
    some(tmp_path)
    path = part_path(tmp_path, "metrics", PART)
    pq.write_table(pq.read_table(path).slice(1), path)
    assert sweep(tmp_path) == (MOVED + "its runs have 40 epochs, but its metrics 39 rows",)
    assert_consistent(tmp_path)


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


def test_of_a_run_that_is_twice_in_a_part_neither_is_kept(tmp_path: Path) -> None:
    stored(tmp_path, [made(0), made(1)], [made(1), made(2), made(1)])
    (said,) = sweep(tmp_path)
    assert said == "removed 2 runs from part-000001.parquet, which were stored more than once"
    assert_consistent(tmp_path)
    assert sorted(stored_runs(tmp_path)) == ids(0, 1, 2)


def test_files_that_are_not_the_stores_own_are_left_alone(tmp_path: Path) -> None:
    write_text("mine", tmp_path / "notes.txt")
    write_text("mine", tmp_path / "runs.parquet" / "notes.txt")
    assert sweep(tmp_path) == ()
    assert (tmp_path / "notes.txt").read_text() == "mine"
