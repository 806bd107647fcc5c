"""How runs ended is counted: all of them, and at the level where most diverged."""

from collections.abc import Callable

import pandas as pd
import pytest

from study.report.questions.outcomes import QUESTION, figure, finding
from study.stats.summaries import STATUSES
from tests.studies import Study
from tests.words import only


def counts(*rows: tuple[str, str, str, int, int, int, int, int, int]) -> pd.DataFrame:
    """Return a table of outcomes."""
    return pd.DataFrame(rows, columns=["dataset", "parameter", "level", "planned", *STATUSES])


def test_runs_that_did_not_complete_are_counted_with_the_level_where_most_diverged() -> None:
    table = counts(
        ("a", "all", "all runs", 1600, 1450, 150, 0, 0, 0),
        ("a", "lr", "0.1", 800, 750, 50, 0, 0, 0),
        ("a", "lr", "1", 800, 700, 100, 0, 0, 0),
    )
    assert only(finding(table), "1,600 runs", "150 diverged", "most frequent", "learning rate 1.")
    alone = counts(
        ("a", "all", "all runs", 1600, 1500, 100, 0, 0, 0),
        ("a", "lr", "0.1", 800, 800, 0, 0, 0, 0),
        ("a", "lr", "1", 800, 700, 100, 0, 0, 0),
    )
    assert only(finding(alone), "100 diverged", "only", "learning rate 1.")


def test_where_every_run_diverged_no_level_is_blamed() -> None:
    table = counts(
        ("a", "all", "all runs", 8, 0, 6, 0, 0, 2), ("a", "lr", "1", 8, 0, 6, 0, 0, 2)
    )  # fmt: skip
    sentences = finding(table)
    assert only(sentences, "8 runs", "6 diverged", "2 are missing")
    assert "learning rate" not in sentences[0]


def test_pruned_and_failed_runs_are_named_where_there_are_any() -> None:
    sentences = finding(counts(("a", "all", "all runs", 10, 5, 0, 3, 2, 0)))
    assert only(sentences, "10 runs", "3 were pruned", "2 failed")
    assert "diverged" not in sentences[0]
    assert finding(counts(("a", "all", "all runs", 10, 10, 0, 0, 0, 0))) == []


def test_a_study_in_which_all_runs_completed_does_not_ask(
    read_only: Callable[[str], Study],
) -> None:
    assert not QUESTION.applies(read_only("held out").material)
    assert QUESTION.applies(read_only("finished").material)


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
