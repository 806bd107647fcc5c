"""What a search tried and found, how it chose, what it spared, and its history drawn."""

import math

import numpy as np
import pandas as pd

from study.report.code import code
from study.report.questions.search import QUESTION, figure, finding
from tests.artists import offsets
from tests.words import has

inf = math.inf


def size(**own: object) -> pd.DataFrame:
    """Return the size of a search."""
    row = {
        "method": "tpe", "learns": True, "moved": "lr, optimizer", "drawn": "", "trials": 2,
        "metric": "final_train_loss", "runs": 40, "pruned": 0, "epochs": 4000, "spared": 0,
    }  # fmt: skip
    return pd.DataFrame([{**row, **own}])


def ended(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return which searches ended early, and why."""
    return pd.DataFrame(rows, columns=["dataset", "arm", "ended"])


def trials(*rows: tuple[str, int, str, float, float]) -> pd.DataFrame:
    """Return the history of a search on one dataset."""
    columns = ["arm", "order", "state", "objective", "best"]
    return pd.DataFrame(rows, columns=columns).assign(dataset="xor")


def test_a_search_says_what_it_tried_and_found() -> None:
    table = trials(
        ("search", 1, "completed", 0.5, 0.5), ("search", 2, "completed", 0.01, 0.01),
        ("random", 1, "completed", inf, inf), ("random", 2, "completed", 0.2, 0.2),
    )  # fmt: skip
    tried, found = finding(table, size(), ended())
    assert has(tried, "tpe", "2 configurations", "as many", "learning rate and optimizer")
    assert has(found, "On xor", "tpe", "0.01", "2nd", "random", "0.2", "2nd")


def test_a_method_that_learns_nothing_says_what_it_does_instead() -> None:
    table = trials(("search", 1, "completed", 0.5, 0.5))
    even = {"method": "qmc", "learns": False, "moved": "lr", "drawn": "momentum", "trials": 1}
    tried = finding(table, size(**even), ended())[0]
    assert has(tried, "qmc", "1 configuration.", "learning rate evenly", "momentum at random")
    drawn = {**even, "method": "random", "moved": "", "drawn": "lr, momentum"}
    assert "learning rate" not in finding(table, size(**drawn), ended())[0]


def test_pruning_says_what_it_spared_and_a_search_without_a_find_says_so() -> None:
    table = trials(("search", 1, "completed", inf, inf))
    own = {"method": "cmaes", "moved": "lr", "drawn": "optimizer, hidden"}
    early = ended(("xor", "", "after 1 trial: because"), ("xor", "random", "after 9 trials: so"))
    tried, method, random, spared, found = finding(
        table, size(pruned=30, spared=3000, **own), early
    )
    assert has(tried, "cmaes", "1 configuration.", "learning rate", "optimizer and hidden layers")
    assert has(method, "On xor", "cmaes", "after 1 trial: because", "2 trials")
    assert has(random, "On xor", "random", "after 9 trials: so", "2 trials")
    assert has(spared, "40 runs", "30", "75 %")
    assert has(found, "On xor", "no trial", "finite final training loss")


def test_an_arm_that_found_nothing_finite_is_not_passed_over() -> None:
    table = trials(
        ("search", 1, "completed", inf, inf), ("random", 1, "completed", 17.0, 17.0),
        ("random", 2, "completed", 18.0, 17.0),
    )  # fmt: skip
    tried, found = finding(table, size(trials=1), ended())
    assert has(tried, "tpe", "1 configuration,", "2 (xor)")
    assert has(found, "On xor", "tpe", "no finite final training loss", "random", "17", "1st")


def test_a_history_draws_trials_and_the_best_so_far() -> None:
    table = trials(
        ("search", 1, "completed", 0.5, 0.5), ("search", 2, "pruned", 0.1, 0.5),
        ("search", 3, "completed", inf, 0.5), ("random", 1, "completed", 0.0, 0.0),
    )  # fmt: skip
    (axes,) = figure(table, "final_train_loss").axes
    done, left, never, zero, *_ = axes.collections
    assert offsets(done) == [[1.0, 0.5]]
    assert offsets(left) == [[2.0, 0.1]]
    assert [x for x, _ in offsets(never)] == [3.0]
    assert offsets(zero) == [[1.0, 1e-12]], "at the bottom of a logarithmic axis"
    assert axes.get_ylim()[0] < 1e-12
    lines = {str(line.get_label()): np.asarray(line.get_ydata()).tolist() for line in axes.lines}
    assert lines == {"search: best so far": [0.5] * 3, "random: best so far": [1e-12]}
    assert axes.get_yscale() == "log"


def test_the_lines_of_the_figure_have_the_scale_of_the_metric_which_another_table_names() -> None:
    table = trials(("search", 1, "completed", 0.5, 0.5))
    for metric, logarithmic in (("final_train_loss", True), ("final_test_accuracy", False)):
        tables = {"search_history": table, "search_size": size(metric=metric)}
        lines = code(QUESTION, tables, "lab")
        assert lines is not None
        assert ('yscale="log"' in lines) == logarithmic
    assert code(QUESTION, {**tables, "search_history": table.assign(best=inf)}, "lab") is None
