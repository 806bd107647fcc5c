"""Small studies to harm, and checks that hold whichever file was harmed."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pandas as pd

from study import load_results
from study.errors import ResultsError
from study.execution.certificate import holds
from study.plan.stacks import Stack, stacks
from study.plan.trials import Run
from study.spec.pipeline import Pipeline
from study.store.provenance import executions
from study.store.sound import sound_runs
from tests.driving import assert_same
from tests.faults import door
from tests.searches import PRUNING

DATA = "size,rooms,price\n" + "".join(f"{i % 5},{i % 3},{(i + i % 3) % 2}\n" for i in range(15))

GRID = """
name = "small"

[datasets.xor]
generator = "xor"

[datasets.own]
generator = "csv"
path = "own.csv"
features = ["size", "rooms"]
target = "price"

[model]
hidden = [3]

[training]
epochs = 4

[search]
repetitions = 1

[search.parameters]
lr = [0.01, 0.1]
optimizer = ["sgd", "adam"]

[[hypotheses]]
id = "adam-lower"
claim = "Adam ends lower"
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "final_train_loss"
expect = "lower"
"""

SEARCH = """
name = "small"

[datasets.own]
generator = "csv"
path = "own.csv"
features = ["size", "rooms"]
target = "price"

[model]
hidden = [3]

[training]
epochs = 14

[search]
method = "tpe"
trials = 4
batch = 2
repetitions = 2
confirm = 1

[search.parameters]
lr = {low = 0.001, high = 1.0, log = true}
optimizer = ["sgd", "adam"]
""" + PRUNING.replace("[5, 12]", "[3, 7]")

PIPELINES = {"grid": GRID, "search": SEARCH}
MORE = {"grid": "search.repetitions=3", "search": "search.trials=8"}
"""What a study has in the end; before, it was run as its file declares it, so it has two parts."""


def _alone(runs: Iterable[Run], pipeline: Pipeline, *, size: int | None) -> list[Stack]:
    """Put each run into a stack of its own."""
    assert size is None
    return stacks(runs, pipeline, size=1)


@contextmanager
def same_seconds() -> Iterator[None]:
    """Let every training take a second, so that tables are the same; draw no picture."""
    seconds = count()
    clock = SimpleNamespace(perf_counter=lambda: float(next(seconds)))
    with (
        patch("study.training.loop.time", clock),
        patch("study.execution.supply.stacks", _alone),
        door.without_pictures(),
    ):
        yield


def made(folder: Path, kind: str) -> Path:
    """Run a study twice in a folder, in which its pipeline and data are; return its results."""
    (folder / "own.csv").write_text(DATA)
    (folder / "small.toml").write_text(PIPELINES[kind])
    for more in ((), ("--set", MORE[kind])):
        code, output = called(folder, "run", *more)
        assert code == 0, output
    return folder / "results" / "small"


def called(folder: Path, command: str, *arguments: str) -> tuple[int, str]:
    """Call a command on a study; it ends well, or in one sentence."""
    own = str(folder / "results" / "small")
    study = [str(folder / "small.toml"), "--results", str(folder / "results")]
    more = ["--executor", "inline"] if command == "run" else []
    places = [own] if command == "report" else study
    code, text = door.called(command, *places, *more, *arguments)
    assert code in (0, 2), text
    assert ("error: " in text) == (code == 2), text
    assert "Traceback" not in text
    return code, text


def assert_survives(results: Path, undisturbed: Path, kind: str) -> str:
    """Report, plan and run a study that was harmed; return its output.

    Commands that succeed give the undisturbed study's numbers; after `run` all files are restored.
    """
    folder = results.parents[1]
    code, output = called(folder, "report")
    if code == 0:
        assert_same_report(results, undisturbed)
    with suppress(ResultsError):
        frames = load_results(results)
        planned, missing = len(load_results(undisturbed).runs), code == 2
        assert len(frames.runs) == planned or missing
        stored, metrics = set(frames.runs["run_id"]), frames.metrics()
        assert metrics["run_id"].isin(stored).sum() == frames.runs["epochs"].sum()
        assert {*frames.predictions()["run_id"]} >= stored
    code, more_output = called(folder, "plan", "--json", "--set", MORE[kind])
    plan = json.loads(more_output) if code == 0 else {}
    output += more_output
    code, more_output = called(folder, "run", "--set", MORE[kind], "--json")
    output += more_output
    if kind == "grid" and plan:
        assert (plan["refused"] is None) == (code == 0), (plan, more_output)
    if code == 0:
        done = next(json.loads(line) for line in more_output.splitlines() if '"finished"' in line)
        if kind == "grid" and plan:
            assert plan["missing"] == done["trained"]
        assert done["unlike"] == 0, more_output
        assert_whole(results, undisturbed)
    return output


def assert_whole(results: Path, undisturbed: Path) -> None:
    """Check that a study is as good as the undisturbed one."""
    assert_same(results, undisturbed)
    assert_same_report(results, undisturbed)
    for name in ("pipeline.toml", "data/own.csv"):
        assert (results / name).read_bytes() == (undisturbed / name).read_bytes(), name
    runs, wrong = sound_runs(results)
    assert not wrong
    trained = [run_id for run_id, row in runs.items() if row["status"] != "failed"]
    assert holds(results, trained) is not None
    assert executions(results)[-1]["finished"] is not None
    left = {path.name for path in results.iterdir()}
    assert left <= {path.name for path in undisturbed.iterdir()} | {"damaged", "damaged.1"}
    for name in ("metrics", "predictions", "runs"):  # as anybody reads them
        one, two = (len(pd.read_parquet(f / f"{name}.parquet")) for f in (results, undisturbed))
        assert one == two


def assert_same_report(results: Path, undisturbed: Path) -> None:
    """Compare the tables behind two reports; provenance counts the executions, which differ."""
    names = {path.stem for path in (undisturbed / "tables").iterdir()}
    assert names == {path.stem for path in (results / "tables").iterdir()}
    both = load_results(results), load_results(undisturbed)
    for name in names - {"provenance"}:
        one, two = (of.table(name) for of in both)
        where = ["part", "checksums"] if name == "certificate" else []
        pd.testing.assert_frame_equal(one.drop(columns=where), two.drop(columns=where), obj=name)
