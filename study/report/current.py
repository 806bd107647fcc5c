"""Whether a report is up to date: made by this program, of this folder, and intact."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from study.store.cached import keep, kept
from study.store.names import PAGE, REPORTED
from study.store.state import checksums, state


class Made(BaseModel):
    """From which content of its folder a report was made, and the checksum of each of its files."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    key: str
    files: dict[str, str]


_MADE = TypeAdapter(Made)


def current(folder: Path) -> Path | None:
    """Return a folder's report if to write it again would change no byte of it; else None.

    All inputs of the report and all its files are read and compared.
    """
    if (made := kept(folder / REPORTED, _MADE)) is None:
        return None
    try:
        intact = checksums(folder, made.files) == made.files
    except OSError:
        return None
    same = made.key == _bound(sources(folder), made.files)
    return folder / PAGE if intact and same else None


def record(folder: Path, key: str | None, files: Iterable[Path]) -> None:
    """Record from what a report was made that is written now, and what its files hold."""
    if key is not None:
        names = [path.relative_to(folder).as_posix() for path in files]
        files_now = checksums(folder, names)
        made = Made(key=_bound(key, files_now), files=files_now)
        keep(made, folder / REPORTED, _MADE)


def _bound(key: str | None, files: dict[str, str]) -> str:
    """Return a checksum of what a report is made from, together with what came of it."""
    return hashlib.sha256(json.dumps([key, files], sort_keys=True).encode()).hexdigest()


def sources(folder: Path) -> str | None:
    """Return a checksum of what a report is made from, and of how the report calls it.

    None where `state` has none: such a report is never taken for up to date.
    """
    now = state(folder)
    return None if now is None else f"{now} {folder.name}"
