"""Spaces and searches on which every row of METHODS is held to its promises."""

import math
from collections.abc import Callable

import pytest

from study.samplers.methods import METHODS, Method, optuna
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
NSGA3 = Method(
    make=optuna("NSGAIIISampler", population="population_size"),
    meaning="generations, spread over many objectives",
    generations=True,
    several=True,
    constrained=True,
)
ROWS = {**METHODS, "nsga3": NSGA3}
"""All methods, and the row by which CONTRIBUTING.md adds another of Optuna's samplers."""

FINITE = [name for name, method in ROWS.items() if method.finite]
LEARNING = [name for name in ROWS if name not in FINITE]
CASES = [
    (method, name)
    for method in ROWS
    for name, space in SPACES.items()
    if not ROWS[method].finite or all(isinstance(d, Choices) for d in space.values())
]
cases = pytest.mark.parametrize(("method", "name"), CASES)
learning = pytest.mark.parametrize("method", LEARNING)


def fixed(space: Space) -> dict[str, Value]:
    """Return a value for every parameter that is not searched."""
    defaults = {name: p.default for name, p in PARAMETERS.items()}
    return {name: value for name, value in defaults.items() if name not in space}


def make(method: str, space: Space, seed: int = 7, **own: object) -> Sampler:
    settings = Settings(**{"seed": seed, "batch": 5, "population": 5, **own})  # type: ignore[arg-type]
    return ROWS[method].make(space, fixed(space), settings)


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
    proposals: list[Proposal] = []
    for _ in range(batches):
        batch = sampler.ask()
        proposals += batch
        sampler.tell([(judge(proposal),) * count for proposal in batch])
    return proposals
