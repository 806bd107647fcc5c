"""How often each level was tried is counted, reported where it changed, and drawn."""

import pandas as pd

from study.report.questions.density import caption, density, figure, finding
from tests.words import only


def test_density_counts_every_trial_once_in_its_half() -> None:
    levels = pd.Categorical(["1", "1", "2", None, "2"], categories=["1", "2"], ordered=True)
    phases = ["search"] * 4 + ["random"]
    trials = pd.DataFrame({"dataset": "xor", "phase": phases, "number": range(5), "lr": levels})
    table = density(trials, ["lr"])
    counted = {(r["arm"], r["level"]): (r["first"], r["second"]) for r in table.to_dict("records")}
    assert counted == {
        ("search", "1"): (2, 0), ("search", "2"): (0, 1),
        ("random", "1"): (0, 0), ("random", "2"): (1, 0),
    }  # fmt: skip


def counts(dataset: str, first: list[int], second: list[int]) -> pd.DataFrame:
    """Return how often a search tried two levels of two parameters."""
    return pd.DataFrame(
        {
            "dataset": dataset, "arm": "search", "parameter": ["lr", "lr", "hidden", "hidden"],
            "level": ["0.1", "1", "8", "16"], "first": first, "second": second,
        }
    )  # fmt: skip


def test_the_level_that_the_search_preferred_is_named() -> None:
    table = counts("xor", [3, 3, 3, 3], [1, 5, 2, 4])
    assert only(finding(table), "learning rate 1", "on xor")
    other = counts("linear", [3, 3, 3, 3], [3, 3, 4, 2])
    assert only(finding(pd.concat([table, other])), "learning rate 1 on xor", "8 on linear")
    assert finding(table.assign(second=3)) == []
    assert finding(table[:0]) == []


def test_of_many_parameters_the_ones_that_changed_most_are_drawn() -> None:
    names = ["lr", "momentum", "beta1", "beta2"]
    table = pd.concat([
        counts("xor", [4, 4, 4, 4], [4 - i, 4 + i, 4, 4])[:2].assign(parameter=name)
        for i, name in enumerate(names)
    ])  # fmt: skip
    drawn = figure(table)
    titles = [axes.get_title(loc="left") for axes in drawn.axes]
    assert titles == ["beta1", "beta2"]
    assert drawn.get_size_inches()[1] * 120 <= 700
    assert "two" in caption({"search_density": table})
    assert "two" not in caption({"search_density": table[:4]})


def test_there_is_a_bar_for_each_half_of_the_search_and_one_for_chance() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "parameter": "activation", "level": ["tanh", "none"] * 2,
            "arm": ["search"] * 2 + ["random"] * 2, "first": [3, 1, 2, 2], "second": [5, 0, 1, 3],
        }
    )  # fmt: skip
    (axes,) = figure(table).axes
    heights = [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]
    assert heights == [3, 1, 5, 0, 3, 5]
    (alone,) = figure(table[table["arm"] == "search"]).axes
    assert len(alone.patches) == 4
