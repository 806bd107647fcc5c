"""When and with what was it trained? Dates, duration, versions, processor and commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from study.report.material import Material
from study.report.question import Question, Tables
from study.report.sentence import sentence
from study.report.wording import count
from study.store.provenance import executions
from study.units import duration

COLUMNS = (
    "started", "duration", "commit", "study", "python", "numpy", "processor", "blas", "kernel",
)  # fmt: skip


SHORT = 12
"""Characters of a commit: as many as a reader needs to find it."""


def tables(material: Material) -> Tables:
    """Return a row for each execution of the study, and the package versions of the last one."""
    table = executions(material.results.folder)
    versions = table[-1]["versions"] if table else {}
    return {
        "provenance": pd.DataFrame([*map(_row, table)], columns=list(COLUMNS)),
        "versions": pd.DataFrame([*versions.items()], columns=["package", "version"]),
    }


def _row(execution: Mapping[str, Any]) -> tuple[str | None, ...]:
    """Return an execution without the names of the machine and its folders."""
    started, finished = execution["started"], execution["finished"]
    took = None
    if finished is not None:
        apart = datetime.fromisoformat(finished) - datetime.fromisoformat(started)
        took = duration(apart.total_seconds())
    machine, versions = execution["fingerprint"], execution["versions"]
    commit = execution["git_commit"]
    return (
        f"{started[:16].replace('T', ' ')} UTC", took,
        commit and commit[:SHORT] + "-dirty" * commit.endswith("-dirty"),
        versions.get("study"), machine.get("python"), machine.get("numpy"), machine.get("cpu"),
        machine.get("blas"), machine.get("blas_kernel"),
    )  # fmt: skip


def finding(table: pd.DataFrame) -> list[str]:
    """Report the date, the number of executions, and whether their processors differ."""
    if table.empty:
        return []
    days = list(dict.fromkeys(started.partition(" ")[0] for started in table["started"]))
    when = f"on {days[0]}" if len(days) == 1 else f"from {days[0]} to {days[-1]}"
    said = f"the study ran {when} in {count(len(table), 'execution')}"
    kinds = table[["python", "numpy", "processor", "blas", "kernel"]].drop_duplicates()
    return sentence(said + ", with different processors or versions" * (len(kinds) > 1))


QUESTION = Question(
    name="provenance",
    question="When and with what was it trained?",
    tables=tables,
    finding=lambda t: finding(t["provenance"]),
    applies=lambda m: bool(executions(m.results.folder)),
    note="Equal versions, processor, BLAS and kernel give equal numbers, bit for bit. An execution "
    "without a duration was interrupted.",
    absent="No provenance is stored.",
    unfolded=("provenance",),
)
