"""One objective in trials, ranking, headline and best run, recomputed from the runs."""

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study import load_model, load_results
from study.execution.reproduce import best_runs
from study.listing import listed
from study.report.explorer import embedded
from study.report.gather import gather
from study.report.leads import lead
from study.report.material import Material
from study.report.page import write_report
from study.report.questions import best, data, explorer, outcomes
from study.report.trials import Listed
from study.report.trials import trials as listed_trials
from study.report.wording import number
from study.space import PARAMETERS
from study.spec.pipeline import Pipeline
from study.stats.feasible import best as best_of
from study.store.kept import kept_pipeline
from tests.pipelines import small
from tests.searches import SEARCH, SEVERAL, made, searching

pytestmark = pytest.mark.usefixtures("uncertified")

GRID = """
name = "grid"

[datasets.linear]
generator = "linear"
samples = 20
test_fraction = 0.3

[datasets.xor]
generator = "xor"
test_fraction = 0.3

[training]
epochs = 12

[search]
repetitions = 4

[search.parameters]
lr = [0.01, 1.0, 1e9]
hidden = [[4], [6, 3]]
activation = ["tanh", "none"]
"""

AIMS = [
    *((3, "final_test_loss", "minimize", quantile) for quantile in (0.0, 0.5)),
    *((3, "final_test_accuracy", "maximize", quantile) for quantile in (0.25, 1.0)),
    (3, "final_train_loss", "minimize", 0.5),
    (3, "epochs_to_full_accuracy", "minimize", 0.5),
    (3, "best_test_loss", "maximize", 0.5),
    (4, "final_test_loss", "minimize", 0.25),
    (4, "final_test_accuracy", "maximize", 0.5),
]
"""How many repetitions, and the objective: of an even number, no repetition is the middle one."""


@pytest.fixture(scope="module")
def repetitions(request: pytest.FixtureRequest) -> int:
    """Return how many repetitions each configuration has."""
    n: int = request.param
    return n


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, repetitions: int) -> Path:
    """Return where a small grid is stored; another objective trains none of its runs again."""
    root = tmp_path_factory.mktemp("results")
    made(small(f"search.repetitions={repetitions}", text=GRID), root)
    return root


def by_hand(values: "pd.Series[float]", goal: str, quantile: float) -> float:
    """Return the order statistic of values in which the worst is ∞ or −∞, by its definition."""
    ascending = sorted(values if goal == "minimize" else -values)
    value = ascending[math.ceil(quantile * (len(ascending) - 1))]
    return value if goal == "minimize" else -value


def recomputed(folder: Path, metric: str, goal: str, quantile: float) -> pd.DataFrame:
    """Return each dataset's configurations with their objectives, from runs.parquet alone."""
    runs = pd.read_parquet(folder / "runs.parquet").astype({"dataset": str})
    worst = math.inf if goal == "minimize" else -math.inf
    runs["value"] = runs[metric].astype(float).where(runs["status"] == "completed").fillna(worst)
    groups = runs.groupby(["dataset", *PARAMETERS], dropna=False, observed=True)["value"]
    return groups.agg(lambda values: by_hand(values, goal, quantile)).reset_index()


def keyed(frame: pd.DataFrame, value: str) -> dict[tuple[str, ...], float]:
    """Return the values by dataset and configuration."""
    keys = frame[["dataset", *PARAMETERS]].astype(object)
    texts = keys.map(lambda one: one if isinstance(one, str) else repr(float(one)))
    return dict(zip(texts.itertuples(index=False, name=None), frame[value], strict=True))


def ordered(trials: pd.DataFrame, goal: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each dataset's completed trials, the best first, of equal ones the first asked for.

    Infeasible trials come last.
    """
    trials = trials[trials["state"] == "completed"].astype({"dataset": str})
    for dataset, rows in trials.groupby("dataset", sort=False):
        fresh = rows[rows["phase"] == "confirm"]
        own = rows if fresh.empty else fresh
        badness = own["objective"] if goal == "minimize" else -own["objective"]
        last = ~own["feasible"] if "feasible" in own else False
        by = ["last", "badness", "number"]
        yield str(dataset), own.assign(badness=badness, last=last).sort_values(by)


def sorted_by_objective(listed: Listed, dataset: str, goal: str) -> int:
    """Return the number of the trial that the page's own table has first, sorted by objective."""
    at = {name: i for i, name in enumerate(listed.columns)}
    rows = [row for row in listed.rows if row[at["dataset"]][0] == dataset]
    rows = [row for row in rows if row[at["state"]][0] == "completed"]
    phase, first = at.get("phase"), "objective" if "objective" in at else "objective_1"
    confirmed = [] if phase is None else [row for row in rows if row[phase][0] == "confirm"]
    sign = 1 if goal == "minimize" else -1

    def key(row: tuple[tuple[str, str], ...]) -> tuple[bool, float, int]:
        cell = row[at[first]]
        exact = (cell[1] or cell[0].replace(",", "")).replace("Infinity", "inf")
        last = "feasible" in at and row[at["feasible"]][0] != "yes"
        return last, sign * float(exact), int(row[at["number"]][0])

    return key(min(confirmed or rows, key=key))[-1]


def by_role(material: Material) -> dict[str, str]:
    """Return the run that the report shows of each dataset's best configuration."""
    rows = material.shown[material.shown["role"].str.contains("best")]
    return dict(zip(rows["dataset"], rows["run_id"], strict=True))


def explored(material: Material) -> set[str]:
    """Return the run that the explorer shows of each dataset's best configuration."""
    page = embedded(material, explorer.tables(material))
    data = json.loads(page.data) if page else {"configurations": []}
    names = best_of(material.ranked).set_index("dataset")["configuration"]
    places = [(data["configurations"].index(of), str(name)) for name, of in names.items()]
    return {data["trials"][i][data["datasets"].index(name)]["run"] for i, name in places}


def agree(folder: Path, goal: str) -> None:
    """Assert that the ranking, headline, answer and best run of a study follow its trials."""
    material = gather(folder)
    tables = {**best.tables(material), **data.tables(material)}
    tables |= outcomes.tables(material)
    ranked, runs = tables["configurations"], pd.read_parquet(folder / "runs.parquet")
    leads = lead(tables)
    (answer,) = best.finding(ranked, tables["learned"])
    firsts = tables["best"].drop_duplicates("dataset").set_index("dataset")
    chosen = best_runs(folder)
    assert by_role(material) == chosen
    assert explored(material) == {*chosen.values()}
    (shown,) = listed(folder.parent)
    values = pd.read_parquet(folder / "runs.parquet").set_index("run_id")[ranked["metric"].iloc[0]]
    assert (shown.best or {}) == {name: values[run_id] for name, run_id in chosen.items()}
    nothing = set(material.learned.loc[material.learned["better"] == 0, "dataset"])
    trials, on_page = ordered(material.trials, goal), listed_trials(material)
    for dataset, expected in trials:
        subset = ranked[ranked["dataset"] == dataset]
        assert subset["configuration"].tolist() == expected["configuration"].tolist()
        assert subset["value"].tolist() == expected["objective"].tolist()
        first = expected.iloc[0]
        assert sorted_by_objective(on_page, dataset, goal) == first["number"]
        rows = [r for r in leads.rows if r.cells[0].text == dataset] if leads else []
        if dataset in nothing or not math.isfinite(first["objective"]):
            assert rows == []
        if dataset in nothing:
            continue
        if not math.isfinite(first["objective"]):
            assert "o configuration has a finite" in answer
            assert dataset not in chosen
            continue
        if not first.get("feasible", True):
            assert rows == []
            assert "no configuration is feasible" in answer.lower()
            assert dataset not in chosen
            continue
        assert rows[0].label == first["configuration"]
        assert rows[0].cells[1].text == number(first["objective"])
        assert firsts.loc[dataset, "configuration"] == first["configuration"]
        assert firsts.loc[dataset, "value"] == first["objective"]
        row = runs[runs["run_id"] == chosen[dataset]].iloc[0]
        assert row[ranked["metric"].iloc[0]] == first["objective"]
        assert row["dataset"] == dataset
        for name in PARAMETERS:
            value = first[f"{name} value"]
            assert row[name] == value or (pd.isna(row[name]) and pd.isna(value))


@pytest.mark.parametrize(
    ("repetitions", "metric", "goal", "quantile"), AIMS, indirect=["repetitions"]
)
def test_a_grid_is_ranked_by_the_objectives_of_its_trials(
    metric: str, goal: str, quantile: float, results: Path, repetitions: int
) -> None:
    aim = f'search.objective={{metric = "{metric}", goal = "{goal}", quantile = {quantile}}}'
    before = sorted((results / "grid" / "runs.parquet").iterdir())
    folder = made(small(f"search.repetitions={repetitions}", aim, text=GRID), results)
    assert sorted((folder / "runs.parquet").iterdir()) == before, "nothing is trained again"
    trials = pd.read_parquet(folder / "trials.parquet")
    expected = keyed(recomputed(folder, metric, goal, quantile), "value")
    assert keyed(trials, "objective") == expected
    assert np.isinf(list(expected.values())).any()
    agree(folder, goal)


@pytest.mark.parametrize(
    ("goal", "repetitions", "quantile"),
    [("minimize", 3, 0.5), ("maximize", 2, 1.0)],
    scope="function",
)
def test_a_search_is_ranked_by_the_values_its_sampler_received(
    goal: str, quantile: float, repetitions: int, tmp_path: Path
) -> None:
    metric = "final_train_loss" if goal == "minimize" else "final_train_accuracy"
    aim = f'search.objective={{metric = "{metric}", goal = "{goal}", quantile = {quantile}}}'
    pipeline = searching("tpe", aim, f"search.repetitions={repetitions}", "search.trials=8")
    agree(made(pipeline, tmp_path), goal)


ACCURATE = "search.constraints=[{metric = 'final_train_accuracy', at_least = 0.6}]"
SMALL = "search.constraints=[{metric = 'parameters', at_most = 25}]"
NONE = "search.constraints=[{metric = 'parameters', at_most = 1}]"
LIMITED: dict[str, Callable[[], Pipeline]] = {
    "grid": lambda: small("training.epochs=12", ACCURATE),
    "random, none feasible": lambda: searching("random", NONE, "search.trials=4", pruning=False),
    "nsga2": lambda: searching("nsga2", ACCURATE, "search.trials=8", pruning=False),
    "tpe, pruned": lambda: searching("tpe", SMALL, "search.trials=8", "search.repetitions=4"),
    "nsga2, several": lambda: small(*SEVERAL, SMALL, "search.repetitions=4", text=SEARCH),
    "tpe, several": lambda: small(*SEVERAL[2:], ACCURATE, text=SEARCH),
}
"""Small studies with constraints: an even number of repetitions has no middle one."""


@pytest.mark.parametrize("make", LIMITED.values(), ids=LIMITED)
def test_with_constraints_one_run_is_best_everywhere(
    make: Callable[[], Pipeline], tmp_path: Path
) -> None:
    folder = made(make(), tmp_path)
    agree(folder, "minimize")
    best, runs = best_runs(folder), load_results(folder).runs.set_index("run_id")
    for dataset, run_id in best.items():
        assert run_id in load_model(folder, dataset=dataset).run_ids
        row = runs.loc[run_id]
        for limit in kept_pipeline(folder).search.constraints:
            assert limit.metric != "parameters" or row["parameters"] <= limit.limit


@pytest.mark.usefixtures("undrawn")
def test_the_page_sorts_its_trials_by_the_stored_objectives(tmp_path: Path) -> None:
    fewer = ("lr=[0.01, 0.02]", "hidden=[[4]]", 'activation=["tanh"]')
    folder = made(small(*(f"search.parameters.{one}" for one in fewer), text=GRID), tmp_path)
    html = write_report(folder).read_text(encoding="utf-8")
    before, _, after = html.partition('<table id="trials-table">')
    rows = [re.findall(r'data-value="([^"]+)"', row) for row in after.split("<tr>")[2:]]
    stored = pd.read_parquet(folder / "trials.parquet")
    ordered = stored.sort_values(["objective", "number"], kind="stable")
    ordered = ordered.sort_values("dataset", key=lambda of: of.map(["linear", "xor"].index),
                                  kind="stable")  # fmt: skip
    assert [float(row[0].replace("Infinity", "inf")) for row in rows] == [*ordered["objective"]]
    assert "data-value" not in before
