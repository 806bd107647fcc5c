"""What `make calibration` stored is complete, repeatable and within its limits."""

import math

import numpy as np
import pytest

from tests.calibrated import measured, rows
from tests.calibration_tables import TABLES, stored, tables
from tests.generated import RATES, ROOT

pytestmark = pytest.mark.no_cover  # many rounds of what other tests trace

ROWS = {row.key: row for row in rows()}


def test_every_simulation_is_stored_and_no_other() -> None:
    assert [*stored()] == [*ROWS]
    assert {row.table for row in ROWS.values()} == set(TABLES)


def test_no_rate_is_above_what_is_allowed_by_more_than_two_standard_errors() -> None:
    for key, (rounds, rate) in stored().items():
        allowed = ROWS[key].allowed
        error = math.sqrt(allowed * (1 - allowed) / rounds)
        assert math.isnan(allowed) or rate <= allowed + 2 * error, key


def test_the_worlds_that_are_promised_are_simulated() -> None:
    worlds = {"unequal spread", "skewed", "failing rivals", "common draws", "ties"}
    for table in ("the best is not tied", "matters", "warnings"):
        own = [key for key in ROWS if key[0] == table]
        assert {world for _, _, world, _ in own} >= worlds
        assert {n for *_, n in own} == {6, 10, 20}
    of_best = {name for table, name, *_ in ROWS if table == "the best is not tied"}
    assert of_best == {
        f"{rivals} rivals, {quantile}"
        for rivals in (3, 127)
        for quantile in ("median", "worst repetition")
    }


SAMPLE = [key for i, key in enumerate(ROWS) if key[0] != "warnings" and i % 23 == 0]


@pytest.mark.parametrize("key", SAMPLE, ids=str)
def test_a_rate_equals_the_stored_one(key: tuple[str, str, str, int]) -> None:
    """Fewer rounds, so within four standard errors of both together."""
    rounds, rate = measured(ROWS[key], 60)
    before, expected = stored()[key]
    spread = max(expected * (1 - expected), 0.02) if key[0] != "share" else 0.02
    assert abs(rate - expected) <= 4 * math.sqrt(spread * (1 / rounds + 1 / before))


def test_a_simulation_gives_the_same_number_each_time() -> None:
    key = ("missed", "share of diverged runs", "common draws", 10)
    assert measured(ROWS[key], 30) == measured(ROWS[key], 30)


def test_the_tables_have_the_worst_world_of_each_row() -> None:
    made = tables(stored())
    rates = [
        rate for (table, name, _, n), (_, rate) in stored().items()
        if (table, name, n) == ("the best is not tied", "3 rivals, median", 20)
    ]  # fmt: skip
    assert len(rates) == 6
    (line,) = [line for line in made.splitlines() if line.startswith("| 3 rivals, median |")]
    assert line.split("|")[4].strip() == f"{100 * np.max(rates):.1f} %"
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    assert page.partition(RATES)[2].startswith(f"\n{made}\n")
