"""The command line: its commands, its exit codes, and the one place that catches StudyError."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from study.errors import StudyError

F = TypeVar("F", bound=Callable[..., Any])

GOOD, FAULT, MISTAKE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: all well; runs failed, or a bug; the user's mistake; Ctrl-C."""

WRONG_PATH = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
"""What the system says of a path that the user can put right; a full disk is a fault."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    try:
        code = commands.main(arguments, prog_name="study", standalone_mode=False)
    except (StudyError, click.ClickException) as error:
        says = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"error: {says}", err=True)
        code = MISTAKE
    except OSError as error:
        says = (
            f"{error.filename}: {error.strerror}"
            if error.filename
            else error.strerror or str(error)
        )
        click.echo(f"error: {says}", err=True)
        code = MISTAKE if isinstance(error, WRONG_PATH) else FAULT
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted: what was finished is kept; the same command goes on", err=True)
        code = INTERRUPTED
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="study")
def commands() -> None:
    """Study how hyperparameters act on a small neural network.

    A pipeline file declares the study; `study run` trains it, stores every epoch in Parquet and
    writes a report.

    \b
    Examples:
      study run pipelines/quickstart.toml
      study plan pipelines/lab.toml
      study run pipelines/lab.toml --set search.repetitions=3 --results /tmp/try
      study report results/lab
    """  # noqa: D301  # \b is meant: click keeps the lines after it as they are


def pipeline_options(command: F) -> F:
    """Add what every command that takes a pipeline file has."""
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="Write lines of JSON."),
        click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE",
                     help="Replace a value of the file, e.g. search.repetitions=3; repeatable."),
        click.option("--results", type=click.Path(path_type=Path, file_okay=False),
                     default=Path("results"), show_default=True,
                     help="The folder in which the study's own folder is."),
        click.option("--workers", type=click.IntRange(min=1),
                     help="How many processes train; default: one for each core."),
        click.argument("pipeline", type=click.Path(path_type=Path)),
    ):  # fmt: skip
        command = decorate(command)
    return command


@commands.command()
@pipeline_options
@click.option("--executor", help="inline, or processes (the default).")
@click.option("--fresh", is_flag=True, help="Set old results aside and train everything.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def run(  # noqa: PLR0913  # one argument for each option
    pipeline: Path,
    overrides: tuple[str, ...],
    results: Path,
    workers: int | None,
    executor: str | None,
    *,
    fresh: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Train what is missing of PIPELINE, store it, and write the report.

    What is stored is not trained again: after Ctrl-C or a crash, or with more values or
    repetitions in the file, the same command does the rest.
    """
    from study.execution.driver import Options
    from study.execution.driver import run as events_of
    from study.execution.events import Finished, Noted
    from study.overview import run_json, run_text, undecided_notice
    from study.plan.forecast import cores
    from study.progress import display
    from study.report.page import write_report
    from study.spec.load import load_pipeline
    from study.store.reader import load_results

    declared = load_pipeline(pipeline, overrides)
    options = Options(results, workers, executor, fresh=fresh, command=tuple(sys.argv))
    finished = None
    with (
        closing(display(sys.stdout, quiet=quiet, as_json=as_json)) as shown,
        closing(events_of(declared, options)) as events,
    ):
        if doubt := undecided_notice(declared):
            shown.show(Noted(doubt))
        for event in events:
            shown.show(event)
            finished = event if isinstance(event, Finished) else None
    if finished is None:
        raise RuntimeError("a study that is not interrupted yields Finished last")
    page = write_report(finished.folder, workers=workers or cores())
    found = load_results(finished.folder).hypotheses["verdict"].value_counts()
    verdicts = {str(verdict): int(count) for verdict, count in found.items()}
    if as_json:
        click.echo(json.dumps(run_json(finished, page, verdicts)))
    elif not quiet:
        click.echo(run_text(finished, page, verdicts))
    return FAULT if finished.failed else GOOD


@commands.command()
@pipeline_options
def plan(
    pipeline: Path,
    overrides: tuple[str, ...],
    results: Path,
    workers: int | None,
    *,
    as_json: bool,
) -> int:
    """Say what PIPELINE would train, how long it takes and what it can decide; train nothing."""
    from study.execution.folder import ended, refusal
    from study.overview import plan_text
    from study.plan.forecast import cores, forecast
    from study.spec.load import load_pipeline
    from study.store.stored import stored_runs

    declared = load_pipeline(pipeline, overrides)
    folder = results / declared.name
    stored = stored_runs(folder)
    refused = refusal(folder, stored, declared)
    workers = workers or declared.execution.workers or cores()
    trials = None if refused else ended(folder, declared)
    found = forecast(declared, {} if refused else stored, workers, ended=trials)
    if as_json:
        click.echo(json.dumps({**asdict(found), "refused": refused}))
    else:
        click.echo(plan_text(declared, found))
        if refused:
            click.echo(f"\nnote: `study run` would refuse this. {refused}")
    return GOOD


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
def report(folder: Path) -> int:
    """Draw the report of a results FOLDER again, whatever of it is there."""
    from study.plan.forecast import cores
    from study.report.page import write_report

    click.echo(f"report: {write_report(folder, workers=cores())}")
    return GOOD


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("run_id")
@click.option("--weights", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.npz",
              help="Save the weights and biases that the run ended with.")  # fmt: skip
def reproduce(folder: Path, run_id: str, weights: Path | None) -> int:
    """Train RUN_ID of a results FOLDER again, alone, and compare every epoch bit for bit."""
    import numpy as np

    from study.execution.reproduce import reproduce as again

    if weights is not None:
        if weights.suffix != ".npz":  # NumPy would append it unsaid
            weights = weights.with_name(f"{weights.name}.npz")
        if not weights.parent.is_dir():  # said before the training, not after it
            raise click.BadParameter(f"there is no folder {weights.parent}", param_hint="--weights")
    found = again(folder, run_id)
    click.echo(found.sentence)
    if weights is not None:
        np.savez(weights, allow_pickle=False, **found.weights)
        click.echo(f"weights: {weights}")
    return GOOD if found.differs_at is None else FAULT


@commands.command()
def schema() -> int:
    """Print the JSON Schema of pipeline files, for editors."""
    from study.spec.reference import schema as text

    click.echo(text(), nl=False)
    return GOOD
