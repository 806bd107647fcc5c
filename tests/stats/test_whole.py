"""All runs of pruned trials are left out, by one rule for all of the report."""

import numpy as np
import pandas as pd
import pytest

from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.report.material import Material
from study.stats.cells import Cells
from study.stats.comparable import pruned, whole
from study.stats.scales import compared
from tests import searches
from tests.grids import grid

TABLES = {section.name: section.tables for section in QUESTIONS}


def test_one_pruned_run_takes_its_siblings_along_and_no_other_trial() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 3, datasets=("xor", "linear"))
    runs["status"] = ["diverged", "pruned", "diverged", *["completed", "diverged", "missing"] * 3]
    assert np.flatnonzero(pruned(runs)).tolist() == [0, 1, 2]
    assert list(whole(runs).index) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert list(compared(runs).index) == [3, 4, 6, 7, 9, 10]


def test_a_trial_that_diverged_in_all_its_runs_was_not_pruned() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 3).assign(status="diverged")
    assert not pruned(runs).any()
    assert len(compared(runs)) == 6


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> tuple[Material, pd.DataFrame]:
    """Return a search whose pruned trials have runs that diverged, and its stored runs."""
    pipeline = searches.searching("random", "search.repetitions=4", "search.confirm=1")
    folder = searches.made(pipeline, tmp_path_factory.mktemp("search"))
    return gather(folder), pd.read_parquet(folder / "runs.parquet")


def remaining(runs: pd.DataFrame) -> set[str]:
    """Return the stored runs of all trials without a pruned run, found row by row."""
    values = ["dataset", "hidden", "activation", "lr", "optimizer", "momentum"]
    trial = [repr(row) for row in runs[values].itertuples(index=False, name=None)]
    given_up = {of for of, s in zip(trial, runs["status"], strict=True) if s == "pruned"}
    return {run for run, of in zip(runs["run_id"], trial, strict=True) if of not in given_up}


def test_a_search_leaves_out_the_diverged_siblings_of_what_it_pruned(
    search: tuple[Material, pd.DataFrame],
) -> None:
    material, runs = search
    kept = remaining(runs)
    lost = runs[(runs["status"] == "diverged") & ~runs["run_id"].isin(kept)]
    assert len(lost), "this search prunes a trial with a diverged run"
    assert set(compared(material.runs)["run_id"]) == kept
    assert set(material.whole["run_id"]) == kept
    assert set(material.rankable["run_id"]) <= kept
    of = [Cells.of(rows).runs["run_id"] for _, rows in runs.groupby("dataset", observed=True)]
    assert set().union(*of) == kept


def test_a_warning_counts_no_trial_that_was_pruned(search: tuple[Material, pd.DataFrame]) -> None:
    """And no share is taken of the runs that remain, which were chosen by their results."""
    material, runs = search
    table = TABLES["cautions"](material)["cautions"]
    assert "never" not in set(table["caution"])
    few = table[table["caution"] == "few"].set_index("dataset")["n"]
    rows = runs[runs["run_id"].isin(remaining(runs))].astype({"dataset": str})
    assert few.to_dict() == rows.groupby("dataset")["lr"].nunique().to_dict()


def test_the_base_setup_is_no_trial_that_was_pruned(search: tuple[Material, pd.DataFrame]) -> None:
    material, runs = search
    kept = remaining(runs)
    base = material.base[["dataset", "configuration"]]
    named = material.runs.astype({"dataset": str}).merge(base)
    assert set(named["run_id"]) <= kept
    curves = TABLES["curves"](material)["curves"]
    curves = curves[curves["role"].str.contains("base|near")]
    counts = named.groupby("dataset").size()
    loss = curves[curves["metric"] == "train_loss"].groupby("dataset")["runs"].first()
    assert loss.to_dict() == counts.to_dict()
