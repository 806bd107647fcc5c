"""Levels: values become texts, each its own, in the order of their parameter."""

import itertools

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from study.space import PARAMETERS, Value
from study.stats import levels


def runs(**columns: list[Value | None]) -> pd.DataFrame:
    """Return runs with these columns, every other parameter at its default."""
    length = len(next(iter(columns.values())))
    filled = {name: columns.get(name, [p.default] * length) for name, p in PARAMETERS.items()}
    return pd.DataFrame(filled)


def levelled(frame: pd.DataFrame, declared: dict[str, tuple[Value, ...]]) -> pd.DataFrame:
    return levels.levelled(frame, levels.written(frame, declared))


def test_levels_have_the_order_of_their_values() -> None:
    frame = runs(
        lr=[0.1, 1e-4, 1.0], hidden=["128x64", "64", "32x16"], optimizer=["adam", "sgd", "sgd"]
    )
    frame = levelled(frame, {})
    assert levels.of(frame, "lr") == ["0.0001", "0.1", "1"]
    assert levels.of(frame, "hidden") == ["64", "32x16", "128x64"]
    order = [name for name in PARAMETERS["optimizer"].options if name in {"sgd", "adam"}]
    assert levels.of(frame, "optimizer") == order


@given(st.lists(st.floats(0, exclude_min=True, allow_infinity=False), unique=True))
def test_no_two_values_share_a_text(values: list[Value]) -> None:
    """However many they are and however near: a text serves as the identity of its value."""
    texts = levels.texts(values)
    assert [*texts] == values
    assert len(set(texts.values())) == len(values)
    assert [float(text) for text in texts.values()] == pytest.approx(values, rel=2e-5, abs=0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.1000000001], ["0.1", "0.1000000001"]),
        ([0.999, 0.9999999], ["0.999", "0.9999999"]),
        ([0.99999996123412345], ["0.999999961234"]),
        ([1 / 3, 2 / 3], ["0.333333", "0.666667"]),
        ([0.3, 0.1 + 0.2, 1 / 3], ["0.3", "0.30000000000000004", "0.333333"]),
        ([1.0, 1e-8, 100.0], ["1", "1e-08", "100"]),
    ],
)
def test_a_text_has_as_many_digits_as_its_value_needs(
    values: list[Value], expected: list[str]
) -> None:
    assert [*levels.texts(values).values()] == expected


def test_many_values_stay_as_many_levels() -> None:
    shapes: list[Value | None] = [f"{width}x{width}" for width in range(1, 41)]
    frame = levelled(runs(hidden=shapes, lr=[i / 1000 for i in range(1, 41)]), {})
    assert levels.of(frame, "hidden") == shapes
    assert len(levels.of(frame, "lr")) == 40
    assert levels.studied(frame) == ("hidden", "lr")
    assert levels.configurations(frame, ["hidden", "lr"]).nunique() == 40


def test_a_declared_value_is_a_level_though_no_run_has_it() -> None:
    frame = levelled(runs(lr=[0.1, 0.1]), {"lr": (0.1, 1.0)})
    assert levels.of(frame, "lr") == ["0.1", "1"]
    assert levels.studied(frame) == ("lr",)


def test_one_level_is_not_studied_and_null_is_no_level() -> None:
    frame = levelled(runs(momentum=[0.9, None], lr=[0.1, 1.0]), {})
    assert frame["momentum"].isna().tolist() == [False, True]
    assert levels.studied(frame) == ("lr",)


@pytest.mark.parametrize("more", [0, 40])
def test_a_parameter_is_not_searched_where_its_conditions_do_not_hold(more: int) -> None:
    """A condition is about a value, however many values there are."""
    others = [2.0 + i for i in range(more)]
    values = runs(lr=[0.1, 1.0, 0.1, *others], optimizer=["sgd", "sgd", "adam", *["sgd"] * more])
    frame = levelled(values, {})
    conditions: dict[str, dict[str, Value]] = {"lr": {"optimizer": "sgd"}, "optimizer": {}}
    proposals = levels.searched(frame, values, conditions)
    assert proposals["lr"].isna().tolist() == [False, False, True, *[False] * more]
    assert proposals.drop(columns="lr").equals(frame.drop(columns="lr"))
    numbers = levels.searched(frame, values, {"optimizer": {"lr": 0.1}})
    assert numbers["optimizer"].isna().tolist() == [False, True, False, *[True] * more]


def test_a_condition_on_what_is_null_is_not_met() -> None:
    values = runs(lr=[0.1, 0.1], momentum=[0.9, None])
    proposals = levels.searched(levelled(values, {}), values, {"lr": {"momentum": 0.9}})
    assert proposals["lr"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"hidden": "8", "lr": "0.1", "momentum": None}, "8 · lr 0.1"),
        ({"hidden": "8", "lr": "1e-08", "momentum": float("nan")}, "8 · lr 1e-08"),
        ({"activation": "none", "batch_size": "16"}, "activation none · batch_size 16"),
        ({}, "the one configuration"),
    ],
)
def test_a_configuration_names_the_parameter_of_each_value(
    given: dict[str, object], expected: str
) -> None:
    assert levels.configuration(given) == expected


def test_two_configurations_never_share_a_name() -> None:
    """All combinations of values whose texts could be mistaken for each other's."""
    values: dict[str, list[str | None]] = {
        "hidden": ["1", "16", "16x1"], "convolution": ["none", "1@1x1"],
        "activation": ["none", "tanh"], "momentum": ["0.1", None], "batch_size": ["1", "full"],
    }  # fmt: skip
    names = {
        levels.configuration(dict(zip(values, one, strict=True)))
        for one in itertools.product(*values.values())
    }
    assert len(names) == 3 * 2 * 2 * 2 * 2


def test_the_two_parameters_with_most_levels_are_crossed_if_they_are_few() -> None:
    frame = runs(lr=[0.1, 1.0, 0.1, 0.2], activation=["tanh", "none", "tanh", "relu"],
                 optimizer=["sgd", "adam", "sgd", "sgd"])  # fmt: skip
    frame = levelled(frame, {})
    assert set(levels.crossed(frame)) == {"lr", "activation"}
    many = levelled(
        runs(lr=[0.1 * i for i in range(1, 9)], momentum=[0.0, 0.5, 0.0, 0.5, 0.0, 0.5, 0.0, 0.5]),
        {},
    )
    assert levels.crossed(many) == ("momentum",)
    most = runs(lr=[0.1 * i for i in range(1, 7)], momentum=[0.0, 0.5, 0.0, 0.5, 0.0, 0.5])
    assert levels.crossed(levelled(most, {})) == ("momentum", "lr")
