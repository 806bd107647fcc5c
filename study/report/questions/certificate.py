"""Does a run come to the same numbers again? What the runs came to that were trained again."""

import pandas as pd

from study.report.question import Question
from study.report.wording import count, listing

NONE_YET = (
    "There is no certificate yet: when `study run` has trained all runs, it trains some of them "
    "again and compares."
)


def finding(table: pd.DataFrame) -> list[str]:
    """Report how many runs that were trained again have the stored bits, and which have not."""
    if table.empty:
        return [NONE_YET]
    same = table["differs_at"].isna() & table["reason"].isna()
    where = listing([f"in {process}" for process in table["process"].drop_duplicates()])
    again = f"{count(len(table), 'run')}, drawn at random, {'was' if len(table) == 1 else 'were'}"
    says = (
        f"{again} trained again, in another stack and {where}, and every epoch was compared: "
        f"{int(same.sum())} of {len(table)} bit-identical."
    )
    return [says, *(_differs(row) for _, row in table[~same].iterrows())]


def _differs(row: "pd.Series[float]") -> str:
    """Report where a run differs, or why it could not be compared."""
    name = f"Run {row['run_id']} ({row['dataset']}, repetition {row['repetition']})"
    if pd.isna(row["differs_at"]):
        return f"{name} could not be trained again: {row['reason']}."
    return f"{name} differs from epoch {int(row['differs_at']):,} on, first in {row['differs_in']}."


QUESTION = Question(
    name="certificate",
    question="Does a run come to the same numbers again?",
    tables=lambda m: {"certificate": m.certificate},
    finding=lambda t: finding(t["certificate"]),
    absent=NONE_YET,
)
