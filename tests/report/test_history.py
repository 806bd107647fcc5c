"""A report ends with the events of its study: interruptions, damage and fresh starts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from study.report.history import history
from study.report.page import write_report
from study.store.provenance import write_provenance
from tests import synthetic

BEGAN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def executed(folder: Path, day: int, *notes: str, cut_short: bool = False) -> None:
    """Write the provenance of one execution."""
    started = BEGAN + timedelta(days=day)
    finished = None if cut_short else started
    write_provenance(folder, command=[], started=started, finished=finished, notes=notes)


def test_a_study_to_which_nothing_happened_needs_no_sentence() -> None:
    finished = {"started": "2030-01-02T03:04:05.000+00:00", "finished": "later"}
    assert history([]) == history([finished]) == history([finished, finished]) == []


def test_an_execution_that_has_not_ended_may_be_under_way() -> None:
    assert history([{"started": "2030-01-02T03:04:05.000+00:00", "finished": None}]) == []


@pytest.mark.usefixtures("undrawn")
def test_the_report_lists_interruptions_damaged_files_and_fresh_starts(tmp_path: Path) -> None:
    folder = synthetic.store(synthetic.ONE, tmp_path / "one")
    assert 'id="history"' not in write_report(folder).read_text()
    (folder / "provenance.json").unlink()
    executed(folder, 0, cut_short=True)
    notes = "removed <incoming/>", "moved part-000000.parquet to damaged/"
    executed(folder, 1, *notes, cut_short=True)
    assert (
        '<p id="history">This study was made in 2 executions. The one of 2030-01-02 03:04:05 UTC '
        "was cut short, and what it had finished was kept. The one of 2030-01-03 03:04:05 UTC "
        "noted: removed &lt;incoming/&gt;. The one of 2030-01-03 03:04:05 UTC noted: moved "
        "part-000000.parquet to damaged/.</p>"
    ) in write_report(folder).read_text()
