"""The cookbook is true: both of its answers equal a plain count of the rows."""

import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from study import load_pipeline, load_results
from study.execution.driver import Options, run
from study.execution.reproduce import reproduce
from study.plan import seeds
from study.plan.forecast import forecast
from tests.cookbook import ANSWERS
from tests.pages import blocks

pytestmark = pytest.mark.no_cover  # what is executed is no part of the project

PIPELINES = Path(__file__).parents[1] / "pipelines"
TEXT = (PIPELINES.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
BEFORE, *QUESTIONS = re.split(r"^## \d+\. ", TEXT.partition("\n## Predict")[0], flags=re.MULTILINE)
PREDICT = TEXT.partition("\n## Predict")[2]


@pytest.fixture(scope="module")
def cookbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the cookbook's study is, trained as it says, and a small one."""
    folder = tmp_path_factory.mktemp("cookbook")
    command = shlex.split(blocks("sh", BEFORE)[0].replace("\\\n", " "))
    overrides = [b for a, b in itertools.pairwise(command) if a == "--set"]
    options = Options(folder / "results", executor="inline")
    few = [*overrides, "name=few", "search.repetitions=1", "training.epochs=2"]
    for given in (overrides, few):
        list(run(load_pipeline(PIPELINES / command[2], given), options))
    return folder


@pytest.fixture
def workspace(cookbook: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Enter that folder, and yield the study's own."""
    monkeypatch.chdir(cookbook)
    yield cookbook / "results" / "cookbook"
    (cookbook / "weights.npz").unlink(missing_ok=True)


def in_python(*texts: str) -> dict[str, Any]:
    """Run blocks of Python after the cookbook's first, and return the names that they make."""
    names: dict[str, Any] = {}
    for block in [*blocks("python", BEFORE), *texts]:
        exec(block, names)  # noqa: S102  # the page's own
    return names


def plain(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return a frame's rows, numbers and texts, as Python has them."""
    return [tuple(row) for row in frame.astype(object).to_numpy().tolist()]


def test_there_are_twelve_questions_and_each_has_its_answer() -> None:
    assert len(QUESTIONS) == len(ANSWERS) == 12


@pytest.mark.parametrize("number", range(12), ids=[q.partition("\n")[0] for q in QUESTIONS])
def test_pandas_and_sql_give_the_counted_answers(number: int, workspace: Path) -> None:
    question, expected = QUESTIONS[number], ANSWERS[number](workspace)
    frame = in_python(blocks("python", question)[0])["answer"]
    with duckdb.connect() as database:
        for statement in blocks("sql", BEFORE):
            database.execute(statement)
        (query,) = blocks("sql", question)
        table = database.sql(query).df()
    assert list(frame.columns) == list(table.columns)
    assert expected
    for answer in (plain(frame), plain(table)):
        assert len(answer) == len(expected)
        for row, right in zip(answer, expected, strict=True):
            for value, wanted in zip(row, right, strict=True):
                assert value == (
                    wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-5, abs=1e-7)
                )


def test_the_study_contains_the_hard_cases(workspace: Path) -> None:
    """Runs that diverged, ones that never got there, and a held-out part."""
    runs = load_results(workspace).runs
    assert {"completed", "diverged"} == set(runs["status"])
    assert 0 < runs["epochs_to_full_accuracy"].isna().sum() < len(runs)
    assert runs["final_test_accuracy"].notna().any()


def test_the_worst_run_is_reproduced_with_its_predictions(workspace: Path) -> None:
    asking, predicting = blocks("python", QUESTIONS[6])
    run_id = in_python(asking)["answer"]["run_id"].iloc[0]
    (command,) = blocks("sh", QUESTIONS[6])
    assert command == "study reproduce results/cookbook RUN_ID --weights weights.npz\n"
    np.savez("weights.npz", allow_pickle=False, **reproduce(workspace, run_id[:12]).weights)
    names = in_python(asking, predicting)
    assert names["prediction"].shape == (2, 1)
    asked = load_results(workspace).predictions({"run_id": run_id, "part": "train"})
    predictions = names["network"](asked[["x0", "x1"]].to_numpy(np.float32))
    np.testing.assert_array_equal(predictions[:, 0], asked["prediction"])


@pytest.mark.usefixtures("workspace")
def test_the_network_of_images_predicts_what_it_did(tmp_path: Path) -> None:
    few = ["training.epochs=2", "search.repetitions=1", "datasets.stripes.samples=12",
           "search.parameters.lr=[0.01]", 'search.parameters.activation=["tanh"]']  # fmt: skip
    pipeline = load_pipeline(PIPELINES / "stripes.toml", few)
    list(run(pipeline, Options(tmp_path, executor="inline")))
    results = load_results(tmp_path / "stripes")
    runs = results.runs.set_index("run_id")
    assert set(runs["convolution"]) == {"none", "4@3x3"}
    drawn = seeds.data(pipeline.search.seed, "stripes", 0)
    x = pipeline.datasets["stripes"].parts(rng=drawn).train.x.astype(np.float32)
    for run_id, row in runs.iterrows():
        np.savez(
            "weights.npz", allow_pickle=False, **reproduce(results.folder, str(run_id)).weights
        )
        load_network = in_python(*blocks("python", PREDICT))["load_network"]
        network = load_network("weights.npz", hidden=row["activation"], last="none")
        asked = results.predictions({"run_id": run_id, "part": "train"})
        logits = network(x if row["convolution"] != "none" else x.reshape(len(x), -1))
        probabilities = 1 / (1 + np.exp(-logits[:, 0]))
        np.testing.assert_allclose(probabilities, asked["prediction"], rtol=1e-5)


def test_every_pipeline_is_in_the_table_with_its_number_of_runs() -> None:
    page = (PIPELINES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| \[([\w.]+)\]\(\1\) \|[^|]+\| ([\d,]+)(?:, and [^|]+)? \|", page, re.MULTILINE
    )
    assert {name for name, _ in rows} == {path.name for path in PIPELINES.glob("*.toml")}
    for name, runs in rows:
        estimate = forecast(load_pipeline(PIPELINES / name), {}, workers=2)
        assert f"{estimate.runs:,}" == runs
