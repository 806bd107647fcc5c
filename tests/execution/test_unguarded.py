"""A script that starts a study without a guard gets an error: its workers import it again."""

import subprocess
import sys
from pathlib import Path

import pytest

from study import Options, load_pipeline, run
from study.store.names import CERTIFICATE

PIPELINE = Path(__file__).parents[2] / "pipelines" / "quickstart.toml"
FEW = ["search.repetitions=1", "training.epochs=2"]
SCRIPT = f"""
import study

pipeline = study.load_pipeline({str(PIPELINE)!r}, {FEW!r})
print([*study.run(pipeline, study.Options("results", executor="processes"))][-1])
"""


@pytest.mark.parametrize("stored", [False, True], ids=["nothing stored", "but the certificate"])
def test_a_script_without_a_guard_ends_with_a_sentence(tmp_path: Path, *, stored: bool) -> None:
    if stored:
        list(run(load_pipeline(PIPELINE, FEW), Options(tmp_path / "results", executor="inline")))
        (tmp_path / "results" / "quickstart" / CERTIFICATE).unlink()
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    *_, last = done.stderr.splitlines()
    assert last == (
        "study.errors.StudyError: each worker process imports the script that starts a study, and "
        'this script started it again: call `study.run` below `if __name__ == "__main__":`'
    )
    assert done.stderr.count("Traceback") == 1
