"""Parameters: what each reads, writes and refuses, and what a set of values means."""

import pytest
from pydantic import ValidationError

from study.errors import sentence
from study.space import (
    PARAMETERS,
    Choices,
    Condition,
    Frozen,
    Model,
    Parameter,
    Range,
    Training,
    canonical,
    matches,
)

every = pytest.mark.parametrize("p", PARAMETERS.values(), ids=PARAMETERS)


@every
def test_a_default_is_read_as_it_is_written(p: Parameter) -> None:
    assert p.read(p.write(p.default)) == p.default


@every
@pytest.mark.parametrize("value", [None, True, [], {}, -1, "nonsense", [True], float("nan")])
def test_nonsense_is_refused_with_the_rule(p: Parameter, value: object) -> None:
    if (p.name, value) == ("hidden", []):
        assert p.read(value) == "none"
        return
    with pytest.raises(ValueError, match=r"must be|is not one of|a width|not be an empty list"):
        p.read(value)


def test_values_are_ordered_by_size_and_words_as_the_table_lists_them() -> None:
    order = PARAMETERS["batch_size"].order
    assert sorted(["full", "16", "8"], key=order) == ["8", "16", "full"]
    assert sorted(["adam", "sgd"], key=PARAMETERS["optimizer"].order) == ["sgd", "adam"]


def test_a_whole_number_is_read_as_a_float() -> None:
    assert repr(PARAMETERS["lr"].read(1)) == "1.0"
    assert PARAMETERS["momentum"].read(0) == 0.0


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_a_number_beyond_every_float_is_out_of_range(value: int) -> None:
    with pytest.raises(ValueError, match="must be positive and finite"):
        PARAMETERS["lr"].read(value)


def test_a_parameter_that_does_not_act_is_null_and_one_that_acts_has_a_value() -> None:
    assert list(canonical({})) == list(PARAMETERS)
    assert canonical({"optimizer": "adam", "momentum": 0.9})["momentum"] is None
    assert canonical({"optimizer": "sgd", "momentum": None})["momentum"] == 0.0
    assert canonical({})["beta1"] is None


def test_a_configuration_matches_its_own_values() -> None:
    configuration = canonical({"lr": 1.0})
    assert matches(configuration, {"lr": 1.0, "optimizer": "sgd"})
    assert not matches(configuration, {"lr": 0.1})
    assert matches(configuration, {})


def test_a_table_is_immutable() -> None:
    choices = Choices(choices=(1.0,))
    with pytest.raises(ValidationError, match="frozen"):
        choices.choices = (2.0,)  # type: ignore[misc]


def test_a_table_made_in_python_has_the_same_errors() -> None:
    with pytest.raises(ValidationError, match="low must be less than high, got 1 and 0"):
        Range(low=1.0, high=0.0)
    with pytest.raises(ValidationError, match=r"unknown key \(did you mean 'choices'\?\)"):
        Choices.model_validate({"choices": (1.0,), "choicse": 1})


def test_an_error_without_a_rule_of_this_project_keeps_pydantics_text() -> None:
    assert sentence({"type": "date_type", "msg": "Input should be a date", "input": 1}) == (
        "Input should be a date"
    )


def test_the_keys_of_a_table_are_spelt_as_in_the_file() -> None:
    assert Range.file_keys() == ["low", "high", "log", "step", "when"]
    assert Frozen.file_keys() == []


@every
def test_a_parameter_has_everything_in_its_field(p: Parameter) -> None:
    fields = {"model": Model.model_fields, "training": Training.model_fields}
    field = fields[p.table][p.name]
    assert (p.meaning, p.default) == (field.description, field.default)
    assert p.meaning
    assert p.ordered == (not p.options)


def test_settings_that_cannot_be_searched_are_no_parameters() -> None:
    assert {"precision", "epochs", "divergence_limit"} & PARAMETERS.keys() == set()
    assert Model().loss == "mse"
    with pytest.raises(ValidationError, match=r"'mes' is not one of .*did you mean 'mse'"):
        Model.model_validate({"loss": "mes"})


@pytest.mark.parametrize(
    ("name", "optimizers"),
    [
        ("momentum", {"sgd"}),
        ("beta1", {"adam"}),
        ("beta2", {"adam"}),
        ("epsilon", {"adam", "rmsprop", "adagrad"}),
        ("decay", {"rmsprop"}),
    ],
)
def test_an_option_acts_with_the_optimizers_that_take_it(name: str, optimizers: set[str]) -> None:
    assert PARAMETERS[name].acts_with == (Condition("optimizer", frozenset(optimizers)),)


@pytest.mark.parametrize(
    ("name", "text", "number", "depth", "called"),
    [
        ("lr", "0.1", 0.1, 0, "lr 0.1"),
        ("batch_size", "8", 8.0, 0, "batch_size 8"),
        ("batch_size", "full", None, 0, "batch_size full"),
        ("hidden", "16", 16.0, 1, "16"),
        ("hidden", "none", None, 0, "hidden none"),
        ("hidden", "16x8", None, 2, "16x8"),
        ("convolution", "4@3x3+8@1x2", None, 2, "convolution 4@3x3+8@1x2"),
        ("convolution", "none", None, 0, "convolution none"),
        ("activation", "tanh", None, 0, "tanh"),
        ("activation", "none", None, 0, "activation none"),
    ],
)
def test_the_meaning_of_a_value(
    name: str, text: str, number: float | None, depth: int, called: str
) -> None:
    p = PARAMETERS[name]
    assert (p.number(text), p.depth(text), p.called(text)) == (number, depth, called)


def test_a_number_of_a_range_is_stored_as_its_parameter_stores_values() -> None:
    assert PARAMETERS["batch_size"].stored(8.0) == "8"
    assert repr(PARAMETERS["lr"].stored(1)) == "1.0"


@every
def test_beyond_an_end_no_value_is_valid(p: Parameter) -> None:
    for end in p.ends - {"full", "none"}:
        p.read(int(end))
        with pytest.raises(ValueError, match="must be"):
            p.read(int(end) - 1)
    assert ("0" in p.ends) == (p.name in {"momentum", "beta1", "beta2", "decay", "weight_decay"})


@pytest.mark.parametrize(
    ("table", "key", "home"), [(Model, "epochs", "training"), (Training, "layers", "model")]
)
def test_a_key_in_the_wrong_table_is_sent_to_its_own(
    table: type[Model | Training], key: str, home: str
) -> None:
    with pytest.raises(ValidationError, match=rf"belongs in \[{home}\]"):
        table.model_validate({key: 1})
