"""Stacks hold runs that may be trained as one, all of them, and no larger than asked."""

import pytest

from study.plan.stacks import LARGEST, largest, seconds, stacks
from study.plan.trials import planned
from study.space import PARAMETERS
from tests.pipelines import small

MANY = (
    'name = "x"\n[datasets.linear]\ngenerator = "linear"\n[search.parameters]\nlr = [0.1, 0.2, 0.3]'
)


@pytest.mark.parametrize("size", [1, 3, 7, None])
def test_every_run_is_in_one_stack_of_runs_that_differ_in_per_network_numbers_alone(
    size: int | None,
) -> None:
    pipeline = small("search.parameters.momentum=[0.0, 0.9, 0.99]", "search.repetitions=5")
    runs = planned(pipeline).runs
    found = stacks(runs, pipeline, size=size)
    assert sorted(r.run_id for s in found for r in s.runs) == sorted(r.run_id for r in runs)
    for stack in found:
        assert len(stack.runs) <= (size or LARGEST)
        for name, p in PARAMETERS.items():
            values = {run.configuration[name] for run in stack.runs}
            assert len(values) == 1 or p.per_network
            assert name != "momentum" or len({bool(value) for value in values}) == 1


@pytest.mark.parametrize("size", [1, None])
def test_a_stack_has_the_dataset_and_the_configuration_of_its_first_run(size: int | None) -> None:
    pipeline = small()
    for stack in stacks(planned(pipeline).runs, pipeline, size=size):
        first, *_ = stack.runs
        assert (stack.dataset, stack.configuration) == (first.dataset, first.configuration)


@pytest.mark.parametrize("more", ["model.hidden=[9]", "training.optimizer=adam",
                                  "training.epochs=31"])  # fmt: skip
def test_a_run_that_does_more_is_expected_to_take_longer(more: str) -> None:
    """And none of thirty epochs of so small a network takes a second."""
    text = 'name = "x"\n[datasets.linear]\ngenerator = "linear"'
    known = ("model.hidden=[8]", "training.optimizer=sgd", "training.epochs=30")
    less, longer = (small(*known, *also, text=text) for also in ((), (more,)))
    expected = [seconds(planned(p).runs[0], p, 1) for p in (less, longer)]
    assert 0 < expected[0] < expected[1] < 1


def test_the_longest_stacks_are_first() -> None:
    pipeline = small("search.parameters.hidden=[[4], [256, 128]]")
    found = stacks(planned(pipeline).runs, pipeline)
    work = [seconds(s.runs[0], pipeline, len(s.runs)) * len(s.runs) for s in found]
    assert work == sorted(work, reverse=True)


def test_the_stacks_of_a_group_differ_by_one_run_at_most() -> None:
    pipeline = small("search.repetitions=7", "search.parameters.lr=[0.01]")
    sizes = [len(s.runs) for s in stacks(planned(pipeline).runs, pipeline, size=3)]
    assert set(sizes) == {2, 3}


@pytest.mark.parametrize(
    ("changed", "size"),
    [
        ("training.optimizer=sgd", 10),
        ("training.optimizer=adam", 8),
        ("training.precision=float64", 5),
        ("model.hidden=[32, 16]", 57),
        ("model.hidden=[4]", LARGEST),
        ("model.hidden=[2000, 2000]", 1),
    ],
)
def test_a_stack_fills_the_cache(changed: str, size: int) -> None:
    """Outputs and gradients of all layers, and four to six arrays of parameters: 3 MiB."""
    text = 'name = "x"\n[datasets.linear]\ngenerator = "linear"'
    pipeline = small(changed, f"search.repetitions={3 * size}", text=text)
    assert max(len(s.runs) for s in stacks(planned(pipeline).runs, pipeline)) == size


def test_the_largest_stack_of_a_group_is_known_without_its_runs() -> None:
    pipeline = small("search.repetitions=7", "model.hidden=[500, 500]", text=MANY)
    plan = planned(pipeline)
    sizes = [len(s.runs) for s in stacks(plan.runs, pipeline)]
    assert largest(plan.trials[0], len(plan.runs), pipeline) == max(sizes) < len(plan.runs)
