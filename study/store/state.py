"""A results folder as one checksum, equal while study and program stay the same.

Every byte is read for it, so that a record of earlier work is used for the very same content alone.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from study.store.checksum import verified
from study.store.kinds import content, own_file, own_folder, within
from study.store.names import (
    DAMAGED,
    FIGURES,
    FINISHED,
    PAGE,
    REPORT_LOCK,
    REPORTED,
    STUDY_LOCK,
    TABLES,
    UNFINISHED,
)
from study.store.provenance import versions

_DERIVED = {FINISHED, REPORTED, FIGURES, PAGE, TABLES, DAMAGED, STUDY_LOCK, REPORT_LOCK}

_PACKAGES = ("study", "nn_core")


def state(folder: Path) -> str | None:
    """Return a checksum of all that a study has stored, and of the program that reads it.

    None where an entry is no file or folder of the study's own, a file was not finished, or a table
    is damaged: no record of an earlier execution covers those.
    """
    digest = hashlib.sha256(program().encode())
    try:
        for path in _entries(folder):
            name = path.relative_to(folder).as_posix()
            if own_folder(path):
                digest.update(f"{name}/\n".encode())
                continue
            if not own_file(path) or path.name.endswith(UNFINISHED):
                return None
            held = content(path)
            if path.suffix == ".parquet":
                verified(held)
            digest.update(f"{name} {hashlib.sha256(held).hexdigest()}\n".encode())
    except OSError:
        return None
    return digest.hexdigest()


def _entries(folder: Path) -> Iterator[Path]:
    """Yield all that is in a folder, sorted, but for what is made from the rest."""
    for path in within(folder):
        derived = path.name in _DERIVED or (path.suffix == ".npz" and path.name.startswith("model"))
        if not derived:
            yield path
            yield from _below(path)


def _below(path: Path) -> Iterator[Path]:
    if own_folder(path):
        for entry in within(path):
            yield entry
            yield from _below(entry)


@cache
def program() -> str:
    """Return a checksum of this version's files, of Python, and of the packages that it needs."""
    digest = hashlib.sha256(repr((sys.version, versions())).encode())
    root = Path(__file__).parents[2]
    for path in sources(root):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def sources(root: Path) -> list[Path]:
    """Return the files of the packages in `root`, sorted, without what Python and Numba cache."""
    paths = (path for package in _PACKAGES for path in (root / package).rglob("*"))
    return sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def checksums(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the checksum of each of a folder's files. OSError where one cannot be read."""
    return {name: hashlib.sha256(content(folder / name)).hexdigest() for name in names}
