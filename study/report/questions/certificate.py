"""Does retraining give the same numbers? Some runs, trained again and compared bit for bit."""

import pandas as pd

from study.report.question import Question
from study.report.sentence import sentence

NONE_YET = "No run has been retrained yet: `study run` retrains some after the last one."


def finding(table: pd.DataFrame) -> list[str]:
    """Report how many retrained runs have the stored bits, and where the first other differs."""
    if table.empty:
        return [NONE_YET]
    other = table[table["differs_at"].notna() | table["reason"].notna()]
    same = len(table) - len(other)
    again = "retrained run is" if len(table) == 1 else "retrained runs are"
    said = f"{same} of {len(table)} {again} identical, bit for bit, at every epoch"
    if other.empty:
        return sentence(said)
    row = other.iloc[0]
    run = f"run {row['run_id']} ({row['dataset']})"
    if pd.isna(row["differs_at"]):
        return sentence(f"{said}; {run} could not be retrained: {row['reason']}", said)
    where = f"{run} differs from epoch {int(row['differs_at']):,} on, first in {row['differs_in']}"
    return sentence(f"{said}; {where}", said)


QUESTION = Question(
    name="certificate",
    question="Does retraining give the same numbers?",
    tables=lambda m: {"certificate": m.certificate},
    finding=lambda t: finding(t["certificate"]),
    note="The runs are drawn at random, trained in another stack and process, and compared in "
    "their metrics, predictions and rows. `differs_at` is the first epoch that differs, `reason` "
    "why a run could not be compared.",
    absent=NONE_YET,
)
