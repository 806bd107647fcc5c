"""Sentences about networks that give one answer to all samples."""

import pandas as pd

from study.report.wording import count
from study.stats.constant import collapsed


def constant(table: pd.DataFrame) -> list[str]:
    """Count the runs of each dataset that give one answer, and configurations in which most do."""
    found = []
    for dataset, rows in table.groupby("dataset", sort=False):
        constants, runs = int(rows["constant"].sum()), int(rows["runs"].sum())
        mostly = int(collapsed(rows).sum())
        if not constants:
            continue
        where = f", most runs of {mostly:,} of {count(len(rows), 'configuration')} among them"
        found.append(
            f"On {dataset}, {constants:,} of {count(runs, 'completed run')} "
            f"{'gives' if constants == 1 else 'give'} one constant answer to all training samples"
            f"{where * bool(mostly)}. Where such runs agree, that is no sign of stability."
        )
    return found
