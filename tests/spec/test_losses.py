"""Several losses in one study: what may be compared across them, and where they may stand."""

import pytest

from study.plan.trials import planned
from study.spec.load import read_pipeline
from tests.spec.refused import mistakes

DATA = 'name = "x"\n[datasets.a]\ngenerator = "{}"\n'
BOTH = 'search.parameters.loss = ["mse", "binary_cross_entropy"]\n'
ACCURACY = 'search.objective = {metric = "final_train_accuracy", goal = "maximize"}\n'
LEVEL = '[[hypotheses]]\nid = "a"\nclaim = "A"\nexpect = {at_most = 1.0}\n'
SCALES = "does not compare across losses: 'mse' and 'binary_cross_entropy' have different scales"


def compared(of: str, one: str, other: str) -> str:
    """Return a hypothesis without a metric."""
    head = '[[hypotheses]]\nid = "a"\nclaim = "A"\nexpect = "lower"\n'
    return f'{head}compare = {{parameter = "{of}", value = {one}, with = {other}}}\n'


ACROSS = compared("loss", '"mse"', '"binary_cross_entropy"')
RATES = "search.parameters.lr = [0.1, 1.0]\n"
INTERACTION = (
    compared("lr", "0.1", "1.0")
    + 'across = {parameter = "loss", value = "mse", with = "binary_cross_entropy"}\n'
)


@pytest.mark.parametrize(
    ("metric", "instead"),
    [
        ("final_train_loss", "'final_train_accuracy' and goal = 'maximize'"),
        ("best_test_loss", "'final_test_accuracy' and goal = 'maximize'"),
        ("epochs_to_loss_05", "'epochs_to_full_accuracy'"),
    ],
)
def test_an_objective_across_losses_is_offered_one_that_compares(metric: str, instead: str) -> None:
    text = BOTH + f'search.objective.metric = "{metric}"\n' + DATA.format("moons")
    message = f"search.objective.metric: {metric!r} {SCALES}; use {instead}"
    assert mistakes(text + "test_fraction = 0.5") == [message]


def test_the_default_objective_is_a_loss_so_several_losses_need_another() -> None:
    use = "use 'final_train_accuracy' and goal = 'maximize'"
    assert mistakes(BOTH + DATA.format("xor")) == [
        f"search.objective.metric: 'final_train_loss' {SCALES}; {use}"
    ]
    read_pipeline(BOTH + ACCURACY + DATA.format("xor"), "x.toml")


SETTINGS = (
    '[[hypotheses]]\nid = "a"\nclaim = "A"\nexpect = "lower"\n'
    'compare = {value = {loss = "mse"}, with = {loss = "binary_cross_entropy"}}\n'
)


@pytest.mark.parametrize(
    ("hypothesis", "more"),
    [
        (ACROSS, ""), (INTERACTION, ""), (SETTINGS, ""), (LEVEL, ", or name one loss in `where`"),
        (compared("lr", "0.1", "1.0"), ", or name one loss in `where`"),
    ],
    ids=["comparison", "interaction", "settings", "level", "of another parameter"],
)  # fmt: skip
def test_a_hypothesis_across_losses_is_offered_a_metric_that_compares(
    hypothesis: str, more: str
) -> None:
    text = BOTH + RATES + ACCURACY + DATA.format("xor") + hypothesis
    message = f"hypotheses[0].metric: 'final_train_loss' {SCALES}; use 'final_train_accuracy'{more}"
    assert mistakes(text + 'metric = "final_train_loss"') == [message]
    for metric in ("final_train_accuracy", "epochs_to_full_accuracy"):
        read_pipeline(f'{text}metric = "{metric}"', "x.toml")


@pytest.mark.parametrize("hypothesis", [LEVEL, compared("lr", "0.1", "1.0")])
def test_a_hypothesis_within_one_loss_may_be_about_it(hypothesis: str) -> None:
    text = BOTH + RATES + ACCURACY + DATA.format("xor") + hypothesis
    read_pipeline(text + 'where = {loss = "mse"}\nmetric = "final_train_loss"', "x.toml")


def test_one_value_is_no_comparison() -> None:
    read_pipeline('search.parameters.loss = ["mse"]\n' + DATA.format("xor"), "x.toml")


def test_a_default_outside_of_a_condition_is_a_loss_too() -> None:
    text = 'loss = {choices = ["binary_cross_entropy"], when = {lr = 0.1}}\n'
    errors = mistakes(f"search.parameters.{text}{RATES}{DATA.format('xor')}")
    assert len(errors) == 1
    assert SCALES in errors[0]


@pytest.mark.parametrize("key", ["loss", "output_activation"])
def test_they_are_searched_for_classes_alone(key: str) -> None:
    value = {"loss": "mse", "output_activation": "none"}[key]
    text = f'search.parameters.{key} = ["{value}"]\n[datasets.a]\ngenerator = "sklearn"\n'
    assert mistakes(f'name = "x"\n{text}name = "diabetes"') == [
        (
            f"search.parameters.{key}: can be searched for classes alone, which have an accuracy "
            "to compare them by: the target of datasets.a is a number"
        )
    ]


def test_softmax_is_not_for_two_classes_wherever_it_is_given() -> None:
    text = 'search.parameters.loss = ["mse", "softmax_cross_entropy"]\n'
    assert mistakes(text + ACCURACY + DATA.format("xor")) == [
        (
            "search.parameters.loss[1]: 'softmax_cross_entropy' takes three classes or more, and "
            "datasets.a has two: use 'binary_cross_entropy'"
        )
    ]


def test_an_output_activation_is_null_where_the_loss_takes_logits() -> None:
    outputs = 'search.parameters.output_activation = ["sigmoid", "none", "tanh"]\n'
    pipeline = read_pipeline(BOTH + outputs + ACCURACY + DATA.format("xor"), "x.toml")
    result = {
        (t.configuration["loss"], t.configuration["output_activation"])
        for t in planned(pipeline).trials
    }
    squared = {("mse", output) for output in ("sigmoid", "none", "tanh")}
    assert result == {*squared, ("binary_cross_entropy", None)}
    assert len(planned(pipeline).trials) == 4
    idle = outputs + 'model.loss = "binary_cross_entropy"\n' + DATA.format("xor")
    assert mistakes(idle) == [
        (
            "search.parameters.output_activation: does nothing in this study: it acts with loss "
            "other than 'binary_cross_entropy' or 'softmax_cross_entropy'"
        )
    ]


PRINTED = 'search.parameters.implementation = ["exact", "as_printed"]\n'
EXCLUDED = '[[search.exclude]]\nreason = "y"\nwhere = {{implementation = "as_printed", {}}}\n'
FIRST = "the network as printed has one activation for all places, "


def test_the_as_printed_network_has_neither_logits_nor_another_output() -> None:
    text = BOTH + PRINTED + ACCURACY + DATA.format("xor")
    assert mistakes(text) == [
        (
            f"search.parameters.loss[1]: {FIRST}the last one included, and 'binary_cross_entropy' "
            "takes logits"
        )
    ]
    read_pipeline(text + EXCLUDED.format('loss = "binary_cross_entropy"'), "x.toml")
    outputs = 'search.parameters.output_activation = ["same", "tanh"]\n'
    text = outputs + PRINTED + DATA.format("xor")
    assert mistakes(text) == [
        f"search.parameters.output_activation[1]: {FIRST}so this must be 'same', got 'tanh'"
    ]
    read_pipeline(text + EXCLUDED.format('output_activation = "tanh"'), "x.toml")
