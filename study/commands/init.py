"""`study init`: an example pipeline to start from."""

import shlex
from pathlib import Path

import click

from study.arguments import GOOD, PATH, example_names, json_option, program, say
from study.examples import Copied, copy, examples
from study.terminal import visible


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

    PATH is a .toml file, which gives the study its name, or a folder (default: this one). The data
    of an example come along. Nothing that is there already is overwritten.

    \b
    Examples:
      study init --list
      study init
      study init mine.toml --from lab_tpe
      study init own/daylight.toml --from daylight
      study init "my studies"
    """  # noqa: D301
    import json

    if listed:
        found = examples()
        width = max(map(len, found))
        lines = [f"{name:{width}}  {title}" for name, title in found.items()]
        say(json.dumps(found) if as_json else "\n".join(lines))
        return GOOD
    copied = copy(path, example)
    where = {
        "pipeline": str(copied.path),
        "schema": str(copied.schema),
        "data": [*map(str, copied.data)],
    }
    say(json.dumps(where) if as_json else _text(copied))
    return GOOD


def _text(copied: Copied) -> str:
    """Return what was written, and what to do with it."""
    path, study = shlex.quote(str(copied.path)), program()
    schema = f"{copied.schema} lets an editor check it while you type"
    if copied.other_schema:
        schema = f"{copied.schema} was there and is not today's: `study schema` prints that"
    wrote = f"wrote {' and '.join(map(visible, (copied.path, *copied.data)))}; {schema}"
    return "\n".join([wrote, "next:", f"  {study} plan {path}", f"  {study} run {path}"])
