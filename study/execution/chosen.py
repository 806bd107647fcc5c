"""Which stored run is meant: the best of each dataset, or the one whose id begins so."""

import math
from pathlib import Path

from study.errors import ResultsError
from study.spec.load import load_pipeline
from study.store.files import PIPELINE
from study.store.reader import load_results
from study.store.stored import stored_runs

SHOWN = 5
"""So many of the runs that may be meant are named."""


def best_runs(folder: Path) -> dict[str, str]:
    """Return for each dataset the completed run that is best by the study's first objective.

    A dataset without a run that has a finite value is left out; of equal runs the first counts.
    """
    pipeline = load_pipeline(folder / PIPELINE)
    aim = pipeline.search.aims[0]
    sign = -1 if aim.goal == "maximize" else 1
    best: dict[str, tuple[float, str]] = {}
    for run_id, row in stored_runs(folder).items():
        value, dataset = row[aim.metric], str(row["dataset"])
        told = sign * value if isinstance(value, int | float) else math.inf
        if row["status"] == "completed" and told < best.get(dataset, (math.inf, ""))[0]:
            best[dataset] = told, run_id
    return {dataset: best[dataset][1] for dataset in pipeline.datasets if dataset in best}


def chosen(folder: Path, beginning: str | None) -> str:
    """Return the id of the one stored run whose id begins so.

    Raises ResultsError, which says how to find a run, where there is none or more than one.
    """
    load_results(folder)  # says what is wrong with a folder that is none
    found = [run_id for run_id in stored_runs(folder) if beginning and run_id.startswith(beginning)]
    if len(found) == 1 or beginning in found:
        return beginning if beginning in found else found[0]
    if found:
        some = ", ".join(found[:SHOWN]) + ", …" * (len(found) > SHOWN)
        raise ResultsError(f"{folder}: {len(found)} runs begin with {beginning!r}: {some}")
    best = ", ".join(f"{run_id} on {dataset}" for dataset, run_id in best_runs(folder).items())
    raise ResultsError(
        (f"{folder} has no run {beginning!r}; " if beginning else f"which run of {folder}? ")
        + (f"the best are {best}; " if best else "")
        + "runs.parquet names all"
    )
