"""Whether a report is up to date: made by this program, of this folder, and intact."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from study.store.cached import keep, kept
from study.store.state import PAGE, REPORTED, checksums, state


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
    return folder / PAGE if intact and made.key == sources(folder) else None


def record(folder: Path, key: str | None, files: Iterable[Path]) -> None:
    """Record from what a report was made that is written now, and what its files hold."""
    if key is not None:
        names = [path.relative_to(folder).as_posix() for path in files]
        made = Made(key=key, files=checksums(folder, names))
        keep(made, folder / REPORTED, _MADE)


def sources(folder: Path) -> str | None:
    """Return a checksum of what a report is made from, and of how the report calls it.

    None where `state` has none: such a report is never taken for up to date.
    """
    now = state(folder)
    return None if now is None else f"{now} {folder.name}"
