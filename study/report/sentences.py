"""What the report says in words: sentences made from its tables, and from nothing else."""

import pandas as pd

from study.plot.theme import words
from study.report.unfinished import added
from study.report.wording import count, listing


def studied(parameters: pd.DataFrame, size: pd.DataFrame) -> list[str]:
    """Say what was studied, from the tables `parameters` and `size`."""
    row = size.iloc[0]
    varied = [words(name) for name in parameters.loc[parameters["studied"], "parameter"]]
    verb = "varies" if len(varied) < 2 else "vary"  # noqa: PLR2004  # one, or more
    datasets = count(row["datasets"], "dataset")
    factors = f"{count(row['configurations'], 'configuration')} × {datasets}"
    if row["method"] != "grid":
        factors = f"{count(row['trials'], 'configuration')}, each on one dataset,"
    product = row["trials"] * row["repetitions"]
    confirmed = "" if product >= row["planned"] else " (those that were confirmed: twice as many)"
    size_of_study = (
        f"Small neural networks learn {datasets}. {listing(varied or ['nothing']).capitalize()} "
        f"{verb}; everything else is the same for all. {factors} × "
        f"{count(row['repetitions'], 'repetition')}{confirmed} make "
        f"{count(row['planned'], 'run')}, each of up to {count(row['epochs'], 'epoch')}."
        f"{added(row)}"
    )
    fairness = (
        "The repetitions of a configuration differ in their random draws alone. Repetition 0 has "
        "the same data in every configuration, and the same initial weights where their shapes "
        "agree, as have 1, 2 and so on: comparisons are fair."
    )
    return [size_of_study, fairness] if row["repetitions"] > 1 else [size_of_study]
