"""A plan names each run by its content, and holds each configuration once."""

import itertools

import pytest

from study.plan.trials import Asked, planned
from tests.pipelines import SMALL, small


def ids(*overrides: str) -> set[str]:
    return {run.run_id for run in planned(small(*overrides)).runs}


def test_a_plan_has_a_run_for_every_configuration_dataset_and_repetition() -> None:
    plan = planned(small())
    assert len(plan.trials) == 2 * 3 * 2 * 2 * 2
    assert len(ids()) == len(plan.runs) == 2 * len(plan.trials)
    assert [t.number for t in plan.trials if t.dataset == "xor"] == list(range(24))


@pytest.mark.parametrize(
    "change",
    [
        "training.epochs=31", "training.precision=float64", "training.divergence_limit=10.0",
        "training.batch_size=8", "training.beta1=0.8", "training.momentum=0.5",
        "model.initializer=he", "model.output_activation=none", "search.seed=1",
        "datasets.linear.samples=21", "datasets.linear.test_fraction=0.1",
        "datasets.linear.draw=once",
    ],
)  # fmt: skip
def test_what_determines_a_runs_numbers_is_in_its_id(change: str) -> None:
    """Each change affects at least some runs: beta1 affects Adam, samples the linear dataset."""
    assert ids() - ids(change)


@pytest.mark.parametrize(
    "change",
    [
        "name=other", "title=Other", "search.repetitions=3", "execution.workers=1",
        "search.parameters.lr=[50.0, 0.01, 1.0, 2.0]", "search.parameters.momentum=[0.0, 0.9]",
        'search.objective.metric="final_train_accuracy"',
    ],
)  # fmt: skip
def test_the_plan_of_a_run_is_not_in_its_id(change: str) -> None:
    """Promise 2: nothing stored with a run depends on its plan."""
    assert ids() <= ids(change)


def test_a_change_that_touches_sgd_alone_leaves_adams_ids() -> None:
    adam = {
        run.run_id
        for run in planned(small("training.momentum=0.5")).runs
        if run.configuration["optimizer"] == "adam"
    }
    assert adam <= ids()


def test_a_parameter_that_does_not_act_is_null_and_makes_no_second_configuration() -> None:
    plan = planned(small("search.parameters.momentum=[0.0, 0.9]"))
    configurations = [tuple(t.configuration.values()) for t in plan.trials if t.dataset == "xor"]
    assert len(configurations) == len(set(configurations)) == 3 * 2 * 2 * (2 + 1)
    for trial in plan.trials:
        adam = trial.configuration["optimizer"] == "adam"
        assert (trial.configuration["momentum"] is None) == adam
        assert (trial.configuration["beta1"] is None) != adam


def test_excluded_configurations_are_not_planned() -> None:
    text = (
        SMALL
        + '\n[[search.exclude]]\nwhere = {lr = 50, activation = "none"}\nreason = "overflows"\n'
    )
    plan = planned(small(text=text))
    pairs = {(t.configuration["lr"], t.configuration["activation"]) for t in plan.trials}
    assert pairs == set(itertools.product((0.01, 1.0, 50.0), ("tanh", "none"))) - {(50.0, "none")}


def test_a_plan_never_exceeds_the_limit_on_trials() -> None:
    pipeline = small()
    asked = Asked(pipeline, "xor", limit=3)
    rest: dict[str, float | str] = {"hidden": "4", "activation": "tanh", "optimizer": "sgd"}
    proposals = [{"lr": lr, **rest} for lr in (0.1, 0.2, 0.3, 0.4, 0.5)]
    assert not asked.full
    assert len(asked.add(proposals[:2])) == 2
    assert not asked.full
    assert len(asked.add(proposals)) == 1
    assert asked.full
    assert len(asked.trials) == 3


def test_the_ids_are_the_same_on_every_machine() -> None:
    """A golden value: where it changes, old results are not found any more (raise NUMERICS)."""
    assert planned(small()).runs[0].run_id == "90a805e0199aeb65"
