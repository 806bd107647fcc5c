"""How many configurations a space has, counted beside a sampler that draws them."""

import pytest

from study.overview import plan_text
from study.plan.cells import Counted, cells, conditional, counted
from study.plan.forecast import forecast
from study.plan.trials import Asked, planned
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

GRID = """
name = "small"

[datasets.xor]
generator = "xor"

[search.parameters]
activation = ["tanh", "relu", "sigmoid", "none"]
optimizer = ["sgd", "adam", "rmsprop"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}
beta1 = [0.0, 0.5, 0.9]

[[search.exclude]]
where = {activation = "none", optimizer = "sgd"}
reason = "x"
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


MADE_OF = {
    "choices": ("lr 2 × optimizer 2", (4, 0, 0)),
    "steps": ("momentum 4", (4, 0, 0)),
    "whole numbers": ("batch_size 7", (7, 0, 0)),
    "whole steps": ("batch_size 3", (3, 0, 0)),
    "shapes": ("hidden 12", (12, 0, 0)),
    "conditions": (
        "optimizer 2 × momentum 3 = 6, less 2 repeats where momentum does not apply", (6, 2, 0)
    ),
    "exclusions": ("lr 2 × batch_size 3 = 6, less 1 excluded", (6, 0, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", SPACES)
def test_a_plan_shows_how_the_number_of_configurations_results(name: str) -> None:
    """The total is the product less what repeats another configuration and what is excluded."""
    space, count = SPACES[name]
    pipeline = small("search.trials=50", text=f"{SPACE}[search.parameters]\n{space}")
    message, (every, repeats, excluded) = MADE_OF[name]
    assert counted(pipeline) == Counted(every, repeats, excluded)
    assert count == every - repeats - excluded
    text = plan_text(pipeline, forecast(pipeline, {}, 1), "not begun")
    assert f"\nconfigurations  {count} for each dataset (random: {message})\n" in text
    fewer = small("search.trials=2", text=f"{SPACE}[search.parameters]\n{space}")
    text = plan_text(fewer, forecast(fewer, {}, 1), "not begun")
    product = message.partition(" =")[0]
    assert f"\nconfigurations  2 for each dataset (random: trials = 2, from {product})\n" in text


def test_a_grid_is_its_product_less_what_does_not_act_and_what_is_excluded() -> None:
    """4 × (2 of SGD + 3 of Adam + 1 of RMSprop) differ; 2 of them are excluded."""
    pipeline = small(text=GRID)
    made = {tuple(trial.configuration.values()) for trial in planned(pipeline).trials}
    result = counted(pipeline)
    assert result == Counted(72, 48, 2)
    assert result.configurations == len(made) == 22
    text = plan_text(pipeline, forecast(pipeline, {}, 1), "not begun")
    assert (
        "configurations  22 (grid: activation 4 × optimizer 3 × momentum 2 × beta1 3 = 72, less 48 "
        "repeats where momentum and beta1 do not apply, less 2 excluded)"
    ) in text


def test_a_large_grid_with_exclusions_is_counted_once() -> None:
    """359 of SGD at 150 momenta each, 359 of Adam: one learning rate is excluded."""
    rates, momenta = [i / 1000 for i in range(1, 361)], [i / 150 for i in range(150)]
    space = (
        f"[search.parameters]\nlr = {rates}\nmomentum = {momenta}\noptimizer = ['sgd', 'adam']\n"
        "[[search.exclude]]\nwhere = {lr = 0.001}\nreason = 'x'\n"
    )
    head = 'name = "small"\n[datasets.xor]\ngenerator = "xor"\n[search]\nrepetitions = 1\n'
    pipeline = small(text=head + space)
    text = plan_text(pipeline, forecast(pipeline, {}, 1), "not begun")
    assert (
        "configurations  54,209 (grid: lr 360 × momentum 150 × optimizer 2 = 108,000, less "
        "53,791 that repeat another one or are excluded)"
    ) in text
    assert 359 * 150 + 359 == 54_209


def test_a_parameter_that_always_acts_repeats_no_configuration() -> None:
    space = 'optimizer = ["sgd"]\nmomentum = [0.0, 0.9]\nlr = [0.1, 1]\n'
    pipeline = small(text=f"{SPACE}[search.parameters]\n{space}")
    assert conditional(pipeline) == []
    assert counted(pipeline) == Counted(4, 0, 0)


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
