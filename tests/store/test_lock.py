"""A lock has one holder, who is named to the others, and leaves no file."""

import errno
import getpass
import os
import platform
import re
from pathlib import Path

import pytest
from filelock import BaseFileLock, FileLock

from study.errors import ResultsError
from study.store.lock import held, holder


def test_a_refusal_names_the_holder_of_the_lock_and_its_start(tmp_path: Path) -> None:
    by = f"process {os.getpid()} of {getpass.getuser()} on {platform.node()} since "
    message = rf"{tmp_path}: busy \({by}\d{{4}}-\d\d-\d\d \d\d:\d\d \S+\), wait$"
    with held(tmp_path / "a.lock"), pytest.raises(ResultsError, match=message):
        held(tmp_path / "a.lock", refusal="busy", advice=", wait").__enter__()


def test_a_user_without_a_name_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found: 4711")

    monkeypatch.setattr(getpass, "getuser", nobody)
    with held(tmp_path / "a.lock"):
        assert (tmp_path / "a.lock").read_text().startswith(f"process {os.getpid()} on ")


def test_a_holder_whose_name_cannot_be_read_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError

    with held(tmp_path / "a.lock"):
        monkeypatch.setattr(Path, "read_text", refuse)
        with pytest.raises(ResultsError, match=r"busy, wait$"):
            held(tmp_path / "a.lock", refusal="busy", advice=", wait").__enter__()


def test_a_holder_learns_that_the_folder_was_moved_or_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with held(folder / "a.lock") as check:
        check()
        folder.rename(tmp_path / "there")
        with pytest.raises(ResultsError, match="here: this folder was moved, removed or replaced"):
            check()
        folder.mkdir()
        (folder / "a.lock").touch()
        with pytest.raises(ResultsError, match="the same command writes the missing rest"):
            check()


def test_a_holder_who_wrote_no_name_is_not_named(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with FileLock(path), pytest.raises(ResultsError, match=r"busy, wait$"):
        held(path, refusal="busy", advice=", wait").__enter__()


def test_the_lock_of_a_killed_holder_is_taken_over_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    path.write_text("process 1 on a machine of long ago since the flood, and longer than that")
    with held(path, refusal="busy"):
        assert re.fullmatch(rf"process {os.getpid()} of \S+ on \S+ since [-\d:]+ [\d:]+ \S+",
                            path.read_text())  # fmt: skip
    assert not path.exists()


def test_a_lock_ends_with_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(KeyError), held(tmp_path / "a.lock"):
        raise KeyError
    assert not list(tmp_path.iterdir())


def test_a_lock_is_released_where_no_open_file_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where filelock removes it afterwards."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    path = tmp_path / "a.lock"
    with held(path):
        monkeypatch.setattr(Path, "unlink", refuse)
    FileLock(path, blocking=False).acquire().lock.release()


def test_the_lock_of_another_in_the_same_place_is_not_removed(tmp_path: Path) -> None:
    """Where the folder was moved while it was held, its name may be another folder's by now."""
    path = tmp_path / "here" / "a.lock"
    path.parent.mkdir()
    first, second = held(path), held(path, refusal="busy")
    with first:
        path.parent.rename(tmp_path / "there")
        path.parent.mkdir()
        second.__enter__()
    assert path.exists()
    second.__exit__(None, None, None)
    assert not path.exists()


def test_without_a_refusal_it_waits_for_as_long_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def lock(path: Path, timeout: float) -> BaseFileLock:
        asked.append(timeout)
        return FileLock(path, timeout=timeout)

    monkeypatch.setattr("study.store.lock.FileLock", lock)
    with held(tmp_path / "a.lock"):
        assert asked == [-1]  # for ever, says filelock


def test_a_missing_folder_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"there is no folder .*nowhere$"):
        held(tmp_path / "nowhere" / "a.lock").__enter__()
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_without_permission_is_a_users_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(ResultsError, match="cannot be written: Read-only file system"):
        held(tmp_path / "a.lock").__enter__()


def test_who_holds_a_lock_can_be_asked_without_taking_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.lock"
    assert holder(path) is None
    assert not path.exists()
    with held(path):
        by = f"process {os.getpid()} of {getpass.getuser()} on {platform.node()} since "
        assert str(holder(path)).startswith(by)
    with FileLock(path):
        assert holder(path) == ""
    path.write_text("what a killed process left")
    assert holder(path) is None

    def refuse(_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    assert holder(path) is None
