"""How often each level was tried is counted, told where it is telling, and drawn."""

import pandas as pd

from study.report.questions.density import density, figure, finding
from tests.words import has


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


def test_where_a_search_looked_and_what_lies_at_an_edge() -> None:
    counts = pd.DataFrame(
        {
            "dataset": "xor", "arm": "search", "parameter": "lr", "level": ["0.1", "1"],
            "learns": True, "first": [3, 3], "second": [1, 5],
        }
    )  # fmt: skip
    edge = pd.DataFrame(
        {
            "dataset": "xor", "parameter": "lr", "level": ["0.7", "0.1"], "edge": ["high", "low"],
            "tried": 7, "line": ["lr = [0.1, 1, 10]", None],
        }
    )  # fmt: skip
    preferred, high, low = finding(counts, edge)
    assert has(preferred, "On xor", "learning rate 1 (5 of 6)")
    assert has(high, "On xor", "largest", "learning rate", "7 tried", "0.7", "lr = [0.1, 1, 10]")
    assert has(low, "On xor", "smallest", "learning rate", "7 tried", "0.1")
    assert finding(counts.assign(second=3), edge[:0]) == []
    assert finding(counts.assign(learns=False), edge[:0]) == []


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
