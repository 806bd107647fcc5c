"""The studies in a folder of results: a row for each, also for damaged ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from study.errors import StudyError
from study.execution.folder import state
from study.plan.counting import values_of
from study.plan.forecast import forecast
from study.spec.objective import best_trials
from study.spec.pipeline import Pipeline
from study.store.absent import nothing
from study.store.format import other_format
from study.store.kept import kept_pipeline
from study.store.kinds import present
from study.store.lock import holder
from study.store.names import PIPELINE, STUDY_LOCK
from study.store.provenance import damaged, executions, finished
from study.store.stored import part_names, read_whole, stored_runs
from study.training.summary import objective

SHOWN = 2
"""The number of datasets whose best values fit a column."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One study: `done` of `total` runs, when it last trained, and its best objectives.

    `state` is finished, running, interrupted, empty, other version or damaged; `problem` is the
    reason if its results cannot be read.
    """

    name: str
    folder: Path
    kind: str | None = None
    done: int | None = None
    total: int | None = None
    state: str = "empty"
    date: str | None = None
    best: Mapping[str, float] | None = None
    problem: str | None = None


def studies(results: Path) -> Iterator[Path]:
    """Yield the folders in a folder of results, by name."""
    if results.is_dir():
        yield from sorted(p for p in results.iterdir() if p.is_dir() and p.name[0] != ".")


def listed(results: Path) -> list[Listed]:
    """Return a row for each folder."""
    return [_row(folder) for folder in studies(results)]


def _row(folder: Path) -> Listed:
    """Return the row of one folder; if it cannot be read, the reason becomes its `problem`."""
    try:
        if not part_names(folder) and not (folder / PIPELINE).exists():
            return Listed(folder.name, folder)
        if (other := other_format(folder)) is not None:
            return Listed(folder.name, folder, state="other version", problem=other)
        return _sound(folder)
    except (StudyError, OSError, ValueError) as error:
        problem = str(error).partition("\n")[0]
        return Listed(folder.name, folder, state="damaged", date=_date(folder), problem=problem)


def _sound(folder: Path) -> Listed:
    """Return the row of a folder; raise an error if one of its files cannot be read."""
    if (error := damaged(folder)) is not None:
        raise StudyError(f"provenance.json is damaged: {error}")
    pipeline, stored = kept_pipeline(folder), stored_runs(folder)
    runs = folder / "runs.parquet"
    if present(runs) and not runs.is_dir():
        raise StudyError(nothing(folder))
    trials = _trials(folder) if finished(folder) is not None else None
    total = forecast(pipeline, stored, 1).runs if trials is None else _runs(trials)
    ended = trials is not None and len(stored) >= total
    running = holder(folder / STUDY_LOCK) is not None
    now = state(folder).partition(" ")[0].rstrip(";")
    return Listed(
        folder.name,
        folder,
        kind=pipeline.search.method,
        done=sum(row["status"] != "failed" for row in stored.values()),
        total=total,
        state="running" if running else now if ended else "interrupted",
        date=_date(folder),
        best=_best(trials, stored.values(), pipeline) if trials is not None and ended else None,
    )


def _trials(folder: Path) -> list[Mapping[str, Any]]:
    """Return the rows of trials; StudyError where they cannot be read."""
    try:
        rows: list[Mapping[str, Any]] = read_whole(folder, "trials").to_pylist()
    except OSError as error:
        raise StudyError(f"trials.parquet is damaged: {error}") from None
    return rows


def _runs(trials: Iterable[Mapping[str, Any]]) -> int:
    """Return how many runs trials have.

    Two arms of a search may share a configuration. The runs that confirm one are the first of those
    that decide claims about it.
    """
    runs: dict[object, int] = {}
    for trial in trials:
        key = trial["dataset"], values_of(trial), trial["phase"] in ("confirm", "decide")
        runs[key] = max(trial["runs"], runs.get(key, 0))
    return sum(runs.values())


def _date(folder: Path) -> str | None:
    """Return when a study last trained, in local time; None if that is unknown."""
    last: Sequence[Mapping[str, Any]] = executions(folder)[-1:]
    times = [each.get("finished") or each.get("started") for each in last]
    if not times or times[0] is None:
        return None
    return f"{datetime.fromisoformat(times[0]).astimezone():%Y-%m-%d %H:%M}"


def _best(
    rows: Sequence[Mapping[str, Any]], stored: Iterable[Mapping[str, Any]], pipeline: Pipeline
) -> dict[str, float] | None:
    """Return the first objective of the best trial of each dataset that has one.

    StudyError where it is not the objective of that trial's runs.
    """
    aim, declared = pipeline.search.aims[0], pipeline.search.repetitions
    trials = best_trials(rows, aim)
    of_runs: dict[object, list[Mapping[str, Any]]] = {}
    for run in stored:
        key = run["dataset"], values_of(run), run["repetition"] < declared
        of_runs.setdefault(key, []).append(run)
    for name, trial in trials.items():
        runs = of_runs.get((name, values_of(trial), trial["phase"] != "confirm"), [])
        if len(runs) == trial["runs"] and objective(runs, aim) != trial["objective"]:
            raise StudyError("trials.parquet does not describe the stored runs")
    best = {name: trials[name]["objective"] for name in pipeline.datasets if name in trials}
    return best or None


def best_text(best: Mapping[str, float] | None) -> str:
    """Write the best objectives: one without its dataset's name, of many the first two.

    >>> best_text({"xor": 1.234e-5}), best_text({"a": 0.5, "b": 2.0, "c": 1.0}), best_text(None)
    ('1.2e-05', 'a 0.5, b 2, …', '')
    """
    if not best:
        return ""
    if len(best) == 1:
        return f"{next(iter(best.values())):.2g}"
    first = [f"{name} {value:.2g}" for name, value in list(best.items())[:SHOWN]]
    return ", ".join(first + ["…"] * (len(best) > SHOWN))
