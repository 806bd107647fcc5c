"""`study report`: draw the report of stored runs again."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from study.arguments import GOOD, STUDY, Output, json_option, quiet_option, say
from study.terminal import visible

if TYPE_CHECKING:
    from study.progress import Display  # rich is slow to load


@click.command()
@click.argument("folder", type=STUDY)
@quiet_option
@json_option
def report(folder: Path, *, quiet: bool, as_json: bool) -> int:
    """Draw the report of a results FOLDER again.

    The report of an unfinished study lists the missing runs.

    \b
    Examples:
      study report results/mine
    """  # noqa: D301
    from study.process import cores
    from study.report.forking import begin

    begin(folder, cores())  # before libraries are loaded here, which takes as long as there
    import json

    from study.progress import display
    from study.units import duration

    how = Output(quiet=quiet, as_json=as_json)
    with closing(display(sys.stdout, quiet=how.quiet or how.as_json)) as shown:
        page, seconds = drawn(folder, cores(), shown)
    if how.as_json:
        say(json.dumps({"report": str(page), "seconds": round(seconds or 0.0, 3)}))
    elif not how.quiet:
        did = "the report is up to date"
        did = did if seconds is None else f"drew the report in {duration(seconds)}"
        say(f"{did}\nreport: {visible(page)}")
    return GOOD


def drawn(folder: Path, workers: int, shown: "Display") -> tuple[Path, float | None]:
    """Draw a report, and show how far it has come; return its page and the seconds it took.

    None of a report that is up to date, which is left as it is.
    """
    import time

    from study.execution.events import Drawing
    from study.report.current import current
    from study.report.forking import begin

    began = time.perf_counter()
    if (page := current(folder)) is not None:
        return page, None

    begin(folder, workers)
    from study.report.page import write_report
    from study.store.reader import load_results

    load_results(folder)  # raises an error before anything is written there
    shown.show(Drawing(0, 0))
    page = write_report(
        folder, workers=workers, progress=lambda done, total: shown.show(Drawing(done, total))
    )
    return page, time.perf_counter() - began
