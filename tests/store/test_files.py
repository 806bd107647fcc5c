"""Single files appear whole, or stay as they were."""

import errno
import math
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from study.columns import TABLES
from study.store.files import write_table, write_text
from study.store.sweep import sweep
from tests.store.made import killed_at_each_step


def trial(number: int, **values: object) -> dict[str, object]:
    """Return a row of trials."""
    row: dict[str, object] = dict.fromkeys((c.name for c in TABLES["trials"]), None)
    return row | {"number": number, "phase": "search"} | values


WRITE: dict[str, Callable[[Path, int], None]] = {
    "a text": lambda folder, k: write_text(f"text {k}", folder / "pipeline.toml"),
    "rows": lambda folder, k: write_table([trial(k)], folder / "trials.parquet"),
    "a frame": lambda folder, k: write_table(pd.DataFrame({"k": [k]}), folder / "tables/a.parquet"),
}


@pytest.mark.parametrize("write", WRITE.values(), ids=WRITE)
def test_a_file_is_the_old_one_or_the_new_one_whenever_the_study_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: Callable[[Path, int], None]
) -> None:
    whole = []
    for k in (0, 1):
        write(tmp_path / "whole", k)
        (path,) = (path for path in (tmp_path / "whole").rglob("*") if path.is_file())
        whole.append(path.read_bytes())
    seen = []
    for folder in killed_at_each_step(
        monkeypatch,
        tmp_path / "killed",
        begin=lambda folder: write(folder, 0),
        act=lambda folder: write(folder, 1),
    ):
        sweep(folder)
        (path,) = (path for path in folder.rglob("*") if path.is_file())
        seen.append(whole.index(path.read_bytes()))
    assert seen == [0, 1, 1]  # killed before the renaming, after it, not at all


def test_a_file_and_each_new_folder_are_whole_on_disk_before_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    synced: list[str | int] = []

    def sync(folder: Path) -> None:
        synced.append(folder.relative_to(tmp_path).as_posix())

    monkeypatch.setattr("os.fsync", lambda file: synced.append(os.fstat(file).st_size))
    monkeypatch.setattr("study.store.files.sync", sync)
    write_text("text", tmp_path / "a" / "b" / "c.txt")
    assert synced == [".", "a", len("text"), "a/b"]
    write_text("derived", tmp_path / "a" / "b" / "d.txt", derived=True)
    assert synced == [".", "a", len("text"), "a/b"]


def test_no_file_is_left_open(tmp_path: Path) -> None:
    def free() -> int:
        os.close(number := os.dup(0))
        return number

    before = free()
    write_text("text", tmp_path / "a.txt")
    assert free() == before


def test_the_file_for_which_a_disk_is_too_full_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # as the system: without a name

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: '.*a\.txt'$"):
        write_text("text", tmp_path / "a.txt")


def test_files_are_written_where_the_system_opens_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr("os.open", refuse)
        write_text("text", tmp_path / "new" / "a.txt")
    assert (tmp_path / "new" / "a.txt").read_text() == "text"


def test_rows_keep_null_nan_and_infinity_apart(tmp_path: Path) -> None:
    path = tmp_path / "trials.parquet"
    rows = [trial(0, objective=None), trial(1, objective=math.nan), trial(2, objective=math.inf)]
    write_table(rows, path)
    assert repr(pq.read_table(path).to_pylist()) == repr(rows)


def test_several_objectives_add_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "trials.parquet"
    write_table([trial(0, objective=1.0, objective_1=1.0, objective_2=2.0)], path)
    table = pq.read_table(path)
    assert table.column_names[-3:] == ["objective", "objective_1", "objective_2"]
    assert table["objective_2"].to_pylist() == [2.0]
    meaning = table.schema.field("objective_2").metadata[b"meaning"]
    assert meaning == b"like objective, for the pipeline's objective number 2"


def test_a_row_with_an_unknown_column_or_without_a_known_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trials.parquet"
    with pytest.raises(ValueError, match=r"^trials has no column 'verdict'$"):
        write_table([trial(0, verdict="good")], path)
    row = trial(0)
    del row["state"]
    with pytest.raises(KeyError, match="state"):
        write_table([row], path)
    assert not path.exists()
