"""The metrics that an objective or a hypothesis may speak of: numeric columns of the runs."""

import math
from typing import Literal, TypeAlias

from study.columns import TABLES

Goal: TypeAlias = Literal["minimize", "maximize"]
"""The better direction."""

METRICS: dict[str, str] = {
    column.name: column.meaning
    for column in TABLES["runs"]
    if column.role in {"result", "cost"} and column.kind in {"count", "real", "metric"}
}
"""Name → meaning."""

DIVERGED = "diverged"
"""Whether a run diverged: a metric of levels alone, which speak of the share of the runs."""


def needs_test_part(metric: str) -> bool:
    """Say whether a metric is null where no samples are held out.

    >>> needs_test_part("final_test_loss"), needs_test_part("final_train_loss")
    (True, False)
    """
    return "_test_" in metric


def known_on_the_way(metric: str) -> bool:
    """Say whether a metric of a run that goes on already tells it from others.

    >>> known_on_the_way("final_train_loss"), known_on_the_way("epochs_to_loss_05")
    (True, False)
    """
    return metric.startswith(("final_", "best_"))


FACTS = frozenset({"epochs", "parameters", "seconds", "diverged_at"})
"""Metrics that a run which diverged has like any other run; of all others it has the worst."""


def timed(metric: str) -> bool:
    """Say whether a metric is measured once for a whole stack, however many runs it holds.

    Runs of one stack have the very same number, so repetitions are no independent measurements.

    >>> timed("seconds"), timed("final_train_loss")
    (True, False)
    """
    return metric == "seconds"


def worst(metric: str) -> float:
    """Return what a run counts as that diverged, or never got there: −∞ of accuracy, else ∞.

    >>> worst("final_train_accuracy"), worst("epochs_to_full_accuracy")
    (-inf, inf)
    """
    return -math.inf if "accuracy" in metric and "epochs" not in metric else math.inf


def logarithmic(metric: str) -> bool:
    """Return whether a metric is compared by its ratios: a loss, epochs to a threshold, or a time.

    >>> logarithmic("final_train_loss"), logarithmic("epochs_to_loss_05")
    (True, True)
    >>> logarithmic("final_train_accuracy")
    False
    """
    return is_loss(metric) or metric.startswith("epochs") or metric == "seconds"


def is_loss(metric: str) -> bool:
    """Return whether a metric is a loss, which the trivial predictor's caps.

    >>> is_loss("best_test_loss"), is_loss("epochs_to_loss_05")
    (True, False)
    """
    return metric.endswith("_loss")


def curve(metric: str) -> str:
    """Return the metric of each epoch that a run's metric comes from.

    >>> curve("best_test_loss"), curve("final_test_accuracy"), curve("epochs_to_full_accuracy")
    ('test_loss', 'test_accuracy', 'train_accuracy')
    """
    if metric == "epochs_to_full_accuracy":
        return "train_accuracy"
    kept = metric.startswith(("final_", "best_"))
    return metric.partition("_")[2] if kept else "train_loss"


def natural(metric: str) -> Goal:
    """Return the direction in which a metric is better, whatever an objective declares.

    >>> natural("final_test_accuracy"), natural("test_loss"), natural("epochs_to_full_accuracy")
    ('maximize', 'minimize', 'minimize')
    """
    return "minimize" if worst(metric) > 0 else "maximize"
