"""Every search method keeps the same promises: one row in METHODS, and all run on it."""

import json
import math
import os
import random
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from study.samplers.methods import METHODS
from study.samplers.optuna import Optuna
from study.samplers.sampler import Proposal, Sampler, Settings
from study.space import PARAMETERS, Choices, Range, Shapes, Space, Value, canonical

SPACES: dict[str, Space] = {
    "choices": {
        "lr": Choices(choices=(0.01, 1.0)),
        "optimizer": Choices(choices=("sgd", "adam")),
        "hidden": Choices(choices=("32x16", "8")),
    },
    "ranges": {
        "lr": Range(low=1e-4, high=1.0, log=True),
        "momentum": Range(low=0.0, high=0.9, step=0.1),
        "batch_size": Range(low=2.0, high=64.0, log=True),
        "beta1": Range(low=0.5, high=0.99),
    },
    "shapes": {
        "hidden": Shapes(layers=(1, 2, 3), width=Range(low=4, high=128, log=True)),
        "lr": Range(low=1e-4, high=1.0, log=True),
    },
    "conditions, the condition last": {
        "activation": Choices(choices=("tanh", "relu"), when={"momentum": 0.9}),
        "momentum": Choices(choices=(0.0, 0.9), when={"optimizer": "sgd"}),
        "beta1": Range(low=0.5, high=0.99, when={"optimizer": "adam"}),
        "optimizer": Choices(choices=("sgd", "adam", "rmsprop")),
        "lr": Range(low=1e-4, high=1.0, log=True, when={"initializer": "standard_normal"}),
        "hidden": Shapes(
            layers=(1, 3), width=Range(low=4, high=16, step=4), when={"optimizer": "sgd"}
        ),
    },
}
FINITE = [name for name, method in METHODS.items() if method.finite]
LEARNING = [name for name in METHODS if name not in FINITE]
CASES = [
    (method, name)
    for method in METHODS
    for name, space in SPACES.items()
    if not METHODS[method].finite or all(isinstance(d, Choices) for d in space.values())
]
cases = pytest.mark.parametrize(("method", "name"), CASES)
learning = pytest.mark.parametrize("method", LEARNING)
methods = pytest.mark.parametrize("method", METHODS)


def fixed(space: Space) -> dict[str, Value]:
    """Return a value for every parameter that is not searched."""
    defaults = {name: p.default for name, p in PARAMETERS.items()}
    return {name: value for name, value in defaults.items() if name not in space}


def make(method: str, space: Space, seed: int = 7, **own: object) -> Sampler:
    settings = Settings(**{"seed": seed, "batch": 5, "population": 5, **own})  # type: ignore[arg-type]
    return METHODS[method].make(space, fixed(space), settings)


def score(proposal: Proposal) -> float:
    """Return an objective that has one minimum in every space, and is ∞ in a part of it."""
    whole = canonical(dict(proposal))
    lr, hidden = float(str(whole["lr"])), str(whole["hidden"]).split("x")
    if lr > 0.8:
        return math.inf
    other = 1.0 if whole["optimizer"] == "adam" else 0.0
    return abs(math.log10(lr) + 2) + sum(float(width) for width in hidden) / 100 + other


def searched(
    sampler: Sampler, batches: int = 6, judge: Callable[[Proposal], float] = score, count: int = 1
) -> list[Proposal]:
    """Ask and tell a few batches; return all proposals."""
    found: list[Proposal] = []
    for _ in range(batches):
        batch = sampler.ask()
        found += batch
        sampler.tell([(judge(proposal),) * count for proposal in batch])
    return found


@cases
def test_a_replayed_search_proposes_what_the_first_one_did(method: str, name: str) -> None:
    first, second = (searched(make(method, SPACES[name])) for _ in range(2))
    assert first == second
    assert len(first) > 3


@learning
def test_another_process_proposes_the_same(method: str) -> None:
    """Whatever order Python's sets and hashes have there."""
    code = (
        "from tests.samplers.test_conformance import *;"
        f"print(searched(make({method!r}, SPACES['conditions, the condition last'])))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "12345"}
    there = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    here = searched(make(method, SPACES["conditions, the condition last"]))
    assert there.stdout.strip() == str(here)


@learning
def test_another_seed_proposes_otherwise(method: str) -> None:
    space = SPACES["ranges"]
    proposed = [str(searched(make(method, space, seed=seed), 3)) for seed in (1, 2)]
    same_for_all = method == "qmc"  # a sequence without scrambling but for its first, random point
    assert (proposed[0] == proposed[1]) is False or same_for_all


@cases
def test_proposals_lie_in_the_space_as_plain_values(method: str, name: str) -> None:
    space = SPACES[name]
    for proposal in searched(make(method, space)):
        for parameter, value in proposal.items():
            assert space[parameter].has(value), (parameter, value)
            assert type(value) in (float, str)
            assert PARAMETERS[parameter].read(PARAMETERS[parameter].write(value)) == value


@cases
def test_a_parameter_is_there_where_its_condition_holds_and_nowhere_else(
    method: str, name: str
) -> None:
    space = SPACES[name]
    for proposal in searched(make(method, space)):
        known = {**fixed(space), **proposal}
        for parameter, dimension in space.items():
            holds = all(known.get(other) == value for other, value in dimension.when.items())
            assert (parameter in proposal) == holds, parameter


@cases
def test_infinity_everywhere_is_accepted(method: str, name: str) -> None:
    found = searched(make(method, SPACES[name]), 8, lambda _: math.inf)
    assert len(found) >= 8 or method in FINITE


@cases
def test_ties_everywhere_are_accepted(method: str, name: str) -> None:
    assert searched(make(method, SPACES[name]), 8, lambda _: 1.0)


@learning
def test_what_is_included_is_asked_first_and_what_it_leaves_open_is_drawn(method: str) -> None:
    space = SPACES["conditions, the condition last"]
    include: tuple[Proposal, ...] = (
        {"lr": 0.5, "optimizer": "sgd", "hidden": "8x4x16"}, {"optimizer": "adam", "beta1": 0.6},
    )  # fmt: skip
    sampler = make(method, space, include=include)
    first = sampler.ask()
    assert len(first) == 2
    for proposal, asked in zip(first, include, strict=True):
        assert {name: proposal[name] for name in asked} == asked
    assert "momentum" in first[0]
    sampler.tell([(1.0,), (2.0,)])
    assert len(sampler.ask()) == 5


@learning
def test_a_batch_is_as_large_as_declared_and_the_last_may_be_told_in_part(method: str) -> None:
    sampler = make(method, SPACES["ranges"], batch=3)
    assert len(sampler.ask()) == 3
    sampler.tell([(1.0,)])


@pytest.mark.parametrize("method", FINITE)
def test_a_finite_method_proposes_every_cell_once_and_then_nothing(method: str) -> None:
    sampler = make(method, SPACES["choices"])
    found = sampler.ask()
    assert len({tuple(proposal.items()) for proposal in found}) == len(found) == 8
    sampler.tell([(1.0,)] * 8)
    assert sampler.ask() == []


@pytest.mark.parametrize("method", [name for name, m in METHODS.items() if m.several])
def test_several_objectives_are_accepted_infinite_ones_too(method: str) -> None:
    space = SPACES["shapes"]
    sampler = make(method, space, objectives=2)
    assert len(searched(sampler, count=2)) == 30
    searched(sampler, judge=lambda _: math.inf, count=2)


@learning
def test_global_random_state_and_warnings_are_left_alone(method: str) -> None:
    random.seed(1)
    state, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002  # what is watched
    before = list(warnings.filters)
    searched(make(method, SPACES["ranges"]), 3)
    assert random.getstate() == state
    assert str(np.random.get_state()) == str(legacy)  # noqa: NPY002
    assert warnings.filters == before


@learning
def test_options_reach_the_sampler(method: str) -> None:
    """Each changed option changes what is proposed."""
    changed: Mapping[str, object] = {
        "n_startup_trials": 20, "n_ei_candidates": 1, "multivariate": False, "group": True,
        "constant_liar": False, "qmc_type": "halton", "scramble": True,
        "with_margin": True, "crossover_prob": 0.0, "swapping_prob": 1.0, "mutation_prob": 1.0,
    }  # fmt: skip
    for name in METHODS[method].options:
        space = SPACES["shapes" if name == "group" else "ranges"]
        plain = searched(make(method, space), 12)
        assert searched(make(method, space, options={name: changed[name]}), 12) != plain, name


MIXED: Space = {
    "lr": Range(low=1e-4, high=1.0, log=True),
    "hidden": Shapes(layers=(1, 2), width=Range(low=4, high=16)),
    "optimizer": Choices(choices=("sgd", "adam")),
    "momentum": Range(low=0.0, high=0.9, when={"optimizer": "sgd"}),
}


@learning
def test_a_method_moves_nothing_that_it_says_it_draws_at_random(method: str) -> None:
    """Optuna's own account of it; with a condition, where its first trials happened to meet it."""
    sampler = make(method, MIXED)
    assert isinstance(sampler, Optuna)
    searched(sampler)
    study = sampler.study
    moved = study.sampler.infer_relative_search_space(study, study.trials[-1])
    named = {*METHODS[method].searched(MIXED), "momentum"}
    assert {name.split(".")[0] for name in moved} <= named


def test_what_each_method_moves() -> None:
    numbers, always = ("lr", "hidden"), ("lr", "hidden", "optimizer")
    says = {
        "random": (),
        "qmc": always,
        "tpe": tuple(MIXED),
        "cmaes": numbers,
        "nsga2": tuple(MIXED),
    }
    assert {name: METHODS[name].searched(MIXED) for name in says} == says


def test_what_learns_comes_nearer_than_chance() -> None:
    """On a bowl, the mean of the last batches is better than at random, over five seeds."""
    space = SPACES["ranges"]

    def bowl(proposal: Proposal) -> float:
        lr, beta1 = float(proposal["lr"]), float(proposal["beta1"])
        return (math.log10(lr) + 2) ** 2 + (10 * (beta1 - 0.9)) ** 2

    def last(method: str) -> float:
        runs = [searched(make(method, space, seed), 14, bowl)[-20:] for seed in range(5)]
        return float(np.mean([bowl(proposal) for run in runs for proposal in run]))

    chance = last("random")
    for method in ("tpe", "cmaes", "nsga2"):
        assert last(method) < 0.6 * chance, method


def recorded() -> dict[str, list[str]]:
    """Return what every method proposes in five batches on one mixed space."""
    space = SPACES["conditions, the condition last"]
    return {
        method: [json.dumps(proposal) for proposal in searched(make(method, space), 5)]
        for method in LEARNING
    }


GOLDEN = Path(__file__).with_name("proposals.json")


@learning
def test_no_search_changes_unnoticed(method: str) -> None:
    """Where it is meant to: `python -m tests.samplers.test_conformance` records them again."""
    golden: Mapping[str, Sequence[str]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert recorded()[method] == golden[method]


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(recorded(), indent=1) + "\n", encoding="utf-8")
