"""What each command does: from what is typed to what is printed, and an exit code."""

import sys
from contextlib import closing
from pathlib import Path

import click

from study.arguments import (
    FAULT,
    GOOD,
    PATH,
    example_names,
    json_option,
    pipeline_options,
    run_ids,
)


@click.command()
@click.argument("path", type=PATH, default=Path())
@click.option(
    "--from",
    "example",
    default="quickstart",
    show_default=True,
    shell_complete=example_names,
    help="The example that is copied.",
)
@click.option("--list", "listed", is_flag=True, help="Name the examples, and write nothing.")
@json_option
def init(path: Path, example: str, *, listed: bool, as_json: bool) -> int:
    """Copy an example pipeline to start from.

    PATH is a .toml file, which gives the study its name, or a folder (default: this one). Nothing
    that is there already is overwritten.

    \b
    Examples:
      study init --list
      study init
      study init mine.toml --from lab_tpe
      study init "my studies"
    """  # noqa: D301
    import json

    from study.examples import copy, examples
    from study.overview import init_text

    if listed:
        found = examples()
        width = max(map(len, found))
        lines = [f"{name:{width}}  {title}" for name, title in found.items()]
        click.echo(json.dumps(found) if as_json else "\n".join(lines))
        return GOOD
    copied = copy(path, example)
    where = {"pipeline": str(copied.path), "schema": str(copied.schema)}
    click.echo(json.dumps(where) if as_json else init_text(copied))
    return GOOD


@click.command()
@pipeline_options
@click.option("--executor", help="inline, processes (the default), or a Dask tcp://HOST:PORT.")
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
    """Train what is missing of PIPELINE; report it.

    What is stored is not trained again: after Ctrl-C or a crash, or with more values or
    repetitions in the file, the same command does the rest.

    \b
    Examples:
      study run mine.toml
      study run mine.toml --set search.repetitions=3 --results try
      study run mine.toml --set 'search.parameters.activation=["tanh", "relu"]' --results try
      study run mine.toml --workers 1 --json
    """  # noqa: D301
    import json

    from study.execution.chosen import best_runs
    from study.execution.driver import Options
    from study.execution.driver import run as events_of
    from study.execution.events import Finished, Noted
    from study.overview import next_commands, run_json, run_text, undecided_notice
    from study.plan.forecast import cores
    from study.progress import display
    from study.report.page import write_report
    from study.spec.load import load_pipeline
    from study.store.reader import load_results

    if quiet and as_json:
        raise click.UsageError("--quiet prints nothing, --json lines of JSON: give one of them")
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
        best = best_runs(finished.folder)
        click.echo(next_commands(page, declared.search, best, pipeline, overrides))
    return FAULT if finished.failed or finished.unlike else GOOD


@click.command()
@pipeline_options
def plan(
    pipeline: Path,
    overrides: tuple[str, ...],
    results: Path,
    workers: int | None,
    *,
    as_json: bool,
) -> int:
    """Say what PIPELINE would train; train nothing.

    How many runs that are, how long they take, and what they can decide; of a study that runs or
    has ended, what is done, what is missing, and how long the rest takes.

    \b
    Examples:
      study plan mine.toml
      study plan mine.toml --set search.repetitions=20 --workers 8
      study plan results/mine/pipeline.toml --json
    """  # noqa: D301
    import json
    from dataclasses import asdict

    from study.execution.folder import ended, refusal, state
    from study.execution.room import no_room
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
    refused = refused or no_room(folder, declared, found)
    now = state(folder)
    if as_json:
        click.echo(json.dumps({**asdict(found), "state": now, "refused": refused}))
    else:
        click.echo(plan_text(declared, found, now))
        if refused:
            click.echo(f"\nnote: `study run` would refuse this. {refused}")
    return GOOD


@click.command()
@click.argument("folder", type=PATH)
@json_option
def report(folder: Path, *, as_json: bool) -> int:
    """Draw the report of a results FOLDER again.

    It says what is missing where a study has not ended.

    \b
    Examples:
      study report results/mine
    """  # noqa: D301
    import json

    from study.plan.forecast import cores
    from study.report.page import write_report
    from study.store.reader import load_results

    load_results(folder)  # says what is wrong with a folder before anything is written there
    page = write_report(folder, workers=cores())
    click.echo(json.dumps({"report": str(page)}) if as_json else f"report: {page}")
    return GOOD


@click.command()
@click.argument("folder", type=PATH)
@click.argument("run_id", required=False, shell_complete=run_ids)
@click.option("--weights", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.npz",
              help="Save the weights and biases that the run ended with.")  # fmt: skip
@json_option
def reproduce(folder: Path, run_id: str | None, weights: Path | None, *, as_json: bool) -> int:
    """Train a run again and compare every epoch.

    RUN_ID of a results FOLDER is trained alone, and compared with what is stored bit for bit. The
    first signs of an id are enough. Without one, the best run of each dataset is named.

    \b
    Examples:
      study reproduce results/mine
      study reproduce results/mine 95e95b --weights best.npz
    """  # noqa: D301
    import json
    from dataclasses import asdict

    import numpy as np

    from study.execution.reproduce import reproduce as again

    if weights is not None:
        if weights.suffix != ".npz":  # NumPy would append it unsaid
            weights = weights.with_name(f"{weights.name}.npz")
        if not weights.parent.is_dir():  # said before the training, not after it
            raise click.BadParameter(f"there is no folder {weights.parent}", param_hint="--weights")
    found = again(folder, run_id)
    if weights is not None:
        np.savez(weights, allow_pickle=False, **found.weights)
    saved = None if weights is None else str(weights)
    if as_json:
        fields = {key: value for key, value in asdict(found).items() if key != "weights"}
        click.echo(json.dumps({**fields, "weights": saved}))
    else:
        click.echo(found.sentence if saved is None else f"{found.sentence}\nweights: {saved}")
    return GOOD if found.differs_at is None else FAULT


@click.command()
def schema() -> int:
    """Print the JSON Schema of pipeline files, for editors.

    \b
    Examples:
      study schema > schema.json
    """  # noqa: D301
    from study.spec.reference import schema as text

    click.echo(text(), nl=False)
    return GOOD
