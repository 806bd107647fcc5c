"""Errors in [search.parameters]: each has its location and its remedy."""

import pytest

import nn_core
from tests.spec.refused import mistakes

DATA = 'name = "x"\n[datasets.linear]\ngenerator = "linear"\n'
SEARCH = DATA + "[search.parameters]\n"
ACTIVATIONS = ", ".join(sorted(nn_core.ACTIVATIONS))

MISTAKES = {
    SEARCH + "lr = [0.01, 1e-2, 0, -1, nan, inf, true]": [
        "search.parameters.lr[1]: 0.01 is listed twice",
        "search.parameters.lr[2]: must be positive and finite, got 0",
        "search.parameters.lr[3]: must be positive and finite, got -1",
        "search.parameters.lr[4]: must be positive and finite, got nan",
        "search.parameters.lr[5]: must be positive and finite, got inf",
        "search.parameters.lr[6]: must be a number, got true",
    ],
    SEARCH + 'activation = ["none", "sigmod"]\noptimizer = []\nhidden = [32, [16, 0], [8], [8]]': [
        (f"search.parameters.activation[1]: 'sigmod' is not one of {ACTIVATIONS} "
        "(did you mean 'sigmoid'?)"),
        "search.parameters.optimizer: must be a list of at least one value, got []",
        "search.parameters.hidden[0]: must be a list of widths, such as [128, 64], got 32",
        "search.parameters.hidden[1]: a width must be a whole number of at least 1, got 0",
        "search.parameters.hidden[3]: [8] is listed twice",
    ],
    SEARCH + "momentum = 0.9\nepochs = [1]\nprecision = []\nlrr = [1]": [
        "search.parameters.momentum: must be a list of values or a table, got 0.9",
        "search.parameters.epochs: cannot be searched; it is given in [training]",
        "search.parameters.precision: cannot be searched; it is given in [training]",
        "search.parameters.lrr: unknown key (did you mean 'lr'?)",
    ],
    SEARCH + "lr = {low = 0, hgih = 1}\nmomentum = {low = 0.5, high = 1.0}": [
        "search.parameters.lr.low: must be positive and finite, got 0",
        "search.parameters.lr.hgih: unknown key (did you mean 'high'?)",
        "search.parameters.lr.high: is missing",
        "search.parameters.momentum.high: must be at least 0 and less than 1, got 1",
    ],
    SEARCH + "lr = {low = 1, high = 1e-4}\nmomentum = {low = 0, high = 0.9, log = true}\n"
    "beta1 = {low = 0.1, high = 0.9, step = 0.9}\n"
    "beta2 = {low = 0.1, high = 0.9, step = 0.1, log = true}": [
        "search.parameters.lr: low must be less than high, got 1 and 0.0001",
        "search.parameters.momentum: low must be positive with log = true, got 0",
        "search.parameters.beta1: step must be positive and at most high - low, got 0.9",
        "search.parameters.beta2: step must not be given with log = true, got 0.1",
    ],
    SEARCH + "batch_size = {low = 0, high = 64}\nactivation = {low = 1}\n"
    "hidden = {layers = [1, 1], width = {low = 4.5, high = 8, when = {}}}": [
        "search.parameters.batch_size.low: must be at least 1, got 0",
        "search.parameters.activation.low: unknown key; there are choices, when",
        "search.parameters.activation.choices: is missing",
        "search.parameters.hidden.layers[1]: 1 is listed twice",
        "search.parameters.hidden.width.low: must be a whole number, got 4.5",
        "search.parameters.hidden.width.when: unknown key; there are low, high, log, step",
    ],
    SEARCH + "lr = {low = 1e-4, high = 1, log = true}\nbatch_size = {low = 4, high = 64}\n"
    "hidden = {layers = [1, 2], width = {low = 4, high = 128, log = true}}": [
        f"search.parameters.{name}: method = 'grid' takes no ranges: give a list of values"
        for name in ("lr", "batch_size", "hidden")
    ],
    SEARCH + f"lr = {list(range(1, 1002))}\nepsilon = {list(range(1, 1002))}": [
        "search.parameters: a grid has at most 1,000,000 combinations, got 1,002,001"
    ],
    SEARCH + "lr = [1]\nhidden = [[8]]\n[training]\nlr = 1\n[model]\nhidden = [8]": [
        f"{key}: is given here and searched in [search.parameters]; one of them must go"
        for key in ("training.lr", "model.hidden")
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items())
def test_an_error_is_reported_with_its_location_and_its_remedy(
    text: str, expected: list[str]
) -> None:
    assert mistakes(text) == expected
