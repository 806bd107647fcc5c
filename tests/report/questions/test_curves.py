"""Learning curves: each run and median is the table's, and the best epoch is marked."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from study.plot.axes import WIDTH, panels
from study.plot.learning import PARTS, figure
from study.plot.lines import median
from study.report.code import code
from study.report.gather import gather
from study.report.questions.curves import QUESTION, caption, finding
from study.stats.overfitting import of_repetitions
from tests.artists import lines, offsets
from tests.pipelines import small
from tests.searches import made
from tests.studies import Study
from tests.words import has, only

ENDING = {
    "dataset": "xor", "role": "best", "configuration": "adam", "metric": "train_loss", "runs": 3,
    "first": 0.5, "epochs": 40, "last": 1.5e-5, "learned": True,
}  # fmt: skip

BEST_EPOCH = {
    "dataset": "xor", "role": "best", "configuration": "adam", "epoch": 19, "lowest": 0.2,
    "last": 40, "end": 0.5, "ratio": 2.5, "overfits": True, "earliest": 17, "latest": 28,
}  # fmt: skip


def endings(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([ENDING | row for row in rows])


def best_epochs(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([BEST_EPOCH | row for row in rows])


def test_the_best_and_the_base_setup_end_where_the_table_does() -> None:
    base = {"role": "base", "last": 0.048}
    assert only(finding(endings(base, {})), "best", "training loss", "1.5 × 10⁻⁵", "base", "0.048")
    other = {"dataset": "moons", "last": 0.3}
    two = finding(endings(base, {}, {**base, **other, "last": 0.4}, other))
    assert only(two, "best", "1.5 × 10⁻⁵ to 0.3", "base", "0.048 to 0.4")
    both = finding(endings({"role": "base and best", "metric": "test_accuracy", "last": 0.9}))
    assert only(both, "base setup", "test accuracy", "0.9")
    assert "best" not in both[0]
    near = finding(endings({"role": "near", "last": 0.048}, {}))
    assert only(near, "best", "1.5 × 10⁻⁵")
    assert "0.048" not in near[0]


def test_no_configuration_is_called_best_where_nothing_was_learned() -> None:
    base = {"role": "base", "last": 0.25, "learned": False}
    assert only(finding(endings(base, {"learned": False})), "base setup", "0.25")
    assert finding(endings({"learned": False})) == []
    assert "best" not in finding(endings(base, {"learned": False}))[0]


def test_an_infinite_median_is_no_number_of_a_range() -> None:
    diverged = {"dataset": "moons", "last": math.inf}
    assert "∞" not in finding(endings({}, diverged))[0]
    assert only(finding(endings(diverged)), "No median", "finite")
    assert finding(endings({})[:0].astype(object)) == []


def test_overfitting_is_reported_first_with_its_epochs_and_datasets() -> None:
    one = finding(endings({}), best_epochs({}))
    assert only(one, "On xor", "best", "held-out", "19 epochs", "2.5 times")
    three: list[dict[str, object]] = [{"dataset": name} for name in ("a", "b", "c")]
    two = best_epochs({"dataset": "a"}, {"dataset": "b", "epoch": 1200, "ratio": 1.25})
    assert only(finding(endings(*three), two), "On a and b", "19 to 1,200", "1.25 to 2.5 times")
    nothing: list[dict[str, object]] = [{"overfits": False}, {"ratio": math.inf}, {"role": "base"}]
    for none in nothing:
        assert "19" not in finding(endings({}), best_epochs(none))[0]


def test_a_caption_explains_only_the_marks_that_are_drawn() -> None:
    plain = caption({"endings": endings({})})
    marked = caption({"endings": endings({}), "best_epoch": best_epochs({})})
    near = caption({"endings": endings({"role": "near and best"})})
    assert has(marked, "triangle", "stripe")
    assert "triangle" not in plain
    assert has(near, "nearest")
    assert "nearest" not in plain


def tables(rows: list[tuple[Any, ...]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return medians at three epochs and two runs around each: dataset, role, metric, median."""
    wide = pd.DataFrame(rows, columns=["dataset", "role", "metric", "median"])
    medians = wide.merge(pd.DataFrame({"epoch": [1, 10, 100]}), how="cross")
    single = [medians.assign(repetition=i, value=medians["median"] + 0.05 * i) for i in (0, 1)]
    return medians, pd.concat(single, ignore_index=True)


LAB = [
    (dataset, role, metric, 0.5)
    for dataset in ("linear", "xor")
    for role in ("base", "best")
    for metric in ("train_loss", "train_accuracy")
]


LAB_COLUMNS = [("linear", "base"), ("linear", "best"), ("xor", "base"), ("xor", "best")]
RATES = [(1, 1.0), (10, 0.1), (100, 1e-9)]


def test_each_configuration_has_a_column_with_all_of_its_runs() -> None:
    held_out = ("linear", "best", "test_loss", 0.7)
    drawn = figure(*tables([*LAB, held_out]), None, {"linear": 0.25})
    titles = [axes.get_title(loc="left") for axes in drawn.axes[:4]]
    assert titles == [
        "base setup", "best configuration", "base setup", "best configuration",
    ]  # fmt: skip
    base, best, other, _, accuracy, *_ = drawn.axes
    assert base.get_yscale() == "log"
    assert (base.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    assert accuracy.get_ylim() == pytest.approx((-0.03, 1.03))
    assert lines(best)["held-out samples"] == pytest.approx([0.7] * 3)
    assert list(lines(other)) == ["_nolegend_", "training samples"]
    assert lines(base)["trivial predictor"] == [0.25, 0.25]
    majority = pd.DataFrame(
        {"dataset": ["linear", "linear", "xor"], "part": ["train", "test", "train"],
         "accuracy": [0.6, 0.7, 0.52]}
    )  # fmt: skip
    beside = figure(*tables([*LAB, held_out]), None, {}, {"majority": majority}).axes
    assert lines(beside[4])["most frequent class"] == [0.6, 0.6]
    assert lines(beside[6])["most frequent class"] == [0.52, 0.52]
    assert "most frequent class" not in lines(beside[0])
    runs = [line for line in base.lines if line.get_label() == "_nolegend_"]
    assert sorted(float(np.asarray(line.get_ydata())[0]) for line in runs) == [0.5, 0.55]
    legend = drawn.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()][:2] == list(PARTS)


def test_a_rate_that_changes_has_a_row_of_its_own() -> None:
    """As a line of steps, on a logarithmic axis that leaves out what is nearly nothing."""
    rates = pd.DataFrame(
        [(*key, epoch, rate) for key in LAB_COLUMNS for epoch, rate in RATES],
        columns=["dataset", "role", "epoch", "rate"],
    )
    drawn = figure(*tables(LAB), None, {}, {"rates": rates})
    *_, last = drawn.axes
    assert len(drawn.axes) == 3 * len(LAB_COLUMNS)
    assert drawn.axes[-len(LAB_COLUMNS)].get_ylabel() == "learning rate"
    (line,) = last.lines
    assert (line.get_drawstyle(), last.get_yscale()) == ("steps-post", "log")
    assert np.transpose([line.get_xdata(), line.get_ydata()]).tolist() == [*map(list, RATES)]
    assert last.get_ylim() == pytest.approx((0.5e-4, 2.0))
    assert "learning rate" not in [
        axes.get_ylabel() for axes in figure(*tables(LAB), None, {}).axes
    ]
    entries = {"endings": endings({}), "rates": rates}
    assert has(caption(entries), "learning rate")


SCHEDULED = """
name = "scheduled"
[datasets.xor]
generator = "xor"
[training]
epochs = 20
lr = 0.5
step_epochs = 7
[model]
hidden = [4]
[search]
repetitions = 2
[search.parameters]
schedule = ["step", "cosine"]
"""


def test_the_rates_follow_the_schedule(tmp_path: Path) -> None:
    """Of both configurations, at each epoch where a step comes too; without a schedule, none."""
    rates = QUESTION.tables(gather(made(small(text=SCHEDULED), tmp_path)))["rates"]
    assert not rates.empty
    for schedule, own in rates.groupby("schedule"):
        over = own["epoch"] - 1
        factors = 0.1 ** (over // 7) if schedule == "step" else np.cos(np.pi * over / 40) ** 2
        assert own["rate"].tolist() == pytest.approx((0.5 * factors).tolist())
        assert {1, 8, 15, 20} <= {*own["epoch"]}
    constant = small('search.parameters.schedule=["constant"]', text=SCHEDULED)
    assert "rates" not in QUESTION.tables(gather(made(constant, tmp_path / "constant")))


def test_runs_that_are_never_finite_have_an_empty_panel() -> None:
    medians, single = tables([("xor", "base", "train_loss", math.inf)])
    (axes,) = figure(medians, single, None, {"xor": 0.25}).axes
    assert lines(axes) == {"training samples": [], "trivial predictor": [0.25, 0.25]}


def test_a_median_of_one_finite_epoch_is_a_dot() -> None:
    (axes,) = panels(1, 1, height=2.0)[1][0]
    rows = pd.DataFrame({"epoch": [1, 2], "median": [0.5, math.inf]})
    median(axes, rows, "#000000", "dot")
    median(axes, rows.assign(median=[0.5, 0.6]), "#000000", "line")
    assert [line.get_marker() for line in axes.lines] == ["o", "None"]


def test_a_phone_shows_both_configurations_side_by_side() -> None:
    one = [row for row in LAB if row[0] == "xor"]
    drawn = figure(*tables(one), None, {})
    assert drawn.get_size_inches()[0] == pytest.approx(WIDTH)
    assert [axes.get_title(loc="left") for axes in drawn.axes[:2]] == [
        "base setup", "best configuration",
    ]  # fmt: skip
    assert figure(*tables(LAB), None, {}).get_size_inches()[0] > WIDTH


def test_a_figure_is_low_enough_for_a_page() -> None:
    more = [("linear", role, "gradient_norm", 0.1) for role in ("base", "best")]
    assert figure(*tables([*LAB, *more]), None, {}).get_size_inches()[1] * 120 <= 700


@pytest.mark.parametrize("classes", [True, False])
def test_a_target_that_is_a_number_has_no_accuracy_to_draw(*, classes: bool) -> None:
    rows = [("price", "base", "train_loss", 0.1)]
    rows += [("cheap", "base", of, 0.1) for of in ("train_loss", "train_accuracy") if classes]
    drawn = figure(*tables(rows), None, {})
    words = [[text.get_text() for text in axes.texts] for axes in drawn.axes]
    none = "none: the target is a number"
    assert words == ([[], [], [none], []] if classes else [[]])


def marks(axes: Axes) -> list[list[float]]:
    """Return where an axes has its triangles."""
    return [
        at
        for part in axes.collections
        for at in offsets(part)
        if part.get_label() == "lowest median"
    ]


def test_the_mark_is_at_the_best_epoch_and_single_runs_have_a_stripe() -> None:
    rows = [
        (dataset, role, metric, 0.5)
        for dataset, role in (("moons", "best"), ("moons", "near"), ("xor", "best"))
        for metric in ("train_loss", "test_loss", "test_accuracy")
    ]
    result = best_epochs(
        {"dataset": "moons", "epoch": 10, "lowest": 0.3, "earliest": 1, "latest": 100},
        {"dataset": "moons", "role": "near", "epoch": 100, "lowest": 0.7},
        {"lowest": math.inf, "earliest": math.nan, "latest": math.nan},
    )
    best, near, infinite, *accuracies = figure(*tables(rows), result, {"moons": 0.25}).axes
    assert [*map(marks, (best, near, infinite))] == [[[10.0, 0.3]], [[100.0, 0.7]], []]
    assert not any(map(marks, accuracies))
    (stripe,) = best.patches
    across = np.asarray(stripe.get_path().vertices)[:, 0] * stripe.get_width() + stripe.get_x()  # type: ignore[attr-defined]
    assert (across.min(), across.max()) == (1, 100)


def test_each_repetition_has_its_own_best_epoch() -> None:
    """The first of equals; a run without a finite loss has none."""
    losses = {"a": [3.0, 1.0, 1.0, 2.0], "b": [3.0, 2.0, 1.5, 1.2], "c": [math.inf] * 4}
    rows = [
        ("moons", "lr 1", run, epoch, loss)
        for run, of in losses.items()
        for epoch, loss in enumerate(of, 1)
    ]
    columns = ["dataset", "configuration", "run_id", "epoch", "test_loss"]
    table = of_repetitions(pd.DataFrame(rows, columns=columns))
    assert table.to_dict("records") == [
        {"dataset": "moons", "configuration": "lr 1", "earliest": 2, "latest": 4}
    ]


def test_the_best_epoch_is_what_the_stored_epochs_give(read_only: Callable[[str], Study]) -> None:
    """Recomputed from the metrics of the ranked and the base configuration's runs."""
    study = read_only("several classes")
    tables = study.tables(QUESTION)
    result, curves, single = (tables[name] for name in ("best_epoch", "curves", "curve_runs"))
    material = study.material
    assert set(result["dataset"]) == {"clouds", "moons"}
    pairs = ["dataset", "role", "configuration"]
    assert set(result[pairs].itertuples(index=False)) == set(
        material.roles[pairs].itertuples(index=False)
    )
    runs, metrics = material.runs.astype({"dataset": str}), material.results.metrics()
    for row in result.to_dict("records"):
        same = (runs["dataset"] == row["dataset"]) & (runs["configuration"] == row["configuration"])
        own = metrics[metrics["run_id"].isin(runs.loc[same, "run_id"])]
        wide = own.astype({"run_id": str}).pivot_table(
            index="epoch", columns="repetition", values="test_loss"
        )
        middle = wide.median(axis=1)
        assert len(wide.columns) == row["repetitions"] == 3
        assert (row["epoch"], row["last"]) == (middle.idxmin(), 40)
        assert (row["lowest"], row["end"]) == pytest.approx((middle.min(), middle.iloc[-1]))
        assert row["ratio"] == pytest.approx(middle.iloc[-1] / middle.min())
        assert (row["earliest"], row["latest"]) == (wide.idxmin().min(), wide.idxmin().max())
        local, each = (
            of[
                (of["dataset"] == row["dataset"]) & (of["role"] == row["role"])
                & (of["metric"] == "test_loss") & (of["epoch"] == row["epoch"])
            ]
            for of in (curves, single)
        )  # fmt: skip
        assert local["median"].tolist() == pytest.approx([row["lowest"]])
        values = each.set_index("repetition")["value"]
        assert values.to_dict() == pytest.approx(wide.loc[row["epoch"]].to_dict())


def test_a_study_without_a_held_out_part_has_no_best_epoch(
    read_only: Callable[[str], Study],
) -> None:
    assert "best_epoch" not in read_only("finished").tables(QUESTION)
    assert "best_epoch" in read_only("held out").tables(QUESTION)


def test_no_lines_draw_a_loss_that_is_infinite_whatever_the_accuracy_is() -> None:
    table, _ = tables([("xor", "base", of, 0.5) for of in ("train_loss", "train_accuracy")])
    lines = code(QUESTION, {"curves": table}, "lab")
    assert lines is not None
    assert '["metric"] == "train_loss"' in lines
    loss = table["metric"] == "train_loss"
    both = table.assign(median=table["median"].mask(loss, math.inf))
    assert code(QUESTION, {"curves": both}, "lab") is None
