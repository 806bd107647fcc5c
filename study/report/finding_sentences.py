"""What the report says of noise and effects, each sentence a function of a table."""

import pandas as pd

from study.plot.groups import by_group
from study.plot.theme import words
from study.report.wording import at, count, listing, together


def diverging(cells: pd.DataFrame, stable: pd.DataFrame) -> list[str]:
    """Say where most runs diverge and how soon, and how many combinations never do."""
    found = []
    for name, rows in by_group(cells):
        found.append((name, _most(rows)))
    for name, every in by_group(stable):
        for parameter, rows in every.groupby("parameter", sort=False):
            never = rows[rows["smallest_unstable"].isna()]
            said = _spared(len(rows), len(never), words(str(parameter)))
            if constant := int(never["constant"].sum()):
                runs = count(int(never["runs"].sum()), "run")
                said += f"; {constant:,} of their {runs} give one constant answer"
            found.append((name, said))
    return together(found)


def _spared(combinations: int, never: int, parameter: str) -> str:
    """Say how many combinations of the other parameters never diverged."""
    if combinations > 1 and never:
        return (
            f"{never:,} of {count(combinations, 'combination')} of the other parameters never "
            f"diverged, at any {parameter} that was tried"
        )
    if never:
        return f"no {parameter} that was tried made a run diverge"
    if combinations == 1:
        return f"runs diverged at some {parameter} that was tried"
    return f"each combination of the other parameters diverged at some {parameter} that was tried"


def _most(rows: pd.DataFrame) -> str:
    """Name the levels at which the largest share diverged, of several configurations if possible.

    Levels of one parameter that share the largest share are named together.
    """
    several = rows[rows["configurations"] > 1]
    known = rows if several.empty else several
    worst = known.sort_values(["share", "runs"], ascending=False, kind="stable").iloc[0]
    if not worst["diverged"]:
        return "no run diverged"
    same = ["parameter", "other", "other_level", "runs", "diverged"]
    tied = known[(known[same] == worst[same]).all(axis=1)]
    other = f" with {at(worst['other'], worst['other_level'])}" * (worst["other"] != "none")
    each = " each" if len(tied) > 1 else ""
    levels = listing([str(level) for level in tied["level"]])
    return (
        f"most diverge at {at(worst['parameter'], levels)}{other}: "
        f"{worst['diverged']} of {count(int(worst['runs']), 'run')}{each}, first after "
        f"{count(int(tied['first'].min()), 'epoch')}"
    )
