"""Levels: values become texts in the order of their parameter, few enough to draw."""

import numpy as np
import pandas as pd
import pytest

from study.analysis import levels
from study.space import PARAMETERS, Value


def runs(**columns: list[Value | None]) -> pd.DataFrame:
    """Return runs with these columns, every other parameter at its default."""
    length = len(next(iter(columns.values())))
    known = {name: columns.get(name, [p.default] * length) for name, p in PARAMETERS.items()}
    return pd.DataFrame(known)


def test_levels_have_the_order_of_their_values() -> None:
    frame = levels.levelled(
        runs(
            lr=[0.1, 1e-4, 1.0], hidden=["128x64", "64", "32x16"], optimizer=["adam", "sgd", "sgd"]
        ),
        {},
    )
    assert levels.of(frame, "lr") == ["0.0001", "0.1", "1"]
    assert levels.of(frame, "hidden") == ["64", "32x16", "128x64"]
    order = [name for name in PARAMETERS["optimizer"].options if name in {"sgd", "adam"}]
    assert levels.of(frame, "optimizer") == order


def test_a_declared_value_is_a_level_though_no_run_has_it() -> None:
    frame = levels.levelled(runs(lr=[0.1, 0.1]), {"lr": (0.1, 1.0)})
    assert levels.of(frame, "lr") == ["0.1", "1"]
    assert levels.studied(frame) == ("lr",)


def test_one_level_is_not_studied_and_null_is_no_level() -> None:
    frame = levels.levelled(runs(momentum=[0.9, None], lr=[0.1, 1.0]), {})
    assert frame["momentum"].isna().tolist() == [False, True]
    assert levels.studied(frame) == ("lr",)


def test_a_parameter_is_not_searched_where_its_conditions_do_not_hold() -> None:
    frame = levels.levelled(runs(lr=[0.1, 1.0, 0.1], optimizer=["sgd", "sgd", "adam"]), {})
    conditions: dict[str, dict[str, Value]] = {"lr": {"optimizer": "sgd"}, "optimizer": {}}
    found = levels.searched(frame, conditions, {"lr": "lr", "hidden": "hidden"})
    assert found["lr"].isna().tolist() == [False, False, True]
    assert found.drop(columns="lr").equals(frame.drop(columns="lr"))
    numbers = levels.searched(frame, {"optimizer": {"lr": 0.1}}, {"optimizer": "optimizer"})
    assert numbers["optimizer"].isna().tolist() == [False, True, False]


def test_many_numbers_become_ranges_even_in_their_scale() -> None:
    values: list[Value | None] = [float(value) for value in np.geomspace(1e-5, 1.0, 31)]
    frame = levels.levelled(runs(lr=values), {})
    expected = ["1e-05–0.0001", "0.0001–0.001", "0.001–0.01", "0.01–0.1", "0.1–1"]
    assert levels.of(frame, "lr") == expected
    assert frame["lr"].value_counts(sort=False).tolist() == pytest.approx([6] * 5, abs=1)
    assert frame["lr"].notna().all()


def test_ranges_that_differ_in_later_digits_are_told_apart() -> None:
    values: list[Value | None] = [0.5 + i / 1e4 for i in range(20)]
    frame = levels.levelled(runs(momentum=values), {})
    assert len(set(levels.of(frame, "momentum"))) == levels.RANGES


def test_many_shapes_become_their_numbers_of_layers() -> None:
    shapes: list[Value | None] = [f"{width}" for width in range(1, 9)]
    shapes += [f"{width}x{width}" for width in range(1, 9)]
    assert levels.of(levels.levelled(runs(hidden=shapes), {}), "hidden") == ["1 layer", "2 layers"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"hidden": "8", "lr": 0.1, "momentum": None}, "8 · lr 0.1"),
        ({"hidden": "8", "lr": 1e-8, "momentum": float("nan")}, "8 · lr 1e-08"),
        ({"activation": "none", "batch_size": "16"}, "activation none · batch_size 16"),
        ({}, "the one configuration"),
    ],
)
def test_a_configuration_says_whose_value_is_whose(
    values: dict[str, Value | None], expected: str
) -> None:
    assert levels.configuration(values, list(values)) == expected


def test_the_two_parameters_with_most_levels_are_crossed_if_they_are_few() -> None:
    frame = runs(lr=[0.1, 1.0, 0.1, 0.2], activation=["tanh", "none", "tanh", "relu"],
                 optimizer=["sgd", "adam", "sgd", "sgd"])  # fmt: skip
    frame = levels.levelled(frame, {})
    assert set(levels.crossed(frame)) == {"lr", "activation"}
    many = levels.levelled(
        runs(lr=[0.1 * i for i in range(1, 9)], momentum=[0.0, 0.5, 0.0, 0.5, 0.0, 0.5, 0.0, 0.5]),
        {},
    )
    assert levels.crossed(many) == ("momentum",)
    most = runs(lr=[0.1 * i for i in range(1, 7)], momentum=[0.0, 0.5, 0.0, 0.5, 0.0, 0.5])
    assert levels.crossed(levels.levelled(most, {})) == ("momentum", "lr")
