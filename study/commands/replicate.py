"""`study replicate`: the same pipeline with a fresh seed, and what came out the same."""

import sys
from pathlib import Path

import click

from study.arguments import STUDY, Output, json_option, quiet_option, say, verbose_option
from study.commands.run import trained


@click.command()
@click.argument("folder", type=STUDY)
@click.option("--number", type=click.IntRange(min=1), default=1, show_default=True,
              help="Which replication: each has a seed and a folder of its own.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), metavar="N",
              help="How many processes train; default: one for each core.")  # fmt: skip
@quiet_option
@verbose_option
@json_option
def replicate(  # noqa: PLR0913  # one argument for each option
    folder: Path,
    number: int,
    workers: int | None,
    *,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Run the pipeline of a results FOLDER again with a fresh seed.

    The new study is trained beside FOLDER, as NAME-replication-1. Its report compares verdicts,
    winners and the order of parameters with FOLDER. The same command resumes it.

    \b
    Examples:
      study replicate results/mine
      study replicate results/mine --number 2
    """  # noqa: D301
    import json

    import pandas as pd

    from study.errors import ResultsError
    from study.execution.driver import Options
    from study.plan.replication import replication
    from study.report.questions.replication import finding
    from study.store.kept import kept_pipeline
    from study.store.names import PIPELINE
    from study.store.provenance import finished
    from study.store.reader import load_results

    how = Output(quiet=quiet, verbose=verbose, as_json=as_json)
    folder = folder if folder.name else folder.resolve()
    load_results(folder)  # reports a wrong folder before anything is written
    first = kept_pipeline(folder)
    if finished(folder) is None:
        raise ResultsError(f"{folder} has not ended: `study run {folder / PIPELINE}` resumes it")
    declared = replication(first, folder, number)
    options = Options(folder.parent, workers, command=tuple(sys.argv))
    own, _, code = trained(declared, options, how)
    seed = declared.search.seed
    path = own / "tables" / "replication.parquet"
    table = pd.read_parquet(path) if path.is_file() else pd.DataFrame()
    if as_json:
        counts = table.groupby("kind")[["same", "disagree"]].sum() if len(table) else table
        agreement = counts.astype(int).to_dict("index")
        say(json.dumps({"event": "replicated", "of": str(folder), "seed": seed, **agreement}))
    elif not quiet:
        sentence = " ".join(finding(table)) if len(table) else "Nothing in common to compare."
        say(f"replicates {folder} with seed {seed}. {sentence}")
    return code
