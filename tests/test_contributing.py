"""CONTRIBUTING is true: its additions to the project keep the laws of all others."""

import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from study.plan.trials import planned
from study.spec.load import load_pipeline
from tests.driving import finish
from tests.pages import ROOT, blocks, commands, copy, sections, shell

RECIPES = sections((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), "###")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this project, set up, in which a test may write."""
    return copy(tmp_path_factory.mktemp("checkout"))


def added(checkout: Path, *changes: tuple[str, str, str]) -> None:
    """Put each addition before the one place of a file where a text stands."""
    for path, before, addition in changes:
        file = checkout / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before)
        file.write_text(text.replace(before, f"{addition}{before}"), encoding="utf-8")


def kept(checkout: Path, tests: str, *names: str) -> list[int]:
    """Return how many laws of some tests pass for each name."""
    only = shlex.quote(" or ".join(names))
    command = f".venv/bin/python -m pytest -p no:cacheprovider -q {tests} -k {only} -rA"
    passed = re.findall(r"^PASSED .*$", shell(command, checkout), re.MULTILINE)
    return [sum(f"{name}]" in line or f"{name}-" in line for line in passed) for name in names]


def test_an_activation_is_added_as_the_page_describes(checkout: Path) -> None:
    """The very blocks of the page are put into a copy, and the laws are run on them."""
    class_, row, formula, limits = blocks("python", RECIPES["Add an activation"])
    name = re.findall(r"class (\w+)", class_)[0]
    source, public = "nn_core/activations.py", "nn_core/__init__.py"
    tests = "tests/nn_core/test_activations.py"
    added(
        checkout,
        (source, "\nclass NoActivation", f"\n{class_}\n"),
        (source, '    "none": NoActivation', row),
        (public, "from nn_core.check", f"from nn_core.activations import {name}\n"),
        (public, '    "Layer",', f'    "{name}",\n'),
        (tests, '    "none": lambda', formula),
        (tests, '    "none": (', limits),
    )
    laws = f"{tests} tests/nn_core/test_layers.py tests/nn_core/test_public_names.py"
    softplus, tanh, _ = kept(checkout, laws, "softplus", "tanh", "public_names")
    assert softplus == tanh > 50
    train = (
        "import study; p = study.load_pipeline('pipelines/quickstart.toml', ['name=added',"
        " 'execution.executor=inline', 'search.parameters.activation=[\"softplus\"]']);"
        " print([*study.run(p)][-1])"
    )
    assert "runs=18, trained=18" in shell(f".venv/bin/python -c {shlex.quote(train)}", checkout)


def test_a_loss_is_added_as_the_page_describes(checkout: Path) -> None:
    class_, row, trivial, line, definition = blocks("python", RECIPES["Add a loss"])
    source, public = "nn_core/losses.py", "nn_core/__init__.py"
    tests, baselines = "tests/nn_core/test_losses.py", "tests/stats/test_baselines.py"
    training = "tests/training/test_classes.py"
    added(
        checkout,
        (source, "LOSSES: dict", f"{class_}\n\n"),
        (source, '    "mse": MSELoss', row),
        ("study/stats/trivial.py", '    "mse": Constant(', trivial),
        (tests, '    "mse": 0.5', line),
        (training, '    "mse": lambda', definition),
        (public, "from nn_core.optimizers", "from nn_core.losses import RMSELoss\n"),
        (public, '    "ReLU",', '    "RMSELoss",\n'),
    )
    laws = f"{tests} tests/nn_core/test_training.py tests/nn_core/test_public_names.py {baselines}"
    laws = f"{laws} {training}"
    names = "rmse", "mae", "public_names", "every_loss_has_a_trivial"
    rmse, mae, _, _ = kept(checkout, laws, *names)
    assert rmse + 1 == mae > 50  # which has a number of its own in the table of trivial losses
    overrides = 'search.parameters.loss=["rmse", "mae"]', "search.repetitions=1"
    aim = 'search.objective={metric = "final_train_accuracy", goal = "maximize"}'
    commands([trained("rooted", *overrides, aim)], checkout)
    runs = pd.read_parquet(checkout / "results" / "rooted" / "runs.parquet")
    assert {*runs["loss"]} == {"rmse", "mae"}


def test_an_initializer_is_added_as_the_page_describes(checkout: Path) -> None:
    function, row, line = blocks("python", RECIPES["Add an initializer"])
    source, public = "nn_core/initializers.py", "nn_core/__init__.py"
    tests = "tests/nn_core/test_initializers.py"
    added(
        checkout,
        (source, "BIAS_INITIALIZERS: dict", f"{function}\n\n"),
        (source, '    "he": he', row),
        (public, "from nn_core.layer", "from nn_core.initializers import lecun\n"),
        (public, '    "standard_normal",', '    "lecun",\n'),
        (tests, '    "uniform": 1', line),
    )
    laws = f"{tests} tests/nn_core/test_public_names.py"
    lecun, he, _ = kept(checkout, laws, "lecun", "he", "public_names")
    assert lecun == he >= 4


def test_a_dataset_is_added_as_the_page_describes(checkout: Path) -> None:
    class_, row, line = blocks("python", RECIPES["Add a dataset"])
    package, tests = "study/datasets/__init__.py", "tests/datasets/test_dataset.py"
    added(
        checkout,
        ("study/datasets/generated.py", "class Circles(", f"{class_}\n\n"),
        (
            package,
            "from study.datasets.generated",
            "from study.datasets.generated import Checkerboard\n",
        ),
        (package, '    "stripes": ', row),
        (tests, '    "stripes": {}', line),
    )
    board, linear = kept(checkout, tests, "checkerboard", "linear")
    assert board == linear >= 4


IDS = """
import study
from study.plan.trials import planned
for overrides in {all_of_them}:
    pipeline = study.load_pipeline("pipelines/quickstart.toml", overrides)
    print(*[run.run_id for run in planned(pipeline).runs])
"""


def ids(checkout: Path, *all_of_them: list[str]) -> list[list[str]]:
    """Return the ids of quickstart's runs, changed by each of some lists of overrides."""
    code = shlex.quote(IDS.format(all_of_them=[*all_of_them]))
    output = shell(f".venv/bin/python -c {code}", checkout)
    return [line.split() for line in output.splitlines()]


def trained(name: str, *overrides: str) -> str:
    """Return the command that trains quickstart under another name, and writes its report."""
    sets = " ".join(f"--set {shlex.quote(o)}" for o in (f"name={name}", *overrides))
    return f"run pipelines/quickstart.toml --executor inline {sets}"


def test_a_parameter_is_added_as_the_page_describes(tmp_path: Path) -> None:
    """Two source files: all runs that were stored before have its neutral default."""
    checkout = copy(tmp_path)
    field, meaning, line = blocks("python", RECIPES["Add a parameter"])
    settings, (before,) = "study/space/settings.py", ids(checkout, [])
    tests = "tests/training/test_parameters.py"
    added(
        checkout,
        (settings, "    @override\n    def rules", f"{field}\n"),
        ("study/training/build.py", "    return found\n", meaning),
        (tests, '    "weight_scale": ("', line),
    )
    shell(".venv/bin/python -m tests.generated", checkout)
    laws = f"{tests} tests/test_space.py tests/test_columns.py tests/spec/test_schema.py"
    names = "offset", "weight_scale", "the_schema_in_the_repository"
    offset, old, _ = kept(checkout, laws, *names)
    assert offset == old > 10
    after, neutral, other, both = ids(
        checkout,
        [],
        ["model.offset=0"],
        ["model.offset=0.5"],
        ["search.parameters.offset=[0, 0.5]"],
    )
    assert after == before == neutral
    assert not {*before} & {*other}
    assert (len(both), {*before} < {*both}) == (2 * len(before), True)
    few = "search.repetitions=1", "search.parameters={offset = [-0.5, 0, 0.5]}"
    commands([trained("shifted", *few, "model.hidden=[4]")], checkout)
    runs = pd.read_parquet(checkout / "results" / "shifted" / "runs.parquet")
    assert sorted({*runs["offset"]}) == [-0.5, 0.0, 0.5]
    assert runs.groupby("dataset", observed=True)["final_train_loss"].nunique().min() == 3


DRAWN = """
import study
from study.plot.learning import figure
tables = map(study.load_results("results/measured").table, ("curves", "curve_runs"))
print([axes.get_ylabel() for axes in figure(*tables, None, {}).axes])
"""


def test_a_metric_is_added_as_the_page_describes(tmp_path: Path) -> None:
    """Two source files: it is stored, held to the laws of its table, and drawn in the report."""
    checkout = copy(tmp_path)
    row, measured = blocks("python", RECIPES["Add a metric"])
    added(
        checkout,
        ("study/metrics.py", '    Metric(name="epochs",', row),
        ("study/training/meter.py", "        if self._trainee.test is not None", measured),
    )
    shell(".venv/bin/python -m tests.generated", checkout)
    laws = "tests/test_metrics.py tests/test_columns.py tests/store/test_schema.py"
    new, old = kept(checkout, laws, "weight_norm", "gradient_norm")
    assert new + 2 == old > 4  # which is an example of two more laws
    (output,) = commands([trained("measured", "search.repetitions=1")], checkout)
    assert "bit-identical" in output
    assert "weight norm" in shell(f".venv/bin/python -c {shlex.quote(DRAWN)}", checkout)
    norms = pd.read_parquet(checkout / "results" / "measured" / "metrics.parquet")["weight_norm"]
    assert (norms.dropna() > 0).all()
    assert norms.isna().mean() < 0.5


MORE = """
import pandas as pd, study
from study.store.sound import sound_runs
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
"""


def test_earlier_results_are_complete_extended_and_reported_after_both_are_added(
    tmp_path: Path,
) -> None:
    """The law: a parameter with a neutral default and a metric cost no stored run."""
    checkout = copy(tmp_path)
    file = "pipelines/quickstart.toml"
    pipeline = load_pipeline(ROOT / file)
    finish(pipeline, checkout / "results")
    one = planned(pipeline).runs[0].run_id
    before = {p: p.read_bytes() for p in (checkout / "results/quickstart").rglob("part-*")}
    field, meaning, _ = blocks("python", RECIPES["Add a parameter"])
    row, measured = blocks("python", RECIPES["Add a metric"])
    settings = "study/space/settings.py"
    added(
        checkout,
        (settings, "    @override\n    def rules", f"{field}\n"),
        ("study/training/build.py", "    return found\n", meaning),
        ("study/metrics.py", '    Metric(name="epochs",', row),
        ("study/training/meter.py", "        if self._trainee.test is not None", measured),
    )
    printed, reproduced, _ = commands(
        [
            f"plan {file} --json",
            f"reproduce results/quickstart {one}",
            "report results/quickstart",
        ],
        checkout,
    )
    plan = json.loads(printed)
    assert (plan["stored"], plan["missing"], plan["refused"]) == (36, 0, None)
    assert "all 300 epochs are bit-identical" in reproduced
    assert before == {path: path.read_bytes() for path in before}
    more = f"run {file} --set search.repetitions=4 --executor inline --json"
    (printed,) = commands([more], checkout)
    (done,) = (
        line for line in map(json.loads, printed.splitlines()) if line["event"] == "finished"
    )
    assert (done["runs"], done["trained"], done["certified"], done["unlike"]) == (48, 12, 8, 0)
    output = shell(f".venv/bin/python -c {shlex.quote(MORE)}", checkout).splitlines()
    assert output == ["48", "{0.0} {0.0}", "True True", "True", "True 8"]


def test_an_optimizer_is_added_as_the_page_describes(checkout: Path) -> None:
    class_, row, line, choice = blocks("python", RECIPES["Add an optimizer"])
    source, public = "nn_core/optimizers.py", "nn_core/__init__.py"
    tests, training = "tests/nn_core/test_optimizers.py", "tests/nn_core/test_training.py"
    added(
        checkout,
        (source, "OPTIMIZERS: dict", f"{class_}\n\n"),
        (source, '    "rmsprop": RMSprop', row),
        (tests, '    "rmsprop": ("rmsprop"', line),
        (training, '    "rmsprop": {"lr"', choice),
        (public, "from nn_core.sequential", "from nn_core.optimizers import SignSGD\n"),
        (public, '    "Tanh",', '    "SignSGD",\n'),
    )
    names = "tests/nn_core/test_public_names.py"
    sign, rmsprop = kept(checkout, f"{tests} {training} {names}", "sign_sgd", "rmsprop")
    assert sign == rmsprop >= 4


def test_a_schedule_is_added_as_the_page_describes(checkout: Path) -> None:
    function, row, line = blocks("python", RECIPES["Add a schedule"])
    source, tests = "nn_core/schedules.py", "tests/nn_core/test_schedules.py"
    added(
        checkout,
        (source, "SCHEDULES: dict", f"{function}\n\n"),
        (source, '    "cosine": cosine', row),
        (tests, '    "cosine": ({}', line),
    )
    linear, cosine, _ = kept(checkout, tests, "linear", "cosine", "every_schedule")
    assert linear == cosine >= 1
    searched = 'search.parameters.schedule=["linear", "constant"]', "search.repetitions=1"
    commands([trained("annealed", *searched)], checkout)
    runs = pd.read_parquet(checkout / "results" / "annealed" / "runs.parquet")
    assert {*runs["schedule"]} == {"linear", "constant"}


def test_a_search_method_is_added_as_the_page_describes(checkout: Path) -> None:
    """The row of the page is put into a copy, and the conformance suite runs on it."""
    (row,) = blocks("python", RECIPES["Add a search method"])
    (addition,) = blocks("text", RECIPES["Add a search method"])
    (name,) = re.findall(r'^    "(\w+)": Method', row)
    added(
        checkout,
        ("study/samplers/methods.py", '    "nsga2": Method(', row),
        ("docs/searching.md", "| `nsga2` |", addition),
    )
    page = "tests/test_pages.py::test_the_table_of_search_methods_has_every_method"
    shell(f".venv/bin/python -m pytest -p no:cacheprovider -q {page}", checkout)
    shell(".venv/bin/python -m tests.samplers.test_conformance", checkout)
    new, nsga2 = kept(checkout, "tests/samplers/test_conformance.py", name, "nsga2")
    assert new == nsga2 > 20


def test_a_question_is_added_as_the_page_describes(checkout: Path) -> None:
    """One file, one place in a chapter, one file of tests; its code draws the numbers."""
    source, place, tests = blocks("python", RECIPES["Add a question"])
    (checkout / "study/report/questions/sizes.py").write_text(source, encoding="utf-8")
    (checkout / "tests/report/questions/test_sizes.py").write_text(tests, encoding="utf-8")
    chapters = "study/report/chapters.py"
    added(
        checkout,
        (chapters, "    trade_off,\n", "    sizes,\n"),
        (chapters, "noise.QUESTION,", f"{place.strip()} "),
    )
    chosen = (
        "tests/report/test_report.py tests/report/test_code.py tests/report/questions/test_sizes.py"
    )
    only = "-k 'sizes or code and claims or finished and (section or chapter)'"
    passed = shell(f".venv/bin/python -m pytest -p no:cacheprovider -v {chosen} {only}", checkout)
    assert passed.count("SUBPASSED[sizes]") == 2
    assert passed.count("test_sizes.py::") >= 2
