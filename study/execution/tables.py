"""The tables of a whole study that are written once it is trained."""

from collections.abc import Iterable, Mapping

from study.columns import TABLES, parameter_columns
from study.plan.trials import Trial
from study.spec.pipeline import Pipeline
from study.training.summary import objective


def trials_table(
    trials: Iterable[Trial], rows: Mapping[str, Mapping[str, object]], pipeline: Pipeline
) -> list[dict[str, object]]:
    """Return a row of trials.parquet for each trial, from the rows of its runs."""
    table = []
    for trial in trials:
        runs = [rows[run.run_id] for run in trial.runs]
        known: dict[str, object] = {
            "number": trial.number,
            "phase": trial.phase,
            "dataset": trial.dataset,
            **trial.configuration,
            **parameter_columns(str(trial.configuration["hidden"])),
            "state": "completed",
            "runs": len(runs),
            "diverged": sum(row["status"] == "diverged" for row in runs),
            "failed": sum(row["status"] == "failed" for row in runs),
            "objective": objective(runs, pipeline.search.objective),
        }
        table.append({column.name: known[column.name] for column in TABLES["trials"]})
    return table
