"""Datasets and networks as panels: what each is called, and how many have a row."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pandas as pd

Group: TypeAlias = tuple[str, str]
"""A dataset and an implementation."""

NETWORKS = {"exact": "exact network", "as_printed": "network as printed"}


def groups(*tables: pd.DataFrame) -> dict[Group, str]:
    """Return the datasets and implementations of the tables in order, and how each is called.

    The implementation is named where the tables have several.

    >>> table = pd.DataFrame({"dataset": ["xor", "xor"], "implementation": ["exact", "as_printed"]})
    >>> list(groups(table).values()), list(groups(table[:1]).values())
    (['xor, exact network', 'xor, network as printed'], ['xor'])
    """
    found: list[Group] = [
        (str(dataset), str(implementation))
        for table in tables
        for dataset, implementation in zip(table["dataset"], table["implementation"], strict=True)
    ]
    return {group: _name(group, found) for group in found}


def _name(group: Group, among: Iterable[Group]) -> str:
    dataset, implementation = group
    known = {one for _, one in among} & set(NETWORKS)
    network = NETWORKS.get(implementation)
    return f"{dataset}, {network}" if network and len(known) > 1 else dataset


def by_group(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the name of each dataset and network, and its rows."""
    for (dataset, implementation), name in groups(table).items():
        of = (table["dataset"] == dataset) & (table["implementation"] == implementation)
        yield name, table[of]


ROWS = 12
"""A figure with a row for each dataset and level has so many at most."""


def rows_of(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the rows of a figure over two parameters: each dataset's levels of the first.

    `table` has dataset and first_level. Of many datasets only the first ones have rows, as many as
    make `ROWS` together, but for the first, which has all of its own.

    >>> cells = {"dataset": [f"d{i // 5}" for i in range(20)], "first_level": [*"abcde"] * 4}
    >>> len(rows_of(pd.DataFrame(cells)))
    10
    """
    pairs = list(table[["dataset", "first_level"]].drop_duplicates().itertuples(index=False))
    counts = table.groupby("dataset", sort=False)["first_level"].nunique().cumsum()
    shown = {*counts.index[:1], *counts[counts <= ROWS].index}
    return [(dataset, level) for dataset, level in pairs if dataset in shown]


def cell(table: pd.DataFrame, dataset: str, first_level: str, second_level: str) -> pd.DataFrame:
    """Return the rows of one panel of such a figure: of a dataset and two levels."""
    return table[
        (table["dataset"] == dataset)
        & (table["first_level"] == first_level)
        & (table["second_level"] == second_level)
    ]
