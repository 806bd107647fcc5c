"""What a report analyses follows the objective's metric, recomputed from the Parquet files."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import study.report.questions.curves as of_curves
import study.report.questions.noise as of_noise
from study.plot.theme import words
from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.report.material import Material
from study.report.question import Tables
from tests.pipelines import small
from tests.searches import made

pytestmark = pytest.mark.usefixtures("uncertified")

GRID = """
name = "grid"

[datasets.xor]
generator = "xor"
test_fraction = 0.3

[datasets.circles]
generator = "circles"
samples = 30
test_fraction = 0.3

[training]
epochs = 20

[search]
repetitions = 5

[search.parameters]
lr = [0.1, 1e6]
hidden = [[4], [6]]
activation = ["tanh", "none"]
"""

AIMS = {
    "final_test_accuracy": ("maximize", "test_accuracy", "final_train_accuracy"),
    "final_test_loss": ("minimize", "test_loss", "final_train_loss"),
    "best_test_loss": ("minimize", "test_loss", "best_train_loss"),
    "best_test_epoch": ("minimize", "test_loss", "final_train_loss"),
    "epochs_to_full_accuracy": ("minimize", "train_accuracy", None),
    "final_train_loss": ("minimize", "train_loss", None),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the grid is stored, which is trained once."""
    root = tmp_path_factory.mktemp("results")
    made(small(text=GRID), root)
    return root


@pytest.fixture(scope="module", params=AIMS)
def study(request: pytest.FixtureRequest, root: Path) -> tuple[str, Path, Material]:
    """Return the grid with each objective: its metric, its folder and its material."""
    metric: str = request.param
    aim = f'search.objective={{metric = "{metric}", goal = "{AIMS[metric][0]}"}}'
    folder = made(small(aim, text=GRID), root)
    return metric, folder, gather(folder)


def tables(material: Material, section: str) -> Tables:
    """Return a section's tables."""
    return next(s for s in QUESTIONS if s.name == section).tables(material)


def runs_of(folder: Path, metric: str) -> pd.DataFrame:
    """Return the runs with their levels as texts, and a metric whose worst is infinite."""
    runs = pd.read_parquet(folder / "runs.parquet").astype({"dataset": str})
    worst = -math.inf if AIMS.get(metric, ("minimize",))[0] == "maximize" else math.inf
    value = runs[metric].astype(float).where(runs["status"] == "completed").fillna(worst)
    levels = {
        "lr": runs["lr"].map({0.1: "0.1", 1e6: "1000000"}),
        "hidden": runs["hidden"].astype(str),
    }
    return runs.assign(value=value, activation=runs["activation"].astype(str), **levels)


def test_where_every_run_ended_is_the_objectives_metric_first(
    study: tuple[str, Path, Material],
) -> None:
    metric, folder, material = study
    table = tables(material, "final-loss")
    second = AIMS[metric][2]
    assert table["final_loss"]["metric"].unique().tolist() == [metric, *([second] * bool(second))]
    assert {metric, second} - {None} <= set(table["final_loss_runs"].columns)
    first = table["final_loss"][table["final_loss"]["metric"] == metric]
    runs = runs_of(folder, metric)
    for row in first.to_dict("records"):
        rows = runs[(runs["dataset"] == row["dataset"]) & (runs[row["parameter"]] == row["level"])]
        assert row["runs"] == len(rows) == 20
        assert row["median"] == np.median(rows["value"])
    assert len(first) == 2 * 6


def test_pairs_are_of_the_objectives_metric_first(study: tuple[str, Path, Material]) -> None:
    metric, folder, material = study
    cells = tables(material, "pairs")["pairs"]
    runs = runs_of(folder, metric)
    first = cells[cells["metric"] == metric]
    assert cells["metric"].iloc[0] == metric
    assert len(first) == 2 * 3 * 4
    for row in first.to_dict("records"):
        rows = runs[
            (runs["dataset"] == row["dataset"])
            & (runs[row["first"]] == row["first_level"])
            & (runs[row["second"]] == row["second_level"])
        ]
        assert row["median"] == np.median(rows["value"])


def test_curves_are_of_the_objectives_metric_first(study: tuple[str, Path, Material]) -> None:
    metric, folder, material = study
    curve = AIMS[metric][1]
    of = tables(material, "curves")
    result = of["curves"]
    assert result["metric"].iloc[0] == curve
    assert set(of["endings"]["metric"]) == {curve}
    epochs = pd.read_parquet(folder / "metrics.parquet").astype({"run_id": str})
    last = epochs[epochs["epoch"] == 20].set_index("run_id")[curve].astype(float)
    runs = material.runs.astype({"dataset": str})
    ended = 0.0 if "accuracy" in curve else math.inf
    ends = result[(result["epoch"] == 20) & (result["metric"] == curve)]
    shown = material.roles.merge(ends, on=["dataset", "role"])
    assert len(shown) == len(of["endings"]) == len(material.roles)
    for row, end in zip(shown.to_dict("records"), of["endings"]["last"], strict=True):
        same = (runs["dataset"] == row["dataset"]) & (runs["configuration"] == row["configuration"])
        values = last.reindex(runs.loc[same, "run_id"]).fillna(ended)
        assert row["median"] == end == np.median(values)
    assert all(words(curve) in sentence for sentence in of_curves.finding(of["endings"]))


def test_small_multiples_show_the_objectives_metric(study: tuple[str, Path, Material]) -> None:
    metric, folder, material = study
    curve = AIMS[metric][1]
    table = tables(material, "multiples")
    assert table["multiples"]["metric"].iloc[0] == curve
    epochs = pd.read_parquet(folder / "metrics.parquet").astype({"run_id": str})
    runs = runs_of(folder, "final_train_loss")
    at = (runs["dataset"] == "xor") & (runs["lr"] == "0.1") & (runs["repetition"] == 1)
    first, second = table["multiples"][["first", "second"]].iloc[0]
    single = table["single_runs"]
    one = single[(single["dataset"] == "xor") & (single["repetition"] == 1)]
    for run in runs[at].to_dict("records"):
        rows = one[
            (one["first_level"] == run[first]) & (one["second_level"] == run[second])
        ].set_index("epoch")["value"]
        if len(rows):
            stored = epochs[epochs["run_id"] == run["run_id"]].set_index("epoch")[curve]
            np.testing.assert_array_equal(rows, stored.reindex(rows.index))
    assert len(one)


def test_importance_noise_and_effects_begin_with_the_objectives_metric(
    study: tuple[str, Path, Material],
) -> None:
    metric, folder, material = study
    importance = tables(material, "importance")["importance"]
    shown = [name for name in dict.fromkeys(importance["metric"]) if name != metric]
    if metric in set(importance["metric"]):  # of what no run reached there is none
        assert importance["metric"].iloc[0] == metric
        if AIMS[metric][2]:
            assert shown[0] == AIMS[metric][2]
    noise = tables(material, "noise")["noise"]
    if (noise["metric"] == metric).any():
        assert noise["metric"].iloc[0] == metric
        assert all(words(metric) in sentence for sentence in of_noise.finding(noise))
    effects = tables(material, "behaviour")["behaviour"]
    added = {"final_test_accuracy": "final_test_error"}.get(metric, metric)
    if "test" in metric:
        assert effects["behaviour"].iloc[0] == added
        assert effects["aspect"].iloc[0] == "objective"
        runs = runs_of(folder, metric)
        worse = 1 - runs["value"] if "accuracy" in metric else np.log10(runs["value"])
        of = effects[(effects["behaviour"] == added) & (effects["parameter"] == "activation")]
        row = of[of["dataset"] == "xor"].iloc[0]
        each = []
        for repetition in range(5):
            rows = runs[(runs["dataset"] == "xor") & (runs["repetition"] == repetition)]
            one, other = (
                worse[rows.index[rows["activation"] == level]].to_numpy()
                for level in (row["level"], row["reference"])
            )
            with np.errstate(invalid="ignore"):
                both = np.where(one == other, 0.0, one - other)
            each.append(np.sort(both))
        middle = np.median([(pair[1] + pair[2]) / 2 for pair in each])
        assert row["effect"] == pytest.approx(middle)


def test_a_search_ranks_importance_by_its_objective_too(tmp_path: Path) -> None:
    aim = 'search.objective={metric = "final_test_accuracy", goal = "maximize"}'
    text = GRID.replace("[search]", '[search]\nmethod = "random"\ntrials = 7')
    folder = made(small(aim, "search.repetitions=2", text=text), tmp_path)
    importance = tables(gather(folder), "importance")["importance"]
    metrics = importance["metric"].unique().tolist()
    assert metrics == ["final_test_accuracy", "final_train_accuracy"]
