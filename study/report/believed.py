"""What a report believes of a results folder: files that are whole, and belong together."""

from pathlib import Path

import pandas as pd

from study.errors import ResultsError
from study.plan.drawn import drawn
from study.space import PARAMETERS
from study.store.kinds import present
from study.store.provenance import PROVENANCE, damaged, finished
from study.store.reader import Results
from study.store.sound import places

AGAIN = "`study run` writes it again"

AT_THE_END = ("trials.parquet", "certificate.parquet")
"""What a study writes when all its runs are trained."""


def check_files(folder: Path) -> None:
    """Raise ResultsError where a file is missing that no report can do without, or damaged.

    A study that has finished has trials and a certificate too; one that begins again beside this
    report is none that has finished, before it removes anything.
    """
    missing = [folder / name for name in (PROVENANCE, *AT_THE_END) if not present(folder / name)]
    if missing and (missing[0].name == PROVENANCE or finished(folder) is not None):
        raise ResultsError(f"{missing[0]} is missing; {AGAIN}")
    if (wrong := damaged(folder)) is not None:
        raise ResultsError(f"{folder / PROVENANCE} is damaged ({wrong}); {AGAIN}")


def certified(results: Results) -> pd.DataFrame:
    """Return the certificate. ResultsError where it is not of the parts that are stored now."""
    found = results.certificate
    try:
        now = places(results.folder, set(found["run_id"]))
    except OSError as error:
        raise ResultsError(
            f"{results.folder}: a part is damaged ({error}); `study run` sets it aside and trains "
            "its runs again"
        ) from error
    runs = results.runs
    due = drawn(runs.loc[runs["status"] != "failed", "run_id"])
    told = found[["run_id", "part", "checksums"]].itertuples(index=False, name=None)
    same = all(now.get(run_id) == (part, checksums) for run_id, part, checksums in told)
    path = results.folder / "certificate.parquet"
    if present(path) and not (same and list(found["run_id"]) == due):
        raise ResultsError(
            f"{path} was made from other parts than those that "
            "are stored; `study run` makes it again"
        )
    return found


def check_trials(folder: Path, trials: pd.DataFrame, runs: pd.DataFrame, *, whole: bool) -> None:
    """Raise ResultsError where trials are not of these runs; in a `whole` study all runs are."""
    tried, ran = _configurations(trials), _configurations(runs)
    twice = trials.duplicated(["phase", "dataset", "number"]).any()
    if twice or tried - ran or (whole and ran - tried):
        path = folder / "trials.parquet"
        raise ResultsError(f"{path} is not of the runs that are stored; {AGAIN}")


def _configurations(rows: pd.DataFrame) -> set[tuple[object, ...]]:
    """Return each configuration on each dataset, null as None."""
    values = rows[["dataset", *PARAMETERS]].astype(object)
    return set(values.where(values.notna(), None).itertuples(index=False, name=None))
