"""The table of all trials: the best first, each with its median and interval."""

import math
from pathlib import Path

import numpy as np

from study.report.gather import gather
from study.report.trials import placed, trials
from tests import searches, synthetic


def test_a_grid_lists_the_best_of_each_dataset_first_with_its_interval(tmp_path: Path) -> None:
    material = gather(synthetic.store(synthetic.CLAIMS, tmp_path / "lab"))
    table, runs = placed(material), material.runs
    for _, rows in table.groupby("dataset", sort=False):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["objective"].is_monotonic_increasing
    for row in table.to_dict("records"):
        own = runs[(runs["dataset"] == row["dataset"])]
        own = own[own["configuration"] == row["configuration"]]
        losses = own["final_train_loss"].where(own["status"] == "completed", math.inf)
        assert row["median"] == np.median(losses)
        assert (row["low"], row["high"]) == (losses.min(), losses.max())  # six give 96.9 %


def test_a_search_ranks_the_confirmed_trials_and_lists_others_by_their_objective(
    tmp_path: Path,
) -> None:
    material = gather(searches.made(searches.searching("tpe"), tmp_path))
    table = placed(material)
    assert {"phase", "state"} <= {choice.name for choice in trials(material).choices}
    assert len(table) == len(material.trials)
    assert sorted(table["number"]) == sorted(material.trials["number"])
    for dataset, rows in table.groupby("dataset", sort=False):
        ranked = rows[rows["rank"].notna()]
        assert set(ranked["phase"]) == {"confirm"}
        assert rows["rank"].notna().tolist() == [True] * len(ranked) + [False] * (
            len(rows) - len(ranked)
        )
        of = material.ranked[material.ranked["dataset"] == dataset]
        assert ranked["configuration"].tolist() == of["configuration"].tolist()
        assert ranked["median"].tolist() == of["median"].tolist()
        rest = rows[rows["rank"].isna()]
        assert rest["objective"].dropna().is_monotonic_increasing
        completed = rest["state"] == "completed"
        assert rest["median"].notna().tolist() == completed.tolist()
        for row in rest[completed].to_dict("records"):
            own = material.runs[material.runs["dataset"] == dataset]
            own = own[own["configuration"] == row["configuration"]]
            losses = own.loc[own["repetition"] < row["runs"], "final_train_loss"]
            assert row["median"] == np.median(losses.fillna(math.inf))


def test_columns_that_are_the_same_in_every_row_are_left_out(tmp_path: Path) -> None:
    material = gather(synthetic.store(synthetic.CLAIMS, tmp_path / "lab"))
    listed = trials(material)
    assert listed.columns[:2] == ("dataset", "rank")
    assert "phase" not in listed.columns
    assert "failed" not in listed.columns
    assert len(listed.rows) == len(material.trials)
