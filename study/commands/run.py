"""`study run`: train the missing runs, show progress, write the report."""

import sys
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from study.arguments import (
    FAULT,
    GOOD,
    Output,
    pipeline_options,
    quiet_option,
    say,
    verbose_option,
)
from study.commands.open import opened
from study.commands.report import drawn

if TYPE_CHECKING:
    from study.execution.driver import Options
    from study.spec.pipeline import Pipeline


@click.command()
@pipeline_options
@click.option("--executor", help="inline, processes (the default), or a Dask tcp://HOST:PORT.")
@click.option("--fresh", is_flag=True, help="Set old results aside and train everything.")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser at the end.")
@quiet_option
@verbose_option
def run(  # noqa: PLR0913  # one argument for each option
    pipeline: Path,
    overrides: tuple[str, ...],
    results: Path,
    workers: int | None,
    executor: str | None,
    *,
    fresh: bool,
    show: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Train the missing runs of PIPELINE, and write its report.

    Stored runs are not trained again. After Ctrl-C or a crash, or with more values or repetitions
    in the file, the same command trains the rest.

    \b
    Examples:
      study run mine.toml
      study run mine.toml --set search.repetitions=3 --results try
      study run mine.toml --set 'search.parameters.activation=["tanh", "relu"]' --results try
      study run mine.toml --workers 1 --json
      study run mine.toml --verbose --open
    """  # noqa: D301
    from study.process import cores
    from study.report.forking import begin
    from study.spec.load import load_pipeline

    how = Output(quiet=quiet, verbose=verbose, as_json=as_json)
    declared = load_pipeline(pipeline, overrides)
    begin(results / declared.name, workers or declared.execution.workers or cores())
    from study.execution.driver import Options  # slow to load, as what draws is
    from study.execution.reproduce import best_runs
    from study.overview import next_commands

    options = Options(results, workers, executor, fresh=fresh, command=tuple(sys.argv))
    folder, page, code = trained(declared, options, how)
    if not (quiet or as_json):
        say(next_commands(page, declared.search, best_runs(folder), pipeline, overrides))
    if show:
        line = opened(page)
        if not (quiet or as_json):
            say(line)
    return code


def trained(declared: "Pipeline", options: "Options", how: Output) -> tuple[Path, Path, int]:
    """Train a study and draw its report; return its folder, its page and an exit code."""
    import json

    from study.execution.driver import run as events_of
    from study.execution.events import Finished, Noted
    from study.overview import run_json, run_text
    from study.process import cores
    from study.progress import display
    from study.prospects import notice
    from study.store.stored import stored_rows

    finished = None
    workers = options.workers or declared.execution.workers or cores()
    with (
        closing(display(sys.stdout, **asdict(how))) as shown,
        closing(events_of(declared, options)) as events,
    ):
        if doubt := notice(declared):
            shown.show(Noted(doubt))
        for event in events:
            shown.show(event)
            finished = event if isinstance(event, Finished) else None
        if finished is None:
            raise RuntimeError("a study that is not interrupted yields Finished last")
        page, seconds = drawn(finished.folder, workers, shown)
    rows = stored_rows(finished.folder, "hypotheses")
    verdicts = dict(Counter(str(row["verdict"]) for row in rows).most_common())
    if how.as_json:
        say(json.dumps(run_json(finished, page, verdicts, seconds)))
    elif not how.quiet:
        say(run_text(finished, page, verdicts, seconds))
    return finished.folder, page, FAULT if finished.failed or finished.unlike else GOOD
