"""Schedules of the learning rate in training: whole runs, batches, resumption, and errors."""

import numpy as np
import pytest

from study.plan.stacks import Stack, stacks
from study.plan.trials import planned
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from study.training.build import Trainee, build
from study.training.loop import train
from tests.pipelines import small
from tests.spec.refused import mistakes

STEPS = ("training.schedule=step", "training.step_epochs=4", "training.step_factor=0.25")
FACTORS = {
    STEPS: [0.25 ** (epoch // 4) for epoch in range(10)],
    ("training.schedule=cosine",): [(1 + np.cos(np.pi * epoch / 10)) / 2 for epoch in range(10)],
}
scheduled = pytest.mark.parametrize("keys", FACTORS, ids=["step", "cosine"])
SETTLED = (
    "search.parameters={optimizer = ['sgd', 'adam'], momentum = [0.0, 0.9]}", "model.hidden=[4]",
    "training.lr=0.5", "training.epochs=10", "training.precision=float64",
)  # fmt: skip


def each(pipeline: Pipeline) -> list[tuple[Stack, Trainee]]:
    return [(stack, build(stack, pipeline)) for stack in stacks(planned(pipeline).runs, pipeline)]


@scheduled
def test_each_epoch_has_its_factor_of_the_rate(keys: tuple[str, ...]) -> None:
    """As if each epoch were trained with an optimizer of that rate and the same state."""
    pipeline = small(*SETTLED, *keys)
    for stack, by_hand in each(pipeline):
        histories, _ = train(stack, pipeline, until=10)
        network, optimizer, part = by_hand.network, by_hand.optimizer, by_hand.train
        for epoch, factor in enumerate(FACTORS[keys]):
            optimizer.lr = np.full((len(stack.runs), 1), 0.5 * factor)
            network.backward(by_hand.loss.backward(network(part.x), part.y), grad_input=False)
            optimizer.step()
            losses = by_hand.loss(network(part.x), part.y)
            for history, loss in zip(histories, losses, strict=True):
                assert history.metrics["train_loss"][epoch] == pytest.approx(loss, rel=1e-12)


@scheduled
@pytest.mark.parametrize("batch", ["full", "8"])
def test_a_run_resumes_at_the_rate_of_its_epoch(keys: tuple[str, ...], batch: str) -> None:
    pipeline = small(*SETTLED, *keys, f"training.batch_size={batch}")
    for stack in stacks(planned(pipeline).runs, pipeline):
        whole, _ = train(stack, pipeline, until=10)
        first, state = train(stack, pipeline, until=5)
        rest, _ = train(stack, pipeline, until=10, state=state)
        for one, before, after in zip(whole, first, rest, strict=True):
            together = before.then(after)
            assert np.array_equal(one.parameters, together.parameters)
            for name, values in one.metrics.items():
                assert np.array_equal(values, together.metrics[name], equal_nan=True)


def test_all_batches_of_an_epoch_have_its_rate() -> None:
    """After a step to nearly nothing, all updates of an epoch together move almost no weight."""
    pipeline = small(
        "training.schedule=step", "training.step_epochs=1", "training.step_factor=1e-9",
        "training.batch_size=1", "training.epochs=2", "training.precision=float64",
        "search.parameters={lr = [0.1]}", "model.hidden=[4]",
    )  # fmt: skip
    for stack in stacks(planned(pipeline).runs, pipeline):
        both, _ = train(stack, pipeline, until=2)
        first, _ = train(stack, pipeline, until=1)
        for history, alone in zip(both, first, strict=True):
            assert history.metrics["train_loss"][0] == alone.metrics["train_loss"][0]
            change = np.abs(history.parameters - alone.parameters).max()
            assert 0 < change < 1e-7


DATA = 'name = "x"\n[datasets.xor]\ngenerator = "xor"\n'


def test_a_step_that_never_comes_is_an_error() -> None:
    step = "[training]\nepochs = 300\nschedule = 'step'\n"
    assert mistakes(DATA + step) == [
        "training.step_epochs: must be less than epochs, 300, got 1000, or no step would come"
    ]
    assert mistakes(f"{DATA}{step}[search.parameters]\nstep_epochs = [100, 300]") == [
        ("search.parameters.step_epochs[1]: must be less than epochs, 300, got 300, or no step "
         "would come")
    ]  # fmt: skip
    ranged = 'method = "random"\ntrials = 9\nparameters.step_epochs = {low = 400, high = 500}'
    assert mistakes(f"{DATA}{step}[search]\n{ranged}") == [
        ("search.parameters.step_epochs.low: must be less than epochs, 300, got 400, or no step "
         "would come")
    ]  # fmt: skip
    read_pipeline(f"{DATA}[training]\nepochs = 300", "x.toml")


def test_a_step_counts_where_it_acts() -> None:
    """The default, 1000 epochs, acts with no schedule of the first space, but of the second."""
    training = "[training]\nepochs = 300\n[search.parameters]\n"
    both = 'schedule = ["constant", "step"]\n'
    when = "step_epochs = {choices = [100, 150], when = "
    fine = f'{DATA}{training}{both}{when}{{schedule = "step"}}}}'
    assert len(planned(read_pipeline(fine, "x.toml")).trials) == 3
    (wrong,) = mistakes(f"{DATA}{training}{both}lr = [0.1, 1.0]\n{when}{{lr = 0.1}}}}")
    assert "step_epochs: must be less than epochs, 300, got 1000" in wrong
    out = '[[search.exclude]]\nwhere = {schedule = "step", step_epochs = 900}\nreason = "late"'
    late = f"{DATA}{training}{both}step_epochs = [100, 900]\n"
    assert len(mistakes(late)) == 1
    assert len(planned(read_pipeline(f"{late}{out}", "x.toml")).trials) == 2


def test_steps_are_searched_where_the_schedule_has_them() -> None:
    """Of equal schedules one is trained: steps do not act along a cosine."""
    space = (
        "search.parameters={schedule = ['constant', 'step', 'cosine'], step_epochs = [2, 5], "
        "step_factor = [0.1, 0.5]}"
    )
    trials = planned(small(space, "training.epochs=10")).trials
    names = "schedule", "step_epochs", "step_factor"
    result = {tuple(t.configuration[n] for n in names) for t in trials if t.dataset == "xor"}
    steps = {("step", n, factor) for n in (2.0, 5.0) for factor in (0.1, 0.5)}
    assert result == {("constant", None, None), ("cosine", None, None), *steps}


def test_a_whole_number_may_be_a_range() -> None:
    space = "search.parameters={step_epochs = {low = 2, high = 4}}"
    pipeline = small(
        space, "search.method=random", "search.trials=3", "training.schedule=step",
        "training.epochs=10",
    )  # fmt: skip
    searched = pipeline.search.parameters["step_epochs"]
    assert [searched.has(n) for n in (2.0, 4.0, 5.0)] == [True, True, False]
