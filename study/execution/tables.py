"""The tables of a whole study that are written once it is trained."""

from collections.abc import Iterable

from study.columns import TABLES, parameter_columns
from study.execution.search import Outcome


def trials_table(outcomes: Iterable[Outcome]) -> list[dict[str, object]]:
    """Return a row of trials.parquet for each trial; of several objectives, each has a column."""
    table = []
    for outcome in outcomes:
        trial, rows = outcome.trial, outcome.rows
        known: dict[str, object] = {
            "number": trial.number,
            "phase": trial.phase,
            "dataset": trial.dataset,
            **parameter_columns(trial.configuration),
            "state": outcome.state,
            "runs": len(rows),
            "diverged": sum(row["status"] == "diverged" for row in rows),
            "failed": sum(row["status"] == "failed" for row in rows),
            "objective": outcome.values[0],
        }
        row = {column.name: known[column.name] for column in TABLES["trials"]}
        if len(outcome.values) > 1:
            row |= {f"objective_{i}": value for i, value in enumerate(outcome.values, start=1)}
        table.append(row)
    return table
