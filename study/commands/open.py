"""`study open`: the report in a browser where there is a display, else its path."""

import os
import sys
from pathlib import Path

import click

from study.arguments import GOOD, STUDY, say
from study.errors import StudyError
from study.store.names import PAGE
from study.terminal import visible


@click.command("open")
@click.argument("folder", type=STUDY, required=False, metavar="[RESULTS]")
def open_report(folder: Path | None) -> int:
    """Open a study's report in the browser.

    RESULTS is a results folder or the name of one in results/; without it, the newest report is
    opened. Without a display, the report's path is printed instead.

    \b
    Examples:
      study open
      study open lab
      study open results/mine
    """  # noqa: D301
    say(opened(_page(folder)))
    return GOOD


def _page(folder: Path | None) -> Path:
    """Return the report of a folder, or the newest in results/; StudyError if it has none."""
    if folder is None:
        pages = [page for page in Path("results").glob("*/report.html") if page.is_file()]
        if not pages:
            raise StudyError("no report in results; `study run PIPELINE` writes one")
        return max(pages, key=lambda page: page.stat().st_mtime)
    page = folder / PAGE
    if not page.is_file():
        from study.store.reader import load_results

        load_results(folder)  # raises ResultsError for a folder without a study
        raise StudyError(f"{folder} has no report yet: `study report {folder}` draws it")
    return page


def opened(page: Path) -> str:
    """Open a page where there is a display; return a line with its path either way."""
    graphical = sys.platform in {"darwin", "win32"}
    display = graphical or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if display and click.launch(str(page.absolute())) == 0:
        return f"opened {visible(page)}"
    return visible(page)
