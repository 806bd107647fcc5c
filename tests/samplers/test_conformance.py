"""Every search method keeps the same promises: one row in METHODS, and all run on it."""

import json
import math
import os
import random
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from study.samplers.sampler import Proposal
from study.space import PARAMETERS, Range, Space
from tests.reference import needs_same_kernels
from tests.samplers.searches import (
    FINITE,
    LEARNING,
    ROWS,
    SPACES,
    cases,
    fixed,
    learning,
    make,
    score,
    searched,
)


@cases
def test_a_replayed_search_proposes_what_the_first_one_did(method: str, name: str) -> None:
    first, second = (searched(make(method, SPACES[name])) for _ in range(2))
    assert first == second
    assert len(first) > 3


@learning
def test_a_generation_need_not_be_a_batch(method: str) -> None:
    first, second = (
        searched(make(method, SPACES["ranges"], batch=3, population=7), 12) for _ in range(2)
    )
    assert first == second


@learning
def test_steps_are_as_a_file_writes_them_and_may_end_below_the_high_end(method: str) -> None:
    space: Space = {
        "momentum": Range(low=0.0, high=0.85, step=0.1),
        "batch_size": Range(low=4.0, high=30.0, step=4.0),
    }
    proposals = searched(make(method, space), 8)
    assert {proposal["momentum"] for proposal in proposals} <= {i / 10 for i in range(9)}
    assert {proposal["batch_size"] for proposal in proposals} <= {str(i) for i in range(4, 30, 4)}


@pytest.fixture(scope="module")
def elsewhere() -> Mapping[str, str]:
    """Return what each method proposes in a process where sets and hashes have another order."""
    code = (
        "import json; from tests.samplers.searches import *;"
        "space = SPACES['conditions, the condition last'];"
        "print(json.dumps({m: str(searched(make(m, space))) for m in LEARNING}))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "12345"}
    there = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    proposed: Mapping[str, str] = json.loads(there.stdout)
    return proposed


@learning
def test_another_process_proposes_the_same(method: str, elsewhere: Mapping[str, str]) -> None:
    """Whatever order Python's sets and hashes have there."""
    own = searched(make(method, SPACES["conditions, the condition last"]))
    assert elsewhere[method] == str(own)


@learning
def test_another_seed_proposes_otherwise(method: str) -> None:
    """In every batch; of a sequence it is the scrambling that the seed decides."""
    options = {"scramble": True} if "scramble" in ROWS[method].options else {}
    one, other = (make(method, SPACES["ranges"], seed=seed, options=options) for seed in (1, 2))
    for _ in range(4):
        assert searched(one, 1) != searched(other, 1)


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
        expected = {**fixed(space), **proposal}
        for parameter, dimension in space.items():
            holds = all(expected.get(other) == value for other, value in dimension.when.items())
            assert (parameter in proposal) == holds, parameter


@cases
def test_infinity_everywhere_is_accepted(method: str, name: str) -> None:
    proposals = searched(make(method, SPACES[name]), 8, lambda _: math.inf)
    assert len(proposals) >= 8 or method in FINITE


@cases
def test_ties_everywhere_are_accepted(method: str, name: str) -> None:
    assert searched(make(method, SPACES[name]), 8, lambda _: 1.0)


@learning
def test_included_configurations_are_asked_first_and_their_open_parameters_are_drawn(
    method: str,
) -> None:
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
def test_a_batch_has_the_declared_size_and_the_last_may_be_reported_in_part(method: str) -> None:
    sampler = make(method, SPACES["ranges"], batch=3)
    assert len(sampler.ask()) == 3
    sampler.tell([(1.0,)])


@pytest.mark.parametrize("method", FINITE)
def test_a_finite_method_proposes_every_cell_once_and_then_nothing(method: str) -> None:
    sampler = make(method, SPACES["choices"])
    batch = sampler.ask()
    assert len({tuple(proposal.items()) for proposal in batch}) == len(batch) == 8
    sampler.tell([(1.0,)] * 8)
    assert sampler.ask() == []


SEVERAL = [name for name, method in ROWS.items() if method.several]


def conflicting(method: str, seed: int = 7) -> list[list[Proposal]]:
    """Return six batches of a search of two objectives whose optima differ."""
    sampler, proposals = make(method, SPACES["shapes"], seed=seed, objectives=2), []
    for _ in range(6):
        proposals.append(sampler.ask())
        sampler.tell([(score(one), -math.log10(float(one["lr"]))) for one in proposals[-1]])
    return proposals


@pytest.mark.parametrize("method", SEVERAL)
def test_a_replayed_search_of_several_objectives_proposes_the_same(method: str) -> None:
    assert conflicting(method) == conflicting(method)
    assert conflicting(method) != conflicting(method, seed=8)


@pytest.mark.parametrize("method", SEVERAL)
def test_several_objectives_are_accepted_infinite_ones_too(method: str) -> None:
    space = SPACES["shapes"]
    sampler = make(method, space, objectives=2)
    assert len(searched(sampler, count=2)) == 30
    searched(sampler, judge=lambda _: math.inf, count=2)


def limited(method: str, bound: float, count: int = 1) -> list[Proposal]:
    """Return what is proposed where lr may be at most `bound`, told as log₁₀ lr − log₁₀ bound."""
    sampler, proposals = make(method, SPACES["ranges"], objectives=count), []
    for _ in range(8):
        batch = sampler.ask()
        proposals += batch
        excesses = [{"lr": math.log10(float(one["lr"]) / bound)} for one in batch]
        sampler.tell([(score(one),) * count for one in batch], excesses)
    return proposals


@cases
def test_a_replayed_search_with_constraints_proposes_the_same(method: str, name: str) -> None:
    def proposed() -> list[Proposal]:
        sampler, collected = make(method, SPACES[name]), []
        for _ in range(6):
            collected += (batch := sampler.ask())
            excesses = [{"a": score(one) - 1, "b": math.inf} for one in batch]
            sampler.tell([(score(one),) for one in batch], excesses)
        return collected

    assert proposed() == proposed()


@learning
def test_constraints_guide_the_methods_that_are_constrained_and_no_other(method: str) -> None:
    """The best lr is 10⁻²; the bound is 10⁻³."""
    free, bound = searched(make(method, SPACES["ranges"]), 8), limited(method, 1e-3)
    assert (free != bound) == ROWS[method].constrained
    if ROWS[method].constrained:
        share = [np.mean([float(one["lr"]) <= 1e-3 for one in of[20:]]) for of in (free, bound)]
        assert share[1] > share[0]
        assert len(limited(method, 1e-3, count=2)) == 40


@learning
def test_global_random_state_and_warnings_are_left_alone(method: str) -> None:
    random.seed(1)
    state, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002  # what is watched
    before = list(warnings.filters)
    searched(make(method, SPACES["ranges"]), 3)
    assert random.getstate() == state
    assert str(np.random.get_state()) == str(legacy)  # noqa: NPY002
    assert warnings.filters == before


def recorded(method: str) -> list[str]:
    """Return what a method proposes in five batches on one mixed space."""
    space = SPACES["conditions, the condition last"]
    return [json.dumps(proposal) for proposal in searched(make(method, space), 5)]


GOLDEN = Path(__file__).with_name("proposals.json")


@needs_same_kernels
@learning
def test_no_search_changes_unnoticed(method: str) -> None:
    """Where it is meant to: `python -m tests.samplers.test_conformance` records them again."""
    golden: Mapping[str, Sequence[str]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert recorded(method) == golden[method]


if __name__ == "__main__":
    proposals = {method: recorded(method) for method in LEARNING}
    GOLDEN.write_text(json.dumps(proposals, indent=1) + "\n", encoding="utf-8")
