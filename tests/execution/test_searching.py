"""A search, whatever its method, replays, resumes, prunes and confirms to the same tables."""

import itertools
import json
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from study import load_results
from study.execution import supply
from study.execution.driver import Options, run
from study.execution.events import Finished, Noted, StackDone
from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.spec.pipeline import Pipeline
from study.store.provenance import ended_early
from tests.driving import assert_same, failing, finish, last
from tests.pipelines import small
from tests.searches import LEARNING, ONE_DATASET, PRUNING, SEARCH, SEVERAL, made, searching

pytestmark = pytest.mark.usefixtures("uncertified")

methods = pytest.mark.parametrize(
    "method",
    [pytest.param(m, marks=() if m == "tpe" else pytest.mark.no_cover) for m in LEARNING],
)
"""Only one of them is traced, since the others execute the same lines."""


def of(method: str, *overrides: str, pruning: bool = True) -> Pipeline:
    """Return a method's small search; all but TPE have one dataset."""
    text = SEARCH if method == "tpe" else ONE_DATASET
    return searching(method, *overrides, pruning=pruning, text=text)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the results of every method's small search, made in one go."""
    results = tmp_path_factory.mktemp("undisturbed")
    for method in LEARNING:
        finish(of(method), results / method)
    return {method: results / method / "small" for method in LEARNING}


@methods
def test_a_finished_search_trains_nothing_again(method: str, undisturbed: dict[str, Path]) -> None:
    before = {p: p.stat().st_mtime_ns for p in undisturbed[method].rglob("part-*")}
    assert last(finish(of(method), undisturbed[method].parent)).trained == 0
    assert before == {p: p.stat().st_mtime_ns for p in undisturbed[method].rglob("part-*")}


@methods
def test_a_search_stopped_anywhere_and_resumed_with_other_options_ends_in_the_same_tables(
    method: str, undisturbed: dict[str, Path], tmp_path: Path
) -> None:
    """Promise 3, over two stops, and with other stack sizes each time."""
    for stop, size in ((3, 1), (17 if method == "tpe" else 7, 3)):
        events = run(of(method), Options(tmp_path, executor="inline", stack_size=size))
        done = itertools.islice((e for e in events if isinstance(e, StackDone)), stop)
        assert len(list(done)) == stop
        events.close()
    finish(of(method), tmp_path)
    assert_same(tmp_path / "small", undisturbed[method])


@methods
def test_more_trials_and_confirmations_continue_where_the_search_ended(
    method: str, undisturbed: dict[str, Path], tmp_path: Path
) -> None:
    finish(of(method, "search.trials=9", "search.confirm=1"), tmp_path)
    finish(of(method), tmp_path)
    assert_same(tmp_path / "small", undisturbed[method])


def test_workers_change_no_bit_of_a_search(undisturbed: dict[str, Path], tmp_path: Path) -> None:
    list(run(searching("tpe"), Options(tmp_path, workers=2)))
    assert_same(tmp_path / "small", undisturbed["tpe"])


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
@pytest.mark.parametrize("goal", ["minimize", "maximize"])
def test_the_journal_shows_the_trials_as_their_table_does(goal: str, tmp_path: Path) -> None:
    aim = f'search.objective={{metric = "final_train_accuracy", goal = "{goal}", quantile = 1.0}}'
    folder = made(searching("tpe", aim, "search.trials=14"), tmp_path)
    storage = JournalStorage(JournalFileBackend(str(folder / "optuna.journal")))
    table = load_results(folder).trials
    states = {TrialState.COMPLETE: "completed", TrialState.PRUNED: "pruned"}
    for dataset, arm in itertools.product(["linear", "xor"], ["search", "random"]):
        name = dataset if arm == "search" else f"{dataset}, {arm}"
        study = optuna.load_study(study_name=name, storage=storage)
        assert study.direction.name.lower() == goal
        rows = table[(table["dataset"] == dataset) & (table["phase"] == arm)]
        shown = [(states[t.state], t.values, t.params["lr"]) for t in study.trials]
        assert shown == [(row.state, [row.objective], row.lr) for row in rows.itertuples()]
    assert {"completed", "pruned"} == set(table["state"])


@methods
def test_trials_are_as_many_as_declared_and_distinct(
    method: str, undisturbed: dict[str, Path]
) -> None:
    trials = load_results(undisturbed[method]).trials
    parameters = ["lr", "hidden", "activation", "optimizer", "momentum"]
    for (dataset, phase), group in trials.groupby(["dataset", "phase"], observed=True):
        if phase == "confirm":
            assert 1 <= len(group) <= 2 * (1 + (method != "random")), dataset
        else:
            assert len(group) == 12, dataset
        assert not group[parameters].duplicated().any()
    assert not trials.duplicated(["dataset", "phase", "number"]).any()


def test_pruned_runs_keep_their_curves_and_trials_their_value_at_the_rung(
    undisturbed: dict[str, Path],
) -> None:
    results = load_results(undisturbed["tpe"])
    pruned = results.runs[results.runs["status"] == "pruned"]
    assert set(pruned["epochs"]) == {5, 12}
    lengths = results.metrics(columns=["run_id"]).groupby("run_id", observed=True).size()
    assert (lengths[pruned["run_id"]].to_numpy() == pruned["epochs"].to_numpy()).all()
    trials = results.trials[results.trials["state"] == "pruned"]
    keys = ["dataset", "lr", "hidden", "activation", "optimizer"]
    for _, trial in trials.iterrows():
        same = (results.runs[keys] == trial[keys]).all(axis=1)
        runs = results.runs[same & (results.runs["repetition"] < 2)]
        epoch = runs["epochs"].max()
        if set(runs["status"]) == {"pruned"}:
            at = results.metrics({"run_id": list(runs["run_id"]), "epoch": int(epoch)})
            assert trial["objective"] == at["train_loss"].max()


def test_a_run_that_was_pruned_and_is_needed_now_is_trained_again(tmp_path: Path) -> None:
    """The random arm needs a trial that the first arm pruned, and completes it."""
    text = SEARCH.replace("trials = 12", "trials = 8") + PRUNING
    cells = "{lr = [0.01, 0.1], activation = ['tanh', 'none'], optimizer = ['sgd', 'adam']}"
    pipeline = small("search.compare_with=random", f"search.parameters={cells}", text=text)
    finish(pipeline, tmp_path / "a")
    results = load_results(tmp_path / "a" / "small")
    lengths = results.metrics(columns=["run_id"]).groupby("run_id", observed=True).size()
    assert not results.runs["run_id"].duplicated().any()
    runs = results.runs.set_index("run_id")
    assert (lengths[runs.index] == runs["epochs"]).all()
    assert len(runs) == 2 * 8 * 2
    finish(pipeline, tmp_path / "a")
    finish(pipeline, tmp_path / "b", stack_size=1)
    assert_same(tmp_path / "a" / "small", tmp_path / "b" / "small")


def test_the_confirmed_have_fresh_repetitions_and_the_number_that_they_confirm(
    undisturbed: dict[str, Path],
) -> None:
    results = load_results(undisturbed["tpe"])
    trials = results.trials.astype({"phase": str})
    confirmed = trials[trials["phase"] == "confirm"]
    searched = trials[trials["phase"] != "confirm"].set_index(["dataset", "number"])
    for dataset, group in confirmed.groupby("dataset", observed=True):
        own = searched.loc[[dataset]].droplevel("dataset")
        for arm in ("search", "random"):
            ranked = own[(own["phase"] == arm) & (own["state"] == "completed")]
            best = ranked.sort_values("objective", kind="stable").index[:2]
            assert set(best) <= set(group["number"])
    runs = results.runs
    assert set(runs["repetition"]) == {0, 1, 2, 3}


def test_a_search_without_a_pruner_prunes_nothing(tmp_path: Path) -> None:
    finish(searching("tpe", pruning=False), tmp_path)
    results = load_results(tmp_path / "small")
    assert set(results.runs["status"]) <= {"completed", "diverged"}
    assert set(results.trials["state"]) == {"completed"}


def test_a_space_of_twelve_cells_ends_long_before_two_hundred_trials(tmp_path: Path) -> None:
    cells = "{lr = [0.01, 0.1, 1.0], activation = ['tanh', 'none'], optimizer = ['sgd', 'adam']}"
    pipeline = small("search.trials=200", f"search.parameters={cells}", text=SEARCH)
    events = finish(pipeline, tmp_path)
    notes = [event.sentence for event in events if isinstance(event, Noted)]
    message = "ended after 12 trials: the space has no other configuration"
    assert notes == [f"linear: {message}", f"xor: {message}"]
    assert last(events).runs == 12 * 2 * 2
    why = {name: message.removeprefix("ended ") for name in ("linear", "xor")}
    assert ended_early(tmp_path / "small") == why
    finish(small("search.trials=200", f"search.parameters={cells}", text=SEARCH), tmp_path)
    assert ended_early(tmp_path / "small") == why  # nothing was trained, so nothing was written


def test_the_reason_for_the_end_of_a_search_is_added_to_results_of_an_earlier_version(
    tmp_path: Path,
) -> None:
    pipeline = small("search.trials=9", "search.parameters={lr = [0.1, 1.0]}", text=SEARCH)
    finish(pipeline, tmp_path)
    path = tmp_path / "small" / "provenance.json"
    ended = ended_early(path.parent)
    message = "after 2 trials: the space has no other configuration"
    assert ended == {"linear": message, "xor": message}
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({k: v for k, v in stored.items() if k != "ended"}), encoding="utf-8")
    assert ended_early(path.parent) == {}
    finish(pipeline, tmp_path)
    assert ended_early(path.parent) == ended


def test_the_report_states_why_a_search_ended(tmp_path: Path) -> None:
    space = "{lr = [0.1, 1.0], activation = ['tanh', 'none']}"
    arms = "search.trials=9", "search.compare_with=random", "training.epochs=2"
    finish(small(*arms, f"search.parameters={space}", text=SEARCH), tmp_path)
    (section,) = (section for section in QUESTIONS if section.name == "search")
    tables = section.tables(gather(tmp_path / "small"))
    message = "after 4 trials: the space has no other configuration"
    assert tables["search_ended"].to_numpy().tolist() == [
        ["linear", "", message], ["linear", "random", message],
        ["xor", "", message], ["xor", "random", message],
    ]  # fmt: skip
    assert "search_ended" in section.unfolded


@methods
def test_a_search_in_which_everything_diverges_ends_with_all_its_trials(
    method: str, tmp_path: Path
) -> None:
    pipeline = of(method, "training.divergence_limit=1e-30", pruning=False)
    events = finish(pipeline, tmp_path)
    trials = load_results(tmp_path / "small").trials
    assert np.isinf(trials["objective"]).all()
    assert "confirm" not in set(trials["phase"])
    assert last(events).diverged == last(events).runs > 0


def test_several_objectives_have_a_column_each_and_the_front_is_confirmed(tmp_path: Path) -> None:
    finish(small(*SEVERAL, text=SEARCH), tmp_path)
    trials = load_results(tmp_path / "small").trials
    assert (trials["objective"] == trials["objective_1"]).all()
    assert (trials["objective_2"] >= 7).all() | np.isinf(trials["objective_2"]).any()
    assert (trials["phase"] == "confirm").sum() == 4


def test_a_failed_run_counts_as_infinity_and_is_trained_again_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, Path]
) -> None:
    monkeypatch.setattr(supply, "train_stack", failing(2))
    events = finish(searching("tpe"), tmp_path)
    failed = load_results(tmp_path / "small").runs
    assert (failed["status"] == "failed").sum() == last(events).failed > 0
    finish(searching("tpe"), tmp_path)
    assert_same(tmp_path / "small", undisturbed["tpe"])


def test_finished_counts_what_was_pruned(tmp_path: Path) -> None:
    finished = last(finish(searching("random"), tmp_path))
    assert isinstance(finished, Finished)
    runs = load_results(tmp_path / "small").runs
    assert finished.pruned == (runs["status"] == "pruned").sum() > 0
