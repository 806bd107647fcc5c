"""The recipes of CONTRIBUTING: what each one changes, and the tests that it must pass."""

import re
from typing import NamedTuple

from tests.pages import ROOT, blocks, sections

RECIPES = sections((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), "###")

Change = tuple[str, str, str]
"""A file, a text that stands in it once, and what is put before that text."""


class Laws(NamedTuple):
    """Tests of the project that an addition must pass: of all that are `of` these files.

    `names` are an added name, whose tests must pass, and an older one, which has as many tests;
    `also` are other tests.
    """

    of: tuple[str, ...]
    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def has(self, test: str) -> bool:
        """Return whether a test is one of them, by its id."""
        file, _, own = test.partition("::")
        named = any(self.counts(test, name) for name in self.names[:1])
        return file in self.of and (named or any(text in own for text in self.also))

    def counts(self, test: str, name: str) -> bool:
        """Return whether a test of these files is about a name."""
        about = f"{name}]" in test or f"{name}-" in test
        return about and test.partition("::")[0] in self.of


def activation() -> tuple[Change, ...]:
    class_, row, formula, limits = blocks("python", RECIPES["Add an activation"])
    name = re.findall(r"class (\w+)", class_)[0]
    source, public = "nn_core/activations.py", "nn_core/__init__.py"
    tests = "tests/nn_core/test_activations.py"
    return (
        (source, "\nclass NoActivation", f"\n{class_}\n"),
        (source, '    "none": NoActivation', row),
        (public, "from nn_core.check", f"from nn_core.activations import {name}\n"),
        (public, '    "Layer",', f'    "{name}",\n'),
        (tests, '    "none": lambda', formula),
        (tests, '    "none": (', limits),
    )


def loss() -> tuple[Change, ...]:
    class_, row, trivial, line, definition = blocks("python", RECIPES["Add a loss"])
    source, public = "nn_core/losses.py", "nn_core/__init__.py"
    return (
        (source, "LOSSES: dict", f"{class_}\n\n"),
        (source, '    "mse": MSELoss', row),
        ("study/stats/trivial.py", '    "mse": Constant(', trivial),
        ("tests/nn_core/test_losses.py", '    "mse": 0.5', line),
        ("tests/training/test_classes.py", '    "mse": lambda', definition),
        (public, "from nn_core.optimizers", "from nn_core.losses import RMSELoss\n"),
        (public, '    "ReLU",', '    "RMSELoss",\n'),
    )


def initializer() -> tuple[Change, ...]:
    function, row, line = blocks("python", RECIPES["Add an initializer"])
    source, public = "nn_core/initializers.py", "nn_core/__init__.py"
    return (
        (source, "BIAS_INITIALIZERS: dict", f"{function}\n\n"),
        (source, '    "he": he', row),
        (public, "from nn_core.layer", "from nn_core.initializers import lecun\n"),
        (public, '    "standard_normal",', '    "lecun",\n'),
        ("tests/nn_core/test_initializers.py", '    "uniform": 1', line),
    )


def dataset() -> tuple[Change, ...]:
    class_, row, line = blocks("python", RECIPES["Add a dataset"])
    package, own = "study/datasets/__init__.py", "from study.datasets.generated"
    return (
        ("study/datasets/generated.py", "class Circles(", f"{class_}\n\n"),
        (package, own, f"{own} import Checkerboard\n"),
        (package, '    "stripes": ', row),
        ("tests/datasets/test_dataset.py", '    "stripes": {}', line),
    )


def parameter() -> tuple[Change, ...]:
    field, meaning, line = blocks("python", RECIPES["Add a parameter"])
    return (
        ("study/space/settings.py", "    @override\n    def rules", f"{field}\n"),
        ("study/training/build.py", "    return starts\n", meaning),
        ("tests/training/test_parameters.py", '    "weight_scale": ("', line),
    )


def metric() -> tuple[Change, ...]:
    row, measured = blocks("python", RECIPES["Add a metric"])
    return (
        ("study/metrics.py", '    Metric(name="epochs",', row),
        ("study/training/meter.py", "        if self._trainee.test is not None", measured),
    )


def optimizer() -> tuple[Change, ...]:
    class_, row, line, choice = blocks("python", RECIPES["Add an optimizer"])
    source, public = "nn_core/optimizers.py", "nn_core/__init__.py"
    return (
        (source, "OPTIMIZERS: dict", f"{class_}\n\n"),
        (source, '    "rmsprop": RMSprop', row),
        ("tests/nn_core/test_optimizers.py", '    "rmsprop": ("rmsprop"', line),
        ("tests/nn_core/test_training.py", '    "rmsprop": {"lr"', choice),
        (public, "from nn_core.sequential", "from nn_core.optimizers import SignSGD\n"),
        (public, '    "Tanh",', '    "SignSGD",\n'),
    )


def schedule() -> tuple[Change, ...]:
    function, row, line = blocks("python", RECIPES["Add a schedule"])
    source = "nn_core/schedules.py"
    return (
        (source, "SCHEDULES: dict", f"{function}\n\n"),
        (source, '    "cosine": cosine', row),
        ("tests/nn_core/test_schedules.py", '    "cosine": ({}', line),
    )


def search_method() -> tuple[Change, ...]:
    (row,) = blocks("python", RECIPES["Add a search method"])
    (addition,) = blocks("text", RECIPES["Add a search method"])
    return (
        ("study/samplers/methods.py", '    "nsga2": Method(', row),
        ("docs/searching.md", "| `nsga2` |", addition),
    )


def question() -> tuple[Change, ...]:
    _, place, _ = blocks("python", RECIPES["Add a question"])
    chapters = "study/report/chapters.py"
    return (
        (chapters, "    trade_off,\n", "    sizes,\n"),
        (chapters, "noise.QUESTION,", f"{place.strip()} "),
    )


METHOD = re.findall(r'^    "(\w+)": Method', RECIPES["Add a search method"], re.MULTILINE)[0]
PUBLIC = "tests/nn_core/test_public_names.py"

ADDED = {
    activation: Laws(
        ("tests/nn_core/test_activations.py", "tests/nn_core/test_layers.py"), ("softplus", "tanh")
    ),
    loss: Laws(
        ("tests/nn_core/test_losses.py", "tests/nn_core/test_training.py",
         "tests/stats/test_baselines.py", "tests/training/test_classes.py"),
        ("rmse", "mae"), ("every_loss_has_a_trivial",),
    ),
    initializer: Laws(("tests/nn_core/test_initializers.py",), ("lecun", "he")),
    dataset: Laws(("tests/datasets/test_dataset.py",), ("checkerboard", "linear")),
    parameter: Laws(
        ("tests/training/test_parameters.py", "tests/test_space.py", "tests/test_columns.py",
         "tests/spec/test_schema.py"),
        ("offset", "weight_scale"), ("the_schema_in_the_repository",),
    ),
    metric: Laws(
        ("tests/test_metrics.py", "tests/test_columns.py", "tests/store/test_schema.py"),
        ("weight_norm", "gradient_norm"),
    ),
    optimizer: Laws(
        ("tests/nn_core/test_optimizers.py", "tests/nn_core/test_training.py"),
        ("sign_sgd", "rmsprop"),
    ),
    schedule: Laws(
        ("tests/nn_core/test_schedules.py",), ("linear", "cosine"), ("every_schedule",)
    ),
    search_method: Laws(
        ("tests/samplers/test_conformance.py", "tests/test_pages.py"), (METHOD, "nsga2"),
        ("test_the_table_of_search_methods_has_every_method",),
    ),
    question: Laws(
        ("tests/report/test_report.py",
         "tests/report/questions/test_sizes.py"),
        (),
        ("test_a_section_answers_in_whole_sentences[finished]", "test_each_shape_has_a_bar",
         "test_a_section_draws_its_tables_or_gives_the_reason[finished]",
         "test_every_section_is_in_one_chapter", "test_the_largest_network_is_reported"),
    ),
}  # fmt: skip
"""Each recipe, and the tests that it must pass. All are applied to one copy of the project."""

FILES = sorted({file for laws in ADDED.values() for file in laws.of} | {PUBLIC})
"""The files of all of these tests."""


def lawful(test: str) -> bool:
    """Return whether a test, by its id, is one that some recipe must pass."""
    return test.startswith(PUBLIC) or any(laws.has(test) for laws in ADDED.values())
