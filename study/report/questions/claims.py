"""Do the claims hold? The study's hypotheses: what was claimed, and which verdict each has."""

import pandas as pd

from study.plot.forest import forest
from study.plot.groups import NETWORKS
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.wording import count, listing
from study.spec.hypotheses import Hypothesis, Interaction, Level
from study.stats.mixture import ALPHA
from study.stats.reasons import number, often

ORDER = ("supported", "contradicted", "undecided")


def tables(material: Material) -> Tables:
    """Return every hypothesis with all that decided it, and the verdicts side by side."""
    claims = material.claims
    labels = {h.id: _labels(h) for h in material.pipeline.hypotheses}
    sides = pd.DataFrame(
        [labels[name] for name in claims["id"]],
        columns=["value", "with", "expected"],
        index=claims.index,
        dtype=object,
    )
    names = {h.id: h.label or h.claim for h in material.pipeline.hypotheses}
    beside = claims.drop_duplicates("id")[["id", "claim"]]
    beside["label"] = beside["id"].map(names)
    for (dataset, network), rows in claims.groupby(["dataset", "implementation"], sort=False):
        found = dict(zip(rows["id"], rows["verdict"], strict=True))
        beside[f"{dataset}, {network}"] = beside["id"].map(found)
    return {"claims": claims.join(sides), "verdicts": beside}


def _labels(hypothesis: Hypothesis) -> tuple[str, str, str]:
    """Return what a comparison calls its two sides, and how the first compares; else nothing."""
    if isinstance(hypothesis, Level | Interaction):
        return "", "", ""
    return (*hypothesis.compare.labels, hypothesis.expect)


def finding(claims: pd.DataFrame) -> list[str]:
    """Describe every claim's verdicts, from the table `claims`, and what they mean."""
    if claims.empty:
        return []
    sentences = [_claim(rows) for _, rows in claims.groupby("id", sort=False)]
    if len(claims) == 1:
        return [f"1 hypothesis has 1 verdict: {claims['verdict'].iloc[0]}.", *sentences]
    counted, n = claims["verdict"].value_counts(), claims["id"].nunique()
    each = listing([f"{int(counted.get(verdict, 0))} {verdict}" for verdict in ORDER])
    tested = "1 hypothesis has" if n == 1 else f"{n} hypotheses have"
    where = "a dataset and network" if len(set(claims["implementation"])) > 1 else "a dataset"
    first = (
        f"{tested} {count(len(claims), 'verdict')}, each on {where}: {each}. Undecided is not "
        "refuted: these repetitions do not decide. All verdicts together are free of error with "
        "at least 95 %."
    )
    return [first, *sentences, *_added(claims), *_warned(claims), *_apart(claims)]


def _claim(rows: pd.DataFrame) -> str:
    """Describe where a claim is supported, contradicted and undecided, with its evidence."""
    first, networks = rows.iloc[0], rows["implementation"].nunique()
    groups = [(verdict, rows[rows["verdict"] == verdict]) for verdict in ORDER]
    parts = [f"{verdict} {_places(where, networks)}" for verdict, where in groups if len(where)]
    share = f" in more than {often(first['threshold'])} of the repetitions"
    return (
        f"“{str(first['claim']).rstrip('.')}”{share * (first['kind'] == 'level')}: "
        f"{'; '.join(parts)}."
    )


def _places(rows: pd.DataFrame, networks: int) -> str:
    """Name the datasets of each network, or the datasets where there is one network.

    Where all repetitions share their rows, these are named: the verdict holds for them alone.
    """
    if networks > 1:
        parts = rows.groupby("implementation", sort=False)
        return " and ".join(f"for {_network(str(name))} {_places(of, 1)}" for name, of in parts)
    places = [
        f"{row['dataset']}{', for ' * bool(row['rows'])}{row['rows']} ({_seen(row)})"
        for _, row in rows.iterrows()
    ]
    return f"on {listing(places)}"


def _network(name: str) -> str:
    return f"the {NETWORKS[name]}" if name in NETWORKS else name


def _seen(row: pd.Series) -> str:
    """Write the effect, its interval, and in how many repetitions the claim came out.

    >>> _seen(pd.Series({"n": 20, "agree": 15, "ties": 4, "expected": "lower", "value": "adam",
    ...     "with": "sgd", "kind": "comparison", "unit": "ratio", "effect": 1 / 230,
    ...     "low": 1 / 410, "high": 1 / 90}))
    "adam's is 1/230 of sgd's, 1/410 to 1/90; lower in 15 of the 16 repetitions that differ"
    """
    if not row["n"]:
        return "not tested"
    word = f"{row['expected']} " if row["expected"] in {"lower", "higher"} else ""
    differ = count(int(row["n"] - row["ties"]), "repetition")
    of = f"of the {differ} that differ" if row["ties"] else f"of {differ}"
    seen = f"{word}in {row['agree']} {of}"
    if pd.isna(row["effect"]):
        return seen
    ratio = row["unit"] == "ratio"
    effect, low, high = (number(row[name], ratio=ratio) for name in ("effect", "low", "high"))
    if row["kind"] == "comparison":
        one, other = row["value"], row["with"]
        effect = f"{one}'s is {effect} of {other}'s" if ratio else f"{one} − {other} is {effect}"
    else:
        effect = f"median {effect}"
    return f"{effect}, {low} to {high}; {seen}"


def _on(claims: pd.DataFrame) -> str:
    return listing([f"{row['id']} on {row['dataset']}" for _, row in claims.iterrows()])


def _added(claims: pd.DataFrame) -> list[str]:
    """Name the hypotheses that were added after results, and the verdicts that they undo."""
    late = claims["added"] > 0
    if not late.any():
        return []
    each = claims[late].drop_duplicates("id")[["id", "added"]].itertuples(index=False)
    names = [f"{name} (after {count(added, 'repetition')})" for name, added in each]
    says = f"Added after results were there to be seen: {listing(names)}."
    rest = claims[~late]
    undone = rest[(rest["verdict"] == "undecided") & (rest["p"] * len(rest) <= ALPHA)]
    if undone.empty:
        return [f"{says} A fresh study would confirm them."]
    return [f"{says} Without them there would be a verdict on {_on(undone)}."]


def _warned(claims: pd.DataFrame) -> list[str]:
    """Name the verdicts whose mean goes the other way: a few repetitions differ far more."""
    rows = claims[claims["opposed"].astype(bool) & (claims["verdict"] != "undecided")]
    says = "A few repetitions go far the other way, so that the mean contradicts the share"
    return [f"{says}: {_on(rows)}."] if len(rows) else []


def _apart(claims: pd.DataFrame) -> list[str]:
    """Name the hypotheses that the networks answer differently, as far as they are decided."""
    opposite: list[str] = []
    one: list[str] = []
    for name, rows in claims.groupby("id", sort=False):
        found = {str(on): set(of["verdict"]) for on, of in rows.groupby("dataset", sort=False)}
        apart = [on for on, seen in found.items() if {"supported", "contradicted"} <= seen]
        decided = [on for on, seen in found.items() if len(seen) > 1 and on not in apart]
        opposite += [f"{name} ({listing(apart)})"] if apart else []
        one += [f"{name} ({listing(decided)})"] if decided else []
    sentences = []
    if opposite:
        sentences.append(f"The networks have opposite verdicts in {listing(opposite)}.")
    if one:
        sentences.append(
            f"Decided for one network alone: {listing(one)}. That one is decided and the other is "
            "not does not show that the networks differ: a hypothesis about both would."
        )
    return sentences


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
    unfolded=("verdicts",),
    question="Do the claims hold?",
    applies=lambda m: bool(m.pipeline.hypotheses),
    tables=tables,
    finding=lambda t: finding(t["claims"]),
    figure=lambda t, _: forest(t["claims"]),
    code=CODE,
    picture="Points with bars: the share of repetitions in which each hypothesis came out as "
    "claimed, coloured by its verdict, one panel a dataset",
    caption="A point is the share of repetitions that came out as claimed, ties left out. Its "
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
)
