"""The values that a sampler receives, how proposals become trials, and when a search ends."""

import math
from collections.abc import Mapping, Sequence

import pytest
from typing_extensions import override

from study.execution.search import PATIENCE, Search
from study.samplers.methods import METHODS, Method
from study.samplers.sampler import Proposal, Sampler
from study.training.summary import Row
from tests.pipelines import SMALL, small

EXCLUDING = SMALL + '\n[[search.exclude]]\nwhere = {lr = 50, activation = "none"}\nreason = "x"\n'
SEARCHING = ("search.method=random", "search.trials=3")


class Scripted(Sampler):
    """A sampler that proposes a script, and keeps the values that it receives."""

    def __init__(self, *batches: list[Proposal]) -> None:
        self.batches, self.values = list(batches), list[list[float]]()

    @override
    def ask(self) -> list[Proposal]:
        return self.batches.pop(0) if self.batches else []

    @override
    def tell(
        self,
        values: Sequence[tuple[float, ...]],
        excesses: Sequence[Mapping[str, float]] = (),
    ) -> None:
        self.values.append([value for (value,) in values])


def asks(monkeypatch: pytest.MonkeyPatch, *batches: list[Proposal]) -> Scripted:
    """Let the method `random` be a sampler with a script."""
    sampler = Scripted(*batches)
    monkeypatch.setitem(METHODS, "random", Method(make=lambda *_: sampler, meaning=""))
    return sampler


def lr(value: float) -> Proposal:
    return {"lr": value, "activation": "tanh"}


def results(search: Search, loss: float, status: str = "completed") -> dict[str, Row]:
    """Return a row for each run of the living trials: their number added to the loss."""
    return {
        run.run_id: {"status": status, "final_train_loss": loss + trial.number}
        for trial in search.alive
        for run in trial.runs
    }


def whole(search: Search) -> None:
    """Search to the end."""
    while search.ask():
        search.finish(results(search, 1.0))


@pytest.mark.parametrize(("goal", "sign"), [("minimize", 1), ("maximize", -1)])
def test_an_excluded_proposal_gets_infinity_and_a_repeated_one_its_earlier_value(
    goal: str, sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A metric to be maximised is negated for the sampler: less is better."""
    excluded: Proposal = {"lr": 50.0, "activation": "none"}
    sampler = asks(monkeypatch, [excluded, lr(0.01)], [lr(1.0), lr(0.01)])
    pipeline = small(f"search.objective.goal={goal}", *SEARCHING, text=EXCLUDING)
    search = Search(pipeline, "xor")
    whole(search)
    assert sampler.values == [[math.inf, sign * 1.0], [sign * 2.0, sign * 1.0]]
    assert [trial.number for trial in search.trials] == [0, 1]


def test_a_search_ends_at_its_number_of_trials_and_later_proposals_get_no_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sampler = asks(monkeypatch, [lr(0.01), lr(1.0)], [lr(1.0), lr(50.0), lr(2.0), lr(3.0)])
    search = Search(small(*SEARCHING), "xor")
    whole(search)
    assert [trial.configuration["lr"] for trial in search.trials] == [0.01, 1.0, 50.0]
    assert sampler.values == [[1.0, 2.0], [2.0, 3.0]]


def test_more_trials_begin_with_the_same_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [[lr(0.01), lr(1.0)], [lr(50.0), lr(2.0)], [lr(3.0)]]
    collected = []
    for trials in (3, 5):
        asks(monkeypatch, *batches)
        search = Search(small("search.method=random", f"search.trials={trials}"), "xor")
        whole(search)
        collected.append([trial.runs for trial in search.trials])
    assert collected[1][:3] == collected[0]
    assert len(collected[1]) == 5


def test_batches_without_a_new_proposal_end_a_search_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sampler = asks(monkeypatch, *[[lr(0.01)]] * 50)
    search = Search(small(*SEARCHING), "xor")
    whole(search)
    assert search.ended == "10 batches in a row proposed nothing new"
    assert sampler.values == [[1.0]] * (PATIENCE + 1)


def test_an_exhausted_space_ends_a_search_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asks(monkeypatch, *[[lr(value)] for value in (0.01, 1.0, 50.0, 0.01)])
    only = "search.parameters={lr = [0.01, 1.0, 50.0], activation = ['tanh']}"
    search = Search(small("search.method=random", "search.trials=200", only), "xor")
    whole(search)
    assert search.ended == "the space has no other configuration"


def test_at_a_rung_whole_trials_are_pruned_with_their_value_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A trial is compared with all earlier trials at the rung, in its own batch too."""
    sampler = asks(monkeypatch, [lr(0.01), lr(1.0), lr(50.0)], [lr(2.0), lr(3.0)])
    pruner = 'search.pruner={method = "median", rungs = [10]}'
    search = Search(small("search.method=random", "search.trials=5", pruner), "xor")
    search.ask()
    search.judge(10, results(search, 5.0))
    assert [trial.number for trial in search.alive] == [0]
    search.finish(results(search, 1.0))
    search.ask()
    search.judge(10, results(search, 5.0))
    assert [trial.number for trial in search.alive] == []
    search.finish({})
    assert sampler.values == [[1.0, 6.0, 7.0], [8.0, 9.0]]
    states = [outcome.state for outcome in search.ordered]
    assert states == ["completed", "pruned", "pruned", "pruned", "pruned"]
    assert search.ordered[2].values == (7.0,)


def test_a_search_in_which_everything_diverges_continues_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sampler = asks(monkeypatch, [lr(0.01)], [lr(1.0)], [lr(50.0)])
    search = Search(small(*SEARCHING), "xor")
    while search.ask():
        search.finish(results(search, 1.0, "diverged"))
    assert sampler.values == [[math.inf]] * 3


def test_several_objectives_are_reported_each_in_its_own_direction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    received: list[tuple[float, ...]] = []
    sampler = asks(monkeypatch, [lr(0.01)])
    monkeypatch.setattr(sampler, "tell", lambda values, _: received.extend(values))
    monkeypatch.setitem(
        METHODS, "random", Method(make=lambda *_: sampler, meaning="", several=True)
    )
    aims = '[{metric = "final_train_loss"}, {metric = "epochs", goal = "maximize"}]'
    search = Search(small(*SEARCHING, f"search.objectives={aims}"), "xor")
    search.ask()
    rows = {
        run.run_id: {"status": "completed", "final_train_loss": 0.5, "epochs": 30}
        for run in search.alive[0].runs
    }
    search.finish(rows)
    assert received == [(0.5, -30.0)]
    assert search.ordered[0].values == (0.5, 30)
