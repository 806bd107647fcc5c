"""Stored runs of an unfinished study are counted, and levels without any run are named."""

import pandas as pd

from study.report.unfinished import open_end, unfinished
from study.stats.summaries import STATUSES
from tests.words import has


def counts(*rows: tuple[str, str, str, int, int, int, int, int, int]) -> pd.DataFrame:
    """Return a table of outcomes."""
    return pd.DataFrame(rows, columns=["dataset", "parameter", "level", "planned", *STATUSES])


def test_an_unfinished_search_reports_its_progress() -> None:
    so_far = pd.DataFrame([{"planned": 60, "at_most": 60}])
    assert open_end(so_far) == []
    (sentence,) = open_end(so_far.assign(at_most=450))
    assert has(sentence, "60 of at most 450 runs", "search")


def test_an_unfinished_study_names_levels_without_any_run() -> None:
    table = counts(
        ("a", "all", "all runs", 800, 412, 0, 0, 0, 388),
        ("b", "all", "all runs", 800, 0, 0, 0, 0, 800),
        ("a", "lr", "0.1", 500, 412, 0, 0, 0, 88),
        ("a", "lr", "1", 300, 0, 0, 0, 0, 300),
        ("b", "lr", "0.1", 500, 0, 0, 0, 0, 500),
        ("b", "lr", "1", 300, 0, 0, 0, 0, 300),
    )
    (sentence,) = unfinished(table)
    assert has(sentence, "412 of 1,600 runs", "1,188", "every run on b", "learning rate 1")
    assert "learning rate 0.1" not in sentence


def test_runs_missing_here_and_there_are_counted() -> None:
    table = counts(
        ("a", "all", "all runs", 2, 1, 0, 0, 0, 1),
        ("a", "lr", "0.1", 2, 1, 0, 0, 0, 1),
    )
    (sentence,) = unfinished(table)
    assert has(sentence, "1 of 2 runs", "missing: 1.")
    assert unfinished(table.assign(completed=2, missing=0)) == []
