"""The whole grammar of a pipeline file is in the pipeline that is read from it."""

import math
import pickle

from study.datasets import DATASETS
from study.space import PARAMETERS, Choices, Range, Shapes
from study.spec.hypotheses import Comparison, Interaction, Level
from study.spec.load import read_pipeline
from study.spec.search import Search

EXAMPLE = """
name = "example"
title = "Every part of the grammar"

[datasets.linear]
generator = "linear"
samples = 100
draw = "each"
test_fraction = 0.0

[datasets.xor]
generator = "xor"

[model]
loss = "mse"
output_activation = "same"
initializer = "standard_normal"

[training]
epochs = 5000
batch_size = "full"
precision = "float32"
divergence_limit = inf

[search]
method = "grid"
repetitions = 10
seed = 0
[search.objective]
metric = "final_train_loss"
goal = "minimize"
quantile = 0.5

[execution]
workers = 2
executor = "processes"
timeout = 600

[search.parameters]
lr = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
hidden = [[32, 16], [128, 64]]
activation = ["sigmoid", "tanh", "softsign", "none"]
optimizer = ["sgd", "adam"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}

[[search.exclude]]
where = {activation = "none", lr = 1.0}
reason = "overflows in the first epochs"

[[hypotheses]]
id = "adam-faster"
claim = "Adam reaches full accuracy in fewer epochs than SGD"
where = {lr = 1e-2, hidden = [128, 64], activation = "sigmoid"}
datasets = ["linear", "xor"]
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "epochs_to_full_accuracy"
expect = "lower"

[[hypotheses]]
id = "base-learns"
claim = "The base setup learns both datasets"
where = {lr = 1e-2, hidden = [128, 64], activation = "sigmoid", optimizer = "sgd"}
metric = "final_train_accuracy"
expect = {at_least = 1.0, share = 0.5}

[[hypotheses]]
id = "lr-1-hurts-adam-more"
claim = "Raising lr from 0.01 to 1 hurts Adam more than SGD"
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
across = {parameter = "lr", value = 1.0, with = 1e-2}
metric = "final_train_loss"
expect = "higher"
"""

SMALL = 'name = "x"\ndatasets.a.generator = "xor"\n'


def test_every_part_of_the_grammar_is_in_the_pipeline() -> None:
    pipeline = read_pipeline(EXAMPLE, "example.toml")
    assert (pipeline.name, pipeline.title) == ("example", "Every part of the grammar")
    assert pipeline.text == EXAMPLE
    assert pipeline.datasets == {
        "linear": DATASETS["linear"].model_validate({"generator": "linear", "samples": 100}),
        "xor": DATASETS["xor"].model_validate({"generator": "xor"}),
    }
    assert (pipeline.model.loss, pipeline.model.output_activation) == ("mse", "same")
    assert (pipeline.training.epochs, pipeline.training.precision) == (5000, "float32")
    assert pipeline.training.divergence_limit == math.inf
    assert (pipeline.execution.workers, pipeline.execution.timeout) == (2, 600.0)
    assert pipeline.search.parameters == {
        "lr": Choices(choices=(1e-4, 1e-3, 1e-2, 1e-1, 1.0)),
        "hidden": Choices(choices=("32x16", "128x64")),
        "activation": Choices(choices=("sigmoid", "tanh", "softsign", "none")),
        "optimizer": Choices(choices=("sgd", "adam")),
        "momentum": Choices(choices=(0.0, 0.9), when={"optimizer": "sgd"}),
    }
    assert list(pipeline.search.parameters) == [
        "lr",
        "hidden",
        "activation",
        "optimizer",
        "momentum",
    ]
    [exclude] = pipeline.search.exclude
    assert exclude.where == {"activation": "none", "lr": 1.0}
    assert pipeline.fixed == {
        "loss": "mse",
        "output_activation": "same",
        "convolution": "none",
        "implementation": "exact",
        "initializer": "standard_normal",
        **{name: p.neutral for name, p in PARAMETERS.items() if p.neutral is not None},
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "decay": 0.99,
        "batch_size": "full",
    }


def test_each_kind_of_hypothesis_is_read_as_its_own() -> None:
    faster, learns, hurts = read_pipeline(EXAMPLE, "example.toml").hypotheses
    assert isinstance(faster, Comparison)
    assert faster.compare.sides == ({"optimizer": "adam"}, {"optimizer": "sgd"})
    assert faster.where == {"lr": 0.01, "hidden": "128x64", "activation": "sigmoid"}
    assert faster.datasets == ("linear", "xor")
    assert isinstance(learns, Level)
    assert (learns.expect.at_least, learns.expect.share, learns.datasets) == (1.0, 0.5, None)
    assert isinstance(hurts, Interaction)
    assert hurts.across.sides == ({"lr": 1.0}, {"lr": 0.01})
    assert [h.kind for h in (faster, learns, hurts)] == ["comparison", "level", "interaction"]


def test_absent_keys_have_the_labs_values() -> None:
    pipeline = read_pipeline(SMALL, "x.toml")
    assert pipeline.title == "x"
    assert pipeline.fixed["hidden"] == "128x64"
    assert pipeline.fixed["activation"] == "sigmoid"
    assert (pipeline.fixed["optimizer"], pipeline.fixed["lr"]) == ("sgd", 0.01)
    assert (pipeline.search.repetitions, pipeline.training.epochs) == (10, 5000)
    assert pipeline.execution.executor == "processes"


def test_ranges_and_included_configurations_are_read_too() -> None:
    search = Search.model_validate({
        "method": "tpe",
        "trials": 50,
        "include": [{"lr": 0.01, "hidden": [128, 64]}],
        "parameters": {
            "lr": {"low": 1e-4, "high": 1, "log": True, "when": {"optimizer": "sgd"}},
            "batch_size": {"low": 4, "high": 64, "step": 4},
            "hidden": {"layers": [1, 2], "width": {"low": 4, "high": 128, "log": True}},
        },
    })  # fmt: skip
    assert search.include == ({"lr": 0.01, "hidden": "128x64"},)
    lr, batch_size, hidden = search.parameters.values()
    assert lr == Range(low=1e-4, high=1.0, log=True, when={"optimizer": "sgd"})
    assert batch_size == Range(low=4.0, high=64.0, step=4.0)
    assert isinstance(hidden, Shapes)
    assert (hidden.layers, hidden.width.low, hidden.width.high) == ((1, 2), 4, 128)


def test_a_pipeline_travels_to_another_process_whole() -> None:
    pipeline = read_pipeline(EXAMPLE, "example.toml")
    again = pickle.loads(pickle.dumps(pipeline))  # noqa: S301  # made one line above
    assert again == pipeline
    assert again.text == pipeline.text


def test_a_metric_on_held_out_samples_is_right_where_samples_are_held_out() -> None:
    held_out = 'test_fraction = 0.2\n[search.objective]\nmetric = "final_test_loss"'
    text = 'name = "x"\n[datasets.a]\ngenerator = "linear"\n' + held_out
    assert read_pipeline(text, "x.toml").search.objective.metric == "final_test_loss"


def test_a_condition_leaves_the_default_in_the_study() -> None:
    text = SMALL + (
        '[search.parameters]\noptimizer = ["sgd", "adam"]\n'
        'lr = {choices = [1], when = {optimizer = "sgd"}}\n'
        '[[search.exclude]]\nwhere = {lr = 0.01}\nreason = "x"'
    )
    assert read_pipeline(text, "x.toml").search.exclude[0].where == {"lr": 0.01}


def test_diverging_is_a_level_of_its_own() -> None:
    text = SMALL + (
        '[[hypotheses]]\nid = "a"\nclaim = "A"\nmetric = "diverged"\nexpect = {is = true}\n'
    )
    [level] = read_pipeline(text, "x.toml").hypotheses
    assert isinstance(level, Level)
    assert (level.expect.fact, level.expect.share) == (True, 0.5)
