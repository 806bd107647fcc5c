"""The public names are a decision: listed, documented, and the tables' rows among them.

Activations are named by their table: one more is one more row of one file.
"""

from types import ModuleType

import pytest

import nn_core


def test_public_names_are_listed_and_documented() -> None:
    names = {
        name
        for name, value in vars(nn_core).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert names == set(nn_core.__all__)
    assert all(getattr(nn_core, name).__doc__ for name in nn_core.__all__)


@pytest.mark.parametrize("table", ["INITIALIZERS", "LOSSES", "OPTIMIZERS"])
def test_what_a_table_offers_can_be_imported(table: str) -> None:
    for row in getattr(nn_core, table).values():
        assert getattr(nn_core, row.__name__) is row
