"""Training a stack gives every run the numbers that it would have had alone, epoch by epoch."""

import itertools
import math
import time

import numpy as np
import pytest

from nn_core import INITIALIZERS, Linear, Sequential
from study.plan import seeds
from study.plan.architecture import architecture
from study.plan.stacks import Stack, stacks
from study.plan.trials import Run, planned
from study.spec.pipeline import Pipeline
from study.training.loop import History, train
from study.training.summary import train_stack
from tests.pipelines import small
from tests.training.reference import Plain


def trained(stack: Stack, pipeline: Pipeline) -> list[History]:
    histories, _ = train(stack, pipeline, until=pipeline.training.epochs)
    return histories


def plain(run: Run, pipeline: Pipeline) -> Plain:
    """Return the plain network that begins where the run does."""
    network = architecture(pipeline, run)
    layers = [Linear(a, b) for (a,), (b,) in itertools.pairwise(network.shapes)]
    rng = seeds.weights(0, run.dataset, run.repetition, network.name, "standard_normal")
    Sequential(layers).initialize(INITIALIZERS["standard_normal"], rng=rng)
    options = {
        name: value
        for name in ("lr", "optimizer", "momentum", "beta1", "beta2", "epsilon", "implementation")
        if (value := run.configuration[name]) is not None
    }
    weights = [np.array(layer.weights) for layer in layers]
    return Plain(weights, str(run.configuration["activation"]), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("implementation", ["exact", "as_printed"])
@pytest.mark.parametrize("fraction", [0.0, 0.25])
def test_every_epoch_equals_an_independent_implementation(
    fraction: float, implementation: str
) -> None:
    """After e updates, loss and accuracy equal the reference's; the norm is the last update's."""
    pipeline = small(
        "training.precision=float64",
        "training.epochs=12",
        "training.divergence_limit=1e6",
        f"model.implementation={implementation}",
        f"datasets.linear.test_fraction={fraction}",
        'search.parameters.activation=["none", "relu", "sigmoid", "softsign", "tanh"]',
        "search.parameters.lr=[0.01, 0.1]",
    )
    for stack in stacks(planned(pipeline).runs, pipeline):
        for run, history in zip(stack.runs, trained(stack, pipeline), strict=True):
            parts = pipeline.datasets[run.dataset].parts(
                rng=seeds.data(0, run.dataset, run.repetition)
            )
            network = plain(run, pipeline)
            for epoch in range(history.epochs):
                norm = network.step(parts.train.x, parts.train.y)
                loss, accuracy = network.measure(parts.train.x, parts.train.y)
                metrics = {name: column[epoch] for name, column in history.metrics.items()}
                assert metrics["train_loss"] == pytest.approx(loss, rel=1e-9)
                assert metrics["train_accuracy"] == accuracy
                assert metrics["gradient_norm"] == pytest.approx(norm, rel=1e-8)
                if parts.test is None:
                    assert math.isnan(metrics["test_loss"])
                else:
                    loss, accuracy = network.measure(parts.test.x, parts.test.y)
                    assert metrics["test_loss"] == pytest.approx(loss, rel=1e-9)
                    assert metrics["test_accuracy"] == accuracy


def test_mini_batches_pass_over_every_sample_once_an_epoch_in_the_seeds_order() -> None:
    pipeline = small(
        "training.precision=float64", "training.epochs=70", "training.batch_size=8",
        "search.parameters.lr=[0.1]", "search.parameters.activation=['tanh']",
    )  # fmt: skip
    for stack in stacks(planned(pipeline).runs, pipeline):
        for run, history in zip(stack.runs, trained(stack, pipeline), strict=True):
            data = pipeline.datasets[run.dataset]
            train_part = data.parts(rng=seeds.data(0, run.dataset, run.repetition)).train
            network = plain(run, pipeline)
            for epoch in range(70):
                rng = seeds.order(0, run.dataset, run.repetition, epoch // 64)
                orders = rng.permuted(np.tile(np.arange(data.size), (64, 1)), axis=1)
                order = orders[epoch % 64]
                assert sorted(order) == list(range(data.size))
                for first in range(0, data.size, 8):
                    rows = order[first : first + 8]
                    norm = network.step(train_part.x[rows], train_part.y[rows])
                loss, _ = network.measure(train_part.x, train_part.y)
                assert history.metrics["train_loss"][epoch] == pytest.approx(loss, rel=1e-7)
                assert history.metrics["gradient_norm"][epoch] == pytest.approx(norm, rel=1e-6)


def test_training_in_two_parts_is_training_in_one() -> None:
    """The next epoch depends on nothing except `state`."""
    pipeline = small("search.parameters.lr=[0.01, 1.0]", "training.batch_size=8")
    for stack in stacks(planned(pipeline).runs, pipeline):
        whole = trained(stack, pipeline)
        first, state = train(stack, pipeline, until=11)
        left = Stack(tuple(r for r, h in zip(stack.runs, first, strict=True) if not h.diverged))
        if not left.runs:
            continue
        second, _ = train(left, pipeline, until=30, state=state)
        rest = iter(second)
        for one, begun in zip(whole, first, strict=True):
            parts = [begun] if begun.diverged else [begun, next(rest)]
            for name, column in one.metrics.items():
                joined = np.concatenate([part.metrics[name] for part in parts])
                assert np.array_equal(joined, column, equal_nan=True)


def test_a_run_diverges_at_the_first_epoch_beyond_the_limit_and_leaves() -> None:
    pipeline = small("training.divergence_limit=0.6", "search.parameters.lr=[0.01, 1.0, 50.0]")
    seen = 0
    for stack in stacks(planned(pipeline).runs, pipeline):
        for history in trained(stack, pipeline):
            loss = history.metrics["train_loss"]
            beyond = ~(loss <= 0.6)
            assert history.diverged == beyond.any()
            if history.diverged:
                seen += 1
                assert beyond.argmax() == history.epochs - 1
            else:
                assert history.epochs == 30
    assert seen > 10


def test_a_loss_at_the_limit_does_not_diverge() -> None:
    """A run diverges where its loss is greater than the limit, and not where it is the limit."""
    one = ("training.precision=float64", "search.parameters.lr=[0.01]", "search.repetitions=1")
    pipeline = small(*one)
    stack = stacks(planned(pipeline).runs, pipeline, size=1)[0]
    highest = float(trained(stack, pipeline)[0].metrics["train_loss"].max())
    for limit, diverged in ((highest, False), (math.nextafter(highest, 0), True)):
        limited = small(
            *one, f"training.divergence_limit={limit!r}".replace("np.float64(", "").rstrip(")")
        )
        assert trained(stack, limited)[0].diverged == diverged


def test_the_time_in_the_loop_is_shared_among_the_runs_of_a_stack() -> None:
    pipeline = small("training.epochs=300", "search.parameters.lr=[0.01]", "search.repetitions=20")
    stack = stacks(planned(pipeline).runs, pipeline)[0]
    began = time.perf_counter()
    histories = trained(stack, pipeline)
    spent = time.perf_counter() - began
    assert len({history.seconds for history in histories}) == 1
    assert 0 < sum(history.seconds for history in histories) <= spent


def test_an_infinite_loss_diverges_although_no_limit_is_set() -> None:
    pipeline = small("search.parameters.lr=[50.0]", "search.parameters.activation=['none']")
    histories = [h for s in stacks(planned(pipeline).runs, pipeline) for h in trained(s, pipeline)]
    diverged = [h for h in histories if h.diverged]
    assert diverged
    assert all(not np.isfinite(h.metrics["train_loss"][-1]) for h in diverged)
    assert all(np.isfinite(h.metrics["train_loss"][:-1]).all() for h in histories)


def test_runs_share_data_and_weights_across_everything_but_dataset_and_repetition() -> None:
    """Promise 4: the first forward pass of two learning rates, or optimizers, is the same."""
    pipeline = small("training.epochs=1", "search.parameters.lr=[1e-12, 2e-12]")
    first: dict[tuple[object, ...], set[float]] = {}
    for stack in stacks(planned(pipeline).runs, pipeline):
        for run, history in zip(stack.runs, trained(stack, pipeline), strict=True):
            c = run.configuration
            key = run.dataset, run.repetition, c["hidden"], c["activation"]
            first.setdefault(key, set()).add(float(history.metrics["gradient_norm"][0]))
    assert all(len(norms) == 1 for norms in first.values())
    assert len(set.union(*first.values())) == len(first)


def test_draw_once_gives_all_repetitions_the_same_data() -> None:
    def x(pipeline: Pipeline) -> list[np.ndarray]:
        runs = [r for r in planned(pipeline).runs if r.dataset == "linear"][:2]
        done = train_stack(Stack(tuple(runs)), pipeline, pipeline.training.epochs)[0]
        inputs = [run.predictions["x0"] for run in done]
        parts = [run.predictions["part"] for run in done]
        return [i[p == "train"] for i, p in zip(inputs, parts, strict=True) if i is not None]

    one, two = x(small("training.epochs=1", 'datasets.linear.draw="once"'))
    assert np.array_equal(one, two)
    one, two = x(small("training.epochs=1"))
    assert not np.array_equal(one, two)


def test_accuracy_under_cross_entropy_counts_logits_above_zero() -> None:
    pipeline = small(
        "model.loss=binary_cross_entropy", "model.output_activation=none",
        "search.parameters.lr=[0.1]", "search.parameters.activation=['tanh']",
    )  # fmt: skip
    differing = 0
    for stack in stacks(planned(pipeline).runs, pipeline):
        for history in trained(stack, pipeline):
            (last,) = [ending for ending in history.ending if ending.part == "train"]
            assert last.target is not None
            assert last.prediction is not None
            assert last.prediction.min() >= 0
            assert last.prediction.max() <= 1
            right = (last.prediction > 0.5) == (last.target > 0.5)
            assert history.metrics["train_accuracy"][-1] == pytest.approx(right.mean())
            logits = np.log(last.prediction) - np.log1p(-last.prediction)
            differing += bool(((logits > 0) != (logits > 0.5)).any())
    assert differing  # or 0.5 would have done as well
