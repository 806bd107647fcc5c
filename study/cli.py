"""The command line: its entry point, and the one place that catches StudyError."""

import errno
import gc
import io
import os
import signal
import sys
import time
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from study.arguments import FAULT, GOOD, MISTAKE, SIGNALLED, say, usage_message
from study.commands.help import show_help
from study.commands.init import init
from study.commands.list import list_studies
from study.commands.open import open_report
from study.commands.plan import plan
from study.commands.replicate import replicate
from study.commands.report import report
from study.commands.reproduce import reproduce
from study.commands.run import run
from study.commands.schema import schema
from study.errors import StudyError
from study.interrupts import StoppedError, ignore_signals, stopped_once
from study.terminal import visible

WRONG_PATH = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
"""Errors of a path that the user can correct; a full disk is a fault."""

WRONG_NAME = (errno.ENAMETOOLONG, errno.ELOOP)
"""Further ones, without a class of their own: too long a name, a link to itself."""

LOADING = 100_000
"""Objects after which garbage is collected: libraries are a seventh slower to load otherwise."""

OPTIONAL = {"dask": "distributed"}
"""Optional parts, and the package that provides each."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    if arguments is None:  # this process is ours
        gc.set_threshold(LOADING)
    own = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    if own:  # the environment keeps matplotlib's list of fonts
        os.environ.setdefault("MPLCONFIGDIR", str(Path(sys.prefix, "matplotlib")))
    os.environ["MPLBACKEND"] = "agg"  # figures are drawn into files, whatever backend is set
    _print_any_sign()
    given = sys.argv[1:] if arguments is None else arguments
    with stopped_once() as signals:
        try:
            code = _called(given)
        except BaseException as error:
            stopped = isinstance(error, StoppedError | KeyboardInterrupt | click.Abort)
            if signals or stopped:  # other errors are consequences of the signal
                number = signals[0] if signals else signal.SIGINT
                code = SIGNALLED + number
                _print_last("interrupted: finished runs are kept; run the same command to resume")
            elif (meant := _meaning(error)) is not None:
                code, message = meant
                for argument in filter(None, given):  # a line break in a path starts no new line
                    message = message.replace(argument, visible(argument))
                _print_last(message)
            else:
                raise
    if arguments is None:  # this process ends now: a late signal must not change its exit code
        ignore_signals()
    _leave(code)


def _called(arguments: list[str]) -> int:
    """Call a command; return its exit code."""
    _readable(arguments)
    _somewhere()
    try:
        return int(commands.main(arguments, prog_name="study", standalone_mode=False) or GOOD)
    except (BrokenExecutor, OSError):
        time.sleep(0.5)  # a signal that ended another process, or the terminal, arrives here too
        _somewhere()
        raise


def _somewhere() -> None:
    """Raise StudyError if the current folder was deleted: no process can start there."""
    try:
        Path.cwd()
    except OSError:
        raise StudyError(
            "the current folder no longer exists: change into another one; finished runs are kept"
        ) from None


def _meaning(error: BaseException) -> tuple[int, str] | None:
    """Return the exit code for an error and its message; None for a bug."""
    match error:
        case click.exceptions.NoArgsIsHelpError():  # `study` alone
            return MISTAKE, error.format_message()
        case click.ClickException():
            code, message = MISTAKE, usage_message(error)
        case StudyError():
            code, message = MISTAKE, str(error)
        case BrokenExecutor():
            code, message = FAULT, f"a process that was drawing or training was lost ({error})"
        case OSError():
            reason = error.strerror or str(error)
            wrong = isinstance(error, WRONG_PATH) or error.errno in WRONG_NAME
            code = MISTAKE if wrong else FAULT
            message = f"{error.filename}: {reason}" if error.filename else reason
        case _:
            return None
    return code, f"error: {message}"


def _print_last(text: str) -> None:
    """Print a last message, if there is still a terminal."""
    with suppress(OSError, ValueError):
        say(text, error=True)


def _print_any_sign() -> None:
    """Print characters that the output's encoding lacks as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _leave(code: int) -> NoReturn:
    """Exit quietly, even if the output is closed and Python's last attempt to write would fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    gc.freeze()  # else Python would look for garbage once more: a quarter of a second
    sys.exit(code)


def _readable(arguments: list[str]) -> None:
    """Raise StudyError if Python could not decode an argument: no library could use it."""
    encoding = sys.getfilesystemencoding()
    for argument in arguments:
        try:
            argument.encode()
            readable = encoding == "utf-8" or argument.isascii()
        except UnicodeEncodeError:  # the bytes were not valid text
            readable = False
        if not readable:
            shown = os.fsencode(argument).decode("utf-8", "replace")
            mend = (
                "a name must be valid UTF-8: rename it"
                if encoding == "utf-8"
                else f"Python decodes names as {encoding} on this system: set PYTHONUTF8=1"
            )
            raise StudyError(f"{shown}: {mend}")


def version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's
    """Print the version, and what determines numbers on this machine."""
    if asked and not ctx.resilient_parsing:
        say(_version_text())
        ctx.exit()


def _version_text() -> str:
    """Return the version, and a line for each part that determines numbers, speed or features."""
    import platform

    from study.process import cores
    from study.store.provenance import fingerprint, versions
    from study.training.compiled import backend

    machine = fingerprint()
    rows = {
        "Python": f"{machine['python']} on {platform.platform(terse=True)}",
        "NumPy": machine["numpy"],
        "BLAS": f"{machine['blas']}, kernels for {machine['blas_kernel']}",
        "processor": f"{machine['cpu']}, {cores()} cores to use",
        "updates": backend().message,
        **{name: _optional(package) for name, package in OPTIONAL.items()},
    }
    lines = [f"  {name:<10} {value}" for name, value in rows.items()]
    return "\n".join([f"study, version {versions().get('study', 'not installed')}", *lines])


def _optional(package: str) -> str:
    """Return whether an optional part is installed, and how to install it."""
    from importlib import metadata

    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return f"not installed; pip install {package} provides it"


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
      study open mine
      study list

    \b
    A shell completes commands, files, studies, keys and run ids after one of
      eval "$(_STUDY_COMPLETE=bash_source study)"      in ~/.bashrc
      eval "$(_STUDY_COMPLETE=zsh_source study)"       in ~/.zshrc
      _STUDY_COMPLETE=fish_source study | source       in ~/.config/fish/config.fish
    """  # noqa: D301  # \b is meant: click keeps the lines after it as they are


for command in (
    init, run, plan, report, reproduce, replicate, schema, list_studies, open_report, show_help,
):  # fmt: skip
    commands.add_command(command)
