"""The report's section on the study's hypotheses: what was claimed, and what holds."""

import pandas as pd

from study.plot.forest import forest
from study.report.claim_sentences import verdicts
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.spec.hypotheses import Hypothesis, Interaction, Level


def _tables(material: Material) -> Tables:
    """Return every hypothesis with all that decided it, and the verdicts side by side."""
    labels = {h.id: _labels(h) for h in material.pipeline.hypotheses}
    sides = pd.DataFrame(
        [labels[name] for name in material.claims["id"]],
        columns=["value", "with", "expected"],
        index=material.claims.index,
        dtype=object,
    )
    return {"claims": material.claims.join(sides), "verdicts": _side_by_side(material.claims)}


def _labels(hypothesis: Hypothesis) -> tuple[str, str, str]:
    """Return what a comparison calls its two sides, and how the first compares; else nothing."""
    if isinstance(hypothesis, Level | Interaction):
        return "", "", ""
    return (*hypothesis.compare.labels, hypothesis.expect)


def _side_by_side(claims: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each hypothesis, its verdicts in a column for each dataset and network."""
    table = claims.drop_duplicates("id")[["id", "claim"]]
    for (dataset, network), rows in claims.groupby(["dataset", "implementation"], sort=False):
        found = dict(zip(rows["id"], rows["verdict"], strict=True))
        table[f"{dataset}, {network}"] = table["id"].map(found)
    return table


SECTIONS: tuple[Question, ...] = (
    Question(
        name="claims",
        unfolded=("verdicts",),
        question="Do the claims hold?",
        applies=lambda m: bool(m.pipeline.hypotheses),
        tables=_tables,
        finding=lambda t: verdicts(t["claims"]),
        figure=lambda t, _: forest(t["claims"]),
        picture="Points with bars: the share of repetitions in which each hypothesis came out as "
        "claimed, coloured by its verdict, one panel a dataset",
        reading="A point is the share of repetitions that came out as claimed, ties left out. Its "
        "bar is the interval for that share, its colour the verdict. The short tick is the share "
        "to beat: half, or what a level claims. There is a verdict exactly where the bar excludes "
        "the tick. All bars of the study hold together with 95 %, however often one looked and "
        "whenever repetitions were added.",
        basis=Basis(
            n={"n": "repetitions a point"},
            interval="for the share, by a mixture likelihood ratio at 5 % divided by the number "
            "of verdicts",
            chosen="the runs of each hypothesis, matched in all but what it compares",
        ),
        absent="No hypothesis is declared.",
    ),
)
