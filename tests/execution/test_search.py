"""What a sampler is told of its proposals, and which of them become trials."""

import itertools
import math
from collections.abc import Sequence
from typing import ClassVar

import pytest
from typing_extensions import override

from study.execution.search import Search
from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal, Sampler
from tests.pipelines import SMALL, small


class Scripted(Sampler):
    """A sampler that asks for an excluded proposal and one twice, and keeps what it is told."""

    told: ClassVar[list[tuple[float, ...]]] = []

    def __init__(self, *_: object) -> None:
        self.batches: list[list[Proposal]] = [
            [{"lr": 50.0, "activation": "none"}, {"lr": 0.01, "activation": "tanh"}],
            [{"lr": 1.0, "activation": "tanh"}, {"lr": 0.01, "activation": "tanh"}],
            [],
        ]

    @override
    def ask(self) -> list[Proposal]:
        return self.batches.pop(0)

    @override
    def tell(self, values: Sequence[tuple[float, ...]]) -> None:
        self.told.extend(values)


@pytest.mark.parametrize(("goal", "sign"), [("minimize", 1), ("maximize", -1)])
def test_an_excluded_proposal_is_told_infinity_and_a_repeated_one_what_it_was_told_before(
    goal: str, sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be maximised is told negated: less is better."""
    text = SMALL + '\n[[search.exclude]]\nwhere = {lr = 50, activation = "none"}\nreason = "x"\n'
    monkeypatch.setitem(METHODS, "grid", Scripted)
    Scripted.told.clear()
    pipeline = small(f"search.objective.goal={goal}", text=text)
    search, number = Search(pipeline, "xor"), itertools.count(1)
    rows: dict[str, dict[str, object]] = {}
    while new := search.ask():
        for trial in new:
            loss = float(next(number))
            for run_ in trial.runs:
                rows[run_.run_id] = {"status": "completed", "final_train_loss": loss}
        search.tell(rows)
    assert Scripted.told == [(math.inf,), (sign * 1.0,), (sign * 2.0,), (sign * 1.0,)]
    assert [trial.number for trial in search.trials] == [0, 1]
