"""Sentences about the study's hypotheses: which hold, which do not, and where."""

import pandas as pd

from study.report.wording import count, listing, share
from study.stats.mixture import ALPHA
from study.stats.reasons import number as size

ORDER = ("supported", "contradicted", "undecided")

_NETWORKS = {"exact": "the exact network", "as_printed": "the network as printed"}


def verdicts(claims: pd.DataFrame) -> list[str]:
    """Describe every claim's verdicts, from the table `claims`, and what they mean."""
    if claims.empty:
        return []
    counted = claims["verdict"].value_counts()
    each = listing([f"{int(counted.get(verdict, 0))} {verdict}" for verdict in ORDER])
    n = claims["id"].nunique()
    sentences = [_claim(rows) for _, rows in claims.groupby("id", sort=False)]
    if len(claims) == 1:
        return [f"1 hypothesis has 1 verdict: {claims['verdict'].iloc[0]}.", *sentences]
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
    claim = str(rows["claim"].iloc[0]).rstrip(".")
    networks = rows["implementation"].nunique()
    groups = [(verdict, rows[rows["verdict"] == verdict]) for verdict in ORDER]
    parts = [f"{verdict} {_places(where, networks)}" for verdict, where in groups if len(where)]
    level = rows["kind"].iloc[0] == "level"
    often = f" in more than {_often(rows['threshold'].iloc[0])} of the repetitions" * level
    return f"“{claim}”{often}: {'; '.join(parts)}."


def _often(threshold: float) -> str:
    return "half" if threshold == 0.5 else share(threshold)  # noqa: PLR2004  # a word


def _places(rows: pd.DataFrame, networks: int) -> str:
    """Name the datasets of each network, or the datasets where there is one network."""
    if networks == 1:
        places = [f"{_place(row)} ({_seen(row)})" for _, row in rows.iterrows()]
        return f"on {listing(places)}"
    return " and ".join(
        f"for {_NETWORKS.get(str(network), network)} {_places(of, 1)}"
        for network, of in rows.groupby("implementation", sort=False)
    )


def _place(row: pd.Series) -> str:
    """Name the dataset, and the rows for which the verdict holds where all repetitions share them.

    >>> _place(pd.Series({"dataset": "xor", "rows": "its 21 points"}))
    'xor, for its 21 points'
    """
    return f"{row['dataset']}, for {row['rows']}" if row["rows"] else str(row["dataset"])


def _seen(row: pd.Series) -> str:
    """Write the effect, its interval, and in how many repetitions the claim came out.

    >>> _seen(pd.Series({"n": 20, "agree": 15, "ties": 4, "expected": "lower", "value": "adam",
    ...     "with": "sgd", "kind": "comparison", "unit": "ratio", "effect": 1 / 230,
    ...     "low": 1 / 410, "high": 1 / 90}))
    "adam's is 1/230 of sgd's, 1/410 to 1/90; lower in 15 of the 16 repetitions that differ"
    """
    if not row["n"]:
        return "not tested"
    word = f"{row['expected']} in " if row["expected"] in {"lower", "higher"} else "in "
    differ = int(row["n"] - row["ties"])
    seen = f"{word}{row['agree']} of {count(differ, 'repetition')}"
    if row["ties"]:
        seen = f"{word}{row['agree']} of the {count(differ, 'repetition')} that differ"
    if pd.isna(row["effect"]):
        return seen
    ratio = row["unit"] == "ratio"
    effect, low, high = (size(row[name], ratio=ratio) for name in ("effect", "low", "high"))
    if row["kind"] == "comparison":
        one, other = row["value"], row["with"]
        effect = f"{one}'s is {effect} of {other}'s" if ratio else f"{one} − {other} is {effect}"
    else:
        effect = f"median {effect}"
    return f"{effect}, {low} to {high}; {seen}"


def _added(claims: pd.DataFrame) -> list[str]:
    """Name the hypotheses that were added after results, and the verdicts that they undo."""
    late = claims["added"] > 0
    if not late.any():
        return []
    each = claims[late].drop_duplicates("id")
    names = [
        f"{row['id']} (after {count(row['added'], 'repetition')})" for _, row in each.iterrows()
    ]
    says = f"Added after results were there to be seen: {listing(names)}."
    rest = claims[~late]
    undone = rest[(rest["verdict"] == "undecided") & (rest["p"] * len(rest) <= ALPHA)]
    if undone.empty:
        return [f"{says} A fresh study would confirm them."]
    places = [f"{row['id']} on {row['dataset']}" for _, row in undone.iterrows()]
    return [f"{says} Without them there would be a verdict on {listing(places)}."]


def _warned(claims: pd.DataFrame) -> list[str]:
    """Name the verdicts whose mean goes the other way: a few repetitions differ far more."""
    rows = claims[claims["opposed"].astype(bool) & (claims["verdict"] != "undecided")]
    if rows.empty:
        return []
    places = [f"{row['id']} on {row['dataset']}" for _, row in rows.iterrows()]
    says = "A few repetitions go far the other way, so that the mean contradicts the share"
    return [f"{says}: {listing(places)}."]


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
