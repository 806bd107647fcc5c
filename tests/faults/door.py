"""The command line without what takes most of its time: the report, or its pictures alone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from unittest.mock import patch


def without_report() -> None:
    """Replace the report by a function that draws nothing and loads no library."""
    module = ModuleType("study.report.page")
    vars(module)["write_report"] = lambda to, workers, **_: to / f"no report by {workers}"
    sys.modules[module.__name__] = module


@contextmanager
def without_pictures() -> Iterator[None]:
    """Draw the same empty picture, whatever is asked for."""
    from study.plot.image import Picture  # not in workers, which import this file too

    drawn = Picture("svg", '<svg viewBox="0 0 1 1" width="1" height="1" />', 1, 1, "")

    @contextmanager
    def nobody(*_: object, **__: object) -> Iterator[object]:
        yield lambda *_: lambda: drawn

    with patch("study.report.page.artists", nobody):
        yield


if __name__ == "__main__":
    from study.cli import main

    if sys.argv.pop(1) == "bare":
        without_report()
        main()
    with without_pictures():
        main()
