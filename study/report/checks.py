"""Checks before a report: the files it reads are intact and belong together."""

from collections import defaultdict
from pathlib import Path

import pandas as pd

from study.errors import ResultsError
from study.plan import seeds
from study.space import PARAMETERS
from study.spec.search import Search
from study.stats.summaries import measured
from study.store.kinds import present
from study.store.names import CERTIFICATE
from study.store.provenance import PROVENANCE, damaged, finished
from study.store.reader import Results
from study.store.sound import places

AGAIN = "`study run` writes it again"

AT_THE_END = ("trials.parquet", CERTIFICATE)
"""The files that a study writes once all its runs are trained."""

FIRST = ("search", "random", "include")
"""The phases whose trials have the declared repetitions."""


def check_files(folder: Path) -> None:
    """Raise ResultsError if provenance.json is missing or damaged, or a finished study's file is.

    A study that resumes next to this report is marked as unfinished before it removes a file.
    """
    missing = [folder / name for name in (PROVENANCE, *AT_THE_END) if not present(folder / name)]
    if missing and (missing[0].name == PROVENANCE or finished(folder) is not None):
        raise ResultsError(f"{missing[0]} is missing; {AGAIN}")
    if (wrong := damaged(folder)) is not None:
        raise ResultsError(f"{folder / PROVENANCE} is damaged ({wrong}); {AGAIN}")


def certified(results: Results) -> pd.DataFrame:
    """Return the certificate. ResultsError if it was made from other parts than the stored ones."""
    repeated = results.certificate
    try:
        now = places(results.folder, set(repeated["run_id"]))
    except OSError as error:
        raise ResultsError(
            f"{results.folder}: a part is damaged ({error}); `study run` sets it aside and trains "
            "its runs again"
        ) from error
    runs = results.runs
    due = seeds.certified(runs.loc[runs["status"] != "failed", "run_id"])
    parts = repeated[["run_id", "part", "checksums"]].itertuples(index=False, name=None)
    same = all(now.get(run_id) == (part, checksums) for run_id, part, checksums in parts)
    path = results.folder / CERTIFICATE
    if present(path) and not (same and list(repeated["run_id"]) == due):
        raise ResultsError(
            f"{path} was made from other parts than the stored ones; `study run` makes it again"
        )
    return repeated


def check_trials(
    folder: Path, trials: pd.DataFrame, runs: pd.DataFrame, search: Search, *, whole: bool
) -> None:
    """Raise ResultsError if trials and runs differ.

    In a `whole` study each run has its trial, and each trial the objective of its runs. Runs beyond
    the declared repetitions have trials of their own, such as confirmations.
    """
    tried = _configurations(trials, more=~trials["phase"].isin(FIRST))
    ran = _configurations(runs, more=runs["repetition"] >= search.repetitions)
    twice = trials.duplicated(["phase", "dataset", "number"]).any()
    wrong = bool(twice or {*tried} - {*ran})
    if whole and not wrong:
        aim, of_runs = search.aims[0], defaultdict[object, list[float]](list)
        for key, value in zip(ran, measured(runs, aim.metric, aim.goal), strict=True):
            of_runs[key].append(value)
        wrong = bool({*ran} - {*tried}) or any(
            len(values := of_runs[key]) == row.runs and aim.of(values) != row.objective
            for key, row in zip(tried, trials.itertuples(), strict=True)
            if row.state == "completed"
        )
    if wrong:
        path = folder / "trials.parquet"
        raise ResultsError(f"{path} does not describe the stored runs; {AGAIN}")


def _configurations(rows: pd.DataFrame, more: "pd.Series[bool]") -> list[tuple[object, ...]]:
    """Return each row's dataset and configuration, null as None, and whether it has `more` runs."""
    values = rows[["dataset", *PARAMETERS]].astype(object)
    values = values.where(values.notna(), None).assign(more=more)
    return list(values.itertuples(index=False, name=None))
