"""The one table of columns is complete, and describes each column for its readers."""

import pytest

from study.columns import PARAMETER_COLUMNS, TABLES, Column, parameter_columns
from study.space import PARAMETERS, canonical

every = [
    pytest.param(column, id=f"{table}.{column.name}")
    for table, columns in TABLES.items()
    for column in columns
]


@pytest.mark.parametrize("column", every)
def test_a_column_has_a_meaning_in_words_without_characters_that_break_a_table(
    column: Column,
) -> None:
    assert len(column.meaning) > 8
    assert "|" not in column.meaning
    assert "\n" not in column.meaning
    assert column.name.isidentifier()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_names_no_column_twice(table: str) -> None:
    names = [column.name for column in TABLES[table]]
    assert len(set(names)) == len(names)


def test_every_parameter_is_a_column_and_hidden_has_its_numbers_next_to_it() -> None:
    names = [column.name for column in PARAMETER_COLUMNS]
    assert set(names) == set(parameter_columns(canonical({})))
    assert [name for name in names if name not in {"layers", "width"}] == list(PARAMETERS)
    at = names.index("hidden")
    assert names[at : at + 3] == ["hidden", "layers", "width"]
    for table in ("metrics", "runs", "trials"):
        assert set(PARAMETER_COLUMNS) < set(TABLES[table])


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_that_does_not_always_act_has_its_condition(name: str) -> None:
    (column,) = (column for column in PARAMETER_COLUMNS if column.name == name)
    assert column.role == "parameter"
    assert ("null unless" in column.meaning) == bool(PARAMETERS[name].acts_with)


def test_the_numbers_of_hidden_are_null_if_widths_differ() -> None:
    for hidden, layers, width in (("8", 1, 8), ("8x8x8", 3, 8), ("8x8x9", 3, None)):
        configuration = canonical({"hidden": hidden})
        beside = {"layers": layers, "width": width}
        assert parameter_columns(configuration) == {**configuration, **beside}
