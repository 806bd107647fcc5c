"""Damage by a power cut or a bad disk is found, named, set aside and trained again."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.harness import Study


def cut(path: Path) -> None:
    """Leave the first half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    """Leave a file's length and nothing else, as some file systems do after a power cut."""
    path.write_bytes(bytes(path.stat().st_size))


def half(path: Path) -> None:
    """Leave the second half of a file zero."""
    content, middle = path.read_bytes(), path.stat().st_size // 2
    path.write_bytes(content[:middle] + bytes(len(content) - middle))


def empty(path: Path) -> None:
    """Leave a name without content."""
    path.write_bytes(b"")


def flip(path: Path) -> None:
    """Turn one bit of one byte, anywhere before the end."""
    rng, content = random.Random(), bytearray(path.read_bytes())  # noqa: S311
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


HARM: dict[str, Callable[[Path], None]] = {
    "cut": cut, "zero-filled": zero, "half written": half, "empty": empty, "gone": Path.unlink,
    **{f"flipped {i}": flip for i in range(5)},
}  # fmt: skip
QUICK = {("metrics", "zero-filled")}
DAMAGE = [
    pytest.param(
        name, harm, id=f"{name} {how}",
        marks=() if (name, how) in QUICK else pytest.mark.faults,
    )
    for name in ("metrics", "predictions", "runs")
    for how, harm in HARM.items()
]  # fmt: skip


@pytest.fixture
def stored(study: Study) -> Study:
    """Return a study that was run to its end, like the undisturbed one."""
    shutil.copytree(study.undisturbed, study.results)
    return study


@pytest.mark.parametrize(("table", "harm"), DAMAGE)
def test_a_damaged_part_is_named_set_aside_and_trained_again(
    stored: Study, table: str, harm: Callable[[Path], None]
) -> None:
    path = random.Random().choice(sorted((stored.results / f"{table}.parquet").iterdir()))  # noqa: S311
    before = path.read_bytes()
    harm(path)
    if table == "runs" and not path.exists():
        stored.resumes(f"removed {path.name} of metrics and predictions, which was not")
        return
    try:
        stored.resumes(f"moved {path.name} to damaged/, so that its runs are trained ag")
    except AssertionError:
        if not _in_its_checksum(path.read_bytes(), before):
            raise


def _in_its_checksum(content: bytes, before: bytes) -> bool:
    """Return whether the flipped byte is in the label of the checksum."""
    place = before.rindex(b"crc32 of all but this number: ")
    return len(content) == len(before) and any(
        content[i] != before[i] for i in range(place, place + 30)
    )


@pytest.mark.faults
def test_incomplete_files_are_removed(stored: Study) -> None:
    incoming = stored.results / "incoming"
    incoming.mkdir()
    (incoming / "metrics-part-000099.parquet").write_bytes(b"torn")
    (stored.results / ".trials.parquet.4711.unfinished").write_bytes(b"torn")
    stored.resumes(
        "removed incoming/, left by", "removed .trials.parquet.4711.unfinished, which was"
    )


@pytest.mark.faults
@pytest.mark.parametrize("table", ["metrics", "predictions"])
def test_a_part_without_its_runs_is_not_data(stored: Study, table: str) -> None:
    folder = stored.results / f"{table}.parquet"
    shutil.copy(next(folder.iterdir()), folder / "part-000099.parquet")
    stored.resumes("removed part-000099.parquet of metrics and predictions")


@pytest.mark.faults
@pytest.mark.parametrize("name", ["trials", "hypotheses"])
def test_a_table_of_the_whole_study_is_written_again(stored: Study, name: str) -> None:
    flip(stored.results / f"{name}.parquet")
    stored.resumes()


@pytest.mark.faults
@pytest.mark.parametrize("content", [b"", b"{", bytes(100)])
def test_a_damaged_provenance_is_rewritten(stored: Study, content: bytes) -> None:
    (stored.results / "provenance.json").write_bytes(content)
    (stored.results / "incoming").mkdir()
    stored.resumes("removed incoming/")
