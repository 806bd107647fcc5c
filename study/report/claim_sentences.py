"""What the report says of the study's hypotheses: which hold, which do not, and where."""

import pandas as pd

from study.report.wording import count, listing, share

ORDER = ("supported", "contradicted", "undecided")

_NETWORKS = {"exact": "the exact network", "as_printed": "the network as printed"}


def verdicts(claims: pd.DataFrame) -> list[str]:
    """Say what every claim came to, from the table `claims`, and what that means."""
    if claims.empty:
        return []
    counted = claims["verdict"].value_counts()
    each = listing([f"{int(counted.get(verdict, 0))} {verdict}" for verdict in ORDER])
    n = claims["id"].nunique()
    if len(claims) == 1:
        only = f"1 hypothesis comes to 1 verdict: {claims['verdict'].iloc[0]}."
        return [only, *(_claim(rows) for _, rows in claims.groupby("id", sort=False))]
    tested = "1 hypothesis comes" if n == 1 else f"{n} hypotheses come"
    where = "a dataset and network" if len(set(claims["implementation"])) > 1 else "a dataset"
    first = (
        f"{tested} to {count(len(claims), 'verdict')}, each on {where}: {each}. Undecided is "
        "not refuted: it means that these repetitions do not tell."
    )
    sentences = [_claim(rows) for _, rows in claims.groupby("id", sort=False)]
    return [first, *sentences, *_apart(claims)]


def _claim(rows: pd.DataFrame) -> str:
    """Say where a claim is supported, contradicted and undecided."""
    claim = str(rows["claim"].iloc[0]).rstrip(".")
    networks = rows["implementation"].nunique()
    groups = [(verdict, rows[rows["verdict"] == verdict]) for verdict in ORDER]
    parts = [
        f"{verdict} everywhere"
        if len(where) == len(rows) > 1
        else f"{verdict} {_places(where, networks)}"
        for verdict, where in groups
        if len(where)
    ]
    level = rows["kind"].iloc[0] == "level"
    often = f" in at least {share(rows['claimed'].iloc[0])} of the runs" if level else ""
    return f"“{claim}”{often}: {'; '.join(parts)}."


def _places(rows: pd.DataFrame, networks: int) -> str:
    """Name the datasets of each network, or the datasets where there is one network.

    >>> table = pd.DataFrame({"implementation": ["exact"] * 2, "dataset": ["linear", "xor"]})
    >>> _places(table, 2), _places(table, 1)
    ('for the exact network on linear and xor', 'on linear and xor')
    """
    if networks == 1:
        return f"on {listing(rows['dataset'].astype(str).tolist())}"
    return " and ".join(
        f"for {_NETWORKS.get(str(network), network)} {_places(of, 1)}"
        for network, of in rows.groupby("implementation", sort=False)
    )


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
        sentences.append(f"The networks come to opposite verdicts in {listing(opposite)}.")
    if one:
        sentences.append(
            f"Decided for one network alone: {listing(one)}. That one is decided and the other is "
            "not does not show that the networks differ: a hypothesis about both would."
        )
    return sentences
