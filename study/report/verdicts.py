"""The verdict matrix: a row for each claim, a column for each dataset and network."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from study.plot.groups import NETWORKS
from study.report.wording import count, listing

ICONS = {"supported": "✓", "contradicted": "✗", "undecided": "?"}
"""The sign of each verdict; screen readers get the word."""

SHORT = {"as_printed": "as printed"}
"""What the head of a column calls a network."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a lead: its text, and the verdict or other kind that gives it a look.

    `place` names its column where the heads of many columns do not fit: on a narrow page.
    """

    text: str
    kind: str = ""
    icon: str = ""
    span: int = 1
    place: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row opens: the evidence of one verdict."""

    place: str
    verdict: str
    strip: tuple[tuple[str, int], ...]
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a lead, and the evidence that it opens."""

    label: str
    cells: tuple[Cell, ...]
    claim: str = ""
    id: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """A table that answers the first question of a study on its first screen."""

    title: str
    key: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def verdicts(claims: pd.DataFrame, beside: pd.DataFrame) -> Lead:
    """Return the matrix of all verdicts, from the tables `claims` and `verdicts`.

    A claim that compares two networks has one cell across both.
    """
    networks = [name for name in claims["implementation"].drop_duplicates() if "−" not in name]
    datasets = list(claims["dataset"].drop_duplicates())
    columns = tuple(
        (str(dataset), SHORT.get(name, name) if len(networks) > 1 else "")
        for dataset in datasets
        for name in networks or [""]
    )
    labels = beside.set_index("id")["label"]
    rows = tuple(
        Row(
            label=str(labels[name]),
            cells=tuple(_cells(of, datasets, networks)),
            claim=str(of["claim"].iloc[0]),
            id=str(name),
            evidence=tuple(_evidence(row, networks) for row in of.to_dict("records")),
        )
        for name, of in claims.groupby("id", sort=False)
    )
    return Lead(
        title="Do the claims hold?" if len(rows) > 1 else "Does the claim hold?",
        key="✓ supported · ✗ contradicted · ? undecided; k/n: the claim held in k of the n "
        "repetitions that differ. Open a claim for its evidence.",
        columns=columns,
        rows=rows,
    )


def _cells(of: pd.DataFrame, datasets: Sequence[str], networks: Sequence[str]) -> Iterator[Cell]:
    """Write a claim's cells, dataset by dataset."""
    rows = {(r["dataset"], r["implementation"]): r for r in of.to_dict("records")}
    for dataset in datasets:
        own = {name: row for (place, name), row in rows.items() if place == dataset}
        both = [name for name in own if name not in networks]
        if both:
            yield _cell(own[both[0]], str(dataset), span=len(networks) or 1)
            continue
        for name in networks:
            place = f"{dataset} {SHORT.get(name, name)}" if len(networks) > 1 else str(dataset)
            yield _cell(own[name], place) if name in own else Cell("–", "na", place=place)


def _cell(row: Mapping[Hashable, Any], place: str, span: int = 1) -> Cell:
    verdict = str(row["verdict"])
    return Cell(f"{row['agree']}/{row['n'] - row['ties']}", verdict, ICONS[verdict], span, place)


def _evidence(row: Mapping[Hashable, Any], networks: Sequence[str]) -> Evidence:
    """Return a verdict's place, its repetitions and its reason, in words."""
    network, n = str(row["implementation"]), int(row["n"])
    named = f", {NETWORKS.get(network, network)}" if len(networks) > 1 else ""
    agree, ties = int(row["agree"]), int(row["ties"])
    parts = (("agree", agree), ("tie", ties), ("against", n - agree - ties))
    words = listing([f"{of} {name}" for name, of in parts if of]) or "none"
    return Evidence(
        place=f"{row['dataset']}{named}",
        verdict=str(row["verdict"]),
        strip=parts,
        words=f"{count(n, 'repetition')}: {words}",
        reason=str(row["reason"]),
    )
