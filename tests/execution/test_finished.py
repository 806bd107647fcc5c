"""A finished study is recognised by the content of its folder, and nothing else is."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from study.execution import driver
from study.execution.driver import Options
from study.execution.events import Event, Finished, Noted, Started
from study.execution.finished import remember, remembered
from study.store.names import FINISHED
from study.store.state import state
from tests.driving import finish, last
from tests.pipelines import small

TPE = (
    'search.method="tpe"', "search.trials=12", "search.repetitions=1", "search.batch=4",
    "training.epochs=2",
)  # fmt: skip


@pytest.fixture
def study(tmp_path: Path) -> Path:
    finish(small("training.epochs=3", "search.repetitions=1"), tmp_path)
    return tmp_path / "small"


def again(folder: Path, *overrides: str) -> list[Event]:
    given = overrides or ("training.epochs=3", "search.repetitions=1")
    return list(driver.run(small(*given), Options(folder.parent, executor="inline")))


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> object:
        raise AssertionError("read again")

    for name in ("searched", "verdicts", "certified"):
        monkeypatch.setattr(driver, name, never)


@pytest.mark.parametrize("overrides", [("training.epochs=3", "search.repetitions=1"), TPE])
def test_an_unchanged_study_reports_the_same_and_computes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overrides: tuple[str, ...]
) -> None:
    finish(small(*overrides), tmp_path)
    folder = tmp_path / "small"
    (folder / FINISHED).unlink()
    slow = again(folder, *overrides)
    forbid(monkeypatch)
    quick = again(folder, *overrides)
    assert [*map(timeless, quick)] == [*map(timeless, slow)]
    assert {type(e) for e in quick} <= {Noted, Started, Finished}
    assert last(quick).trained == 0 < last(quick).certified


def timeless(event: Event) -> Event:
    """Return an event without the times that differ between two calls."""
    if isinstance(event, Finished):
        return replace(event, seconds=0.0, certify_seconds=0.0)
    return event


def flipped(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


def linked(folder: Path) -> None:
    moved = (folder / "trials.parquet").rename(folder.parent / "trials.parquet")
    (folder / "trials.parquet").symlink_to(moved)


def rewritten(path: Path) -> None:
    """Write other counts, with the hash of the new text."""
    text = path.read_text().partition("\n")[2].replace('"runs":48', '"runs":49')
    assert '"runs":49' in text
    path.write_text(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}")


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a bit of the metrics": lambda f: flipped(f / "metrics.parquet/part-000000.parquet"),
    "a bit of the predictions": lambda f: flipped(f / "predictions.parquet/part-000000.parquet"),
    "a bit of the trials": lambda f: flipped(f / "trials.parquet"),
    "a bit of the record": lambda f: flipped(f / FINISHED),
    "other counts in the record": lambda f: rewritten(f / FINISHED),
    "a folder in place of the record": lambda f: as_folder(f / FINISHED),
    "no hypotheses": lambda f: (f / "hypotheses.parquet").unlink(),
    "no part": lambda f: (f / "runs.parquet/part-000000.parquet").unlink(),
    "a file more": lambda f: (f / "runs.parquet/copy.parquet").write_bytes(b""),
    "an empty folder more": lambda f: (f / "incoming").mkdir(),
    "an unfinished file": lambda f: (f / ".trials.parquet.1.unfinished").write_bytes(b""),
    "another provenance": lambda f: (f / "provenance.json").write_text("{}"),
    "a link": linked,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_any_change_the_study_is_read_again(
    study: Path, change: Callable[[Path], object]
) -> None:
    pipeline = small("training.epochs=3", "search.repetitions=1")
    assert remembered(study, pipeline) is not None
    change(study)
    assert remembered(study, pipeline) is None
    assert last(again(study)).unlike == 0
    assert (study / FINISHED).is_file()


def test_another_pipeline_or_program_is_no_reason_to_trust_the_record(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = ("training.epochs=3", "search.repetitions=1")
    assert remembered(study, small(*same)) is not None
    assert remembered(study, small("training.epochs=3", "search.repetitions=2")) is None
    assert remembered(study, small(*same, 'title="Another"')) is None
    monkeypatch.setattr("study.store.state.program", lambda: "another version")
    assert remembered(study, small(*same)) is None


def test_derived_files_change_no_checksum_of_the_results(study: Path) -> None:
    before = state(study)
    for name in ("report.html", "figures.cache", "model.npz", "model-0123.npz"):
        (study / name).write_text("something")
    (study / "tables").mkdir()
    (study / "tables/size.parquet").write_text("something")
    assert state(study) == before is not None


def test_a_study_with_a_failed_run_is_not_recorded(study: Path) -> None:
    (study / FINISHED).unlink()
    ended = Finished(study, 4, 0, 0, 0, failed=1, seconds=0.0, loop_seconds=0.0, workers=1)
    remember(study, small("training.epochs=3", "search.repetitions=1"), ended)
    assert not (study / FINISHED).exists()
