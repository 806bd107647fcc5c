"""The grid is the product of its choices, in the order of the file."""

import itertools

from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal, Settings
from study.space import Choices, Space


def proposals(space: Space) -> list[Proposal]:
    return METHODS["grid"].make(space, {}, Settings(seed=0)).ask()


def test_a_grid_proposes_every_combination_once_the_last_parameter_fastest() -> None:
    space: Space = {
        "lr": Choices(choices=(1.0, 0.1)),
        "hidden": Choices(choices=("4", "8")),
        "activation": Choices(choices=("relu", "tanh")),
    }
    result = [tuple(proposal.values()) for proposal in proposals(space)]
    assert result == list(itertools.product((1.0, 0.1), ("4", "8"), ("relu", "tanh")))


def test_a_grid_without_parameters_proposes_the_one_configuration_there_is() -> None:
    assert proposals({}) == [{}]


def test_a_grid_leaves_out_inactive_parameters_and_proposes_each_combination_once() -> None:
    space: Space = {
        "optimizer": Choices(choices=("sgd", "adam")),
        "momentum": Choices(choices=(0.0, 0.9), when={"optimizer": "sgd"}),
        "activation": Choices(choices=("tanh", "relu"), when={"momentum": 0.9}),
    }
    assert [tuple(proposal.values()) for proposal in proposals(space)] == [
        ("sgd", 0.0), ("sgd", 0.9, "tanh"), ("sgd", 0.9, "relu"), ("adam",),
    ]  # fmt: skip
