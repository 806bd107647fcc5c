"""Which repetitions count for a verdict, and which hypotheses a study has to decide."""

import pytest

from study.plan.counting import chooses, claims, extends
from study.space import canonical
from study.spec.pipeline import Pipeline
from tests.pipelines import small
from tests.searches import PRUNING, SEARCH, searching

ONE = canonical({"lr": 0.01})
OTHER = canonical({"lr": 1.0})


def first(pipeline: Pipeline, *confirmed: object) -> int:
    """Return the first repetition that counts for both configurations on XOR."""
    trials = [{"phase": "confirm", "dataset": "xor", **dict(trial)} for trial in confirmed]  # type: ignore[call-overload]
    return claims(pipeline, trials).first("xor", [ONE, OTHER])


def test_all_repetitions_of_a_grid_count() -> None:
    assert not chooses(small())
    assert first(small()) == 0


@pytest.mark.parametrize("method", ["tpe", "cmaes", "nsga2"])
def test_a_search_that_learns_chose_by_its_declared_repetitions(method: str) -> None:
    assert chooses(searching(method, pruning=False))
    assert first(searching(method, pruning=False)) == 2


def test_a_search_that_prunes_chose_too_and_one_that_draws_at_random_did_not() -> None:
    random = ("search.method=random",)
    assert first(small(*random, text=SEARCH)) == 0
    assert first(small(*random, text=SEARCH + PRUNING)) == 2


def test_confirmed_winners_count_from_their_fresh_repetitions_on() -> None:
    random = small("search.method=random", "search.confirm=2", text=SEARCH)
    null = {name: float("nan") if value is None else value for name, value in OTHER.items()}
    assert first(random, ONE, null) == 2
    assert first(random, ONE) == 0, "the other one was chosen by no result"


def test_a_study_asks_on_all_its_datasets_and_networks() -> None:
    both = 'search.parameters.implementation=["as_printed", "exact"]'
    result = claims(small(both))
    assert list(result.datasets) == ["linear", "xor"]
    assert list(result.networks) == ["exact", "as_printed"]
    assert result.shared == {"xor": ("its 21 points", 0.0)}
    assert list(claims(small()).networks) == ["exact"]
    once = claims(small('datasets.linear.draw="once"'))
    assert once.shared["linear"] == ("this one draw of the data", 0.0)


def test_generated_data_are_extended() -> None:
    assert extends(small(), "xor")
