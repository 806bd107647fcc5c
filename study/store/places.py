"""What does not belong in a results folder, which a study moves to `damaged/`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from study.store.files import PIPELINE
from study.store.kinds import described, own_folder, present, set_aside, within
from study.store.parts import PARTED
from study.store.provenance import PROVENANCE, damaged
from study.store.stored import is_part

FILES = (
    PIPELINE, PROVENANCE, "trials.parquet", "hypotheses.parquet", "certificate.parquet",
    "optuna.journal",
)  # fmt: skip
"""What `study run` writes beside its parts, each a file."""

FOLDERS = (*(f"{name}.parquet" for name in PARTED), "incoming", "data", "tables")
"""What it has as folders."""


def refused(folder: Path) -> str | None:
    """Say why nothing may be written into a study's folder; None where it may.

    What a link leads to may be another study's: its parts would be removed there.
    """
    for path in (folder / f"{name}.parquet" for name in PARTED):
        if path.is_symlink() and path.is_dir():
            return (
                f"{path} is a link to another folder, into which no study writes: put the folder "
                "itself in its place, or remove the link"
            )
    return None


def misplaced(folder: Path) -> Iterator[str]:
    """Set aside what is no file where a file belongs, or no folder where one does."""
    for path in (folder / name for name in FOLDERS):
        if present(path) and not own_folder(path):
            yield _moved(folder, path, f"it is {described(path)}, and no folder")
    for path in (*(folder / name for name in FILES), *within(folder / "data")):
        if present(path) and not path.is_file():
            yield _moved(folder, path, f"it is {described(path)}, and no file")
    if (wrong := damaged(folder)) is not None:
        told = f"it is damaged ({wrong}): what happened before is not known any more"
        yield _moved(folder, folder / PROVENANCE, told)


def make_way(folder: Path, files: Iterable[Path]) -> None:
    """Set aside what stands where files are to be written, and is no file, or no folder of them."""
    for path in files:
        if path.parent != folder and present(path.parent) and not own_folder(path.parent):
            set_aside(folder, path.parent)
        if present(path) and not path.is_file():
            set_aside(folder, path)


def strays(folder: Path) -> Iterator[str]:
    """Set aside whatever lies beside the parts of a table: other readers would take it for one.

    A hidden file is left alone unless it ends as a part does: none of them reads it.
    """
    for table in (folder / f"{name}.parquet" for name in PARTED):
        for path in within(table):
            hidden = path.name.startswith(".") and path.suffix != ".parquet"
            if not hidden and not is_part(path):
                yield _moved(folder, path, "it is no part that a study has written")


def _moved(folder: Path, path: Path, why: str) -> str:
    said = f"moved {path.relative_to(folder)} to {set_aside(folder, path).relative_to(folder)}"
    return f"{said}: {why}"
