"""The best lies at an edge where it has an outermost value, and the way there is no luck."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from study.space import Choices, Range, Space, Value
from study.spec.objective import Objective
from study.stats import levels
from study.stats.edges import edges
from study.stats.summaries import configurations
from tests.grids import grid


def found(
    tried: dict[str, Sequence[Value]],
    best: dict[str, Value],
    space: Space | None = None,
    *,
    tied: dict[str, Value] | None = None,
    value: float = 0.01,
) -> list[tuple[object, ...]]:
    """Return the edges of a grid of what was tried, whose best has these values.

    `tied` has the values of configurations tied with it.
    """
    runs = grid(tried, 2)
    written = levels.written(runs, {})  # the texts of texts are themselves
    written |= {name: levels.texts(values) for name, values in tried.items()}

    def having(values: dict[str, Value]) -> "pd.Series[bool]":
        chosen = [runs[name] == written[name][value] for name, value in values.items()]
        return pd.concat(chosen, axis=1).all(axis=1)

    own = having(best)
    ranked = configurations(
        runs.assign(final_train_loss=[value if one else 1 + value for one in own]),
        list(tried),
        Objective(),
    )
    alike = own if tied is None else own | having(tied)
    pairs = {("xor", str(name)) for name in runs.loc[alike, "configuration"]}
    table = edges(runs, ranked, pairs, space=space or {}, written=written)
    columns = ["parameter", "level", "edge", "tried", "line"]
    return [*table[columns].itertuples(index=False, name=None)]


@pytest.mark.parametrize(
    ("tried", "best", "expected"),
    [
        ({"lr": [0.1, 1.0]}, {"lr": 1.0}, []),
        ({"lr": [0.01, 0.1, 1.0]}, {"lr": 1.0}, [("lr", "1", "high", 3)]),
        ({"lr": [0.01, 0.1, 1.0]}, {"lr": 0.01}, [("lr", "0.01", "low", 3)]),
        ({"lr": [0.01, 0.1, 1.0]}, {"lr": 0.1}, []),
        ({"lr": [i / 100 for i in range(1, 40)]}, {"lr": 0.38}, []),
        ({"lr": [i / 100 for i in range(1, 40)]}, {"lr": 0.39}, [("lr", "0.39", "high", 39)]),
        ({"hidden": ["4", "8", "16"]}, {"hidden": "16"}, [("hidden", "16", "high", 3)]),
        ({"hidden": ["4", "8", "16"]}, {"hidden": "8"}, []),
        ({"activation": ["relu", "sigmoid", "tanh"]}, {"activation": "tanh"}, []),
        ({"momentum": [0.0, 0.5, 0.9]}, {"momentum": 0.0}, []),
        ({"momentum": [0.0, 0.5, 0.9]}, {"momentum": 0.9}, [("momentum", "0.9", "high", 3)]),
        ({"batch_size": ["4", "8", "full"]}, {"batch_size": "full"}, []),
        ({"batch_size": ["4", "8", "full"]}, {"batch_size": "4"}, [("batch_size", "4", "low", 3)]),
        ({"batch_size": ["1", "8", "full"]}, {"batch_size": "1"}, []),
        ({"convolution": ["none", "1@2x2", "4@2x2"]}, {"convolution": "none"}, []),
    ],
)
def test_an_edge_is_the_outermost_value_of_what_has_an_order_and_goes_on(
    tried: dict[str, Sequence[Value]], best: dict[str, Value], expected: list[tuple[object, ...]]
) -> None:
    assert [row[:-1] for row in found(tried, best)] == expected


def test_the_value_next_to_it_must_be_told_from_the_best() -> None:
    """A search that tried hundreds of values has its best at an end of them by luck alone."""
    tried: dict[str, Sequence[Value]] = {"lr": [0.01, 0.1, 1.0], "hidden": ["4", "8"]}
    best: dict[str, Value] = {"lr": 1.0, "hidden": "4"}
    assert len(found(tried, best, tied={"lr": 0.01, "hidden": "4"})) == 1
    assert not found(tried, best, tied={"lr": 0.1, "hidden": "8"})


def test_a_best_without_a_finite_value_is_at_no_edge() -> None:
    assert not found({"lr": [0.01, 0.1, 1.0]}, {"lr": 1.0}, value=math.inf)


RATES: list[Value] = [0.001, 0.01, 0.1]

SPACES: dict[str, tuple[Space, dict[str, Sequence[Value]], dict[str, Value], list[str | None]]] = {
    "a choice at the top": (
        {"lr": Choices(choices=(0.001, 0.01, 0.1))}, {"lr": RATES}, {"lr": 0.1},
        ["lr = [0.001, 0.01, 0.1, 1]"],
    ),
    "a choice was not tried beyond": (
        {"lr": Choices(choices=(0.001, 0.01, 0.1, 1.0))}, {"lr": RATES}, {"lr": 0.1}, [None],
    ),
    "a conditional choice at the bottom": (
        {"lr": Choices(choices=(0.001, 0.01, 0.1), when={"hidden": "8x4"})}, {"lr": RATES},
        {"lr": 0.001}, ["lr = {choices = [0.0001, 0.001, 0.01, 0.1], when = {hidden = [8, 4]}}"],
    ),
    "a range at the top": (
        {"lr": Range(low=1e-4, high=1.0, log=True)}, {"lr": [0.1, 0.2, 0.9]}, {"lr": 0.9},
        ["lr = {low = 0.0001, high = 100, log = true}"],
    ),
    "a range that extends further": (
        {"lr": Range(low=1e-4, high=1.0, log=True)}, {"lr": [0.1, 0.2, 0.201]}, {"lr": 0.201},
        [None],
    ),
    "steps": (
        {"lr": Range(low=0.1, high=0.5, step=0.1)}, {"lr": [0.1, 0.3, 0.5]}, {"lr": 0.5},
        ["lr = {low = 0.1, high = 0.7, step = 0.1}"],
    ),
    "nothing valid beyond": (
        {"beta1": Range(low=0.5, high=0.999)},
        {"optimizer": ["adam"], "beta1": [0.5, 0.9, 0.999]}, {"beta1": 0.999}, [None],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("space", "tried", "best", "lines"), SPACES.values(), ids=list(SPACES))
def test_an_edge_is_named_with_the_line_that_moves_it(
    space: Space,
    tried: dict[str, Sequence[Value]],
    best: dict[str, Value],
    lines: list[str | None],
) -> None:
    assert [row[-1] for row in found(tried, best, space)] == lines
