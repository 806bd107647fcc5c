"""What the report says of a search with several objectives: the trials that no other beats."""

import pandas as pd

from study.plot.theme import words
from study.report.wording import count, listing, value


def front(trials: pd.DataFrame, objectives: pd.DataFrame) -> list[str]:
    """Say how many trials no other beats, and which of them is best in each objective.

    `objectives` has a row for each of the columns objective_1, objective_2, …: its metric, goal.
    """
    names = list(objectives["objective"])
    found = []
    for dataset, rows in trials.groupby("dataset", sort=False):
        best = rows[rows["front"] == 0]
        if best.empty:
            found.append(f"On {dataset}, no trial came to finite objectives.")
            continue
        ends = []
        for aim in objectives.itertuples():
            order = [str(aim.objective), *(name for name in names if name != aim.objective)]
            rises = [dict(zip(names, objectives["goal"], strict=True))[n] == "minimize"
                     for n in order]  # fmt: skip
            end = best.sort_values(order, ascending=rises, kind="stable").iloc[0]
            values = " | ".join(value(end[name]) for name in names)
            ends.append(f"{end['configuration']} ({values}) in {words(str(aim.metric))}")
        are = "is" if len(best) == 1 else "are"
        found.append(
            f"On {dataset}, {count(len(best), 'trial')} of {len(rows):,} {are} beaten by no other: "
            f"best is {listing(ends)}.{_again(best, len(names))}"
        )
    return found


def _again(front: pd.DataFrame, objectives: int) -> str:
    """Say what those of a front that were confirmed came to with fresh repetitions."""
    again = front[front["fresh_1"].notna()].to_dict("records")
    each = [
        f"{row['configuration']} "
        f"({' | '.join(value(float(row[f'fresh_{i + 1}'])) for i in range(objectives))})"
        for row in again
    ]
    return f" With fresh repetitions: {listing(each)}." if each else ""
