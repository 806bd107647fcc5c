"""The report of a results folder, drawn by `study.report(folder)`, which returns its page.

`folder` is a str or a Path, such as "results/lab"; `workers` processes draw the figures, by default
this one alone. Half-finished studies have a report too, which lists the missing runs. Raises
ResultsError where the folder has no stored runs.
"""

import sys
from pathlib import Path
from types import ModuleType


class _Report(ModuleType):
    """A package that is also the function `study.report`, so that both can have this name."""

    def __call__(self, folder: str | Path, *, workers: int | None = None) -> Path:
        """Draw the report of a results folder, and return the path of its page."""
        from study.given import count, path_of
        from study.report.page import write_report
        from study.store.reader import load_results

        path = path_of("folder", folder, "results/lab")
        count("workers", workers)
        load_results(path)  # raises ResultsError before anything is written
        return write_report(path, workers=workers or 1)


sys.modules[__name__].__class__ = _Report
