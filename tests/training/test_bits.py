"""Promise 1: a run's bits depend on its description only, whatever else is in its stack."""

import numpy as np
import pytest

from study.plan.stacks import stacks
from study.plan.trials import planned
from study.spec.pipeline import Pipeline
from study.training.loop import train
from study.training.summary import train_stack
from tests.pipelines import small

pytestmark = pytest.mark.no_cover  # many runs of what other tests trace

IMAGES = """
name = "images"
[datasets.stripes]
generator = "stripes"
samples = 24
test_fraction = 0.25
[model]
loss = "binary_cross_entropy"
output_activation = "none"
[training]
epochs = 12
[search]
repetitions = 3
[search.parameters]
convolution = ["none", {channels = 3, kernel = [3, 2]},
  [{channels = 2, kernel = [2, 2]}, {channels = 2, kernel = [1, 3]}]]
hidden = [[5]]
activation = ["tanh", "relu"]
optimizer = ["rmsprop", "adam"]
lr = [0.01, 0.1]
"""


def everything(pipeline: Pipeline, size: int | None) -> dict[str, list[bytes]]:
    """Return the bits of all that is stored of each run, except for the seconds."""
    collected = {}
    for stack in stacks(planned(pipeline).runs, pipeline, size=size):
        for run in train_stack(stack, pipeline, pipeline.training.epochs)[0]:
            arrays = {**run.metrics, **run.predictions}
            row = {name: value for name, value in run.row.items() if name != "seconds"}
            bits = [np.asarray(array).tobytes() for array in arrays.values()]
            collected[str(run.row["run_id"])] = [repr(row).encode(), *bits]
    return collected


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("batch", ["full", 8])
def test_a_runs_bits_do_not_depend_on_its_stack(precision: str, batch: str | int) -> None:
    """Promise 1, with runs that diverge at different epochs and leave their stacks."""
    pipeline = small(
        f"training.precision={precision}", f"training.batch_size={batch}", "training.epochs=12",
        "datasets.linear.test_fraction=0.2", "search.parameters.momentum=[0.0, 0.9]",
        "search.parameters.implementation=['exact', 'as_printed']",
    )  # fmt: skip
    alone = everything(pipeline, 1)
    for size in (3, None):
        assert everything(pipeline, size) == alone


def test_several_losses_have_the_bits_of_each_alone() -> None:
    """In any stack, and under the ids that their runs have where the loss is fixed."""
    accuracy = 'search.objective={metric = "final_train_accuracy", goal = "maximize"}'
    both = small(
        "search.parameters.loss=['mse', 'binary_cross_entropy']", accuracy,
        "search.parameters.output_activation=['same', 'none']", "search.parameters.hidden=[[4]]",
    )  # fmt: skip
    alone = everything(both, 1)
    assert everything(both, None) == alone
    collected: dict[str, list[bytes]] = {}
    for loss, output in (("mse", "same"), ("mse", "none"), ("binary_cross_entropy", "none")):
        keys = f"model.loss={loss}", f"model.output_activation={output}"
        collected |= everything(small(*keys, "search.parameters.hidden=[[4]]"), None)
    assert collected == alone


def test_the_labs_network_has_the_same_bits_in_any_stack() -> None:
    """128x64 with 100 samples: large enough for BLAS to change its mind, if it did."""
    pipeline = small(
        "datasets.linear.samples=100", "search.parameters.hidden=[[128, 64]]",
        "search.parameters.lr=[0.01, 1.0]", "training.epochs=15",
    )  # fmt: skip
    alone = everything(pipeline, 1)
    for size in (2, 4, 7):
        assert everything(pipeline, size) == alone


@pytest.mark.parametrize("batch", ["full", 7])
def test_networks_on_images_have_the_same_bits_in_any_stack(batch: str | int) -> None:
    pipeline = small(f"training.batch_size={batch}", text=IMAGES)
    alone = everything(pipeline, 1)
    for size in (2, None):
        assert everything(pipeline, size) == alone


def test_networks_on_images_learn() -> None:
    """With cross-entropy from logits, whose accuracy counts logit > 0."""
    pipeline = small(
        "training.epochs=200", "datasets.stripes.noise=0.2", "datasets.stripes.samples=80",
        "search.parameters.activation=['tanh']",
        "search.parameters.lr=[0.01]", text=IMAGES,
    )  # fmt: skip
    for stack in stacks(planned(pipeline).runs, pipeline):
        histories, _ = train(stack, pipeline, until=pipeline.training.epochs)
        for history in histories:
            assert history.metrics["train_accuracy"][-1] >= 0.9
            assert history.metrics["train_loss"][-1] < history.metrics["train_loss"][0] / 4
