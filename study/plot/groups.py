"""Datasets and networks as panels: their titles, and the number of those with a row."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pandas as pd

Group: TypeAlias = tuple[str, str]
"""A dataset and an implementation."""

ROLES = {
    "base": "base setup",
    "best": "best configuration",
    "base and best": "base setup, also the best",
    "near": "nearest to the base setup",
    "near and best": "nearest to the base setup, also the best",
}
"""Role of a configuration, as in `study.stats.reference.roles` → its name in a title."""

NETWORKS = {"exact": "exact network", "as_printed": "network as printed"}


def groups(*tables: pd.DataFrame) -> dict[Group, str]:
    """Return the datasets and implementations of the tables in order, with their titles.

    The implementation is named if the tables have several.

    >>> table = pd.DataFrame({"dataset": ["xor", "xor"], "implementation": ["exact", "as_printed"]})
    >>> list(groups(table).values()), list(groups(table[:1]).values())
    (['xor, exact network', 'xor, network as printed'], ['xor'])
    """
    parted: list[Group] = [
        (str(dataset), str(implementation))
        for table in tables
        for dataset, implementation in zip(table["dataset"], table["implementation"], strict=True)
    ]
    return {group: _name(group, parted) for group in parted}


def _name(group: Group, among: Iterable[Group]) -> str:
    dataset, implementation = group
    networks = {one for _, one in among} & set(NETWORKS)
    network = NETWORKS.get(implementation)
    return f"{dataset}, {network}" if network and len(networks) > 1 else dataset


def titles(table: pd.DataFrame) -> dict[Group, str]:
    """Return what distinguishes the groups of a figure; a single dataset needs no name.

    >>> table = pd.DataFrame({"dataset": ["xor", "xor"], "implementation": ["exact", "as_printed"]})
    >>> list(titles(table).values()), list(titles(table[:1]).values())
    (['exact network', 'network as printed'], [''])
    """
    names, datasets = groups(table), set(table["dataset"])
    if len(datasets) > 1:
        return names
    return {of: name.removeprefix(of[0]).removeprefix(", ") for of, name in names.items()}


def by_group(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name of each dataset and network, and its rows."""
    for (dataset, implementation), name in groups(table).items():
        of = (table["dataset"] == dataset) & (table["implementation"] == implementation)
        yield name, table[of]


CELL = ["dataset", "first_level", "second_level"]
"""The columns that name a panel of a figure over two parameters: a dataset, a level of each."""

LEAST = 0.95
"""Inches, of a panel's width: its title is a parameter and a level, and three fit a phone."""

ROWS = 12
"""The most rows of a figure with a row for each dataset and level."""


def by_two(table: pd.DataFrame) -> pd.DataFrame:
    """Return the part of a table that a figure over two parameters shows, with the column `row`.

    `table` has dataset and first_level; a row of the figure is a level of the first parameter on a
    dataset. Of many datasets only the first ones have rows, up to `ROWS` together, except that
    the first dataset has all of its own.

    >>> cells = {"dataset": [f"d{i // 5}" for i in range(20)], "first_level": [*"abcde"] * 4}
    >>> by_two(pd.DataFrame(cells))["row"].nunique()
    10
    """
    counts = table.groupby("dataset", sort=False)["first_level"].nunique().cumsum()
    shown = table[table["dataset"].isin({*counts.index[:1], *counts[counts <= ROWS].index})]
    if len(set(shown["dataset"])) == 1:
        return shown.assign(row=shown["first_level"])
    return shown.assign(
        row=[f"{of}\n{n}" for of, n in zip(shown["dataset"], shown["first_level"], strict=True)]
    )
