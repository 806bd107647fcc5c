"""The best networks of a study as a model: trained again, kept in a file, and verified."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from study.errors import ResultsError, not_one_of, quoted
from study.execution.reproduce import best_runs, chosen, reproduced, run_of
from study.given import path_of, text_or_none
from study.plan import seeds
from study.plan.stacks import Stack
from study.plan.trials import Run
from study.space import PARAMETERS
from study.spec.pipeline import Pipeline
from study.store.files import write_whole
from study.store.kept import kept_pipeline
from study.store.reader import load_results
from study.store.stored import stored_runs
from study.training.build import build, views
from study.training.meter import on_parts
from study.training.model import Model, network_with, shapes_of

Arrays: TypeAlias = Mapping[str, NDArray[np.generic]]

FORMAT = 1
"""The version of the format of a model's file."""

SLACK = 1 << 16
"""The bytes that a model's file may take for names and headers."""


def load_model(
    folder: str | Path, *, run_id: str | None = None, dataset: str | None = None
) -> Model:
    """Return the best networks of a results folder, which predict rows of a table.

    The best configuration is the first of the declared objective; its completed repetitions are
    the networks. A study of several datasets has a best one on each: `dataset` names which.
    `run_id`, or how it begins, names a single network instead.

    They are trained again bit for bit, and kept: as model.npz, model-DATASET.npz where a study has
    several, or model-RUN_ID.npz. A kept file is used if it belongs to these runs and predicts what
    is stored of them, and is written again otherwise. Runs that come out otherwise than stored, as
    on another kind of processor, are named by a warning and in `differences`.

    Raises ResultsError where the folder has no such run.
    """
    folder = path_of("folder", folder, "results/lab")
    text_or_none("run_id", run_id, "95e95b")
    text_or_none("dataset", dataset, "xor")
    load_results(folder)  # raises ResultsError for another folder
    pipeline = kept_pipeline(folder)
    if run_id is not None:
        ids = [chosen(folder, run_id)]
        name = f"model-{ids[0]}.npz"
    else:
        which = _dataset(folder, pipeline, dataset)
        ids = _winner(folder, which)
        name = "model.npz" if len(pipeline.datasets) == 1 else f"model-{which}.npz"
    runs = [run_of(folder, pipeline, run_id) for run_id in ids]
    first, _ = runs[0]
    about = _about([run for run, _ in runs], pipeline)
    arrays = _kept(folder, folder / name, pipeline, runs, about)
    differences: dict[str, str] = {}
    if arrays is None:
        again = [reproduced(folder, pipeline, run_id) for run_id in ids]
        differences = {one.run_id: one.sentence for one in again if one.differs_at}
        layers = [one.weights for one in again]
        arrays = {**about, **{key: np.stack([of[key] for of in layers]) for key in layers[0]}}
        _write(folder / name, arrays)
    for sentence in differences.values():
        warnings.warn(f"{folder}: {sentence}", stacklevel=2)
    data = pipeline.datasets[first.dataset]
    return Model(
        dataset=first.dataset,
        target=data.source[1],
        run_ids=tuple(ids),
        features=data.columns,
        labels=data.labels,
        arrays=arrays,
        differences=differences,
        network=network_with(first, pipeline, arrays, len(ids)),
        loss=str(first.configuration["loss"]),
    )


def _dataset(folder: Path, pipeline: Pipeline, dataset: str | None) -> str:
    """Return the dataset whose best networks are requested."""
    names = [*pipeline.datasets]
    if dataset is not None:
        if dataset not in names:
            raise ResultsError(f"{folder}: dataset = {not_one_of(dataset, names)}")
        return dataset
    if len(names) > 1:
        there = " or ".join(f"dataset={quoted(name)}" for name in names)
        raise ResultsError(f"{folder} has a best configuration on each dataset: give {there}")
    return names[0]


def _winner(folder: Path, dataset: str) -> list[str]:
    """Return the completed runs of the best configuration on a dataset, by repetition."""
    best = best_runs(folder).get(dataset)
    if best is None:
        raise ResultsError(
            f"{folder} has no best configuration on {dataset}: the study has not finished, or no "
            "configuration is feasible with a finite objective; run_id= names a run"
        )
    stored = stored_runs(folder)
    same = ("dataset", *PARAMETERS)
    own = [
        (row["repetition"], run_id)
        for run_id, row in stored.items()
        if row["status"] == "completed" and all(row[n] == stored[best][n] for n in same)
    ]
    return [run_id for _, run_id in sorted(own)]


def _about(runs: Sequence[Run], pipeline: Pipeline) -> dict[str, NDArray[np.generic]]:
    """Return everything but the weights, and each repetition's standardization."""
    data = pipeline.datasets[runs[0].dataset]
    parts = [seeds.samples(pipeline, run.dataset, run.repetition) for run in runs]
    zeros, ones = np.zeros(data.shape), np.ones(data.shape)
    chosen = runs[0].configuration
    hidden = str(chosen["activation"] or "none")  # null without a hidden layer
    output = str(chosen["output_activation"] or "none")  # null if the loss takes logits
    return {
        "format": np.array(FORMAT),
        "run_ids": np.array([run.run_id for run in runs]),
        "dataset": np.array(runs[0].dataset),
        "target": np.array(data.source[1]),
        "features": np.array(data.columns, dtype=np.str_),
        "labels": np.array(data.labels or (), dtype=np.str_),
        "mean": np.stack([zeros if part.centre is None else part.centre for part in parts]),
        "scale": np.stack([ones if part.scale is None else part.scale for part in parts]),
        "target_mean": np.array([part.mean for part in parts]),
        "target_scale": np.array([part.spread for part in parts]),
        "loss": np.array(chosen["loss"]),
        "activation": np.array(hidden),
        "output_activation": np.array(hidden if output == "same" else output),
    }


def _kept(
    folder: Path,
    path: Path,
    pipeline: Pipeline,
    runs: Sequence[tuple[Run, int]],
    about: Arrays,
) -> Arrays | None:
    """Return the content of a file if it is of these runs and gives their stored predictions."""
    dtype = np.dtype(pipeline.training.precision)
    shapes = shapes_of(runs[0][0], pipeline, len(runs))
    size = sum(array.nbytes for array in about.values())
    size += sum(int(np.prod(shape)) * dtype.itemsize for shape in shapes.values())
    arrays = _read(path, {*about, *shapes}, size + SLACK)
    if arrays is None:
        return None
    same = all(_alike(arrays[name], array) for name, array in about.items())
    right = all(
        arrays[n].shape == shape and arrays[n].dtype == dtype for n, shape in shapes.items()
    )
    if not same or not right:
        return None
    sure = all(
        _predicts(folder, pipeline, run, epochs, {name: arrays[name][i] for name in shapes})
        for i, (run, epochs) in enumerate(runs)
    )
    return arrays if sure else None


def _read(path: Path, names: set[str], size: int) -> Arrays | None:
    """Read the arrays of a file; None if it has others, is damaged, or is too large."""
    try:
        if not path.is_file() or path.stat().st_size > size:
            return None
        data = io.BytesIO(path.read_bytes())
        with zipfile.ZipFile(data) as archive:
            if sum(info.file_size for info in archive.infolist()) > size:
                return None
        with np.load(data, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names} if {*arrays} == names else None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        return None


def _alike(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    return one.dtype.kind == other.dtype.kind and np.array_equal(one, other)


def _predicts(folder: Path, pipeline: Pipeline, run: Run, epochs: int, weights: Arrays) -> bool:
    """Return whether a network gives the stored predictions of its run for all samples."""
    trainee = build(Stack((run,)), pipeline)
    for name, array in views(trainee.network).items():
        array[...] = weights[name]
    with np.errstate(all="ignore"):  # a run that diverged overflows
        (predictions,) = on_parts(trainee, [0], epochs)
    rows = load_results(folder).predictions({"run_id": run.run_id, "epoch": epochs})
    for column in ("prediction", "answer", "confidence"):
        now = [getattr(of, column) for of in predictions]
        if any(of is None for of in now):
            continue
        values = np.concatenate(now)
        before = rows[column].to_numpy(dtype=values.dtype, na_value=np.nan)
        if not np.array_equal(values, before, equal_nan=True):
            return False
    return True


def _write(path: Path, arrays: Arrays) -> None:
    """Write a model's file atomically; warn if the folder is not writable.

    The model is complete anyway, and is trained again the next time.
    """
    try:
        write_whole(path, lambda file: np.savez(file, allow_pickle=False, **arrays))
    except OSError as error:
        warnings.warn(f"{path} could not be written: {error.strerror}", stacklevel=3)
