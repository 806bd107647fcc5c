"""The one table of metrics: the definition of each, and the laws of every row."""

import math

import pytest

from study.columns import TABLES
from study.metrics import METRICS, OF_EPOCHS, OF_RUNS, Metric

every = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)


@pytest.mark.parametrize(
    ("name", "loss", "ratios", "labels", "held_out"),
    [
        ("final_test_loss", True, True, False, True),
        ("best_train_loss", True, True, False, False),
        ("final_train_accuracy", False, False, True, False),
        ("test_accuracy", False, False, True, True),
        ("epochs_to_loss_05", False, True, False, False),
        ("best_test_epoch", False, True, False, True),
        ("epochs_to_full_accuracy", False, True, True, False),
        ("gradient_norm", False, True, False, False),
        ("seconds", False, True, False, False),
        ("parameters", False, True, False, False),
    ],
)
def test_the_definition_of_each_metric(
    name: str, *, loss: bool, ratios: bool, labels: bool, held_out: bool
) -> None:
    m = METRICS[name]
    assert (m.is_loss, m.logarithmic, m.of_labels, m.held_out) == (loss, ratios, labels, held_out)


def test_only_an_accuracy_is_worst_at_minus_infinity() -> None:
    worst = {name for name, m in METRICS.items() if m.worst == -math.inf}
    assert worst == {
        "train_accuracy", "test_accuracy", "final_train_accuracy", "final_test_accuracy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("train_loss", "test_loss"),
        ("test_accuracy", "train_accuracy"),
        ("final_train_loss", "final_test_loss"),
        ("best_test_loss", "best_train_loss"),
        ("gradient_norm", None),
        ("epochs_to_loss_05", None),
        ("best_test_epoch", None),
        ("seconds", None),
    ],
)
def test_a_metric_has_its_counterpart_on_the_other_part(name: str, other: str | None) -> None:
    assert METRICS[name].counterpart == other
    assert other is None or METRICS[other].counterpart == name


@every
def test_a_metric_of_a_run_sums_up_one_of_its_epochs_or_is_a_fact(metric: Metric) -> None:
    assert metric.each_epoch == (not metric.of and not metric.fact)
    assert not (metric.of and metric.fact)
    if metric.of:
        whole = METRICS[metric.of]
        assert whole.each_epoch
        assert metric.part == whole.part
        assert (metric.quantity == whole.quantity) == (metric.summary in {"last", "best"})
    assert math.isnan(metric.threshold) == (metric.summary != "first")


@every
def test_no_value_is_worse_than_the_worst(metric: Metric) -> None:
    of = metric.quantity
    ends = (of.low, of.high) if of.goal == "minimize" else (-of.high, -of.low)
    assert abs(metric.worst) == math.inf
    assert (metric.worst if of.goal == "minimize" else -metric.worst) >= max(ends)
    assert of.worst_limit in {of.low, of.high}


def test_the_tables_have_a_column_for_each_metric_in_its_order() -> None:
    columns = {name: [c.name for c in TABLES[name]] for name in ("metrics", "runs")}
    assert columns["metrics"][-len(OF_EPOCHS) :] == list(OF_EPOCHS)
    assert [name for name in columns["runs"] if name in OF_RUNS] == list(OF_RUNS)
    for metric in METRICS.values():
        table = TABLES["metrics" if metric.each_epoch else "runs"]
        (column,) = (column for column in table if column.name == metric.name)
        assert (column.meaning, column.unit) == (metric.meaning, metric.quantity.unit)
