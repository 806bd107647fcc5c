"""The sentence of a replication has the numbers of its table."""

import pandas as pd
import pytest

from study.report.questions.replication import finding
from tests.words import only


def table(*rows: tuple[str, bool, bool | None]) -> pd.DataFrame:
    """Return rows of the table: kind, same, disagree."""
    result = pd.DataFrame(rows, columns=["kind", "same", "disagree"])
    return result.astype({"disagree": "boolean"})


VERDICTS = [("verdict", True, False)] * 3 + [("verdict", False, True)]


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (VERDICTS, ("3 of 4 verdicts", "1 row disagrees")),
        ([("winner", True, None)], ("1 of 1 winner;", "none disagree")),
        ([*VERDICTS, ("winner", False, True)], ("3 of 4", "0 of 1 winner", "2 rows disagree")),
        ([("order", True, False)] * 2, ("2 of 2 orders of parameters", "none disagree")),
    ],
)
def test_agreements_are_counted(
    rows: list[tuple[str, bool, bool | None]], parts: tuple[str, ...]
) -> None:
    assert only(finding(table(*rows)), *parts)


def test_without_rows_there_is_no_sentence() -> None:
    assert finding(table()) == []
