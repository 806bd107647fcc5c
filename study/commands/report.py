"""`study report`: the report of what is stored, drawn again."""

from pathlib import Path

import click

from study.arguments import GOOD, PATH, json_option


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
