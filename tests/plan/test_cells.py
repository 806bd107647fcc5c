"""How many configurations a space has, counted beside a sampler that draws them."""

import pytest

from study.plan.cells import cells
from study.plan.trials import Asked
from study.samplers.methods import METHODS
from study.samplers.sampler import Settings
from tests.pipelines import small

SPACE = """
name = "small"

[datasets.xor]
generator = "xor"

[search]
method = "random"
trials = 5

"""

SPACES = {
    "choices": ('lr = [0.1, 1]\noptimizer = ["sgd", "adam"]\n', 4),
    "steps": ("momentum = {low = 0.1, high = 0.75, step = 0.2}\n", 4),
    "whole numbers": ("batch_size = {low = 2, high = 8}\n", 7),
    "whole steps": ("batch_size = {low = 2, high = 9, step = 3}\n", 3),
    "shapes": ("hidden = {layers = [1, 2], width = {low = 2, high = 6, step = 2}}\n", 12),
    "conditions": (
        ('optimizer = ["sgd", "adam"]\n'
         'momentum = {low = 0.0, high = 0.8, step = 0.4, when = {optimizer = "sgd"}}\n'), 4,
    ),
    "exclusions": (
        ('lr = [0.1, 1]\nbatch_size = {low = 2, high = 4}\n'
         '[[search.exclude]]\nwhere = {lr = 1, batch_size = 3}\nreason = "known"\n'), 5,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("space", "count"), SPACES.values(), ids=list(SPACES))
def test_a_finite_space_is_counted_and_chance_finds_no_more(space: str, count: int) -> None:
    pipeline = small(text=f"{SPACE}[search.parameters]\n{space}")
    assert cells(pipeline) == count
    drawing = Settings(seed=0, batch=200)
    sampler = METHODS["random"].make(pipeline.search.parameters, pipeline.fixed, drawing)
    assert len(Asked(pipeline, "xor").add(sampler.ask())) == count


@pytest.mark.parametrize(
    "space",
    [
        "lr = {low = 0.1, high = 1}\n",
        "batch_size = {low = 1, high = 1000000}\n",
        "hidden = {layers = [1, 2, 3], width = {low = 1, high = 64}}\n",
    ],
)
def test_an_endless_space_is_not_counted(space: str) -> None:
    assert cells(small(text=f"{SPACE}[search.parameters]\n{space}")) is None
