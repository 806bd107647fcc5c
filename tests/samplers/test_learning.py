"""Which parameters each method moves by the values it received, and that it helps."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from study.samplers.methods import METHODS
from study.samplers.optuna import Optuna
from study.samplers.sampler import Proposal
from study.space import Choices, Range, Shapes, Space
from tests.samplers.searches import ROWS, SPACES, learning, make, searched

pytestmark = pytest.mark.no_cover  # many rounds of what other tests trace


@learning
def test_options_reach_the_sampler(method: str) -> None:
    """Each changed option changes what is proposed."""
    changed: Mapping[str, object] = {
        "n_startup_trials": 20, "n_ei_candidates": 1, "multivariate": False, "group": True,
        "constant_liar": False, "qmc_type": "halton", "scramble": True,
        "with_margin": True, "crossover_prob": 0.0, "swapping_prob": 1.0, "mutation_prob": 1.0,
    }  # fmt: skip
    for name in ROWS[method].options:
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
def test_a_method_moves_no_parameter_that_it_draws_at_random(method: str) -> None:
    """By Optuna's own account; with a condition, where its first trials happened to meet it."""
    sampler = make(method, MIXED)
    assert isinstance(sampler, Optuna)
    searched(sampler)
    study = sampler.study
    moved = study.sampler.infer_relative_search_space(study, study.trials[-1])
    named = {*ROWS[method].searched(MIXED), "momentum"}
    assert {name.split(".")[0] for name in moved} <= named


def test_what_each_method_moves() -> None:
    numbers, always = ("lr", "hidden"), ("lr", "hidden", "optimizer")
    expected = {
        "random": (),
        "qmc": always,
        "tpe": tuple(MIXED),
        "cmaes": numbers,
        "nsga2": tuple(MIXED),
    }
    assert {name: METHODS[name].searched(MIXED) for name in expected} == expected


def test_learning_methods_get_closer_than_chance() -> None:
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
