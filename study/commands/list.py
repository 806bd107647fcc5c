"""`study list`: what is in results/, as a table."""

import sys
from pathlib import Path

import click

from study.arguments import FOLDER, GOOD, json_option, say
from study.errors import StudyError
from study.terminal import visible

NARROWEST = 72
"""Characters; a narrower terminal wraps the lines, and no column loses its text."""


@click.command("list")
@click.option("--results", type=FOLDER, default=Path("results"), show_default=True,
              help="The folder in which the studies' own folders are.")  # fmt: skip
@json_option
def list_studies(results: Path, *, as_json: bool) -> int:
    """List the studies in results/.

    For each study: its search method, how many of its runs are done, its state, when it was last
    at work, and the best value of its first objective on each dataset. Damaged folders have a row
    too.

    \b
    Examples:
      study list
      study list --results elsewhere
    """  # noqa: D301
    import json
    from dataclasses import asdict

    from study.listing import best_text, listed

    if not results.is_dir() and results != Path("results"):
        raise StudyError(f"there is no folder {results}")
    rows = listed(results)
    if as_json:
        for row in rows:
            say(json.dumps({**asdict(row), "folder": str(row.folder)}))
        return GOOD
    if not rows:
        say(f"no studies in {visible(results)}; `study run PIPELINE` adds one")
        return GOOD
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for title in ("name", "kind", "runs", "state", "date", "best"):
        table.add_column(
            title,
            justify="right" if title == "runs" else "left",
            overflow="fold" if title in {"name", "best"} else "ellipsis",
            no_wrap=title not in {"name", "best", "state"},
        )
    for row in rows:
        runs = "" if row.done is None else f"{row.done}/{row.total}"
        cells = row.name, row.kind or "", runs, row.state, row.date or "", best_text(row.best)
        table.add_row(*(Text(visible(cell)) for cell in cells))
    console = Console(file=sys.stdout, highlight=False)
    console.width = max(console.width, NARROWEST)
    console.print(table)
    for row in rows:
        if row.problem is not None:
            say(f"{visible(row.name)}: {visible(row.problem)}")
    return GOOD
