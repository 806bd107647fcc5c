"""How sure is each verdict? Every hypothesis of the study with its verdict and its evidence."""

from collections.abc import Iterator

import pandas as pd

from study.plot.forest import forest
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.wording import count, listing
from study.spec.hypotheses import Hypothesis, Interaction, Level
from study.stats.mixture import ALPHA

VERDICTS = ("supported", "contradicted", "undecided")

FEWEST = 3
"""Fewer verdicts of a dataset are not drawn: the first screen has all of them."""

SHORT = 44
"""Characters of a label that names a row of the figure."""


def tables(material: Material) -> Tables:
    """Return every verdict with its evidence, the verdicts side by side, and notes on them."""
    claims = material.claims
    sides = {h.id: _sides(h) for h in material.pipeline.hypotheses}
    names = {h.id: h.label or h.claim for h in material.pipeline.hypotheses}
    table = pd.DataFrame(
        [(names[name], *sides[name]) for name in claims["id"]],
        columns=["label", "value", "with", "expected"],
        index=claims.index,
        dtype=object,
    )
    claims = claims.join(table)
    beside = claims.drop_duplicates("id")[["id", "claim", "label"]]
    for (dataset, network), rows in claims.groupby(["dataset", "implementation"], sort=False):
        verdicts = dict(zip(rows["id"], rows["verdict"], strict=True))
        beside[f"{dataset}, {network}"] = beside["id"].map(verdicts)
    return {"claims": claims, "verdicts": beside, "claim_notes": notes(named(claims))}


def _sides(hypothesis: Hypothesis) -> tuple[str, str, str]:
    """Return the labels of both sides of a comparison, and the direction that is expected."""
    if isinstance(hypothesis, Level | Interaction):
        return "", "", ""
    return (*hypothesis.compare.labels, hypothesis.expect)


def finding(claims: pd.DataFrame) -> list[str]:
    """Count the claims that are supported everywhere, contradicted everywhere, or neither."""
    if claims.empty:
        return []
    each = claims.groupby("id", sort=False)["verdict"].agg(set)
    counted = each.map(lambda seen: next(iter(seen)) if len(seen) == 1 else "mixed").value_counts()
    every = "Both" if len(each) == 2 else f"All {len(each):,}"  # noqa: PLR2004  # as one says it
    which = "The claim is" if len(each) == 1 else f"{every} claims are"
    if counted.to_dict() == {"undecided": len(each)}:
        n, them = int(claims["n"].max()), "it" if len(each) == 1 else "them"
        why = f"{count(n, 'repetition')} cannot decide {them}" if n else "nothing could be tested"
        return [f"{which} undecided: {why}."]
    everywhere = " everywhere" if len(claims) > len(each) else ""
    parts = [
        (int(counted[name]), f"{name}{everywhere * (name != 'mixed')}")
        for name in (*VERDICTS[:2], "mixed", VERDICTS[2])
        if name in counted
    ]
    if len(parts) == 1:
        return [f"{which} {parts[0][1]}."]
    counts = listing([f"{n:,} {'is' if n == 1 else 'are'} {what}" for n, what in parts])
    return [f"Of {len(each):,} claims, {counts}."]


def notes(claims: pd.DataFrame) -> pd.DataFrame:
    """Return what a reader of the verdicts should know: a row for each note that applies."""
    sentences = [*_added(claims), *_opposed(claims), *_apart(claims)]
    return pd.DataFrame(sentences, columns=["note", "claims", "meaning"], dtype="str")


def _on(claims: pd.DataFrame) -> str:
    return listing([f"{row['id']} on {row['dataset']}" for _, row in claims.iterrows()])


def _added(claims: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the hypotheses that were added after results, and the verdicts that they undo."""
    late = claims["added"] > 0
    if not late.any():
        return
    each = claims[late].drop_duplicates("id")[["id", "added"]].itertuples(index=False)
    names = [f"{name} (after {count(added, 'repetition')})" for name, added in each]
    rest = claims[~late]
    undone = rest[(rest["verdict"] == "undecided") & (rest["p"] * len(rest) <= ALPHA)]
    meaning = "a fresh study can confirm them: study replicate"
    if len(undone):
        meaning = f"each verdict needs more evidence now; without them, decided: {_on(undone)}"
    yield "added after results were seen", listing(names), meaning


def _opposed(claims: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the verdicts whose mean has the other direction: a few repetitions differ far more."""
    rows = claims[claims["opposed"].astype(bool) & (claims["verdict"] != "undecided")]
    if len(rows):
        yield (
            "the mean contradicts the share",
            _on(rows),
            "a few repetitions go far in the other direction: see the column worst",
        )


def _apart(claims: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the claims with opposite verdicts for the networks on one dataset."""
    sentences = [
        f"{name} on {dataset}"
        for (name, dataset), rows in claims.groupby(["id", "dataset"], sort=False)
        if {"supported", "contradicted"} <= set(rows["verdict"])
    ]
    if sentences:
        yield (
            "the networks have opposite verdicts",
            listing(sentences),
            "the claim depends on which network is trained",
        )


def named(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts with labels instead of ids, if the labels are short and differ."""
    labels = claims.drop_duplicates("id")["label"]
    short = labels.is_unique and labels.str.len().max() <= SHORT
    return claims.assign(id=claims["label"]) if short else claims


CODE = """
table = pd.read_parquet(f"{folder}/tables/claims.parquet")
table["name"] = table["id"] + ", " + table["implementation"]
grid = sns.relplot(table, x="share", y="name", hue="verdict", style="verdict", col="dataset")
for dataset, axes in grid.axes_dict.items():  # the share to beat is table["threshold"]
    rows = table[table["dataset"] == dataset]
    axes.hlines(rows["name"], rows["share_low"], rows["share_high"])
"""

QUESTION = Question(
    name="claims",
    unfolded=("claim_notes",),
    question="How sure is each verdict?",
    applies=lambda m: bool(m.pipeline.hypotheses),
    tables=tables,
    finding=lambda t: finding(t["claims"]),
    figure=lambda t, _: forest(named(t["claims"])),
    code=CODE,
    picture="Points with bars: the share of repetitions that agree with each claim, coloured by "
    "the verdict, one panel a dataset",
    caption="A point is the share of repetitions that agree with the claim; ties do not count. "
    "Its bar is an interval, the tick the share to beat. There is a verdict where the bar excludes "
    "the tick.",
    note="Undecided does not mean refuted: more repetitions could decide the claim. The share to "
    "beat is one half, or the share that the claim itself states. All verdicts and all bars of the "
    "study hold together with at least 95 %, however often results were looked at and whenever "
    "repetitions were added. A claim that is decided for one network and undecided for another "
    "does not show that the networks differ; only a claim that compares them does. The table "
    "claims has the effect size, its interval, the worst repetition and the reason of each "
    "verdict.",
    basis=Basis(
        n={"n": "repetitions a point"},
        interval="for the share, by a mixture likelihood ratio at 5 % divided by the number "
        "of verdicts",
        chosen="the runs of each claim, matched in everything that it does not compare",
    ),
    absent="The study declares no hypothesis.",
    draws="share",
    fewest=FEWEST,
)
