"""The best lies at an edge where it has an outermost value, and the way there is no luck."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from study.space import PARAMETERS, Choices, Range, Space, Value
from study.spec.objective import Objective
from study.stats import levels
from study.stats.edges import Separated, edges
from study.stats.matters import contrasts
from study.stats.summaries import configurations
from tests.grids import code, grid, normal

LOSS = "final_train_loss"


def edges_of(
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
    separated = Separated(pairs, contrasts(runs[:0], [], "final_train_loss"))
    table = edges(runs, ranked, separated, space=space or {}, written=written)
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
def test_an_edge_is_the_outermost_value_of_an_ordered_parameter_that_extends_further(
    tried: dict[str, Sequence[Value]], best: dict[str, Value], expected: list[tuple[object, ...]]
) -> None:
    assert [row[:-1] for row in edges_of(tried, best)] == expected


def test_the_value_next_to_an_edge_must_differ_from_the_best() -> None:
    """A search that tried hundreds of values has its best at an end of them by luck alone."""
    tried: dict[str, Sequence[Value]] = {"lr": [0.01, 0.1, 1.0], "hidden": ["4", "8"]}
    best: dict[str, Value] = {"lr": 1.0, "hidden": "4"}
    assert len(edges_of(tried, best, tied={"lr": 0.01, "hidden": "4"})) == 1
    assert not edges_of(tried, best, tied={"lr": 0.1, "hidden": "8"})


RATES_TRIED: dict[str, Sequence[Value]] = {"lr": [0.01, 0.1, 1.0], "hidden": ["4", "8"]}


def compared(runs: pd.DataFrame, losses: "pd.Series[float]", metric: str) -> pd.DataFrame:
    """Return the edges of a grid with these results, all of them tied."""
    runs = runs.assign(**{metric: losses})
    aim = Objective(metric=metric, goal="maximize" if "accuracy" in metric else "minimize")
    names = [*RATES_TRIED]
    tied = [*runs[["dataset", "configuration"]].itertuples(index=False, name=None)]
    separated = Separated(tied, contrasts(runs, names, metric))
    ranked = configurations(runs, names, aim)
    written = {name: levels.texts(levels.of(runs, name)) for name in PARAMETERS}
    return edges(runs, ranked, separated, space={}, written=written)


@pytest.mark.parametrize("metric", ["final_train_loss", "final_train_accuracy"])
@pytest.mark.parametrize(("n", "agree", "reported"), [(7, 7, 0), (8, 8, 1), (9, 8, 0), (10, 10, 1)])
def test_an_edge_of_a_grid_beats_its_inner_neighbour_by_the_test_of_the_verdicts(
    n: int, agree: int, reported: int, metric: str
) -> None:
    """8 of 8 have p = 0.035 and 8 of 9 have p = 0.19; only lr has three values."""
    runs = grid(RATES_TRIED, n)
    better = code(runs, "lr").where(runs["repetition"] < agree, -code(runs, "lr"))
    losses = 10 ** (-better + normal(runs, 0, 0.01))
    if metric == "final_train_accuracy":
        losses = 0.5 + better / 10 + normal(runs, 0, 0.001)
    table = compared(runs, losses, metric)
    assert len(table) == reported
    for row in table.to_dict("records"):
        assert (row["parameter"], row["level"], row["inner"], row["edge"]) == (
            "lr", "1", "0.1", "high",
        )  # fmt: skip
        assert (row["better"], row["repetitions"]) == (agree, n)


def test_all_edges_of_a_page_are_one_family() -> None:
    """On two datasets p ≤ 0.025 is needed: 9 of 9 have 0.0195, 8 of 8 have 0.035."""
    for n, reported in ((8, 0), (9, 2)):
        runs = grid(RATES_TRIED, n, datasets=("linear", "xor"))
        table = compared(runs, 10 ** (-code(runs, "lr") + normal(runs, 0, 0.01)), LOSS)
        assert len(table) == reported


def test_an_edge_that_is_best_by_luck_is_not_reported() -> None:
    """The other setting of lr 1 is far worse than lr 0.1, so that over both it does not win."""
    runs = grid(RATES_TRIED, 20)
    mask = (runs["lr"] == "1") & (runs["hidden"] == "4")
    there = (runs["lr"] == "1") & (runs["hidden"] == "8")
    logs = normal(runs, 0, 0.1) - 0.2 * mask + 3.0 * there
    assert compared(runs, 10**logs, LOSS).empty


def test_a_best_without_a_finite_value_is_at_no_edge() -> None:
    assert not edges_of({"lr": [0.01, 0.1, 1.0]}, {"lr": 1.0}, value=math.inf)


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
    assert [row[-1] for row in edges_of(tried, best, space)] == lines
