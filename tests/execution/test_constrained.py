"""Feasible configurations are first wherever one is called best, whatever searched for them."""

import itertools
import math
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
import pytest
from matplotlib.text import Text
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from study import load_model, load_results
from study.errors import ResultsError
from study.execution.driver import Options, run
from study.execution.events import StackDone
from study.execution.reproduce import best_runs
from study.listing import listed
from study.report.gather import gather
from study.report.page import write_report
from study.report.questions import best as ranking
from study.spec.pipeline import Pipeline
from study.stats.pareto import fronts
from tests.driving import assert_same, finish
from tests.pipelines import small
from tests.searches import LEARNING, ONE_DATASET, SEVERAL, made, searching
from tests.studies import Study

pytestmark = pytest.mark.usefixtures("uncertified")

LIMIT = "search.constraints=[{metric = 'parameters', at_most = 20}]"
BOTH = (
    "search.constraints=[{metric = 'parameters', at_most = 25}, "
    "{metric = 'final_train_accuracy', at_least = 0.5}]"
)
methods = pytest.mark.parametrize(
    "method",
    [pytest.param(m, marks=() if m == "tpe" else pytest.mark.no_cover) for m in LEARNING],
)


def of(method: str, *overrides: str, pruning: bool = True) -> Pipeline:
    return searching(method, *(overrides or (BOTH,)), pruning=pruning, text=ONE_DATASET)


def met(trial: pd.Series, runs: pd.DataFrame, declared: int) -> bool:
    """Return whether a trial meets BOTH, by definition, from the rows of its runs."""
    names = ["lr", "hidden", "activation", "optimizer", "momentum"]
    same = [(runs[n] == trial[n]) | (runs[n].isna() & pd.isna(trial[n])) for n in names]
    own = runs[np.logical_and.reduce(same)]
    later = own["repetition"] >= declared
    own = own[later if trial["phase"] == "confirm" else ~later]
    ended = own["status"].isin(["completed", "pruned"])
    accuracies = own["final_train_accuracy"].astype(float).where(ended, -math.inf)
    lower = sorted(accuracies, reverse=True)[math.ceil((len(accuracies) - 1) / 2)]
    return bool(own["parameters"].max() <= 25 and lower >= 0.5)


@methods
def test_a_trial_is_feasible_if_its_own_runs_meet_all_limits(method: str, tmp_path: Path) -> None:
    folder = made(of(method), tmp_path)
    trials, runs = load_results(folder).trials, load_results(folder).runs
    assert trials["feasible"].dtype == bool
    assert set(trials["feasible"]) == {True, False}
    expected = [met(trial, runs, 2) for _, trial in trials.iterrows()]
    assert trials["feasible"].tolist() == expected
    again = trials[trials["phase"] == "confirm"]
    searched = trials[trials["phase"] != "confirm"].set_index("number")["feasible"]
    assert searched[again["number"]].all()


@methods
def test_a_stopped_search_with_constraints_ends_in_the_same_tables(
    method: str, tmp_path: Path
) -> None:
    whole = made(of(method), tmp_path / "whole")
    for stop, size in ((3, 1), (7, 3)):
        events = run(of(method), Options(tmp_path, executor="inline", stack_size=size))
        assert list(itertools.islice((e for e in events if isinstance(e, StackDone)), stop))
        events.close()
    finish(of(method), tmp_path)
    assert_same(tmp_path / "small", whole)


def test_pruning_compares_feasible_trials_with_feasible_ones(tmp_path: Path) -> None:
    """Large networks learn faster here; without that, they would prune all small ones."""
    folder = made(of("random", LIMIT, "search.trials=20"), tmp_path)
    trials = load_results(folder).trials
    searched = trials[trials["phase"] != "confirm"]
    ends = searched.groupby("feasible")["state"].agg(set)
    assert ends[True] == ends[False] == {"completed", "pruned"}


def test_the_journal_has_the_excess_of_each_trial(tmp_path: Path) -> None:
    folder = made(of("tpe", LIMIT, pruning=False), tmp_path)
    storage = JournalStorage(JournalFileBackend(str(folder / "optuna.journal")))
    result = optuna.load_study(study_name="linear", storage=storage).trials
    trials = load_results(folder).trials
    runs = load_results(folder).runs.drop_duplicates(["lr", "hidden"])
    sizes = dict(zip(runs["lr"], runs["parameters"], strict=True))
    flags = trials[trials["phase"] == "search"]["feasible"].tolist()
    excesses = [trial.constraints["parameters at most 20"] for trial in result]
    assert excesses == [sizes[trial.params["lr"]] - 20 for trial in result]
    assert [excess <= 0 for excess in excesses] == flags


GRID = (
    "search.parameters.hidden=[[4], [8], [2]]", "search.parameters.lr=[0.1, 0.5, 1.0]",
    "search.repetitions=2", "training.epochs=40", "search.parameters.activation=['tanh']",
)  # fmt: skip


@pytest.mark.usefixtures("undrawn")
def test_one_best_everywhere(tmp_path: Path) -> None:
    """The best of all has 8 hidden units; with at most 20 weights, another one is the best."""
    folder = made(small(*GRID), tmp_path / "free")
    page = write_report(folder)
    free = pd.read_parquet(page.parent / "tables/configurations.parquet")
    limit = free["parameters"].max() - 1
    limited = f"search.constraints=[{{metric = 'parameters', at_most = {limit}}}]"
    folder = made(small(*GRID, limited), tmp_path / "free")  # trains nothing: it is a grid
    page = write_report(folder)
    ranked = pd.read_parquet(page.parent / "tables/configurations.parquet")
    values = free.set_index(["dataset", "configuration"])["value"]
    for dataset, rows in ranked.groupby("dataset"):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["feasible"].tolist() == sorted(rows["feasible"], reverse=True)
        assert (rows["feasible"] == (rows["parameters"] <= limit)).all()
        assert rows.loc[rows["feasible"], "value"].is_monotonic_increasing
        assert rows.loc[~rows["feasible"], "value"].is_monotonic_increasing
        assert rows["value"].tolist() == [values[dataset, c] for c in rows["configuration"]]
        assert rows.loc[~rows["feasible"], "tied"].isna().all()
        best = rows.iloc[0]
        run_id = best_runs(folder)[str(dataset)]
        row = load_results(folder).runs.set_index("run_id").loc[run_id]
        assert row["parameters"] == best["parameters"] <= limit
        assert row["final_train_loss"] == best["value"]
        (shown,) = listed(folder.parent)
        assert shown.best is not None
        assert shown.best[str(dataset)] == best["value"]
    model = load_model(folder, dataset="xor")
    assert model.run_ids[0] in load_results(folder).runs["run_id"].tolist()
    figures = Study(folder, gather(folder)).figures(ranking.QUESTION)
    texts = [text.get_text() for figure in figures for text in figure.findobj(Text)]
    assert any("infeasible" in text for text in texts)


@pytest.mark.usefixtures("undrawn")
def test_where_no_configuration_is_feasible_nothing_is_called_best(tmp_path: Path) -> None:
    none = "search.constraints=[{metric = 'parameters', at_most = 3}]"
    done = [e for e in finish(small(*GRID, none), tmp_path) if isinstance(e, StackDone)]
    assert {event.best for event in done} == {math.inf}
    folder = tmp_path / "small"
    page = write_report(folder).read_text(encoding="utf-8")
    assert "No configuration is feasible, so none is called best: parameters at most 3." in page
    assert "No best configuration" in page
    assert best_runs(folder) == {}
    assert [row.best for row in listed(folder.parent)] == [None]
    assert "ended no better than the trivial predictor" not in page
    with pytest.raises(ResultsError, match="no best configuration on xor"):
        load_model(folder, dataset="xor")
    counts = pd.read_parquet(folder / "tables/constraints.parquet")
    assert (counts["feasible"] == 0).all()
    assert (counts["all"] == 0).all()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("method", ["nsga2", "tpe"])
def test_the_front_has_feasible_trials_alone(method: str, tmp_path: Path) -> None:
    keys = SEVERAL if method == "nsga2" else ("search.confirm=2", SEVERAL[-1])
    limit = "search.constraints=[{metric = 'final_train_accuracy', at_least = 0.5}]"
    folder = made(small(*keys, limit, f"search.method={method}", text=ONE_DATASET), tmp_path)
    write_report(folder)
    pareto = pd.read_parquet(folder / "tables/pareto.parquet")
    assert not pareto.loc[pareto["front"] >= 0, "feasible"].eq(other=False).any()
    good = pareto[pareto["feasible"] & np.isfinite(pareto["objective_1"])]
    expected = fronts(good[["objective_1", "objective_2"]].to_numpy().tolist())
    assert good["front"].tolist() == expected
    assert set(load_results(folder).trials.query("phase == 'confirm'")["feasible"]) <= {True, False}
