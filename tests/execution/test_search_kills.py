"""A search is killed for real, at any moment; the same command ends in the same tables."""

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from study import load_results
from study.errors import ResultsError
from study.execution.driver import Options, run
from study.spec.load import read_pipeline
from tests.driving import assert_same, finish
from tests.searches import LEARNING, made, searching

ROOT = Path(__file__).parents[2]
LONGER = ("training.epochs=300", "search.pruner.rungs=[50, 200]", "search.trials=16")
DRIVER = """
import sys, study
from pathlib import Path
from study.execution.driver import Options, run
options = Options(Path(sys.argv[2]), workers=int(sys.argv[3]))
for _ in run(study.load_pipeline(sys.argv[1]), options):
    print(flush=True)
"""


def _any_moment() -> random.Random:
    """Return another source of moments each time."""
    return random.Random(time.time_ns())  # noqa: S311  # moments, not secrets


def killed(pipeline: Path, results: Path, workers: int, after: float) -> None:
    """Kill a study some seconds after its first event, if it has not ended by then."""
    command = [sys.executable, "-c", DRIVER, str(pipeline), str(results), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()


def kill_and_go_on(method: str, folder: Path, *, kills: int, rng: random.Random) -> None:
    """Kill a search at random moments, with one worker and with two, and let it end."""
    declared = searching(method, *LONGER)
    pipeline = folder / "small.toml"
    pipeline.write_text(declared.text)
    began = time.monotonic()
    undisturbed = made(declared, folder / "undisturbed")
    seconds = time.monotonic() - began
    for i in range(kills):
        killed(pipeline, folder / "killed", 1 + i % 2, rng.uniform(0, seconds))
    finish(declared, folder / "killed")
    assert_same(folder / "killed" / "small", undisturbed)


@pytest.mark.skipif(sys.platform != "linux", reason="Windows has no SIGKILL")
def test_a_search_killed_in_the_middle_ends_in_the_same_tables(tmp_path: Path) -> None:
    kill_and_go_on("tpe", tmp_path, kills=2, rng=_any_moment())


@pytest.mark.slow
@pytest.mark.parametrize("method", LEARNING)
def test_every_search_killed_many_times_ends_in_the_same_tables(
    method: str, tmp_path: Path
) -> None:
    kill_and_go_on(method, tmp_path, kills=8, rng=_any_moment())


@pytest.mark.slow
def test_pruning_saves_most_epochs_and_finds_nearly_the_unpruned_best(
    tmp_path: Path,
) -> None:
    """On the lab: the best of all configurations, trained to the end, is not pruned."""
    smaller = [
        "name=lab", "search.trials=24", "search.repetitions=3", "search.batch=8",
        "training.epochs=1500", "search.confirm=1",
        "search.parameters.hidden={layers = [1, 2], width = {low = 8, high = 32, log = true}}",
        "datasets={xor = {generator = 'xor'}}",
    ]  # fmt: skip
    text = (ROOT / "pipelines" / "lab_pruned.toml").read_text(encoding="utf-8")
    unpruned = re.sub(r"\[search.pruner\]\n(.+\n)+", "", text)
    pruned = read_pipeline(text, "x", [*smaller, "search.pruner.rungs=[100, 300]"])
    whole = read_pipeline(unpruned, "x", smaller)
    assert whole.search.pruner is None
    tables = {}
    for name, pipeline in (("pruned", pruned), ("whole", whole)):
        results = load_results(made(pipeline, tmp_path / name))
        tables[name] = (results.trials.astype({"phase": str}), results.runs)
    spent = {name: runs["epochs"].sum() for name, (_, runs) in tables.items()}
    assert spent["pruned"] < 0.5 * spent["whole"]
    trials, _ = tables["whole"]
    searched = trials[trials["phase"] == "search"].set_index("number")["objective"]
    result, _ = tables["pruned"]
    (answer,) = result.loc[result["phase"] == "confirm", "number"]
    assert searched.rank()[answer] <= 3


def test_there_is_nothing_to_read_before_the_first_batch(tmp_path: Path) -> None:
    events = run(searching("tpe"), Options(tmp_path, executor="inline"))
    next(events)
    events.close()
    with pytest.raises(ResultsError, match="holds no runs yet"):
        load_results(tmp_path / "small")
