"""Locks in a results folder: one holder at a time, whom the others can name."""

import getpass
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, SoftFileLock, Timeout

from study.errors import ResultsError
from study.store.kinds import own_file, present, set_aside

LOOK = 0.2
"""Seconds for which a lock is asked for that somebody may merely look at."""


@contextmanager
def held(
    path: Path, *, refusal: str | None = None, advice: str = ""
) -> Iterator[Callable[[], None]]:
    """Hold a lock file, which says by whom and since when; it is gone afterwards.

    Yield what raises ResultsError where the folder went away meanwhile, or another took its place.

    The system lets go of it however this process ends. Where another process holds it, wait; or,
    given a `refusal`, raise ResultsError with that, who holds it, and `advice`. ResultsError too
    where the folder is not there or cannot be written.
    """
    if not path.parent.is_dir():  # filelock would make it
        raise ResultsError(f"there is no folder {path.parent}")
    lock = FileLock(path, timeout=-1 if refusal is None else LOOK)
    try:
        if present(path) and not own_file(path):  # the target of a link would be emptied
            set_aside(path.parent, path)
        lock.acquire()
    except Timeout:
        raise ResultsError(f"{path.parent}: {refusal}{_holder(path)}{advice}") from None
    except OSError as error:
        by = _holder(path)
        raise ResultsError(f"{path.parent}: cannot be written: {error.strerror}{by}") from None
    own = path.stat()
    if not isinstance(lock, SoftFileLock):  # it becomes one where the system locks no files
        _sign(path)

    def check() -> None:
        if not _is(path, own):
            raise ResultsError(
                f"{path.parent}: this folder was moved, removed or replaced while it was being "
                "written; the same command writes the missing rest"
            )

    try:
        yield check
    finally:
        with suppress(FileNotFoundError, PermissionError):  # Windows removes no open file, and
            if _is(path, own):  # filelock does it there; a moved one is not own
                path.unlink()  # while it is held, so that nobody else's is removed
        lock.release()


def _is(path: Path, file: os.stat_result) -> bool:
    """Return whether a path leads to this very file."""
    try:
        return os.path.samestat(path.stat(), file)
    except OSError:
        return False


def holder(path: Path) -> str | None:
    """Return who holds a lock, "" where that cannot be read, and None where nobody does."""
    if not own_file(path):
        return None
    lock = FileLock(path, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        return _holder(path).strip(" ()")
    except OSError:  # a folder that cannot be written is nobody's
        return None
    lock.release()
    return None


def _sign(path: Path) -> None:
    """Write into a lock file who holds it; it is as good a lock where that fails."""
    since = datetime.now().astimezone()
    with suppress(OSError):
        path.write_text(
            f"process {os.getpid()}{_user()} on {platform.node()} since {since:%Y-%m-%d %H:%M %Z}",
            encoding="utf-8",
        )


def _user() -> str:
    """Say whose this process is; nothing where the system does not know."""
    try:
        return f" of {getpass.getuser()}"
    except (OSError, KeyError, ImportError):  # by version and system
        return ""


def _holder(path: Path) -> str:
    """Say in brackets who holds a lock; nothing where that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f" ({text})" if text else ""
