"""Entries of a results folder that have the wrong kind: a folder, a pipe, a link."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from study import load_results
from study.errors import ResultsError
from study.store.kinds import content, described, set_aside
from study.store.lock import held, holder
from study.store.names import REPORT_LOCK, STUDY_LOCK
from study.store.places import FILES, FOLDERS, make_way
from study.store.stored import stored_runs
from study.store.sweep import sweep
from tests.store.made import assert_consistent, ids, made, stored


def elsewhere(path: Path) -> Path:
    """Return the path next to the folder of the study."""
    return next(p for p in path.parents if p.name == "study").with_name("elsewhere")


KINDS: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a file": lambda path: path.write_text("mine"),
    "a pipe or a device": os.mkfifo,
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link": lambda path: path.symlink_to(elsewhere(path)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*FILES, *FOLDERS, "data/own.csv"])
def test_an_entry_of_the_wrong_kind_is_moved_aside_unchanged(
    tmp_path: Path, name: str, kind: str
) -> None:
    """The target of a link never changes."""
    folder = stored(tmp_path / "study", [made(0)], [made(1)])
    (tmp_path / "elsewhere").mkdir()
    precious = tmp_path / "elsewhere" / "precious"
    precious.write_text("mine")
    path, table = folder / name, name in {"metrics.parquet", "predictions.parquet", "runs.parquet"}
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        shutil.rmtree(path)
    KINDS[kind](path)
    assert described(path) == kind
    if kind == ("a folder" if name in FOLDERS else "a file") and not table:
        if name not in {"provenance.json", "incoming"}:
            assert sweep(folder) == ()
            assert path.exists()
        return
    if table and kind == "a link":
        with pytest.raises(ResultsError, match=rf"{name} is a link to another folder"):
            sweep(folder)
        assert path.is_symlink()
    else:
        notes = sweep(folder)
        if kind != "a folder":
            wrong = f"it is {kind}, not a {'folder' if name in FOLDERS else 'file'}"
            assert f"moved {name} to damaged/{name}: {wrong}" in notes
            assert described(folder / "damaged" / name) in (kind, "a link to nothing")
        assert sweep(folder) == ()
        left = {} if table else {*ids(0, 1)}
        assert set(stored_runs(folder)) == set(left)
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_is_taken_even_if_another_entry_has_its_name(tmp_path: Path, kind: str) -> None:
    """A link is not followed: the file that it leads to would be emptied, and written into."""
    folder = stored(tmp_path / "study", [made(0)])
    (tmp_path / "elsewhere").write_text("mine")
    for name in (STUDY_LOCK, REPORT_LOCK):
        KINDS[kind](folder / name)
        assert holder(folder / name) is None
        with held(folder / name, refusal="busy{by}") as check:
            check()
            assert (folder / name).read_text().startswith(f"process {os.getpid()}")
            assert holder(folder / name) is not None
        assert not (folder / name).exists()
    assert (tmp_path / "elsewhere").read_text() == "mine"
    assert_consistent(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_the_entry_named_damaged_may_be_something_else(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "study").mkdir()
    aside = tmp_path / "study" / "damaged"
    KINDS[kind](aside)
    (tmp_path / "study" / "a").write_text("mine")
    assert set_aside(tmp_path / "study", tmp_path / "study" / "a").read_text() == "mine"
    assert (aside / "a").read_text() == "mine"
    assert not list((tmp_path / "elsewhere").iterdir())
    assert kind == "a folder" or described(aside.with_name("damaged.1")) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_makes_way_for_its_files(tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = stored(tmp_path / "study", [made(0)])
    KINDS[kind](folder / "report.html")
    KINDS[kind](folder / "tables")
    make_way(folder, [folder / "tables" / "size.parquet", folder / "report.html"])
    assert (folder / "report.html").exists() == (kind == "a file")
    assert (folder / "tables").exists() == (kind == "a folder")


def test_a_file_is_read_and_nothing_else(tmp_path: Path) -> None:
    for kind, make in KINDS.items():
        path = tmp_path / "study" / kind
        path.parent.mkdir(exist_ok=True)
        make(path)
        if kind == "a file":
            assert content(path) == b"mine"
        else:
            message = "a link to nothing" if kind == "a link" else kind
            with pytest.raises(OSError, match=f"^it is {message}$"):
                content(path)
    with pytest.raises(FileNotFoundError):
        content(tmp_path / "missing")


def test_a_file_that_may_not_be_read_is_not_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stored(tmp_path, [made(0)])

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    for read in (sweep, stored_runs, lambda folder: load_results(folder).metrics()):
        with pytest.raises(ResultsError, match=r"cannot be read: Permission denied$"):
            read(folder)


@pytest.mark.parametrize("name", ["trials", "hypotheses", "certificate"])
@pytest.mark.parametrize("kind", ["a folder", "a file", "a pipe or a device", "a link to nothing"])
def test_a_table_that_cannot_be_read_is_named_with_the_remedy(
    tmp_path: Path, name: str, kind: str
) -> None:
    folder = stored(tmp_path / "study", [made(0)])
    KINDS[kind](folder / f"{name}.parquet")
    (folder / "tables").mkdir()
    KINDS[kind](folder / "tables" / f"{name}.parquet")
    results = load_results(folder)
    with pytest.raises(ResultsError, match=rf"{name}.parquet is damaged \(it .+; `study run`"):
        getattr(results, name)
    with pytest.raises(ResultsError, match=rf"tables.{name}.parquet is damaged .+ `study report`"):
        results.table(name)
    assert len(results.runs) == 1


@pytest.mark.parametrize("kind", ["a file", "a pipe or a device", "a link to nothing"])
def test_runs_that_are_not_a_folder_are_reported(tmp_path: Path, kind: str) -> None:
    folder = stored(tmp_path / "study", [made(0)])
    shutil.rmtree(folder / "runs.parquet")
    KINDS[kind](folder / "runs.parquet")
    with pytest.raises(ResultsError, match=rf"runs.parquet is {kind}, not a folder of parts; `"):
        load_results(folder)


@pytest.mark.parametrize("write", [Path.unlink, lambda path: path.write_bytes(b"\xff")])
def test_a_pipeline_file_that_cannot_be_read_is_named(
    tmp_path: Path, write: Callable[[Path], object]
) -> None:
    results = load_results(stored(tmp_path, [made(0)]))
    (tmp_path / "pipeline.toml").write_text("")
    write(tmp_path / "pipeline.toml")
    with pytest.raises(ResultsError, match=r"pipeline.toml is damaged .+; `study run` with the"):
        _ = results.pipeline_text
