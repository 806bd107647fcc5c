"""What the report says of the runs that were trained again, from the certificate's table."""

import pandas as pd

from study.report.wording import count, listing

NONE_YET = (
    "There is no certificate yet: when `study run` has trained all runs, it trains some of them "
    "again and compares."
)


def certificate(table: pd.DataFrame) -> list[str]:
    """Say how many runs came to the stored bits when they were trained again, and which did not."""
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
    """Say where a run differs, or why it could not be compared."""
    name = f"Run {row['run_id']} ({row['dataset']}, repetition {row['repetition']})"
    if pd.isna(row["differs_at"]):
        return f"{name} could not be trained again: {row['reason']}."
    return f"{name} differs from epoch {int(row['differs_at']):,} on, first in {row['differs_in']}."
