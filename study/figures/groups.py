"""What a panel or a sentence calls a dataset with one implementation of the network."""

from collections.abc import Iterable
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
