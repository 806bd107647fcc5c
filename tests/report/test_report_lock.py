"""Two reports of one folder are written one after the other, in whatever order."""

import time
from pathlib import Path
from threading import Event, Thread

import pytest

from study.report.page import write_report
from study.store.lock import held
from study.store.names import REPORT_LOCK
from tests import synthetic


@pytest.mark.usefixtures("undrawn")
def test_a_report_waits_until_the_one_before_it_is_written(tmp_path: Path) -> None:
    folder, begun = synthetic.store(synthetic.ONE, tmp_path / "one"), Event()
    written: list[str] = []

    def write_slowly() -> None:
        with held(folder / REPORT_LOCK):
            begun.set()
            time.sleep(0.5)
            written.extend(p.name for p in folder.iterdir() if p.stem in {"report", "tables"})

    other = Thread(target=write_slowly)
    other.start()
    assert begun.wait(10)
    write_report(folder)
    other.join()
    assert written == ["report.lock"], "the second one wrote while the first one did"
    assert not (folder / REPORT_LOCK).exists()
