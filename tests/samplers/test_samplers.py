"""Every sampler keeps the same promises; one row in METHODS, and all of these run on it."""

import itertools

import pytest

from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal, Sampler
from study.space import Choices, Space, canonical

SPACE: Space = {
    "lr": Choices(choices=(0.01, 1.0)),
    "optimizer": Choices(choices=("sgd", "adam")),
    "momentum": Choices(choices=(0.0, 0.9), when={"optimizer": "sgd"}),
    "activation": Choices(choices=("tanh", "relu"), when={"momentum": 0.9}),
}
FIXED = {
    name: value for name, value in canonical({}).items() if value is not None and name not in SPACE
}

methods = pytest.mark.parametrize("method", METHODS)


def make(method: str) -> Sampler:
    return METHODS[method](SPACE, FIXED)


def whole_search(sampler: Sampler, limit: int = 50) -> list[Proposal]:
    """Ask and tell until the sampler ends."""
    found: list[Proposal] = []
    for _ in range(limit):
        batch = sampler.ask()
        if not batch:
            return found
        found += batch
        sampler.tell([(float(str(p["lr"])),) for p in batch])
    raise AssertionError("the search does not end")


@methods
def test_a_replayed_search_proposes_what_the_first_one_did(method: str) -> None:
    assert whole_search(make(method)) == whole_search(make(method))


@methods
def test_proposals_lie_in_the_space_as_plain_values(method: str) -> None:
    for proposal in whole_search(make(method)):
        for name, value in proposal.items():
            dimension = SPACE[name]
            assert isinstance(dimension, Choices)
            assert value in dimension.choices
            assert type(value) in (float, int, str)


@methods
def test_inactive_parameters_are_absent(method: str) -> None:
    for proposal in whole_search(make(method)):
        assert ("momentum" in proposal) == (proposal["optimizer"] == "sgd")
        assert ("activation" in proposal) == (proposal.get("momentum") == 0.9)


@methods
def test_infinity_is_accepted_and_nothing_is_proposed_after_the_end(method: str) -> None:
    sampler = make(method)
    for _ in range(50):
        batch = sampler.ask()
        if not batch:
            break
        sampler.tell([(float("inf"),)] * len(batch))
    assert sampler.ask() == []


def test_a_grid_proposes_every_combination_once_the_last_parameter_fastest() -> None:
    space: Space = {
        "lr": Choices(choices=(1.0, 0.1)),
        "hidden": Choices(choices=("4", "8")),
        "activation": Choices(choices=("relu", "tanh")),
    }
    proposals = [tuple(p.values()) for p in METHODS["grid"](space, FIXED).ask()]
    assert proposals == list(itertools.product((1.0, 0.1), ("4", "8"), ("relu", "tanh")))


def test_a_grid_without_parameters_proposes_the_one_configuration_there_is() -> None:
    assert METHODS["grid"]({}, FIXED).ask() == [{}]
