"""Entries that do not belong in a results folder: a study moves them to `damaged/`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from study.store.kinds import described, own_folder, present, set_aside, within
from study.store.names import CERTIFICATE, FINISHED, PIPELINE
from study.store.parts import PARTED
from study.store.provenance import PROVENANCE, damaged
from study.store.stored import is_part

FILES = (
    PIPELINE, PROVENANCE, CERTIFICATE, "trials.parquet", "hypotheses.parquet", "optuna.journal",
)  # fmt: skip
"""The files that `study run` writes, besides its parts."""

FOLDERS = (*(f"{name}.parquet" for name in PARTED), "incoming", "data", "tables")
"""The folders that it writes."""


def refused(folder: Path) -> str | None:
    """Return the reason why a study must not write into this folder, or None.

    A linked table may belong to another study, whose parts would be removed.
    """
    for path in (folder / f"{name}.parquet" for name in PARTED):
        if path.is_symlink() and path.is_dir():
            return (
                f"{path} is a link to another folder, and a study writes only into its own: "
                "replace the link by the folder, or remove it"
            )
    return None


def misplaced(folder: Path) -> Iterator[str]:
    """Set aside every entry of the wrong kind, and a damaged provenance.json."""
    for path in (folder / name for name in FOLDERS):
        if present(path) and not own_folder(path):
            yield _moved(folder, path, f"it is {described(path)}, not a folder")
    for path in (*(folder / name for name in (*FILES, FINISHED)), *within(folder / "data")):
        if present(path) and not path.is_file():
            yield _moved(folder, path, f"it is {described(path)}, not a file")
    if (wrong := damaged(folder)) is not None:
        consequence = f"it is damaged ({wrong}), so earlier executions are unknown"
        yield _moved(folder, folder / PROVENANCE, consequence)


def make_way(folder: Path, files: Iterable[Path]) -> None:
    """Set aside entries of the wrong kind at the paths of files that a report writes."""
    for path in files:
        if path.parent != folder and present(path.parent) and not own_folder(path.parent):
            set_aside(folder, path.parent)
        if present(path) and not path.is_file():
            set_aside(folder, path)


def strays(folder: Path) -> Iterator[str]:
    """Set aside every other entry in the folders of parts, since other readers would read it.

    Hidden files stay unless they end in `.parquet`: no reader reads them.
    """
    for table in (folder / f"{name}.parquet" for name in PARTED):
        for path in within(table):
            hidden = path.name.startswith(".") and path.suffix != ".parquet"
            if not hidden and not is_part(path):
                yield _moved(folder, path, "it is not a part that this study wrote")


def _moved(folder: Path, path: Path, why: str) -> str:
    said = f"moved {path.relative_to(folder)} to {set_aside(folder, path).relative_to(folder)}"
    return f"{said}: {why}"
