"""CONTRIBUTING is true: its additions to the project keep the laws of all others."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from study.plan.trials import planned
from study.spec.load import load_pipeline
from tests import recipes
from tests.driving import finish
from tests.pages import ROOT, blocks, copy, shell
from tests.recipes import ADDED, FILES, RECIPES, Change
from tests.shared import made_once

EXAMPLE = "pipelines/quickstart.toml"

HOOK = """

def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from study.report.questions import sizes
    from tests import recipes, studies
    with open("collected.txt", "w") as file:
        file.writelines(item.nodeid + "\\n" for item in items)
    items[:] = [item for item in items if recipes.lawful(item.nodeid)]
    studies.QUESTIONS = (sizes.QUESTION,)
"""
"""Added to the copy's tests/conftest.py: it lists all tests, and keeps the laws of what was added.

Of all questions it keeps the added one.
"""

TRAINED = [
    ["name=added", 'search.parameters.activation=["softplus"]'],
    ["name=rooted", 'search.parameters.loss=["rmse", "mae"]',
     'search.objective={metric = "final_train_accuracy", goal = "maximize"}'],
    ["name=shifted", "search.parameters={offset = [-0.5, 0, 0.5]}", "model.hidden=[4]"],
    ["name=annealed", 'search.parameters.schedule=["linear", "constant"]'],
]  # fmt: skip
IDENTIFIED = [
    [], ["model.offset=0"], ["model.offset=0.5"], ["search.parameters.offset=[0, 0.5]"],
]  # fmt: skip
"""Overrides of the quickstart: what is trained with the additions, and what has which ids."""

IN_PYTHON = f"""
import study
from study.plan.trials import planned

def load(*overrides):
    always = "execution.executor=inline", "search.repetitions=1"
    return study.load_pipeline("{EXAMPLE}", [*always, *overrides])

for changed in {TRAINED}:
    *_, end = study.run(load(*changed))
    assert end.trained == end.runs > 0
for changed in {IDENTIFIED}:
    print(*[run.run_id for run in planned(load(*changed)).runs])
"""

AFTER = """
import pandas as pd, study
from study.plot.learning import figure
from study.report.code import code
from study.report.gather import gather
from study.report.questions import sizes
from study.store.sound import sound_runs
from tests.report.test_code import draw
from pathlib import Path
folder = Path("results/quickstart")
print(len(sound_runs(folder)[0]))
runs, metrics = (pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "metrics"))
print({*runs["offset"]}, {*metrics["offset"]})
old = metrics["repetition"] < 3
print(metrics.loc[old, "weight_norm"].isna().all(), metrics["weight_norm"][~old].notna().all())
results = study.load_results(folder)
print(results.runs["final_train_loss"][:36].to_list() == runs["final_train_loss"][:36].to_list())
print({*results.table("base_setup").columns} >= {"offset"}, len(results.certificate))
tables = sizes.QUESTION.tables(gather(folder))
draw(sizes.QUESTION, code(sizes.QUESTION, tables, folder.name), Path(), {*tables})
tables = map(study.load_results("results/measured").table, ("curves", "curve_runs"))
print([axes.get_ylabel() for axes in figure(*tables, None, {}).axes])
"""


WITH_ALL = """
import contextlib, io, json, shlex, sys
from pathlib import Path
from tests.faults.door import called, without_pictures

def printed(code):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, {})
    return out.getvalue()

def outputs(lines):
    for line in lines:
        code, text = called(*shlex.split(line))
        assert code == 0, text
        yield text

in_python, earlier, extension, after = json.loads(sys.argv[1])
parts = {p: p.read_bytes() for p in Path("results/quickstart").rglob("part-*")}
with without_pictures():
    texts = [printed(in_python), *outputs(earlier)]
    unchanged = parts == {p: p.read_bytes() for p in parts}
    texts += [*outputs([extension]), printed(after)]
print(json.dumps([*texts, bool(parts) and unchanged]))
"""
"""What runs in the copy, in one process: code and commands, whose texts it prints."""


class Outcome(NamedTuple):
    """What was printed in the copy, and whether all before the extension changed no stored part."""

    collected: list[str]
    laws: str
    in_python: str
    measured: str
    planned: str
    reproduced: str
    reported: str
    extended: str
    after: str
    unchanged: bool


def applied(folder: Path) -> None:
    """Apply all recipes to a copy of the project with a finished study; run what they promise."""
    checkout = copy(folder)
    pipeline = load_pipeline(ROOT / EXAMPLE)
    finish(pipeline, checkout / "results")
    one = planned(pipeline).runs[0].run_id
    for path, text, addition in (change for recipe in ADDED for change in recipe()):
        file = checkout / path
        source = file.read_text(encoding="utf-8")
        assert source.count(text) == 1, (path, text)
        file.write_text(source.replace(text, f"{addition}{text}"), encoding="utf-8")
    source, _, tests = blocks("python", RECIPES["Add a question"])
    (checkout / "study/report/questions/sizes.py").write_text(source, encoding="utf-8")
    (checkout / "tests/report/questions/test_sizes.py").write_text(tests, encoding="utf-8")

    python = ".venv/bin/python"
    shell(f"{python} -m tests.generated && {python} -m tests.samplers.test_conformance", checkout)
    with (checkout / "tests/conftest.py").open("a", encoding="utf-8") as hooks:
        hooks.write(HOOK)
    laws = shell(f"{python} -m pytest -p no:cacheprovider -rA -v {' '.join(FILES)}", checkout)
    again = f"run {EXAMPLE} --executor inline"
    earlier = [
        f"{again} --set name=measured --set search.repetitions=1",
        f"plan {EXAMPLE} --json",
        f"reproduce results/quickstart {one}",
        "report results/quickstart",
    ]
    given = json.dumps([IN_PYTHON, earlier, f"{again} --set search.repetitions=4 --json", AFTER])
    texts = shell(f"{python} -c {shlex.quote(WITH_ALL)} {shlex.quote(given)}", checkout)
    collected = (checkout / "collected.txt").read_text(encoding="utf-8").splitlines()
    outcome = Outcome(collected, laws, *json.loads(texts))
    (folder / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder of the copy with all additions."""
    return made_once(request, "contributing", applied)


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    """Return what was printed there."""
    return Outcome(*json.loads((folder / "outcome.json").read_text(encoding="utf-8")))


def kept(outcome: Outcome, recipe: Callable[[], tuple[Change, ...]]) -> list[int]:
    """Return how many laws of a recipe pass for its name, and how many there are for an older one.

    The older one's pass where they are, outside of the copy.
    """
    passed = re.findall(r"^PASSED (.*)$", outcome.laws, re.MULTILINE)
    laws = ADDED[recipe]
    assert all(any(text in test for test in passed) for text in laws.also)
    tests = passed, outcome.collected
    return [sum(laws.counts(t, n) for t in of) for of, n in zip(tests, laws.names, strict=False)]


def runs(folder: Path, name: str) -> pd.DataFrame:
    """Return the runs of one of the studies that were trained with the additions."""
    return pd.read_parquet(folder / "my studies (2)" / "results" / name / "runs.parquet")


def test_an_activation_is_added_as_the_page_describes(outcome: Outcome, folder: Path) -> None:
    """The very blocks of the page are put into a copy, and the laws are run on them."""
    softplus, tanh = kept(outcome, recipes.activation)
    assert softplus == tanh > 50
    assert {*runs(folder, "added")["activation"]} == {"softplus"}


def test_a_loss_is_added_as_the_page_describes(outcome: Outcome, folder: Path) -> None:
    rmse, mae = kept(outcome, recipes.loss)
    assert rmse + 2 == mae > 50  # one of the table of trivial losses, and one that is skipped
    assert {*runs(folder, "rooted")["loss"]} == {"rmse", "mae"}


def test_an_initializer_is_added_as_the_page_describes(outcome: Outcome) -> None:
    lecun, he = kept(outcome, recipes.initializer)
    assert lecun == he >= 4


def test_a_dataset_is_added_as_the_page_describes(outcome: Outcome) -> None:
    board, linear = kept(outcome, recipes.dataset)
    assert board == linear >= 4


def test_a_parameter_is_added_as_the_page_describes(outcome: Outcome, folder: Path) -> None:
    """Two source files: all runs that were stored before have its neutral default."""
    offset, old = kept(outcome, recipes.parameter)
    assert offset == old > 10
    one = load_pipeline(ROOT / EXAMPLE, ["search.repetitions=1"])
    before = [run.run_id for run in planned(one).runs]
    after, neutral, other, both = map(str.split, outcome.in_python.splitlines())
    assert after == before == neutral
    assert not {*before} & {*other}
    assert (len(both), {*before} < {*both}) == (2 * len(before), True)
    shifted = runs(folder, "shifted")
    assert sorted({*shifted["offset"]}) == [-0.5, 0.0, 0.5]
    assert shifted.groupby("dataset", observed=True)["final_train_loss"].nunique().min() == 3


def test_a_metric_is_added_as_the_page_describes(outcome: Outcome, folder: Path) -> None:
    """Two source files: it is stored, held to the laws of its table, and drawn in the report."""
    new, old = kept(outcome, recipes.metric)
    assert new + 2 == old > 4  # which is an example of two more laws
    assert "bit-identical" in outcome.measured
    assert "weight norm" in outcome.after.splitlines()[-1]
    stored = folder / "my studies (2)/results/measured/metrics.parquet"
    norms = pd.read_parquet(stored)["weight_norm"]
    assert (norms.dropna() > 0).all()
    assert norms.isna().mean() < 0.5


def test_earlier_results_are_complete_extended_and_reported_after_both_are_added(
    outcome: Outcome,
) -> None:
    """The law: a parameter with a neutral default and a metric cost no stored run."""
    plan = json.loads(outcome.planned)
    assert (plan["stored"], plan["missing"], plan["refused"]) == (36, 0, None)
    assert "all 300 epochs are bit-identical" in outcome.reproduced
    assert outcome.unchanged
    (done,) = (
        line
        for line in map(json.loads, outcome.extended.splitlines())
        if line["event"] == "finished"
    )
    assert (done["runs"], done["trained"], done["certified"], done["unlike"]) == (48, 12, 8, 0)
    lines = outcome.after.splitlines()[:-1]
    assert lines == ["48", "{0.0} {0.0}", "True True", "True", "True 8"]


def test_an_optimizer_is_added_as_the_page_describes(outcome: Outcome) -> None:
    sign, rmsprop = kept(outcome, recipes.optimizer)
    assert sign == rmsprop >= 4


def test_a_schedule_is_added_as_the_page_describes(outcome: Outcome, folder: Path) -> None:
    linear, cosine = kept(outcome, recipes.schedule)
    assert linear == cosine >= 1
    assert {*runs(folder, "annealed")["schedule"]} == {"linear", "constant"}


def test_a_search_method_is_added_as_the_page_describes(outcome: Outcome) -> None:
    """The row of the page is put into a copy, and the conformance suite runs on it."""
    new, nsga2 = kept(outcome, recipes.search_method)
    assert new == nsga2 > 20


def test_a_question_is_added_as_the_page_describes(outcome: Outcome, folder: Path) -> None:
    """One file, one place in a chapter, one file of tests; its code draws the numbers."""
    assert kept(outcome, recipes.question) == []
    assert (folder / "my studies (2)/sizes.png").exists()
    assert outcome.laws.count("SUBPASSED[sizes]") == 2
