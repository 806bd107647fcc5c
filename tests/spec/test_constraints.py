"""A constraint is one limit of a metric; what it cannot be is an error with its location."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.errors import PipelineError
from study.execution.belonging import changes
from study.overview import plan_text
from study.plan.forecast import forecast
from study.plan.trials import planned
from study.spec.constraints import Constraint, described
from tests.pipelines import SMALL, small
from tests.searches import SEARCH

VALUES = st.lists(st.floats(-10, 10) | st.just(math.inf), min_size=1, max_size=12)


@given(VALUES, st.floats(-10, 10), st.floats(0, 1))
def test_it_is_met_where_the_order_statistic_is_within_the_limit(
    values: list[float], limit: float, quantile: float
) -> None:
    value = float(np.quantile(values, quantile, method="higher"))
    below = Constraint(metric="final_train_loss", at_most=limit).excess(values, quantile)
    assert (below <= 0) == (value <= limit)
    turned = [-v for v in values]
    above = Constraint(metric="final_train_loss", at_least=-limit).excess(turned, quantile)
    assert above == below


@pytest.mark.parametrize("key", ["at_most", "at_least"])
def test_a_run_without_a_value_never_meets_a_limit(key: str) -> None:
    limit = Constraint.model_validate({"metric": "final_train_accuracy", key: 0.5})
    assert limit.excess([None, math.nan], 0.5) == math.inf


def test_a_diverged_run_has_facts_and_no_results() -> None:
    statuses = "completed", "pruned", "diverged", "failed"
    size = Constraint(metric="parameters", at_most=500)
    loss = Constraint(metric="final_train_loss", at_most=0.1)
    assert [size.counts(status) for status in statuses] == [True] * 4
    assert [loss.counts(status) for status in statuses] == [True, True, False, False]


ONE = "exactly one of at_most and at_least must be given, got"


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ("{at_most = 5}", "search.constraints[0].metric: is missing"),
        ('{metric = "parameter", at_most = 5}', "(did you mean 'parameters'?)"),
        ('{metric = "parameters"}', f"search.constraints[0]: {ONE} none"),
        (
            '{metric = "parameters", at_most = 5, at_least = 2}',
            f"search.constraints[0]: {ONE} at_most and at_least",
        ),
        ('{metric = "parameters", at_most = "5"}', "search.constraints[0].at_most: must be"),
        ('{metric = "parameters", at_most = true}', "search.constraints[0].at_most: must be"),
        ('{metric = "parameters", at_most = nan}', "search.constraints[0].at_most: must be"),
        ('{metric = "parameters", at_most = inf}', "search.constraints[0].at_most: must be"),
        ('{metric = "parameters", max = 5}', "search.constraints[0].max: unknown key"),
        (
            '{metric = "final_test_loss", at_most = 1}',
            "search.constraints[0].metric: 'final_test_loss' needs test_fraction > 0",
        ),
        ('{metric = "diverged_at", at_least = 3}', "constraints[0].metric: 'diverged_at' is null"),
        (
            '{metric = "final_train_accuracy", at_least = 95}',
            "search.constraints[0].at_least: no accuracy is at least 95: the greatest is 1",
        ),
        (
            '{metric = "final_train_loss", at_most = -1}',
            "search.constraints[0].at_most: no loss is at most -1: the least is 0",
        ),
        (
            '{metric = "parameters", at_most = 0}',
            "search.constraints[0].at_most: no size is at most 0: the least is 1",
        ),
        (
            '{metric = "epochs_to_full_accuracy", at_most = 0.5}',
            "search.constraints[0].at_most: no number of epochs is at most 0.5: the least is 1",
        ),
        (
            '{metric = "epochs", at_least = 31}',
            "constraints[0].at_least: no number of epochs is at least 31: the greatest is 30",
        ),
        (
            '{metric = "parameters", at_most = 5}, {metric = "parameters", at_most = 6}',
            "search.constraints[1].at_most: 'parameters' has this limit in constraints[0] too",
        ),
        (
            '{metric = "parameters", at_most = 5}, {metric = "parameters", at_least = 6}',
            "constraints[1].at_least: no value meets this and parameters at most 5, constraints[0]",
        ),
    ],
)
def test_a_wrong_constraint_is_an_error_with_its_place(tables: str, message: str) -> None:
    with pytest.raises(PipelineError) as error:
        small(f"search.constraints=[{tables}]")
    assert message in str(error.value)
    assert len(error.value.mistakes) == 1


@pytest.mark.parametrize("low", [4, 5])
def test_two_limits_of_one_metric_may_leave_a_range_or_a_single_value(low: int) -> None:
    limits = [f'{{metric = "parameters", {key}}}' for key in ("at_most = 5", f"at_least = {low}")]
    assert len(small(f"search.constraints=[{', '.join(limits)}]").search.constraints) == 2


def test_a_loss_across_losses_is_refused_and_an_accuracy_offered() -> None:
    losses = "search.parameters.loss=['mse', 'binary_cross_entropy']"
    aim = "search.objective={metric = 'final_train_accuracy', goal = 'maximize'}"
    with pytest.raises(PipelineError) as error:
        small(
            losses, aim, "model.output_activation=sigmoid",
            "search.constraints=[{metric = 'final_train_loss', at_most = 1}]",
        )  # fmt: skip
    (message,) = [m for m in error.value.mistakes if "constraints" in m]
    assert "does not compare across losses" in message
    assert "use 'final_train_accuracy' and at_least" in message


def test_seconds_limit_a_grid_alone() -> None:
    limit = "search.constraints=[{metric = 'seconds', at_most = 1}]"
    assert small(limit).search.constraints[0].limit == 1
    with pytest.raises(PipelineError, match="'seconds' differ each time"):
        small(limit, text=SEARCH)


LIMIT = "search.constraints=[{metric = 'parameters', at_most = 20}]"


def test_a_constraint_retrains_nothing_in_a_grid_and_makes_another_search() -> None:
    before, after = ({run.run_id for run in planned(p).runs} for p in (small(), small(LIMIT)))
    assert before == after
    assert changes(small(), small(LIMIT)) == []
    (difference,) = changes(small(text=SEARCH), small(LIMIT, text=SEARCH))
    assert difference.startswith("search.constraints ")


@pytest.mark.parametrize(
    ("overrides", "text", "expected"),
    [
        ((), SMALL, "parameters at most 20 (infeasible configurations are ranked last)"),
        (("search.method=tpe",), SEARCH, "tpe avoids infeasible configurations"),
        (
            ("search.method=cmaes", "search.population=4"), SEARCH,
            "ranked last, and cmaes does not avoid them",
        ),
        (("search.method=random",), SEARCH, "infeasible configurations are ranked last)"),
    ],
)  # fmt: skip
def test_the_plan_shows_it_and_what_the_method_does_with_it(
    overrides: tuple[str, ...], text: str, expected: str
) -> None:
    pipeline = small(LIMIT, *overrides, text=text)
    (line,) = [
        line for line in plan_text(pipeline, forecast(pipeline, {}, 1), "").splitlines()
        if line.startswith("constraints")
    ]  # fmt: skip
    assert expected in line
    assert described(pipeline.search.constraints[0]) in line
