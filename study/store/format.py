"""Whether a results folder has the format of this version; folders of study 1.0 are refused."""

from pathlib import Path

from study.errors import ResultsError
from study.store.provenance import FORMAT, stored_format


def other_format(folder: Path) -> str | None:
    """Return why a folder with another format cannot be read; None otherwise.

    Where no provenance can be read, the ids of the stored runs show the same.
    """
    stored = stored_format(folder)
    if stored == FORMAT:
        return None
    release = "study 1.0" if stored < FORMAT else "a later version of study"
    use = release if stored < FORMAT else "that version"
    return f"{folder} was written by {release}; use {use} to read it, or set it aside with --fresh"


def require_format(folder: Path) -> None:
    """Raise ResultsError where a folder's results are of another format."""
    if (problem := other_format(folder)) is not None:
        raise ResultsError(problem)
