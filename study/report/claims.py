"""The report's section on the study's hypotheses: what was claimed, and what holds."""

import math

import pandas as pd

from study.analysis.shares import superiority
from study.figures.forest import forest
from study.report.basis import Basis
from study.report.claim_sentences import verdicts
from study.report.material import Material
from study.report.section import Section
from study.report.tables import Tables
from study.spec.hypotheses import Hypothesis, Level


def _tables(material: Material) -> Tables:
    """Return every hypothesis with all that decided it, and the verdicts side by side.

    `agree` is the share of repetitions that came out as claimed, ties counting half, with an
    interval, and `claimed` the share that is claimed: half, where a comparison has a side.
    """
    claims = material.claims
    found = [_agreeing(*row) for row in claims[["agreeing", "ties", "n"]].itertuples(index=False)]
    agree = pd.DataFrame(found, columns=["agree", "agree_low", "agree_high"], index=claims.index)
    shares = {h.id: _claimed(h) for h in material.pipeline.hypotheses}
    whole = claims.assign(claimed=claims["id"].map(shares).astype(float)).join(agree)
    return {"claims": whole, "verdicts": _side_by_side(claims)}


def _agreeing(agreeing: int, ties: int, n: int) -> tuple[float, float, float]:
    return superiority(agreeing, ties, n) if n else (math.nan,) * 3


def _claimed(hypothesis: Hypothesis) -> float:
    """Return the share that is claimed; NaN of equality, which is no matter of shares."""
    if isinstance(hypothesis, Level):
        return hypothesis.expect.share
    return 0.5 if hypothesis.margin is None else math.nan


def _side_by_side(claims: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each hypothesis, its verdicts in a column for each dataset and network."""
    table = claims.drop_duplicates("id")[["id", "claim"]]
    for (dataset, network), rows in claims.groupby(["dataset", "implementation"], sort=False):
        found = dict(zip(rows["id"], rows["verdict"], strict=True))
        table[f"{dataset}, {network}"] = table["id"].map(found)
    return table


SECTIONS: tuple[Section, ...] = (
    Section(
        name="claims",
        question="Do the claims hold?",
        applies=lambda m: bool(m.pipeline.hypotheses),
        tables=_tables,
        answer=lambda t: verdicts(t["claims"]),
        figure=lambda t, _: forest(t["claims"]),
        picture="Points with bars: the share of repetitions in which each hypothesis came out as "
        "claimed, coloured by its verdict, one panel a dataset",
        reading="A point is the share of repetitions that came out as claimed (ties count half), "
        "its bar an interval for it of at least 95 %, its colour the verdict. The short tick is "
        "the share that is claimed: half, where one value should mostly be lower or higher than "
        "another. A verdict needs more than a point beside the tick: sizes count too, and p must "
        "be at most 0.05 after Holm's correction for all hypotheses on that dataset and network.",
        basis=Basis(
            n={"n": "repetitions a point"},
            interval="Clopper and Pearson's for the share, at least 95 %, ties counting against it "
            "at either end",
            chosen="the runs of each hypothesis, matched in all but what it compares",
        ),
        absent="No hypothesis is declared.",
    ),
)
