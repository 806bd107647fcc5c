"""Baselines of the results: the trivial loss, the base setup, and the runs shown."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from nn_core import LOSSES
from study.space import PARAMETERS, Value
from study.spec.objective import Objective
from study.stats.reference import base, representatives
from study.stats.trivial import TRIVIAL, baselines, majority, of_metric, trivial
from study.stats.typical import typical


def targets() -> pd.DataFrame:
    """Return labels of two repetitions: means 1/4 and 1/2."""
    return pd.DataFrame(
        {"dataset": "a", "repetition": [0] * 4 + [1] * 2, "target": [0.0, 0, 0, 1, 0, 1]}
    )


def test_the_trivial_squared_error_is_the_variance_of_the_labels() -> None:
    row = trivial(targets(), "mse").iloc[0]
    assert row["trivial"] == pytest.approx((3 / 16 + 1 / 4) / 2)
    assert row["repetitions"] == 2


def test_the_trivial_squared_error_of_numbers_is_their_variance() -> None:
    numbers = [1.0, 2.0, 6.0, -3.0]
    rows = pd.DataFrame({"dataset": "a", "repetition": 0, "target": numbers})
    assert trivial(rows, "mse")["trivial"].tolist() == pytest.approx([np.var(numbers)])


def test_the_trivial_cross_entropy_is_the_entropy_of_the_labels() -> None:
    labels = targets()[targets()["repetition"] == 1]
    assert trivial(labels, "binary_cross_entropy")["trivial"].tolist() == pytest.approx(
        [math.log(2)]
    )


def test_every_loss_has_a_trivial_predictor() -> None:
    assert set(TRIVIAL) == set(LOSSES)


def test_the_trivial_distance_is_from_the_median() -> None:
    """Of skewed numbers the median, of classes the more frequent one; also on held-out samples."""
    rows = pd.DataFrame(
        {"dataset": "a", "repetition": 0, "part": ["train"] * 5 + ["test"],
         "target": [0.0, 1, 2, 3, 100, 12]}
    )  # fmt: skip
    result = baselines(rows, "mae").set_index("part")["loss"]
    assert result.to_dict() == {"train": (2 + 1 + 0 + 1 + 98) / 5, "test": 10.0}
    assert trivial(targets(), "mae")["trivial"].tolist() == [(1 / 4 + 1 / 2) / 2]


def test_labels_that_are_all_equal_have_no_trivial_loss() -> None:
    alike = targets().assign(target=1.0)
    assert trivial(alike, "binary_cross_entropy")["trivial"].tolist() == [0.0]
    assert trivial(alike, "mse")["trivial"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        # shares ½, ¼, ¼ of the training part; the held-out part has 0, 2, 2, 2
        ("softmax_cross_entropy", (1.5 * math.log(2), 1.75 * math.log(2))),
        ("mae", ((0.5 + 0.25 + 0.25) / 3, (0.5 + 0.0 + 0.75) / 3)),
        ("mse", ((0.25 + 0.1875 + 0.1875) / 3, (0.25 + 0.0625 + 0.75 * 0.5625 + 0.25 / 16) / 3)),
        (
            "binary_cross_entropy",
            (
                (math.log(2) - 2 * (0.25 * math.log(0.25) + 0.75 * math.log(0.75))) / 3,
                (
                    math.log(2) - math.log(0.75)
                    - 0.75 * math.log(0.25) - 0.25 * math.log(0.75)
                ) / 3,
            ),
        ),
    ],
)  # fmt: skip
def test_of_three_classes_the_trivial_predictor_answers_the_frequencies(
    loss: str, expected: tuple[float, float]
) -> None:
    rows = pd.DataFrame(
        {"dataset": "a", "repetition": 0, "part": ["train"] * 4 + ["test"] * 4,
         "target": [0.0, 0, 1, 2, 0, 2, 2, 2]}
    )  # fmt: skip
    result = baselines(rows, loss, {"a": 3}).set_index("part")
    assert result.loc[["train", "test"], "loss"].tolist() == pytest.approx(expected)
    assert result.loc[["train", "test"], "accuracy"].tolist() == [0.5, 0.75]
    two = pd.concat([targets().assign(dataset="b"), rows[rows["part"] == "train"]])
    table = trivial(two, loss, {"a": 3}).set_index("dataset")["trivial"]
    assert table["a"] == pytest.approx(expected[0])
    if loss != "softmax_cross_entropy":
        assert table["b"] == trivial(targets(), loss)["trivial"].item()


def test_a_class_that_is_only_held_out_costs_without_end() -> None:
    rows = pd.DataFrame(
        {"dataset": "a", "repetition": 0, "part": ["train"] * 2 + ["test"], "target": [0.0, 1, 2]}
    )
    result = baselines(rows, "softmax_cross_entropy", {"a": 3}).set_index("part")
    assert result.loc["test", "loss"] == math.inf


def setups(*given: dict[str, Value | None]) -> pd.DataFrame:
    """Return one stored run for each of these configurations, the rest at its default."""
    defaults = {name: p.default for name, p in PARAMETERS.items()}
    rows = [
        {**defaults, "dataset": "a", "status": "completed", "configuration": str(values), **values}
        for values in given
    ]
    return pd.DataFrame(rows)


def test_the_defaults_themselves_are_the_base_setup_where_they_are_stored() -> None:
    row = base(setups({"lr": 1.0}, {}, {"hidden": "8"})).iloc[0]
    assert (row["configuration"], row["differs"]) == ("{}", "")


def test_null_is_no_difference_from_a_default() -> None:
    assert base(setups({"momentum": None})).iloc[0]["differs"] == ""


@pytest.mark.parametrize(
    ("near", "far", "differs"),
    [
        ({"lr": 0.1}, {"lr": 1.0}, "lr"),
        ({"hidden": "100x50"}, {"hidden": "8"}, "hidden"),
        ({"batch_size": "64"}, {"batch_size": "8"}, "batch_size"),
        ({"lr": 100.0}, {"lr": 0.011, "hidden": "129x64"}, "lr"),
        ({"momentum": 0.5}, {"momentum": 0.9}, "momentum"),
    ],
)
def test_the_base_setup_is_the_one_nearest_to_the_defaults(
    near: dict[str, Value | None], far: dict[str, Value | None], differs: str
) -> None:
    row = base(setups(far, near)).iloc[0]
    assert (row["configuration"], row["differs"]) == (str(near), differs)


def test_of_choices_equally_far_the_first_is_the_base_setup() -> None:
    row = base(setups({"activation": "tanh"}, {"activation": "none"})).iloc[0]
    assert row["configuration"] == str({"activation": "tanh"})


def test_a_configuration_that_only_diverged_is_no_base_setup_where_there_is_another() -> None:
    runs = setups({"lr": 0.1}, {"lr": 1.0})
    runs["status"] = ["diverged", "completed"]
    assert base(runs).iloc[0]["configuration"] == str({"lr": 1.0})
    assert base(runs.assign(status="diverged")).iloc[0]["configuration"] == str({"lr": 0.1})


def test_skipped_defaults_are_distinguished_from_defaults_that_are_not_stored() -> None:
    runs = setups({}, {"lr": 1.0})
    assert not base(runs).iloc[0]["diverged"]
    passed = base(runs.assign(status=["diverged", "completed"])).iloc[0]
    assert (passed["differs"], passed["diverged"]) == ("lr", True)
    assert not base(runs.iloc[1:]).iloc[0]["diverged"]


def shown(*losses: float) -> list[tuple[object, ...]]:
    """Return role and repetition of the shown runs of one configuration with these losses."""
    runs = pd.DataFrame(
        {
            "run_id": [f"run{i}" for i in range(len(losses))],
            "dataset": "a",
            "configuration": "x",
            "repetition": range(len(losses)),
            "status": ["completed" if math.isfinite(loss) else "diverged" for loss in losses],
            "final_train_loss": losses,
            "final_train_accuracy": 1.0,
        }
    )
    setup = pd.DataFrame({"dataset": ["a"], "configuration": ["x"], "differs": [""]})
    best = setup.assign(rank=1, value=1.0)
    rows = representatives(runs, setup, best, typical(runs, Objective()))
    return list(rows[["role", "repetition"]].itertuples(index=False, name=None))


def test_the_shown_run_is_the_middle_one() -> None:
    assert shown(0.3, 0.1, 0.2) == [("base and best", 2)]


def test_the_middle_run_is_chosen_by_the_objectives_metric() -> None:
    """By test accuracy repetition 0 is the middle one, by training loss repetition 2."""
    runs = pd.DataFrame({
        "run_id": ["p", "q", "r"], "dataset": "a", "configuration": "x", "repetition": range(3),
        "status": "completed", "final_train_loss": [0.3, 0.1, 0.2],
        "final_train_accuracy": [1.0, 0.9, 0.8], "final_test_accuracy": [0.6, 0.5, 0.7],
    })  # fmt: skip
    setup = pd.DataFrame({"dataset": ["a"], "configuration": ["x"], "differs": [""]})
    aim = Objective(metric="final_test_accuracy", goal="maximize")
    for result, expected in ((runs, 0), (runs.assign(final_test_accuracy=math.nan), 2)):
        best = setup.assign(rank=1, value=1.0)
        (row,) = representatives(result, setup, best, typical(result, aim)).to_dict("records")
        assert row["repetition"] == expected
        assert row["loss"] == runs["final_train_loss"][expected]


def test_of_two_the_worse_is_shown_as_in_the_ranking() -> None:
    assert shown(0.3, 0.1) == [("base and best", 0)]
    assert shown(0.3, 0.1, 0.4, 0.2) == [("base and best", 0)]


@pytest.mark.parametrize(("quantile", "expected"), [(0.0, 1), (0.25, 3), (0.5, 0), (1.0, 2)])
def test_the_typical_run_has_the_objectives_value(quantile: float, expected: int) -> None:
    runs = pd.DataFrame({
        "run_id": list("pqrs"), "dataset": "a", "configuration": "x", "repetition": range(4),
        "status": "completed", "final_train_loss": [0.3, 0.1, 0.4, 0.2],
    })  # fmt: skip
    aim = Objective(quantile=quantile)
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        assert typical(runs.iloc[order], aim)["run_id"].tolist() == ["pqrs"[expected]]


def test_of_equal_repetitions_the_first_is_typical() -> None:
    runs = pd.DataFrame({
        "run_id": list("pqrs"), "dataset": "a", "configuration": "x", "repetition": [3, 2, 1, 0],
        "status": "completed", "final_train_loss": [0.3, 0.2, 0.2, 0.1],
    })  # fmt: skip
    assert typical(runs, Objective())["run_id"].tolist() == ["r"]


def test_of_mostly_diverged_repetitions_the_worst_finite_is_shown() -> None:
    assert shown(math.inf, 0.1, math.inf, 0.2) == [("base and best", 3)]


def test_no_run_is_shown_where_all_diverged() -> None:
    assert shown(math.inf, math.inf) == []


def test_the_best_configuration_has_a_row_of_its_own_where_it_is_not_the_base_setup() -> None:
    runs = pd.DataFrame(
        {
            "run_id": ["p", "q"],
            "dataset": "a",
            "configuration": ["x", "y"],
            "repetition": 0,
            "status": "completed",
            "final_train_loss": [0.2, 0.1],
            "final_train_accuracy": 1.0,
        }
    )
    setup = pd.DataFrame({"dataset": ["a"], "configuration": ["x"], "differs": [""]})
    best = pd.DataFrame({"dataset": ["a"], "configuration": ["y"], "rank": [1], "value": [0.1]})
    rows = representatives(runs, setup, best, typical(runs, Objective()))
    assert rows[["role", "run_id"]].to_numpy().tolist() == [["base", "p"], ["best", "q"]]
    nearest = setup.assign(differs="lr")
    near = representatives(runs, nearest, best, typical(runs, Objective()))
    assert near["role"].tolist() == ["near", "best"]


CONSTANTS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "the mean target": lambda y: y.mean(axis=0),
    "the median target": lambda y: np.median(y, axis=0),
    "the class frequencies": lambda y: y.mean(axis=0),
}
"""How each answer that a report names is computed."""

TARGETS = {
    "numbers": np.array([[0.0], [1.0], [2.0], [3.0], [100.0]]),
    "two classes": np.array([[0.0], [0.0], [1.0], [0.0], [1.0]]),
    "three classes": np.eye(3)[[0, 0, 1, 2, 0, 1, 0]],
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", TARGETS)
def test_the_named_answer_has_the_trivial_loss_and_no_constant_has_a_lower_one(
    loss: str, kind: str
) -> None:
    entropy = loss.endswith("cross_entropy")
    y = TARGETS[kind]
    if (entropy and kind == "numbers") or (loss == "softmax_cross_entropy") != (y.shape[1] > 1):
        pytest.skip("this loss has no such targets")

    def value(answer: NDArray[np.float64]) -> float:
        if loss == "softmax_cross_entropy":
            given = np.log(answer / answer.sum())
        else:
            given = np.log(answer / (1 - answer)) if entropy else answer
        return float(LOSSES[loss]()(np.broadcast_to(given, y.shape).copy(), y))

    least = TRIVIAL[loss].loss(y, y)
    answer = CONSTANTS[TRIVIAL[loss].answer](y)
    assert value(answer) == pytest.approx(least)
    for others in np.random.default_rng(0).uniform(0.01, 0.99, (200, y.shape[1])):
        assert value(others * (y.max() if not entropy else 1)) >= least - 1e-12


def test_the_majority_is_of_each_part_and_the_mean_of_the_repetitions() -> None:
    rows = pd.DataFrame({
        "dataset": "a", "repetition": [0] * 5 + [1] * 5, "part": (["train"] * 3 + ["test"] * 2) * 2,
        "target": [0.0, 0, 1, 1, 1, 1, 1, 1, 0, 1],
    })  # fmt: skip
    result = majority(rows)
    assert of_metric(result, "final_train_accuracy") == {"a": pytest.approx((2 / 3 + 1) / 2)}
    assert of_metric(result, "final_test_accuracy") == {"a": (1 + 1 / 2) / 2}
    assert of_metric(result, "final_train_loss") == {}
    three = rows.assign(target=[0.0, 1, 2, 2, 1, 1, 1, 2, 0, 0])
    assert of_metric(majority(three, {"a": 3}), "train_accuracy") == {"a": (1 / 3 + 2 / 3) / 2}
