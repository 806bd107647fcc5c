"""The command line without what takes most of its time: the report, or its pictures alone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from unittest.mock import patch


def nothing(*_: object) -> None:
    """Load no library in another process: nothing will be drawn."""


def unwritten(to: Path, *, workers: int, **_: object) -> Path:
    """Write no report, and name one."""
    return to / f"no report by {workers}"


def without_report(way: str) -> None:
    """Replace the report by a function that draws nothing and loads no library.

    Only the way "begun" starts the process that others which draw would be forked from.
    """
    from study.report import forking

    module = ModuleType("study.report.page")
    vars(module)["write_report"] = unwritten
    sys.modules[module.__name__] = module
    if way == "bare":
        vars(forking)["begin"] = nothing


@contextmanager
def without_pictures() -> Iterator[None]:
    """Draw the same empty picture, whatever is asked for, and load nothing that draws."""
    from study.plot.image import Picture  # not in workers, which import this file too

    drawn = Picture("svg", '<svg viewBox="0 0 1 1" width="1" height="1" />', 1, 1, "")

    @contextmanager
    def nobody(*_: object, **__: object) -> Iterator[object]:
        yield lambda *_: lambda: drawn

    with patch("study.report.page.artists", nobody), patch("study.report.forking.begin", nothing):
        yield


@contextmanager
def without_reports() -> Iterator[None]:
    """Write no report in this process, and load nothing that draws."""
    writes = patch("study.report.page.write_report", unwritten)
    with writes, patch("study.report.forking.begin", nothing):
        yield


def called(*arguments: str) -> tuple[int, str]:
    """Call a command in this process; return its exit code and what it prints."""
    from study.cli import main

    output = StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        try:
            main([*arguments])
        except SystemExit as left:
            return int(left.code or 0), output.getvalue()
    raise AssertionError("a command ends by SystemExit")


if __name__ == "__main__":
    from study.cli import main

    if (way := sys.argv.pop(1)) != "reported":
        without_report(way)
        main()
    with without_pictures():
        main()
