"""What all commands share: options, error messages, shell completion and printing."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from study.errors import StudyError
from study.terminal import printable

F = TypeVar("F", bound=Callable[..., Any])

GOOD, FAULT, MISTAKE, SIGNALLED = 0, 1, 2, 128
"""Exit codes: success; failed runs or a bug; invalid input; a signal, whose number is added.

Ctrl-C is 130, SIGTERM 143 and SIGHUP 129.
"""

PATH = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, file_okay=False)


class _Study(click.Path):
    """A results folder, or the name of one in results/, which a shell completes."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  # click's
        """Return the path of the folder; a name that is not a path means results/NAME."""
        path, named = Path(os.fsdecode(super().convert(value, param, ctx))), Path("results") / value
        return named if not path.exists() and path.name == str(path) and named.is_dir() else path

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the studies whose names or paths begin with `incomplete`; if none, folders."""
        above, slash, beginning = incomplete.rpartition("/")
        parent = Path(f"{above}{slash}") if slash else Path("results")
        names = sorted(path.parent.name for path in parent.glob("*/pipeline.toml"))
        studies = [f"{above}{slash}{name}" for name in names if name.startswith(beginning)]
        items = [CompletionItem(study) for study in studies]
        return items or super().shell_complete(ctx, param, incomplete)


STUDY = _Study(path_type=Path)


def keys_of(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the keys that `--set` takes, including the datasets of the given pipeline file."""
    import tomllib

    from study.spec.schema import keys

    try:
        named = ctx.params.get("pipeline") or ctx.args[0]  # click leaves it in args after an option
        path = Path(named)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""  # a pipe may block
        datasets = [*tomllib.loads(text)["datasets"]]
    except (
        IndexError,
        KeyError,
        OSError,
        TypeError,
        ValueError,
    ):  # no file is given yet, or it is invalid
        datasets = []
    return [f"{key}=" for key in keys(datasets) if key.startswith(incomplete)]


def run_ids(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of the runs in the given folder."""
    from study.store.stored import stored_runs

    folder = ctx.params.get("folder")
    try:
        return [i for i in stored_runs(folder or Path()) if i.startswith(incomplete)]
    except StudyError:  # a shell cannot show errors of a folder
        return []


def example_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Return the names of the examples that `study init` copies."""
    from study.examples import examples

    return [name for name in examples() if name.startswith(incomplete)]


def _count(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """Read a number of workers."""
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"must be a whole number of at least 1, got {value!r}")
    return int(value)


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Print a line for each stack of runs too."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write lines of JSON.")


@dataclass(frozen=True, slots=True)
class Output:
    """What a command prints on the way."""

    quiet: bool
    as_json: bool
    verbose: bool = False

    def __post_init__(self) -> None:
        """Raise UsageError where two of the options are given that exclude each other."""
        prints = {"--quiet": "nothing", "--json": "lines of JSON", "--verbose": "more lines"}
        given = [
            f"{name} prints {prints[name]}"
            for name, on in zip(prints, (self.quiet, self.as_json, self.verbose), strict=True)
            if on
        ]
        if len(given) > 1:
            raise click.UsageError(f"{', '.join(given)}: give one of them")


def pipeline_options(command: F) -> F:
    """Add the argument and options of every command that takes a pipeline file."""
    for decorate in (
        json_option,
        click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE",
                     shell_complete=keys_of,
                     help="Replace a value of the file, e.g. search.repetitions=3; repeatable."),
        click.option("--results", type=FOLDER, default=Path("results"), show_default=True,
                     help="The folder that contains the study's own folder."),
        click.option("--workers", metavar="N", callback=_count,
                     help="How many processes train; default: one for each core."),
        click.argument("pipeline", type=PATH),
    ):  # fmt: skip
        command = decorate(command)
    return command


def say(text: str, *, error: bool = False) -> None:
    """Print a text; text from users or files cannot move the cursor or change colours."""
    click.echo(printable(text), err=error)


def usage_message(error: click.ClickException) -> str:
    """Return the text for an invalid command line: the error, the usage, and where help is."""
    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return message
    lines = [message, f"usage: {' '.join(context.get_usage().split()[1:])}"]
    if isinstance(context.command, click.Group):
        lines.append(f"commands: {', '.join(sorted(context.command.commands))}")
    return "\n".join([*lines, f"{context.command_path} --help shows examples"])


def program() -> str:
    """Return how the user calls this command: by its name, or by its path in a .venv."""
    if shutil.which("study"):
        return "study"
    path = Path(sys.executable).with_name("study")
    return shlex.quote(min(os.path.relpath(path), str(path), key=len))
