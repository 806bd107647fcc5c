"""The metrics that an objective or a hypothesis may speak of: numeric columns of the runs."""

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
