"""A stored study may grow and be reworded; anything else is refused, with the difference."""

import pytest

from study.execution.belonging import changes
from tests.pipelines import SMALL, small


@pytest.mark.parametrize(
    "allowed",
    [
        "title=Reworded", "description=Reworded", "execution.workers=7", "search.repetitions=9",
        "search.parameters.lr=[50.0, 0.5, 0.01, 1.0]", "search.parameters.momentum=[0.9, 0.0]",
    ],
)  # fmt: skip
def test_a_study_may_grow_and_be_reworded(allowed: str) -> None:
    assert changes(small(), small(allowed)) == []


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        ("training.epochs=31", "training.epochs was 30 and is 31 now"),
        ("search.repetitions=1", "search.repetitions was 2 and is 1 now"),
        ("search.seed=4", "search.seed was 0 and is 4 now"),
        ("datasets.linear.samples=21", "datasets.linear.samples was 20 and is 21 now"),
        ("model.initializer=he", "initializer was 'standard_normal' and is 'he' now"),
        (
            "search.parameters.lr=[0.01, 1.0]",
            "lr was [0.01, 1, 50] and is [0.01, 1] now",
        ),
        (
            "search.parameters.momentum=[0.5, 0.9]",
            "momentum was 0 and is [0.5, 0.9] now",
        ),
    ],
)
def test_contradictions_with_the_stored_results_are_named(refused: str, message: str) -> None:
    assert message in changes(small(), small(refused))


def test_of_long_lists_the_difference_is_named() -> None:
    values = [round(0.01 * i, 2) for i in range(1, 40)]
    stored = small(f"search.parameters.lr={values}")
    differences = changes(stored, small(f"search.parameters.lr={[*values[:-2], 7.0]}"))
    assert differences == ["lr lacks [0.38, 0.39] and adds [7] now"]
    tpe = ("search.method=tpe", "search.trials=9")
    stored = small(*tpe, f"search.parameters.lr={values}")
    turned = small(*tpe, f"search.parameters.lr={values[:30] + values[:29:-1]}")
    assert changes(stored, turned) == ["lr has another order now"]


AIM = 'search.objective={metric = "final_train_accuracy", goal = "maximize", quantile = 1.0}'


def test_a_grid_may_be_ranked_by_another_objective_and_a_search_may_not() -> None:
    assert changes(small(), small(AIM)) == []
    tpe = ("search.method=tpe", "search.trials=9")
    assert changes(small(*tpe), small(*tpe, AIM)) == [
        "search.objective.metric was 'final_train_loss' and is 'final_train_accuracy' now",
        "search.objective.goal was 'minimize' and is 'maximize' now",
        "search.objective.quantile was 0.5 and is 1 now",
    ]


def limits(*pairs: tuple[str, str]) -> str:
    tables = (f'{{metric = "{metric}", {limit}}}' for metric, limit in pairs)
    return f"search.constraints=[{', '.join(tables)}]"


SIZE, ACCURATE = ("parameters", "at_most = 30"), ("final_train_accuracy", "at_least = 0.5")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ([SIZE], [], "was ['parameters at most 30'] and is [] now"),
        ([], [SIZE], "was [] and is ['parameters at most 30'] now"),
        (
            [SIZE],
            [("parameters", "at_most = 31")],
            "was ['parameters at most 30'] and is ['parameters at most 31'] now",
        ),
        (
            [SIZE, ACCURATE, ("epochs", "at_least = 1")],
            [("parameters", "at_least = 30"), ACCURATE, ("epochs", "at_least = 1")],
            "lacks ['parameters at most 30'] and adds ['parameters at least 30'] now",
        ),
    ],
)
def test_a_grid_may_be_ranked_by_other_constraints_and_a_search_may_not(
    before: list[tuple[str, str]], after: list[tuple[str, str]], message: str
) -> None:
    assert changes(small(limits(*before)), small(limits(*after))) == []
    tpe = ("search.method=tpe", "search.trials=9")
    stored, changed = (small(*tpe, limits(*of)) for of in (before, after))
    assert changes(stored, changed) == [f"search.constraints {message}"]
    assert changes(stored, small(*tpe, limits(*before))) == []


def test_an_objective_is_compared_as_it_is_settled() -> None:
    """A held-out part in every dataset changes what no file declares."""
    held_out = [f"datasets.{name}.test_fraction=0.3" for name in ("linear", "xor")]
    tpe = ("search.method=tpe", "search.trials=9")
    declared = 'search.objective={metric = "final_test_loss"}'
    assert changes(small(*tpe, *held_out), small(*tpe, *held_out, declared)) == []
    differences = changes(small(*tpe), small(*tpe, *held_out))
    assert (
        "search.objective.metric was 'final_train_loss' and is 'final_test_loss' now" in differences
    )


def test_nothing_but_the_difference_is_named() -> None:
    assert len(changes(small(), small("training.epochs=31"))) == 1


EXCLUDING = SMALL + '\n[[search.exclude]]\nwhere = {lr = 50, activation = "none"}\nreason = "old"\n'


def test_the_reason_of_an_exclusion_may_be_reworded_but_what_it_excludes_stays() -> None:
    stored = small(text=EXCLUDING)
    assert changes(stored, small(text=EXCLUDING.replace("old", "new"))) == []
    (difference,) = changes(stored, small(text=EXCLUDING.replace("lr = 50", "lr = 1")))
    assert difference.startswith("search.exclude was")
