"""What stands at a name of a results folder: a file, a folder, or what must not be opened."""

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from study.errors import ResultsError
from study.store.files import make_folder, sync

DAMAGED = "damaged"
"""The folder of what was set aside, within a study's own."""


def content(path: Path) -> bytes:
    """Return what a file holds. OSError where it is no file: a pipe would be waited for forever.

    ResultsError where it may not be read: then nobody knows whether it is damaged.
    """
    if present(path) and not path.is_file():
        raise OSError(f"it is {described(path)}")
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror}") from error


def present(path: Path) -> bool:
    """Return whether a name is taken, also by a link to nothing."""
    return path.exists() or path.is_symlink()


def own_file(path: Path) -> bool:
    """Return whether a regular file stands here itself, and no link to one."""
    return path.is_file() and not path.is_symlink()


def own_folder(path: Path) -> bool:
    """Return whether a folder stands here itself, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def described(path: Path) -> str:
    """Return in words what stands at a name.

    >>> described(Path(__file__)), described(Path(__file__).parent)
    ('a file', 'a folder')
    """
    if path.is_symlink():
        return "a link" if path.exists() else "a link to nothing"
    if path.is_dir():
        return "a folder"
    return "a file" if path.is_file() else "a pipe or a device"


def set_aside(folder: Path, path: Path) -> Path:
    """Move what stands at a name into `damaged/`, under the same name or the first free one.

    A link moves, and what it leads to stays. Return the new place.
    """
    aside = folder / DAMAGED
    if present(aside) and not own_folder(aside):
        aside.rename(_free(aside))
    to = _free(aside / path.relative_to(folder))
    make_folder(to.parent)
    path.rename(to)
    sync(to.parent)
    sync(path.parent)
    return to


def _free(path: Path) -> Path:
    """Return a path, or the first of path.1, path.2, … that is not taken."""
    numbered = (path.with_name(f"{path.name}.{i}") for i in count(1))
    return next(place for place in chain([path], numbered) if not present(place))


def within(folder: Path) -> Iterator[Path]:
    """Yield what a folder holds, by name; nothing where there is none."""
    if folder.is_dir():
        yield from sorted(folder.iterdir())
