"""The metrics that an objective or a hypothesis may speak of: numeric columns of the runs."""

import math

from study.columns import TABLES

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
