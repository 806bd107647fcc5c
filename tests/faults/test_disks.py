"""Disks that are full, read-only or gone: one sentence, and the same command ends the study."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.harness import Study

pytestmark = pytest.mark.faults


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Mount a file system in memory; skip the test where this user may not."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def remount(folder: Path, options: str) -> None:
    """Change what a mounted file system allows."""
    command = ["mount", "-o", f"remount,{options}", str(folder)]
    subprocess.run(command, check=True)


def test_a_disk_that_is_too_small_is_a_users_error_with_the_numbers(study: Study) -> None:
    with mounted(study.folder / "results", "size=100k"):
        assert study.run("--workers", "2") == 2
        assert re.match(
            r"error: results/small would need about .+ more, and its disk has .+ free: ",
            study.outputs[0].splitlines()[-1],
        )
        assert not study.parts
        remount(study.folder / "results", "size=50m")
        study.resumes()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.6, 0.8, 0.9])
def test_a_disk_that_fills_up_is_one_sentence_and_stored_runs_are_kept(
    study: Study, share: float
) -> None:
    """Other files fill it after the start, to a share of the space that the study needs."""
    whole = sum(path.stat().st_size for path in study.undisturbed.rglob("*"))
    disk = study.folder / "results"
    with mounted(disk, "size=50m"):
        process = study.start("--workers", "2")
        while not (study.results / "provenance.json").exists():  # before its first part
            assert process.poll() is None
            time.sleep(0.005)
        with (disk / "of others").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - int(share * whole))
        assert study.end(process) == 1
        assert "No space left on device" in study.outputs[0].splitlines()[-1]
        kept = len(study.parts)
        (disk / "of others").unlink()
        assert len(study.parts) == kept
        study.resumes()


@pytest.mark.parametrize("blocks", [1, 100, 800])
def test_a_limit_on_files_is_a_fault_of_one_sentence(study: Study, blocks: int) -> None:
    assert study.run("--workers", "2", limits=f"ulimit -f {blocks};") == 1
    assert study.outputs[0].splitlines()[-1].endswith("File too large")
    study.resumes()


def test_a_disk_that_cannot_be_written_is_a_users_error(study: Study) -> None:
    with mounted(study.folder / "results", "size=50m"):
        remount(study.folder / "results", "ro")
        assert study.run() == 2
        assert (
            study.outputs[0] == "error: results/small: cannot be written: Read-only file system\n"
        )
        remount(study.folder / "results", "rw")
        study.resumes()


def test_a_folder_without_write_permission_is_a_users_error(study: Study) -> None:
    """Root may write everywhere, so it drops its privileges here."""
    dropped = 'set -- setpriv --bounding-set=-dac_override --inh-caps=-dac_override -- "$@";'
    if os.getuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root cannot drop its privileges without setpriv")
    study.results.mkdir(parents=True)
    study.results.chmod(0o555)
    assert study.run(limits=dropped if os.getuid() == 0 else "") == 2
    assert study.outputs[0] == "error: results/small: cannot be written: Permission denied\n"
    study.results.chmod(0o755)
    study.resumes()


@pytest.mark.parametrize("how", ["moved", "removed", "replaced"])
def test_a_folder_that_goes_away_stops_its_study(study: Study, how: str) -> None:
    process = study.run_until_stored()
    if how == "removed":
        shutil.rmtree(study.results, ignore_errors=True)
        shutil.rmtree(study.results, ignore_errors=True)
    else:
        study.results.rename(study.folder / "elsewhere")
    if how == "replaced":
        study.results.mkdir()
    assert study.end(process) == 2
    assert (
        study.outputs[0].splitlines()[-1].startswith("error: results/small: this folder was moved")
    )
    assert not study.parts
    study.resumes()
