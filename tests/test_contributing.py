"""CONTRIBUTING is true: what it adds to the project keeps the laws that all others keep."""

import re
import shlex
from pathlib import Path

import pytest

from tests.pages import ROOT, blocks, copy, sections, shell

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


def test_an_activation_is_added_by_the_words_of_the_page(checkout: Path) -> None:
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
    leaky, tanh, _ = kept(checkout, laws, "leaky_relu", "tanh", "public_names")
    assert leaky == tanh > 50
    train = (
        "import study; p = study.load_pipeline('pipelines/quickstart.toml', ['name=added',"
        " 'execution.executor=inline', 'search.parameters.activation=[\"leaky_relu\"]']);"
        " print([*study.run(p)][-1])"
    )
    assert "runs=18, trained=18" in shell(f".venv/bin/python -c {shlex.quote(train)}", checkout)


def test_a_dataset_is_added_by_the_words_of_the_page(checkout: Path) -> None:
    class_, row, line = blocks("python", RECIPES["Add a dataset"])
    package, tests = "study/datasets/__init__.py", "tests/test_datasets.py"
    added(
        checkout,
        ("study/datasets/planar.py", "class Circles(", f"{class_}\n\n"),
        (
            package,
            "from study.datasets.stripes",
            "from study.datasets.planar import Checkerboard\n",
        ),
        (package, '    "stripes": ', row),
        (tests, '    "stripes": {}', line),
    )
    board, linear = kept(checkout, tests, "checkerboard", "linear")
    assert board == linear >= 4


def test_an_optimizer_is_added_by_the_words_of_the_page(checkout: Path) -> None:
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


def test_a_search_method_is_added_by_the_words_of_the_page(checkout: Path) -> None:
    """The row of the page is put into a copy, and the conformance suite runs on it."""
    (row,) = blocks("python", RECIPES["Add a search method"])
    (told,) = blocks("text", RECIPES["Add a search method"])
    (name,) = re.findall(r'^    "(\w+)": Method', row)
    added(
        checkout,
        ("study/samplers/methods.py", '    "nsga2": Method(', row),
        ("README.md", "| `nsga2` |", told),
    )
    page = "tests/test_readme.py::test_the_readme_tells_of_every_search_method"
    shell(f".venv/bin/python -m pytest -p no:cacheprovider -q {page}", checkout)
    shell(".venv/bin/python -m tests.samplers.test_conformance", checkout)
    new, nsga2 = kept(checkout, "tests/samplers/test_conformance.py", name, "nsga2")
    assert new == nsga2 > 20


def test_a_figure_is_added_by_the_words_of_the_page(checkout: Path) -> None:
    """And drawn of studies of every kind; its lines draw the numbers of its table."""
    figure, section, shows = blocks("python", RECIPES["Add a figure"])
    (lines,) = blocks("jinja", RECIPES["Add a figure"])
    (checkout / "study" / "figures" / "sizes.py").write_text(figure, encoding="utf-8")
    snippets = checkout / "study" / "report" / "snippets"
    (snippets / "sizes.py.j2").write_text(lines, encoding="utf-8")
    content, tests = "study/report/content.py", "tests/report/test_snippets.py"
    added(
        checkout,
        (content, "from study.report import (", "from study.figures.sizes import sizes\n"),
        (content, "    *claims.SECTIONS", section),
        ("study/report/chapters.py", '"noise"', '"sizes", '),
        (tests, '    "claims": "agree"', shows),
    )
    chosen = "tests/report/test_report.py " + tests + " -k 'chapter or (sizes and finished)'"
    passed = shell(f".venv/bin/python -m pytest -p no:cacheprovider -q {chosen}", checkout)
    assert "5 passed" in passed
