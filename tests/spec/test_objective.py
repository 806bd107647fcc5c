"""An objective is one order statistic, and its metric is settled with the datasets."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.overview import plan_text
from study.plan.forecast import forecast
from study.spec.load import altered, read_pipeline
from study.spec.objective import Objective, statistic

VALUES = st.lists(st.floats(-10, 10) | st.just(math.inf), min_size=1, max_size=12)


@given(VALUES, st.floats(0, 1))
def test_it_is_numpys_method_higher_and_mirrored_if_maximized(
    values: list[float], quantile: float
) -> None:
    expected = float(np.quantile(values, quantile, method="higher"))
    assert statistic(values, "minimize", quantile) == expected
    assert statistic([-value for value in values], "maximize", quantile) == -expected


@pytest.mark.parametrize(
    ("values", "quantile", "minimize", "maximize"),
    [
        ([1, 2], 0.5, 2, 1),
        ([4, 1, 3, 2], 0.5, 3, 2),
        ([4, 1, 3, 2], 0.25, 2, 3),
        ([4, 1, 3, 2], 0.0, 1, 4),
        ([4, 1, 3, 2], 1.0, 4, 1),
        ([1, None, math.nan], 0.5, math.inf, -math.inf),
        ([1, 2, None], 0.5, 2, 1),
    ],
)
def test_by_hand(
    values: Sequence[float | None], quantile: float, minimize: float, maximize: float
) -> None:
    assert Objective(quantile=quantile).of(values) == minimize
    assert Objective(goal="maximize", quantile=quantile).of(values) == maximize


DATA = """
name = "x"
[datasets.a]
generator = "xor"
test_fraction = {a}
[datasets.b]
generator = "linear"
test_fraction = 0.2
[training]
epochs = 5
"""

SEVERAL = """
[search]
method = "nsga2"
trials = 20
population = 4
objectives = [{quantile = 1.0}, {metric = "parameters"}]
[search.parameters]
lr = [0.1, 0.2]
"""


@pytest.mark.parametrize(
    ("declared", "held_out", "not_held_out"),
    [
        ("", ["final_test_loss"], ["final_train_loss"]),
        ("[search]\nrepetitions = 2", ["final_test_loss"], ["final_train_loss"]),
        ("[search.objective]\nquantile = 1.0", ["final_test_loss"], ["final_train_loss"]),
        (SEVERAL, ["final_test_loss", "parameters"], ["final_train_loss", "parameters"]),
        ('[search.objective]\nmetric = "best_train_loss"', ["best_train_loss"],
         ["best_train_loss"]),
        ('[search.objective]\nmetric = "final_train_loss"', ["final_train_loss"],
         ["final_train_loss"]),
    ],
)  # fmt: skip
def test_without_a_metric_it_is_the_held_out_loss_where_every_dataset_has_one(
    declared: str, held_out: list[str], not_held_out: list[str]
) -> None:
    for a, expected in ((0.3, held_out), (0.0, not_held_out)):
        pipeline = read_pipeline(DATA.format(a=a) + declared, "x.toml")
        assert [aim.metric for aim in pipeline.search.aims] == expected
        assert pipeline.search.aims[0].quantile == (1.0 if "quantile" in declared else 0.5)
        assert not altered(pipeline)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("", "minimize final_test_loss, the median over repetitions"),
        (SEVERAL, "minimize final_test_loss, the worst over repetitions; minimize parameters, the"),
        ('[search.objective]\nmetric = "final_test_accuracy"\ngoal = "maximize"\nquantile = 0.9',
         "maximize final_test_accuracy, the 0.9 quantile over repetitions"),
    ],
)  # fmt: skip
def test_a_plan_shows_it(declared: str, message: str) -> None:
    pipeline = read_pipeline(DATA.format(a=0.3) + declared, "x.toml")
    lines = plan_text(pipeline, forecast(pipeline, {}, 1), "not begun").splitlines()
    (line,) = [line for line in lines if line.startswith("objective")]
    assert line.removeprefix("objective").strip().startswith(message)
