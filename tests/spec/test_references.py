"""References between tables: a missing name or value is an error with its location."""

import pytest

import nn_core
from study.space import PARAMETERS
from study.spec.load import read_pipeline
from tests.spec.refused import mistakes

OPTIMIZERS = ", ".join(sorted(nn_core.OPTIMIZERS))
DATA = 'name = "x"\n[datasets.linear]\ngenerator = "linear"\n'
SEARCH = DATA + "[search.parameters]\n"
GRID = SEARCH + 'lr = [0.01, 1]\noptimizer = ["sgd", "adam"]\nmomentum = [0.0, 0.9]\n'
RANGE = (
    DATA + '[search]\nmethod = "random"\ntrials = 20\n[search.parameters]\n'
    'activation = ["tanh", "relu"]\nlr = {low = 1e-4, high = 1, log = true}\n'
)
CLAIM = GRID + '[[hypotheses]]\nid = "a"\nclaim = "A"\n'
FASTER = CLAIM + 'metric = "epochs_to_full_accuracy"\nexpect = "lower"\n'
ADAM = 'compare = {parameter = "optimizer", value = "adam", with = "sgd"}\n'
LEVEL = CLAIM + 'metric = "final_train_loss"\n'

MISTAKES = {
    # when
    SEARCH + 'momentum = {choices = [0.1], when = {optimizer = "sdg", q = 1}}': [
        (f"search.parameters.momentum.when.optimizer: 'sdg' is not one of {OPTIMIZERS} "
        "(did you mean 'sgd'?)"),
        f"search.parameters.momentum.when.q: unknown key; there are {', '.join(PARAMETERS)}",
    ],
    SEARCH + 'momentum = {choices = [0.1], when = {optimizer = "adam"}}': [
        ("search.parameters.momentum.when.optimizer: 'adam' is not in this study, "
        "whose optimizer is 'sgd'")
    ],
    SEARCH + 'lr = {choices = [1], when = {optimizer = "sgd"}}\n'
    'optimizer = {choices = ["sgd"], when = {hidden = [8]}}\n'
    "hidden = {choices = [[8]], when = {lr = 1}}": [
        f"search.parameters.{name}.when: goes round in a circle: {name} depends on itself"
        for name in ("lr", "optimizer", "hidden")
    ],
    SEARCH + 'optimizer = ["sgd", "adam"]\n'
    'momentum = {choices = [0.5], when = {optimizer = "sgd"}}\n'
    'beta1 = {choices = [0.5], when = {optimizer = "adam", momentum = 0.5}}': [
        "search.parameters.beta1.when: holds in no configuration of this study"
    ],
    SEARCH + 'optimizer = ["sgd", "adam"]\n'
    'lr = {choices = [0.1], when = {optimizer = "sgd"}}\n'
    '[[search.exclude]]\nwhere = {optimizer = "sgd"}\nreason = "x"': [
        "search.parameters.lr.when: holds in no configuration that [[search.exclude]] leaves"
    ],
    SEARCH + "beta1 = [0.5, 0.9]\nepsilon = [1e-8, 1e-4]": [
        "search.parameters.beta1: does nothing in this study: it acts with optimizer = 'adam'",
        ("search.parameters.epsilon: does nothing in this study: it acts with optimizer = "
        "'adagrad' or 'adam' or 'rmsprop'"),
    ],
    SEARCH + 'optimizer = ["sgd", "adam"]\n'
    'momentum = {choices = [0.0, 0.9], when = {optimizer = "adam"}}': [
        "search.parameters.momentum: does nothing in this study: it acts with optimizer = 'sgd'"
    ],
    RANGE + 'momentum = {choices = [0.0, 0.9], when = {lr = 0.05}}\n'
    '[[search.exclude]]\nwhere = {lr = 1, activation = "tanh"}\nreason = "x"\n'
    '[[search.include]]\nlr = 0.2\n'
    '[[search.exclude]]\nwhere = {lr = 0.2, activation = "tanh"}\nreason = "x"': [
        f"search.{place}.lr: {value} is one point of the range of lr, which no draw meets: give "
        "lr a list of values, or a step"
        for place, value in (("parameters.momentum.when", 0.05), ("exclude[0].where", 1))
    ],
    # exclude
    GRID + '[[search.exclude]]\nwhere = {}\nreason = ""\n[[search.exclude]]\nwhere = {lr = 0}': [
        "search.exclude[0].where: must name a value, or everything would be excluded",
        "search.exclude[0].reason: must not be empty",
        "search.exclude[1].where.lr: must be positive and finite, got 0",
        "search.exclude[1].reason: is missing",
    ],
    GRID + '[[search.exclude]]\nwhere = {lr = 0.5, hidden = [8]}\nreason = "x"': [
        "search.exclude[0].where.lr: 0.5 is not in this study, whose lr is 0.01, 1",
        "search.exclude[0].where.hidden: [8] is not in this study, whose hidden is [128, 64]",
    ],
    GRID + '[[search.exclude]]\nwhere = {optimizer = "adam", momentum = 0.9}\nreason = "x"': [
        "search.exclude[0].where: matches no configuration of this study"
    ],
    GRID + '[[search.exclude]]\nwhere = {lr = 1}\nreason = "x"\n'
    '[[search.exclude]]\nwhere = {lr = 0.01}\nreason = "x"': [
        "search.exclude: leaves no configuration to train"
    ],
    # hypotheses
    CLAIM: ["hypotheses[0].metric: is missing", "hypotheses[0].expect: is missing"],
    CLAIM.replace('"a"', '"a b"') + 'metric = "diverged"\nexpect = {is = true}': [
        "hypotheses[0].id: a name is made of letters, digits, - and _, got 'a b'"
    ],
    FASTER + ADAM + 'datasets = ["xr"]\n[[hypotheses]]\nid = "a"\nclaim = "B"\n'
    'metric = "final_test_loss"\nexpect = "higher"\n' + ADAM: [
        "hypotheses[0].datasets[0]: 'xr' is not one of linear",
        "hypotheses[1].id: 'a' is the id of hypotheses[0] too",
        "hypotheses[1].metric: 'final_test_loss' needs test_fraction > 0 in datasets.linear",
    ],
    FASTER + ADAM + 'datasets = ["linear", "linear"]': [
        "hypotheses[0].datasets[1]: 'linear' is listed twice"
    ],
    FASTER + 'compare = {parameter = "optimiser", value = 1, with = 2}': [
        ("hypotheses[0].compare.parameter: 'optimiser' is not one of "
        f"{', '.join(sorted(PARAMETERS))} (did you mean 'optimizer'?)")
    ],
    FASTER + 'compare = {parameter = "optimizer", value = "adm", with = 2}': [
        f"hypotheses[0].compare.value: 'adm' is not one of {OPTIMIZERS} (did you mean 'adam'?)",
        f"hypotheses[0].compare.with: 2 is not one of {OPTIMIZERS}",
    ],
    FASTER + 'compare = {parameter = "lr", value = 1, with = 1.0}': [
        "hypotheses[0].compare: value and with must differ, got 1 twice"
    ],
    FASTER + 'compare = {parameter = "lr", value = 1, with = 2}': [
        "hypotheses[0].compare.with: 2 is not in this study, whose lr is 0.01, 1"
    ],
    FASTER.replace("lower", "equal") + ADAM: [
        "hypotheses[0].margin: is missing: equal means equal up to a margin"
    ],
    FASTER + ADAM + "margin = 1": [
        "hypotheses[0].margin: belongs to expect = 'equal' alone, got expect = 'lower'"
    ],
    FASTER + ADAM + 'where = {optimizer = "adam"}': [
        "hypotheses[0].where.optimizer: is what compare is about; leave it out here"
    ],
    FASTER + ADAM + "where = {beta1 = 0.5}": [
        "hypotheses[0].where.beta1: 0.5 is not in this study, whose beta1 is 0.9"
    ],
    FASTER + ADAM.replace("sgd", "rmsprop") + "where = {momentum = 0.9, lr = 1}": [
        ("hypotheses[0].compare.with: 'rmsprop' is not in this study, whose optimizer is 'sgd', "
        "'adam'"),
        ("hypotheses[0].where.momentum: momentum does nothing with optimizer = 'adam' or "
        "'rmsprop'; it acts with optimizer = 'sgd'")
    ],
    LEVEL + 'where = {optimizer = "adam", momentum = 0.9}\nexpect = {at_most = 1, is = true}': [
        ("hypotheses[0].where.momentum: momentum does nothing with optimizer = 'adam'; it acts "
        "with optimizer = 'sgd'"),
        ("hypotheses[0].expect: exactly one of at_least, at_most and is must be given, "
        "got at_most and is")
    ],
    LEVEL + 'where = {optimizer = "adam", momentum = 0.9}\nexpect = {is = true}': [
        ("hypotheses[0].where.momentum: momentum does nothing with optimizer = 'adam'; it acts "
        "with optimizer = 'sgd'"),
        ("hypotheses[0].expect.is: is for metric = 'diverged' alone, "
        "got metric = 'final_train_loss'"),
    ],
    FASTER + 'compare = {parameter = "momentum", value = 0.9, with = 0.0}\n'
    'where = {optimizer = "adam"}': [
        ("hypotheses[0].compare.parameter: momentum does nothing with optimizer = 'adam'; it acts "
        "with optimizer = 'sgd'")
    ],
    FASTER + ADAM + 'across = {parameter = "momentum", value = 0.9, with = 0.0}\nmargin = 1': [
        ("hypotheses[0].across.parameter: momentum does nothing with optimizer = 'adam'; it acts "
        "with optimizer = 'sgd'"),
        "hypotheses[0].margin: belongs to expect = 'equal' alone, got expect = 'lower'",
    ],
    LEVEL.replace(GRID, DATA + '[training]\noptimizer = "rmsprop"\nmomentum = 0.9\n')
    + "where = {momentum = 0.9}\nexpect = {at_most = 1}": [
        ("hypotheses[0]: needs configurations with {momentum = 0.9}, and the study trains none: "
        "momentum acts with optimizer = 'sgd'")
    ],
    # two settings
    FASTER + 'compare = {value = {optimzer = "adam"}, with = {optimizer = "sdg"}}': [
        "hypotheses[0].compare.value.optimzer: unknown key (did you mean 'optimizer'?)",
        (f"hypotheses[0].compare.with.optimizer: 'sdg' is not one of {OPTIMIZERS} "
        "(did you mean 'sgd'?)"),
    ],
    FASTER + 'compare = {value = {}, with = "sgd"}': [
        "hypotheses[0].compare.value: must name a value",
        "hypotheses[0].compare.with: must be a table, got 'sgd'",
    ],
    FASTER + "compare = {value = {lr = 1}, with = {lr = 1.0}}": [
        "hypotheses[0].compare: value and with must differ, got {lr = 1} twice"
    ],
    FASTER + 'compare = {value = {optimizer = "adam", lr = 1}, with = {optimizer = "sgd"}}': [
        ("hypotheses[0].compare.value.lr: is in value alone, and lr acts in both: name it in with "
        "too")
    ],
    FASTER + 'compare = {value = {optimizer = "sgd"}, '
    'with = {optimizer = "sgd", momentum = 0.9}}': [
        ("hypotheses[0].compare.with.momentum: is in with alone, and momentum acts in both: name "
        "it in value too")
    ],
    FASTER + 'compare = {value = {optimizer = "adam", momentum = 0.9}, '
    'with = {optimizer = "sgd", momentum = 0.9}}\nwhere = {optimizer = "sgd"}': [
        ("hypotheses[0].compare.value.momentum: momentum does nothing with optimizer = 'adam'; it "
        "acts with optimizer = 'sgd'"),
        "hypotheses[0].where.optimizer: is what compare is about; leave it out here",
    ],
    FASTER + 'compare = {value = {optimizer = "adam", lr = 1}, '
    'with = {optimizer = "sgd", lr = 2}}': [
        "hypotheses[0].compare.with.lr: 2 is not in this study, whose lr is 0.01, 1"
    ],
    GRID + '[[search.exclude]]\nwhere = {lr = 1, optimizer = "adam"}\nreason = "x"\n'
    + FASTER.removeprefix(GRID)
    + 'compare = {value = {optimizer = "adam", lr = 1}, with = {optimizer = "sgd", lr = 1}}': [
        ("hypotheses[0].compare.value: needs configurations with {optimizer = 'adam', lr = 1}, "
        "and the study trains none")
    ],
    FASTER + 'compare = {value = {optimizer = "adam", lr = 1}, '
    'with = {optimizer = "sgd", lr = 0.01}}\nacross = {parameter = "lr", value = 1, with = 0.01}': [
        "hypotheses[0].across.parameter: lr is what compare is about; name another here"
    ],
    FASTER + ADAM + 'across = {value = {optimizer = "adam", lr = 1}, '
    'with = {optimizer = "sgd", lr = 1}}': [
        f"hypotheses[0].across.{side}.optimizer: optimizer is what compare is about; name another "
        "here" for side in ("value", "with")
    ],
    FASTER + ADAM + 'across = {parameter = "optimizer", value = "adam", with = "sgd"}': [
        "hypotheses[0].across.parameter: optimizer is what compare is about; name another here"
    ],
    LEVEL + "expect = {at_least = 1, at_most = 2}": [
        ("hypotheses[0].expect: exactly one of at_least, at_most and is must be given, "
        "got at_least and at_most")
    ],
    LEVEL + "expect = {share = 0}": [
        "hypotheses[0].expect: exactly one of at_least, at_most and is must be given, got none",
        "hypotheses[0].expect.share: must be more than 0, got 0",
    ],
    LEVEL + "expect = {}": [
        "hypotheses[0].expect: exactly one of at_least, at_most and is must be given, got none"
    ],
    LEVEL + "expect = {is = true}": [
        "hypotheses[0].expect.is: is for metric = 'diverged' alone, got metric = 'final_train_loss'"
    ],
    CLAIM + 'metric = "diverged"\nexpect = {at_most = 1}': [
        "hypotheses[0].expect: must be {is = true, …} with metric = 'diverged'"
    ],
    GRID + '[[search.exclude]]\nwhere = {lr = 1}\nreason = "x"\n'
    + FASTER.removeprefix(GRID) + ADAM + "where = {lr = 1}": [
        ("hypotheses[0]: needs configurations with {lr = 1, optimizer = 'adam'}, "
        "and the study trains none")
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items())
def test_a_reference_to_a_missing_name_is_reported_with_its_location(
    text: str, expected: list[str]
) -> None:
    assert mistakes(text) == expected


ALLOWED = {
    ADAM + "where = {momentum = 0.9}": [
        {"optimizer": "adam"}, {"momentum": 0.9, "optimizer": "sgd"}
    ],
    'compare = {value = {optimizer = "adam", lr = 0.01}, with = {optimizer = "sgd", lr = 1, '
    "momentum = 0.9}}": [
        {"optimizer": "adam", "lr": 0.01}, {"optimizer": "sgd", "lr": 1.0, "momentum": 0.9}
    ],
    ADAM + 'across = {parameter = "lr", value = 1, with = 0.01}\nwhere = {momentum = 0.0}': [
        {"optimizer": "adam", "lr": 1.0}, {"momentum": 0.0, "optimizer": "sgd", "lr": 1.0},
        {"optimizer": "adam", "lr": 0.01}, {"momentum": 0.0, "optimizer": "sgd", "lr": 0.01},
    ],
    'compare = {parameter = "lr", value = 1, with = 0.01}\nwhere = {momentum = 0.9}': [
        {"lr": 1.0, "momentum": 0.9}, {"lr": 0.01, "momentum": 0.9}
    ],
}  # fmt: skip


@pytest.mark.parametrize(("keys", "cells"), ALLOWED.items())
def test_a_value_restricts_the_sides_on_which_its_parameter_acts(
    keys: str, cells: list[dict[str, object]]
) -> None:
    (hypothesis,) = read_pipeline(FASTER + keys, "x.toml").hypotheses
    assert hypothesis.cells == cells
