"""What a directory entry is: a file, a folder, a link, or a pipe that must not be opened."""

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

from study.errors import ResultsError
from study.store.files import make_folder, sync
from study.store.names import DAMAGED


def content(path: Path) -> bytes:
    """Return the bytes of a file. OSError if it is no file: reading a pipe would never end.

    ResultsError if permission is denied, since the file may well be intact.
    """
    if present(path) and not path.is_file():
        raise OSError(f"it is {described(path)}")
    try:
        return path.read_bytes()
    except PermissionError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror}") from error


def present(path: Path) -> bool:
    """Return whether a name is in use, also by a dangling link."""
    return path.exists() or path.is_symlink()


def own_file(path: Path) -> bool:
    """Return whether this is a regular file, and not a link to one."""
    return path.is_file() and not path.is_symlink()


def own_folder(path: Path) -> bool:
    """Return whether this is a folder, and not a link to one."""
    return path.is_dir() and not path.is_symlink()


def described(path: Path) -> str:
    """Return the kind of a directory entry in words.

    >>> described(Path(__file__)), described(Path(__file__).parent)
    ('a file', 'a folder')
    """
    if path.is_symlink():
        return "a link" if path.exists() else "a link to nothing"
    if path.is_dir():
        return "a folder"
    return "a file" if path.is_file() else "a pipe or a device"


def set_aside(folder: Path, path: Path) -> Path:
    """Move a directory entry into `damaged/`, under the same name or the first free one.

    Of a link, the link itself moves. Return the new path.
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
    """Return the path, or the first of path.1, path.2, … that is not in use."""
    numbered = (path.with_name(f"{path.name}.{i}") for i in count(1))
    return next(place for place in chain([path], numbered) if not present(place))


def within(folder: Path) -> Iterator[Path]:
    """Yield the entries of a folder, sorted by name; none if the folder does not exist."""
    if folder.is_dir():
        yield from sorted(folder.iterdir())
