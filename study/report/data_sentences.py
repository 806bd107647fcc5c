"""What the report says of a study's own data: what the target is, and what repetitions draw."""

import math

import pandas as pd

from study.report.wording import count, number


def _standardized(spread: float) -> str:
    """Return how a loss translates into the target's own unit, if it was divided by anything."""
    if math.isnan(spread):
        return ""
    return (
        f". It is standardized by the training part: a loss of 1 is a root-mean-square error of "
        f"{number(spread)} in its own unit, as of always answering the mean"
    )


def own_data(data: pd.DataFrame) -> list[str]:
    """Say what each file's samples and labels are, from the table `data`; generated ones are not.

    That repetitions share the samples is said, since an interval then tells of no other ones.
    """
    found = []
    for row in data[data["file"] != ""].to_dict("records"):
        held = f", of which {row['held_out']:,} are held out" if row["held_out"] else ""
        target = (
            f"has two classes: label 0 is {row['label_0']}, label 1 is {row['label_1']}"
            if row["classes"]
            else f"is a number, so there is no accuracy{_standardized(row['spread'])}"
        )
        drawn = "the weights" if not row["held_out"] else "the weights and which are held out"
        drawn = "the weights" if row["draw"] == "once" else drawn
        found.append(
            f"The data of {row['dataset']} are {count(row['samples'], 'sample')} of "
            f"{count(row['inputs'], 'input')} from {row['file']}{held}; the target {row['target']} "
            f"{target}. Repetitions share these samples and differ in {drawn}: their intervals say "
            "nothing of other samples."
        )
    return found
