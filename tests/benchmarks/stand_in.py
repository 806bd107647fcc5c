"""A study whose networks are not trained: tables of the right shape, next to no cost.

    python -m tests.benchmarks.stand_in PIPELINE RESULTS [STACKS]

Runs the study of PIPELINE as `study run` does, except for the epochs of its networks, and prints
its costs as JSON. After STACKS stacks it stops, as a killed study does.
"""

import json
import resource
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from study import load_pipeline
from study.execution import certificate, supply
from study.execution.driver import Options, run
from study.execution.events import StackDone, Started
from study.metrics import OF_EPOCHS
from study.plan import seeds
from study.plan.stacks import Stack
from study.plan.trials import Run
from study.spec.pipeline import Pipeline
from study.training.build import Array
from study.training.loop import History
from study.training.meter import Predicted
from study.training.summary import Begun, Trained, trained

SHOWN = (1, 10, 100, 1000, 10_000)


def train(
    stack: Stack, pipeline: Pipeline, until: int, begun: Begun | None = None
) -> tuple[list[Trained], Begun | None]:
    """Take the place of `train_stack`: noisy curves instead of trained ones."""
    assert begun is None
    return [trained(one, history(one, pipeline, until)) for one in stack.runs], None


def last(stack: Stack, pipeline: Pipeline, until: int) -> Trained:
    """Take the place of `last_trained`, by which a certificate trains a run again."""
    return train(stack, pipeline, until)[0][-1]


def history(one: Run, pipeline: Pipeline, epochs: int) -> History:
    """Make up what training would leave: a loss that falls, with the noise of a real one."""
    rng = np.random.default_rng(int(one.run_id, 16))
    noise = rng.standard_normal(epochs, np.float32)
    loss = 0.3 * np.exp(-rng.random() * np.arange(epochs, dtype=np.float32) / 50)
    loss += 0.001 * noise
    accuracy = np.round(np.clip(1.2 - 2 * loss, 0, 1), 2)
    nothing = np.full(epochs, np.nan, np.float32)
    columns = loss, accuracy, nothing, nothing, np.abs(noise)
    x, y, grid = _samples(pipeline, one.dataset, one.repetition)
    grids, ending = [], []
    if grid is not None:
        asked = [epoch for epoch in SHOWN if epoch < epochs] if one.repetition == 0 else []
        grids = [_answers(epoch, "grid", grid, None, rng) for epoch in asked]
        ending = [_answers(epochs, "grid", grid, None, rng)]
    ending.append(_answers(epochs, "train", x, y, rng))
    return History(dict(zip(OF_EPOCHS, columns, strict=True)), grids, ending, np.zeros(100), 0.001)


def _answers(
    epoch: int, part: str, x: Array, y: Array | None, rng: np.random.Generator
) -> Predicted:
    slopes = 5 * rng.standard_normal((x.shape[-1], 1), np.float32)
    prediction = 1 / (1 + np.exp(-x @ slopes))[:, 0]
    target = None if y is None else y[:, 0]
    nothing = np.full(len(x), np.nan)
    return Predicted(epoch, part, x, target, prediction, np.round(prediction), nothing)


_MADE: dict[tuple[str, int], tuple[Array, Array, Array | None]] = {}


def _samples(pipeline: Pipeline, name: str, repetition: int) -> tuple[Array, Array, Array | None]:
    """Return the data of a repetition, drawn once in each process."""
    if (name, repetition) not in _MADE:
        dataset = pipeline.datasets[name]
        rng = seeds.data(pipeline.search.seed, name, repetition)
        samples, grid = dataset.parts(rng=rng).train, dataset.grid()
        _MADE[name, repetition] = (
            samples.x.astype(np.float32),
            samples.y.astype(np.float32),
            None if grid is None else grid.astype(np.float32),
        )
    return _MADE[name, repetition]


def memory() -> int:
    """Return the bytes that this process has at this moment."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """Run the study, and print what that took."""
    pipeline, results = load_pipeline(sys.argv[1]), Path(sys.argv[2])
    stacks = int(sys.argv[3]) if len(sys.argv) > 3 else None
    supply.train_stack = train  # type: ignore[attr-defined]  # workers find it by its name
    certificate.last_trained = last  # type: ignore[attr-defined]
    began, cpu = time.perf_counter(), time.process_time()
    first, done, runs, expected = 0.0, 0, 0, 0
    sizes: list[int] = []
    with closing(run(pipeline, Options(results))) as events:
        for event in events:
            if isinstance(event, Started):
                expected = event.runs
            if isinstance(event, StackDone):
                first = first or time.perf_counter() - began
                done, runs = done + 1, runs + event.runs
                if not done % 25:
                    sizes.append(memory())
                if done == stacks:
                    break
    print(
        json.dumps(
            {
                "cpu": time.process_time() - cpu,
                "seconds": time.perf_counter() - began,
                "first": first or None,
                "runs": runs,
                "expected": expected,
                "sizes": sizes,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
