"""Datasets and networks are called by names that tell them apart."""

import pandas as pd

from study.plot.groups import groups


def test_a_group_names_its_network_where_there_are_several() -> None:
    table = pd.DataFrame({"dataset": ["xor", "xor"], "implementation": ["both", "exact"]})
    assert list(groups(table).values()) == ["xor", "xor"]
    printed = table.assign(implementation=["both", "as_printed"])
    assert list(groups(table, printed).values()) == [
        "xor", "xor, exact network", "xor, network as printed",
    ]  # fmt: skip
