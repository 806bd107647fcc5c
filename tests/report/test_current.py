"""A report is left as it is only where to write it again would change no byte."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from study.commands import report
from study.report.current import current
from study.report.page import write_report
from study.store.names import REPORTED
from tests import synthetic
from tests.faults.door import without_pictures


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study with a report that is current."""
    folder = synthetic.store(synthetic.ONE, tmp_path_factory.mktemp("reported") / "one")
    with without_pictures():
        write_report(folder)
        write_report(folder)  # the first one may have added columns to the hypotheses
    return folder


@pytest.fixture
def made(reported: Path, tmp_path: Path, undrawn: None) -> Path:
    """Return a copy of the study and its report, which a test may change."""
    _ = undrawn
    return shutil.copytree(reported, tmp_path / "one")


def as_folder(folder: Path) -> None:
    (folder / "tables/size.csv").unlink()
    (folder / "tables/size.csv").mkdir()


def rewritten(folder: Path) -> None:
    """Write another page, and a record that has its checksum, with the hash of the new text."""
    page, record = folder / "report.html", folder / REPORTED
    before = hashlib.sha256(page.read_bytes()).hexdigest()
    page.write_text("another")
    text = record.read_text().partition("\n")[2]
    text = text.replace(before, hashlib.sha256(b"another").hexdigest())
    record.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}")


CHANGES: dict[str, Callable[[Path], object]] = {
    "the page": lambda f: (f / "report.html").write_text("another"),
    "the page and its record": rewritten,
    "no page": lambda f: (f / "report.html").unlink(),
    "a table": lambda f: (f / "tables/size.csv").write_text("another"),
    "no table": lambda f: (f / "tables/size.parquet").unlink(),
    "a table that is a folder": as_folder,
    "the record": lambda f: (f / REPORTED).write_text((f / REPORTED).read_text() + " "),
    "a note": lambda f: (f / "provenance.json").write_text(
        (f / "provenance.json").read_text().replace('"notes": []', '"notes": ["it rained"]')
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_report_that_has_changed_is_out_of_date(
    made: Path, change: Callable[[Path], object]
) -> None:
    assert current(made) == made / "report.html"
    change(made)
    assert current(made) is None


@pytest.mark.parametrize(
    "change", ["the page and its record", "a table that is a folder", "a note"]
)
def test_a_report_that_has_changed_is_written_again(made: Path, change: str) -> None:
    before = {p: p.read_bytes() for p in made.rglob("*") if p.is_file()}
    CHANGES[change](made)
    write_report(made)
    assert current(made) == made / "report.html"
    after = {p: p.read_bytes() for p in before}
    differ = {p.name for p in before if before[p] != after[p]}
    assert differ <= {"provenance.json", "report.html", REPORTED}


def test_a_copy_under_another_name_is_another_report(made: Path) -> None:
    renamed = made.rename(made.with_name("other"))
    assert current(renamed) is None


def test_the_command_leaves_it_as_it_is(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> object:
        raise AssertionError("written again")

    monkeypatch.setattr("study.report.page.write_report", never)
    shown: list[object] = []
    display = type("Shown", (), {"show": lambda _, event: shown.append(event)})
    drawn = report.drawn(made, 1, display())
    assert drawn == (made / "report.html", None)
    assert shown == []
