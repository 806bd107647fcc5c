"""How runs ended is counted: all of them, and at the level where most diverged."""

import pandas as pd
import pytest

from study.report.questions.outcomes import figure, finding
from study.stats.summaries import STATUSES
from tests.words import has


def counts(*rows: tuple[str, str, str, int, int, int, int, int, int]) -> pd.DataFrame:
    """Return a table of outcomes."""
    return pd.DataFrame(rows, columns=["dataset", "parameter", "level", "planned", *STATUSES])


def test_a_finished_study_says_how_its_runs_ended_and_where_most_diverged() -> None:
    table = counts(
        ("a", "all", "all runs", 1600, 1450, 150, 0, 0, 0),
        ("a", "lr", "0.1", 800, 750, 50, 0, 0, 0),
        ("a", "lr", "1", 800, 700, 100, 0, 0, 0),
    )
    (sentence,) = finding(table)
    assert has(sentence, "1,600 runs", "1,450 completed", "150 diverged", "none failed")
    assert has(sentence, "most frequent", "learning rate 1: 100 of 800 runs (12 %)")
    assert "pruned" not in sentence


def test_divergence_at_one_level_alone_is_called_so() -> None:
    table = counts(
        ("a", "all", "all runs", 1600, 1500, 100, 0, 0, 0),
        ("a", "lr", "0.1", 800, 800, 0, 0, 0, 0),
        ("a", "lr", "1", 800, 700, 100, 0, 0, 0),
    )
    assert has(finding(table)[0], "only", "learning rate 1: 100 of 800 runs (12 %)")


def test_where_every_run_diverged_no_level_is_blamed() -> None:
    table = counts(
        ("a", "all", "all runs", 8, 0, 6, 0, 0, 2), ("a", "lr", "1", 8, 0, 6, 0, 0, 2)
    )  # fmt: skip
    first, missing = finding(table)
    assert has(first, "6 runs", "none completed", "6 diverged", "none failed")
    assert "learning rate" not in first
    assert has(missing, "6 of 8 runs", "2")


def test_pruned_and_failed_runs_are_named_where_there_are_any() -> None:
    first, pruned = finding(counts(("a", "all", "all runs", 10, 5, 0, 3, 2, 0)))
    assert has(first, "10 runs", "5 completed", "none diverged", "3 were pruned", "2 failed")
    assert "pruned" in pruned


def test_a_study_of_which_nothing_went_wrong_says_no_more() -> None:
    (sentence,) = finding(counts(("a", "all", "all runs", 10, 10, 0, 0, 0, 0)))
    assert sentence == "All 10 runs completed."


def test_bars_add_up_to_all_planned_runs() -> None:
    table = counts(
        ("a", "all", "all runs", 4, 2, 1, 0, 0, 1), ("a", "lr", "1", 4, 2, 1, 0, 0, 1)
    )  # fmt: skip
    whole, by_lr = figure(table).axes
    bars = [patch.get_extents().transformed(whole.transData.inverted()) for patch in whole.patches]
    ends = [end for bar in bars for end in (bar.x0, bar.x1)]
    assert ends == pytest.approx([0.0, 0.5, 0.5, 0.75, 0.75, 1.0])
    texts = [text.get_text() for text in whole.get_legend().get_texts()]  # type: ignore[union-attr]
    assert texts == ["completed", "diverged", "missing"]
    assert by_lr.get_title(loc="left") == "by learning rate"
    assert (whole.get_xlabel(), by_lr.get_xlabel()) == ("", "share of the planned runs")


def test_a_parameter_that_acts_on_one_dataset_alone_has_no_panel_on_the_other() -> None:
    table = counts(
        ("a", "all", "all runs", 4, 4, 0, 0, 0, 0), ("b", "all", "all runs", 4, 4, 0, 0, 0, 0),
        ("b", "momentum", "0.9", 4, 4, 0, 0, 0, 0),
    )  # fmt: skip
    assert [axes.axison for axes in figure(table).axes] == [True, True, False, True]
