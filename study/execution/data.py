"""A study's own data, kept beside its results: what reads them needs no other folder."""

import shutil
from pathlib import Path

from study.errors import ResultsError
from study.spec.pipeline import Pipeline
from study.spec.toml import overridden
from study.store.files import PIPELINE, write_whole
from study.store.kinds import own_file

DATA = "data"

SUFFIXES = {"csv": ".csv", "parquet": ".parquet"}


def keep(pipeline: Pipeline, folder: Path) -> str:
    """Copy the files that a pipeline reads into its results; return its text, with their places.

    So a results folder can be moved, and its runs trained again after the originals are gone.
    """
    places = {}
    for name, dataset in pipeline.datasets.items():
        if dataset.file is not None:
            place = f"{DATA}/{name}{SUFFIXES[dataset.generator]}"
            _copy(dataset.file, folder / place)
            if dataset.changed:  # what was copied is then not what is learned
                raise ResultsError(f"{dataset.file} has changed since it was read: start again")
            places[name] = place
    if not places:
        return pipeline.text
    changes = [f'datasets.{name}.path="{place}"' for name, place in places.items()]
    return overridden(pipeline.text, folder / PIPELINE, changes)


def _copy(file: Path, to: Path) -> None:
    if own_file(to) and file.samefile(to):
        return
    with file.open("rb") as source:
        write_whole(to, lambda copy: shutil.copyfileobj(source, copy))
