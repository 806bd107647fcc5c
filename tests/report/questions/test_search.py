"""What a search found, whether it beat random trials, and its history drawn."""

import math

import numpy as np
import pandas as pd

from study.report.code import code
from study.report.questions.search import QUESTION, bests, caption, figure, finding
from study.stats.search import history
from tests.artists import offsets
from tests.words import has, only

inf = math.inf


def size(**own: object) -> pd.DataFrame:
    """Return the size of a search."""
    row = {
        "method": "tpe", "learns": True, "moved": "lr, optimizer", "drawn": "", "trials": 2,
        "metric": "final_train_loss", "goal": "minimize", "runs": 40,
        "pruned": 0, "epochs": 4000, "spared": 0,
    }  # fmt: skip
    return pd.DataFrame([{**row, **own}])


def trials(*rows: tuple[str, int, str, float, float]) -> pd.DataFrame:
    """Return the history of a search on one dataset."""
    columns = ["arm", "order", "state", "objective", "best"]
    return pd.DataFrame(rows, columns=columns).assign(dataset="xor")


TWO = trials(
    ("search", 1, "completed", 0.5, 0.5), ("search", 2, "completed", 0.01, 0.01),
    ("search", 3, "pruned", 0.001, 0.01), ("random", 1, "completed", inf, inf),
    ("random", 2, "completed", 0.2, 0.2),
)  # fmt: skip


def test_the_best_of_each_arm_is_counted_with_its_place() -> None:
    assert bests(TWO).to_numpy().tolist() == [
        ["xor", "search", 3, 1, 0.01, 2], ["xor", "random", 2, 0, 0.2, 2]
    ]  # fmt: skip
    nothing = bests(trials(("search", 1, "completed", inf, inf)))
    assert nothing[["best"]].to_numpy().tolist() == [[inf]]
    assert nothing["found"].isna().all()


def test_a_search_beats_random_trials_loses_or_finds_the_same() -> None:
    result = bests(TWO)
    assert only(finding(result, size()), "tpe", "beat", "random", "on xor")
    higher = size(goal="maximize", metric="final_test_accuracy")
    assert only(finding(result, higher), "tpe", "lost to", "random", "on xor")
    assert only(finding(result.assign(best=0.5), size()), "equalled", "on xor")
    never = result.assign(best=[inf, 17.0])
    assert only(finding(never, size()), "lost to", "on xor")
    other = result.assign(dataset="linear", best=[0.3, 0.2])
    assert only(finding(pd.concat([result, other]), size()), "beat", "xor", "lost to", "linear")


def test_without_random_trials_the_best_has_its_place_and_value() -> None:
    own = bests(TWO[TWO["arm"] == "search"])
    assert only(finding(own, size()), "tpe", "2 of 3 trials", "final training loss", "0.01")
    other = own.assign(dataset="linear", found=3, trials=9, best=0.5)
    assert only(finding(pd.concat([own, other]), size()), "2 to 3 of 3 to 9", "0.01 to 0.5")
    nothing = bests(trials(("search", 1, "completed", inf, inf)))
    assert only(finding(nothing, size()), "No trial", "final training loss")
    assert finding(own[:0], size()) == []


def test_a_caption_explains_only_the_marks_that_are_drawn() -> None:
    done = TWO[TWO["state"] == "completed"]
    assert has(caption({"search_history": TWO}), "pruned", "Crosses")
    assert "pruned" not in caption({"search_history": done})
    finite = done[np.isfinite(done["objective"])]
    assert "Crosses" not in caption({"search_history": finite})


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


def test_infeasible_trials_are_faint_and_never_the_best_so_far() -> None:
    rows = pd.DataFrame({
        "dataset": "xor", "phase": "search", "number": [0, 1, 2], "configuration": list("abc"),
        "state": "completed", "objective": [0.5, 0.1, 0.3], "feasible": [True, False, True],
    })  # fmt: skip
    table = history(rows, "minimize")
    assert table["best"].tolist() == [0.5, 0.5, 0.3]
    assert bests(table)[["best", "found"]].to_numpy().tolist() == [[0.3, 3]]
    (axes,) = figure(table, "final_train_loss").axes
    alphas = np.asarray(axes.collections[0].get_alpha()).tolist()
    assert [a < max(alphas) for a in alphas] == [False, True, False]
