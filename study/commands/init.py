"""`study init`: a pipeline to start from, an example or one for a table."""

import shlex
from pathlib import Path

import click

from study.arguments import GOOD, PATH, example_names, json_option, program, say
from study.examples import FIRST, Copied, copy, examples
from study.terminal import visible


@click.command()
@click.argument("path", type=PATH, default=Path())
@click.option(
    "--from",
    "example",
    shell_complete=example_names,
    help=f"The example that is copied.  [default: {FIRST}]",
)
@click.option("--from-data", "data", type=PATH, metavar="FILE", help="Start from a table instead.")
@click.option("--target", metavar="COLUMN", help="The column of FILE that is to be learned.")
@click.option("--task", type=click.Choice(["classes", "number"]), help="What the target is.")
@click.option("--split", metavar="COLUMN", help="The column of FILE that says train or test.")
@click.option("--decimal", metavar="SIGN", help="The decimal sign of FILE, a point or a comma.")
@click.option("--list", "listed", is_flag=True, help="Name the examples, and write nothing.")
@json_option
def init(
    path: Path,
    example: str | None,
    data: Path | None,
    *,
    listed: bool,
    as_json: bool,
    **keys: str | None,
) -> int:
    """Start from an example pipeline, or from a table of yours.

    PATH is a .toml file, which gives the study its name, or a folder (default: this one). The data
    of an example are copied too. With --from-data, the command prints how it understands the table
    FILE, and writes a pipeline that runs in seconds. No existing file is overwritten.

    \b
    Examples:
      study init --list
      study init
      study init mine.toml --from lab_tpe
      study init own/daylight.toml --from daylight
      study init mine.toml --from-data flowers.csv --target species
      study init "my studies"
    """  # noqa: D301
    import json

    if listed:
        titles = examples()
        width = max(map(len, titles))
        lines = [f"{name:{width}}  {title}" for name, title in titles.items()]
        say(json.dumps(titles) if as_json else "\n".join(lines))
        return GOOD
    given = {key: value for key, value in keys.items() if value is not None}
    if data is not None:
        if example is not None:
            raise click.UsageError("--from and --from-data exclude each other")
        return _from_data(path, data, given, as_json=as_json)
    if given:
        raise click.UsageError(f"--{next(iter(given))} needs --from-data")
    copied = copy(path, example or FIRST)
    where = {
        "pipeline": str(copied.path),
        "schema": str(copied.schema),
        "data": [*map(str, copied.data)],
    }
    say(json.dumps(where) if as_json else _text(copied))
    return GOOD


def _from_data(path: Path, data: Path, given: dict[str, str], *, as_json: bool) -> int:
    """Write a pipeline for a table, and print the table as it was understood."""
    import json
    from dataclasses import asdict

    from study.starting import start
    from study.understood import lines

    table, copied = start(path, data, given)
    if as_json:
        understood = {**asdict(table), "file": str(table.file)}
        where = {"pipeline": str(copied.path), "schema": str(copied.schema)}
        say(json.dumps({**where, "data": [str(table.file)], "table": understood}))
    else:
        say("\n".join([*lines(table), _text(copied)]))
    return GOOD


def _text(copied: Copied) -> str:
    """Return a sentence for each written file, and the next command."""
    path, study = shlex.quote(str(copied.path)), program()
    schema = f"{copied.schema} lets an editor check it while you type"
    if copied.other_schema:
        schema = f"{copied.schema} was there and is not today's: `study schema` prints that"
    wrote = f"wrote {' and '.join(map(visible, (copied.path, *copied.data)))}; {schema}"
    return "\n".join([wrote, "next:", f"  {study} plan {path}", f"  {study} run {path}"])
