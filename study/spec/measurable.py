"""Whether a metric can be measured on every dataset, and compares where losses differ."""

import itertools
from collections.abc import Iterator

from study.errors import quoted
from study.metrics import DIVERGED, METRICS
from study.space import Mistake, Place, Value, each
from study.spec.constraints import Constraint
from study.spec.fit import values
from study.spec.hypotheses import Hypothesis
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline


def measured(
    pipeline: Pipeline, place: Place, by: Hypothesis | Objective | Constraint
) -> Iterator[Mistake]:
    """Yield that a dataset does not have a metric: no held-out part, no classes."""
    named = None if isinstance(by, Objective | Constraint) else by.datasets
    for rule in (_of_classes, _held_out):
        problems = each(rule, ((pipeline, n, by.metric) for n in pipeline.datasets
                            if named is None or n in named))  # fmt: skip
        yield from (((*place, "metric"), problem) for problem in itertools.islice(problems, 1))


def _of_classes(pipeline: Pipeline, name: str, metric: str) -> Iterator[str]:
    of_labels = metric != DIVERGED and METRICS[metric].of_labels
    if of_labels and pipeline.datasets[name].labels is None:
        problem = f"{quoted(metric)} needs classes, and the target of datasets.{name} is a number"
        yield problem


def _held_out(pipeline: Pipeline, name: str, metric: str) -> Iterator[str]:
    held_out = metric != DIVERGED and METRICS[metric].held_out
    if held_out and not pipeline.datasets[name].holds_out:
        yield f"{quoted(metric)} needs test_fraction > 0 in datasets.{name}"


def across_losses(
    pipeline: Pipeline, place: Place, by: Hypothesis | Objective | Constraint
) -> Iterator[Mistake]:
    """Yield a metric on the scale of the loss where several losses are minimised.

    Their values do not compare; accuracies do.
    """
    if by.metric == DIVERGED or not METRICS[by.metric].on_loss_scale:
        return
    cells: list[dict[str, Value]] = [{}] if isinstance(by, Objective | Constraint) else by.cells
    trained = values(pipeline, "loss")
    losses = dict.fromkeys(str(v) for c in cells for v in ([c["loss"]] if "loss" in c else trained))
    if len(losses) > 1:
        metric = METRICS[by.metric]
        instead = f"final_{metric.part}_accuracy" if metric.is_loss else "epochs_to_full_accuracy"
        more = "" if any("loss" in cell for cell in cells) else ", or name one loss in `where`"
        if isinstance(by, Objective):
            more = " and goal = 'maximize'" if metric.is_loss else ""
        elif isinstance(by, Constraint):
            more = " and at_least" if metric.is_loss else ""
        why = f"{' and '.join(map(quoted, losses))} have different scales"
        problem = (
            f"{quoted(by.metric)} does not compare across losses: {why}; use {quoted(instead)}"
        )
        yield (*place, "metric"), f"{problem}{more}"
