"""The command line: what it is called with, and the one place that catches StudyError."""

import os
import signal
import sys
from pathlib import Path

import click

from study.arguments import FAULT, INTERRUPTED, MISTAKE, told
from study.commands.init import init
from study.commands.plan import plan
from study.commands.report import report
from study.commands.reproduce import reproduce
from study.commands.run import run
from study.commands.schema import schema
from study.errors import StudyError

WRONG_PATH = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
"""What the system says of a path that the user can put right; a full disk is a fault."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    own = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    if own:  # the environment keeps matplotlib's list of fonts
        os.environ.setdefault("MPLCONFIGDIR", str(Path(sys.prefix, "matplotlib")))
    try:
        _readable(sys.argv[1:] if arguments is None else arguments)
        code = commands.main(arguments, prog_name="study", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:  # `study` alone
        click.echo(error.format_message(), err=True)
        code = MISTAKE
    except (StudyError, click.ClickException) as error:
        says = told(error) if isinstance(error, click.ClickException) else str(error)
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
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one is enough: Python's own end takes time
        click.echo("interrupted: what was finished is kept; the same command goes on", err=True)
        code = INTERRUPTED
    sys.exit(code)


def _readable(arguments: list[str]) -> None:
    """Raise StudyError where Python could not read an argument as text: no library could use it."""
    encoding = sys.getfilesystemencoding()
    for argument in arguments:
        try:
            argument.encode()
            readable = encoding == "utf-8" or argument.isascii()
        except UnicodeEncodeError:  # bytes that were no text
            readable = False
        if not readable:
            shown = os.fsencode(argument).decode("utf-8", "replace")
            mend = (
                "a name must be UTF-8 text: give it another"
                if encoding == "utf-8"
                else f"Python reads names as {encoding} here: set PYTHONUTF8=1"
            )
            raise StudyError(f"{shown}: {mend}")


def version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's
    """Print the version, and what numbers are made with here."""
    if asked and not ctx.resilient_parsing:
        from study.machine import version_text

        click.echo(version_text())
        ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=version,
              help="Print the version, BLAS, cores and optional parts.")  # fmt: skip
def commands() -> None:
    """Study how hyperparameters act on a small neural network.

    A pipeline file declares the study; `study run` trains it, stores every epoch in Parquet and
    writes a report.

    \b
    Examples:
      study init mine.toml
      study plan mine.toml
      study run mine.toml
      study run mine.toml --set search.repetitions=10
      study report results/mine

    \b
    A shell completes commands, files, keys and run ids after one of
      eval "$(_STUDY_COMPLETE=bash_source study)"      in ~/.bashrc
      eval "$(_STUDY_COMPLETE=zsh_source study)"       in ~/.zshrc
      _STUDY_COMPLETE=fish_source study | source       in ~/.config/fish/config.fish
    """  # noqa: D301  # \b is meant: click keeps the lines after it as they are


for command in (init, run, plan, report, reproduce, schema):
    commands.add_command(command)
