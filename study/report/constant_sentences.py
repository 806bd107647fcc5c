"""What the report says of networks that give one answer to everything."""

import pandas as pd

from study.report.wording import count


def constant(table: pd.DataFrame) -> list[str]:
    """Say on each dataset how many runs give one answer, and of which configuration the most."""
    found = []
    for dataset, rows in table.groupby("dataset", sort=False):
        constants, runs = int(rows["constant"].sum()), int(rows["runs"].sum())
        if not constants:
            continue
        most = rows.iloc[int((rows["constant"] / rows["runs"]).to_numpy().argmax())]
        where = f", most often {most['configuration']}" if len(rows) > 1 else ""
        of = f" ({most['constant']:,} of {most['runs']:,})" if where else ""
        found.append(
            f"On {dataset}, {constants:,} of {count(runs, 'completed run')} "
            f"{'gives' if constants == 1 else 'give'} one constant answer to all training samples"
            f"{where}{of}. Where such runs agree, that is collapse and no stability."
        )
    return found
