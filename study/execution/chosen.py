"""Which stored run is meant: the best of each dataset, or the one whose id begins so."""

from pathlib import Path

import numpy as np

from study.errors import ResultsError
from study.space import PARAMETERS
from study.spec.load import load_pipeline
from study.spec.objective import ENDED_WELL
from study.store.files import PIPELINE
from study.store.reader import load_results
from study.store.stored import stored_runs

SHOWN = 5
"""So many of the runs that may be meant are named."""


def best_runs(folder: Path) -> dict[str, str]:
    """Return for each dataset a run of the configuration that is ranked first.

    It is the repetition whose metric is the objective's value. Where trials were confirmed, their
    fresh repetitions alone are ranked, as in the report. A dataset without a finite objective is
    left out, and so are all datasets before the study has finished.
    """
    pipeline, results = load_pipeline(folder / PIPELINE), load_results(folder)
    aim, trials, runs = pipeline.search.aims[0], results.trials, results.runs
    trials = trials[(trials["state"] == "completed") & np.isfinite(trials["objective"])]
    trials = trials.assign(badness=aim.sign * trials["objective"])
    best: dict[str, str] = {}
    for dataset in pipeline.datasets:
        here = trials[trials["dataset"] == dataset]
        fresh = here[here["phase"] == "confirm"]
        ranked = (here if fresh.empty else fresh).sort_values(["badness", "number"])[:1]
        for first in ranked.itertuples():
            own = runs.merge(ranked[["dataset", *PARAMETERS]])
            later = own["repetition"] >= first.runs if len(fresh) else own["repetition"] >= 0
            own = own[later & own["status"].isin(ENDED_WELL)]
            found = own.loc[own[aim.metric] == first.objective, "run_id"]
            if len(found):  # its part may be set aside
                best[dataset] = found.iloc[0]
    return best


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
