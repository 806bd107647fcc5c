"""A process that reads pipeline files, one after another, and reports the time of each.

Nothing traces it, and it has loaded what reading needs before it begins.
"""

import json
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pandas as pd  # noqa: F401  # which reads the files that a pipeline names

from study.errors import PipelineError
from study.spec.load import read_pipeline

ROOT = Path(__file__).parents[2]


class Reader:
    """Such a process; it ends when it is closed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.spec.timed"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def read(self, text: str, path: Path) -> tuple[list[str], float]:
        """Return a text's mistakes and the seconds of a processor; whatever else is a fault."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([text, str(path)]) + "\n")
        self._process.stdin.flush()
        errors, seconds, fault = json.loads(self._process.stdout.readline())
        assert fault is None, fault
        return errors, seconds

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def answer(line: str) -> tuple[tuple[str, ...], float, str | None]:
    """Return the errors, the seconds, and a traceback of any other exception."""
    text, path = json.loads(line)
    errors: tuple[str, ...] = ()
    fault = None
    began = time.process_time()
    try:
        read_pipeline(text, path)
    except PipelineError as error:
        errors = error.mistakes
    except BaseException:  # noqa: BLE001  # reported to the caller
        fault = traceback.format_exc()
    return errors, time.process_time() - began, fault


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()
