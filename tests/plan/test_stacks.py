"""Stacks hold runs that may be trained as one, all of them, and no larger than asked."""

import pytest

from study.plan.stacks import LARGEST, largest, seconds, stacks, work
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
    planned_stacks = stacks(runs, pipeline, size=size)
    assert sorted(r.run_id for s in planned_stacks for r in s.runs) == sorted(
        r.run_id for r in runs
    )
    for stack in planned_stacks:
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
    fixed = ("model.hidden=[8]", "training.optimizer=sgd", "training.epochs=30")
    less, longer = (small(*fixed, *also, text=text) for also in ((), (more,)))
    expected = [seconds(planned(p).runs[0], p, 1) for p in (less, longer)]
    assert 0 < expected[0] < expected[1] < 1


MEASURED = {
    ("linear", "[4]", "sgd"): (212.4, 55.7, 20.1, 4.3),
    ("linear", "[4]", "adam"): (327.9, 85.0, 28.6, 5.4),
    ("linear", "[128, 64]", "sgd"): (1607.9, 223.4, 99.1, 41.2),
    ("linear", "[128, 64]", "adam"): (2628.7, 484.6, 174.9, 50.9),
    ("linear", "[128, 64]", "rmsprop"): (2358.2, 424.7, 157.0, 48.3),
    ("xor", "[4]", "sgd"): (44.5, 15.3, 7.1, 3.2),
    ("xor", "[128, 64]", "sgd"): (356.2, 67.4, 27.8, 14.9),
    ("xor", "[128, 64]", "rmsprop"): (469.6, 96.1, 38.0, 20.3),
}
"""µs a run and epoch with batches of 1, 4, 16 and full ones: 10 repetitions in stacks that fit the
cache, one core of an AMD EPYC."""


@pytest.mark.parametrize(("setting", "measured"), MEASURED.items())
def test_a_smaller_batch_is_expected_to_take_as_much_longer_as_measured(
    setting: tuple[str, str, str], measured: tuple[float, ...]
) -> None:
    """14 to 52 times as long with batches of one sample as with all samples at once."""
    dataset, hidden, optimizer = setting
    text = f'name = "x"\n[datasets.{dataset}]\ngenerator = "{dataset}"\n'
    keys = f"model.hidden={hidden}", f"training.optimizer={optimizer}", "training.epochs=1"
    expected = []
    for batch in ("1", "4", "16", "full"):
        pipeline = small(*keys, f"training.batch_size={batch}", text=text)
        expected.append(work(stacks(planned(pipeline).runs, pipeline)[0], pipeline))
    size = largest(planned(pipeline).runs[0], 10, pipeline)
    assert [1e6 * seconds / size for seconds in expected] == pytest.approx(measured, rel=0.5)
    ratios = [seconds / expected[-1] for seconds in expected]
    assert ratios == pytest.approx([m / measured[-1] for m in measured], rel=0.5)


def test_a_batch_that_covers_the_samples_is_one_update() -> None:
    """Only the pass that measures the epoch comes on top of a full batch."""
    full, covering, half = (
        small(f"training.batch_size={batch}", "search.parameters={}", text=MANY)
        for batch in ("full", "1000", "50")
    )
    one, more, two = (seconds(planned(p).runs[0], p, 10) for p in (full, covering, half))
    assert one < more < two
    assert more < 1.5 * one


def test_held_out_samples_are_expected_to_be_measured() -> None:
    all_in, a_half = (
        small(f"datasets.linear={{generator='linear', samples={n}, test_fraction={part}}}",
              text=MANY)
        for n, part in ((100, 0.0), (200, 0.5))
    )  # fmt: skip
    less, more = (seconds(planned(p).runs[0], p, 10) for p in (all_in, a_half))
    assert less < more < 2 * less


def test_stacks_of_small_batches_are_first() -> None:
    pipeline = small('search.parameters.batch_size=["full", 1, 4]', "model.hidden=[8]", text=MANY)
    planned_stacks = stacks(planned(pipeline).runs, pipeline, size=5)
    batches = [stack.configuration["batch_size"] for stack in planned_stacks]
    assert batches == 6 * ["1"] + 6 * ["4"] + 6 * ["full"]


def test_the_longest_stacks_are_first() -> None:
    pipeline = small("search.parameters.hidden=[[4], [256, 128]]")
    planned_stacks = stacks(planned(pipeline).runs, pipeline)
    work = [seconds(s.runs[0], pipeline, len(s.runs)) * len(s.runs) for s in planned_stacks]
    assert work == sorted(work, reverse=True)


def test_the_stacks_of_a_group_differ_by_one_run_at_most() -> None:
    pipeline = small("search.repetitions=7", "search.parameters.lr=[0.01]")
    sizes = [len(s.runs) for s in stacks(planned(pipeline).runs, pipeline, size=3)]
    assert set(sizes) == {2, 3}


@pytest.mark.parametrize(
    ("changed", "size"),
    [
        ("training.optimizer=sgd", 21),
        ("training.optimizer=adam", 17),
        ("training.precision=float64", 10),
        ("model.hidden=[32, 16]", 114),
        ("model.hidden=[4]", LARGEST),
        ("model.hidden=[2000, 2000]", 1),
    ],
)
def test_a_stack_fills_the_cache(changed: str, size: int) -> None:
    """Outputs and gradients of all layers, and four to six arrays of parameters: 6 MiB."""
    text = 'name = "x"\n[datasets.linear]\ngenerator = "linear"'
    pipeline = small(changed, f"search.repetitions={3 * size}", text=text)
    assert max(len(s.runs) for s in stacks(planned(pipeline).runs, pipeline)) == size


def test_the_largest_stack_of_a_group_is_known_without_its_runs() -> None:
    pipeline = small("search.repetitions=7", "model.hidden=[500, 500]", text=MANY)
    plan = planned(pipeline)
    sizes = [len(s.runs) for s in stacks(plan.runs, pipeline)]
    assert largest(plan.trials[0], len(plan.runs), pipeline) == max(sizes) < len(plan.runs)
