"""A study's networks and scikit-learn's MLPClassifier, on the same splits and epochs.

    python -m tests.benchmarks.classifier

Trains the dense networks of pipelines/digits.toml with Adam, five repetitions of each.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from study.plan import seeds
from study.plan.stacks import stacks
from study.plan.trials import Run, planned
from study.space import widths
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.training.loop import train

ROOT = Path(__file__).parents[2]
DIGITS = (
    "search.repetitions=5",
    "search.parameters.convolution=['none']",
    "search.parameters.hidden=[[64]]",
    "search.parameters.optimizer=['adam']",
    "search.parameters.lr=[1e-3, 1e-2]",
    "search.exclude=[]",
    "hypotheses=[]",
)
ACTIVATIONS = {"tanh": "tanh", "relu": "relu", "sigmoid": "logistic", "none": "identity"}


@dataclass(frozen=True, slots=True)
class Pair:
    """The held-out loss and accuracy of one run, and of the peer on the same split."""

    run: Run
    loss: float
    accuracy: float
    peer_loss: float
    peer_accuracy: float


def pairs(pipeline: Pipeline) -> Iterator[Pair]:
    """Train all dense runs of a pipeline with Adam, and for each one the peer."""
    for stack in stacks(planned(pipeline).runs, pipeline):
        histories, _ = train(stack, pipeline, until=pipeline.training.epochs)
        for run, history in zip(stack.runs, histories, strict=True):
            loss, accuracy = (history.metrics[f"test_{name}"][-1] for name in ("loss", "accuracy"))
            yield Pair(run, float(loss), float(accuracy), *_peer(pipeline, run))


def _peer(pipeline: Pipeline, run: Run) -> tuple[float, float]:
    """Return the peer's mean loss and accuracy on the held-out part of a run's data."""
    from sklearn.neural_network import MLPClassifier

    dataset, chosen = pipeline.datasets[run.dataset], run.configuration
    rng = seeds.data(pipeline.search.seed, run.dataset, run.repetition)
    parts = dataset.parts(rng=rng)
    assert parts.test is not None
    (train_x, train_y), (test_x, test_y) = (
        (part.x.reshape(len(part.x), -1), part.y[:, 0].astype(int))
        for part in (parts.train, parts.test)
    )
    batch, epochs = str(chosen["batch_size"]), pipeline.training.epochs
    network = MLPClassifier(
        hidden_layer_sizes=widths(str(chosen["hidden"])),
        activation=ACTIVATIONS[str(chosen["activation"])],
        alpha=0.0,
        batch_size=len(train_x) if batch == "full" else int(float(batch)),
        learning_rate_init=chosen["lr"],
        max_iter=epochs,
        tol=0.0,
        n_iter_no_change=epochs,
        random_state=run.repetition,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was not to converge
        network.fit(train_x, train_y)
    of_label = np.take_along_axis(network.predict_proba(test_x), test_y[:, None], 1)
    return float(-np.log(of_label).mean()), float(network.score(test_x, test_y))


def main() -> None:
    """Print the medians of each configuration: this network's, then the peer's."""
    pipeline = load_pipeline(ROOT / "pipelines" / "digits.toml", DIGITS)
    collected: dict[tuple[object, ...], list[Pair]] = {}
    for pair in pairs(pipeline):
        chosen = pair.run.configuration
        collected.setdefault((chosen["activation"], chosen["lr"]), []).append(pair)
    print("digits, 64 hidden units, Adam: held-out loss and accuracy, median (least to greatest)")
    for (activation, lr), some in collected.items():
        loss, peer_loss, accuracy, peer_accuracy = (
            _spread([getattr(pair, name) for pair in some])
            for name in ("loss", "peer_loss", "accuracy", "peer_accuracy")
        )
        print(f"{activation} at {lr}, {len(some)} repetitions")
        print(f"  study         loss {loss}   accuracy {accuracy}")
        print(f"  scikit-learn  loss {peer_loss}   accuracy {peer_accuracy}")


def _spread(values: list[float]) -> str:
    return f"{np.median(values):.4f} ({min(values):.4f} to {max(values):.4f})"


if __name__ == "__main__":
    main()
