"""Stored studies of every kind that a report meets, and what is read of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from matplotlib.figure import Figure

from study.report.chapters import QUESTIONS
from study.report.material import Material
from study.report.panels import parts
from study.report.question import Question, Tables
from study.spec.load import load_pipeline
from tests import searches, synthetic
from tests.pipelines import small


@dataclass(frozen=True)
class Study:
    """A stored study, and what was read of it."""

    folder: Path
    material: Material
    _tables: dict[str, Tables] = field(default_factory=dict)

    def tables(self, question: Question) -> Tables:
        """Return the tables of one of its questions; they are computed once."""
        if question.name not in self._tables:
            self._tables[question.name] = question.tables(self.material)
        return self._tables[question.name]

    def figures(self, question: Question) -> list[Figure]:
        """Draw a question's figures, one for each dataset; none if its table has no rows."""
        return [
            question.figure(own, looks)
            for _, own, looks in parts(question, self.tables(question), self.material)
            if question.figure is not None
        ]


REGRESSION = """
name = "regression"

[datasets.wave]
generator = "csv"
path = "wave.csv"
features = ["x", "y"]
target = "z"

[model]
output_activation = "none"
hidden = [4]

[training]
epochs = 5

[search]
repetitions = 2

[search.parameters]
lr = [0.01, 0.1]
optimizer = ["sgd", "adam"]
"""


def _regression(to: Path) -> Path:
    points = [(i % 3, i // 3, i * i / 9) for i in range(9)]
    lines = ["x,y,z", *(",".join(map(str, point)) for point in points)]
    (to.parent / "wave.csv").write_text("\n".join(lines), encoding="utf-8")
    pipeline = to.parent / "regression.toml"
    pipeline.write_text(REGRESSION, encoding="utf-8")
    return searches.made(load_pipeline(pipeline), to.parent)


def _one_input(to: Path) -> Path:
    points = [(i / 10, (i / 10 - 1) ** 2) for i in range(20)]
    to.parent.mkdir(parents=True, exist_ok=True)
    lines = ["x,z", *(f"{x},{z}" for x, z in points)]
    (to.parent / "curve.csv").write_text("\n".join(lines), encoding="utf-8")
    text = REGRESSION.replace("wave", "curve").replace('["x", "y"]', '["x"]')
    text = text.replace('target = "z"', 'target = "z"\ntest_fraction = 0.25')
    pipeline = to.parent / "one-input.toml"
    text = text.replace('name = "regression"', 'name = "one-input"').replace("= 5", "= 60")
    pipeline.write_text(text, encoding="utf-8")
    return searches.made(load_pipeline(pipeline), to.parent)


SEVERAL_CLASSES = """
name = "classes"

[datasets.clouds]
generator = "blobs"
samples = 60
classes = 4
test_fraction = 0.25

[datasets.moons]
generator = "moons"
samples = 40
test_fraction = 0.25

[model]
loss = "mse"
hidden = [8]

[training]
epochs = 40

[search]
repetitions = 3

[search.parameters]
lr = [0.1, 1.0]
optimizer = ["sgd", "adam"]
"""
"""One dataset of four classes, and one of two."""

BUNDLED = """
name = "bundled"

[datasets.iris]
generator = "sklearn"
name = "iris"
test_fraction = 0.2

[model]
loss = "softmax_cross_entropy"
output_activation = "none"
hidden = [8]

[training]
epochs = 40

[search]
repetitions = 3

[search.parameters]
lr = [0.1, 1.0]
"""
"""Three named classes of four inputs."""

SEVERAL_LOSSES = """
name = "losses"

[datasets.xor]
generator = "xor"

[datasets.moons]
generator = "moons"
samples = 40
test_fraction = 0.25

[model]
hidden = [4]
activation = "tanh"
initializer = "xavier"

[training]
epochs = 60
optimizer = "adam"

[search]
repetitions = 3

[search.objective]
metric = "final_train_accuracy"
goal = "maximize"

[search.parameters]
lr = [0.01, 0.1]
loss = ["mse", "binary_cross_entropy"]
output_activation = ["sigmoid", "tanh"]

[[hypotheses]]
id = "cross-entropy"
claim = "Cross-entropy reaches full accuracy earlier than squared error"
compare = {parameter = "loss", value = "binary_cross_entropy", with = "mse"}
metric = "epochs_to_full_accuracy"
expect = "lower"
"""

CLOUDS = (
    "model.loss=softmax_cross_entropy", "model.output_activation=none",
)  # fmt: skip

DIVERGING = "training.divergence_limit=1e-30"

STUDIES: dict[str, Callable[[Path], Path]] = {
    "finished": lambda to: synthetic.store(synthetic.LAB, to),
    "claims": lambda to: synthetic.store(synthetic.CLAIMS, to),
    "claims, half stored": lambda to: synthetic.store(
        synthetic.CLAIMS, to, keep=lambda run: run.configuration["optimizer"] == "sgd"
    ),
    "one run": lambda to: synthetic.store(synthetic.ONE, to),
    "held out": lambda to: synthetic.store(synthetic.HELD_OUT, to),
    "many levels": lambda to: synthetic.store(synthetic.MANY, to),
    "half of one dataset": lambda to: synthetic.store(
        synthetic.LAB,
        to,
        keep=lambda run: run.dataset == "linear" and run.configuration["lr"] != 0.01,
    ),
    "only diverged": lambda to: synthetic.store(synthetic.LAB, to, keep=synthetic.diverges),
    "only failed": lambda to: synthetic.store(synthetic.LAB, to, fails=lambda _: True),
    "one stored": lambda to: synthetic.store(
        synthetic.LAB,
        to,
        keep=lambda run: run.repetition == 1 and run.configuration["optimizer"] == "adam"
        and run.configuration["lr"] == 0.01,
    ),
    "regression": _regression,
    "one input": _one_input,
    "several classes": lambda to: searches.made(small(text=SEVERAL_CLASSES), to.parent),
    "bundled classes": lambda to: searches.made(small(text=BUNDLED), to.parent),
    "several losses": lambda to: searches.made(small(text=SEVERAL_LOSSES), to.parent),
    "search": lambda to: searches.made(searches.searching("tpe"), to.parent),
    "several objectives": lambda to: searches.made(
        small(*searches.SEVERAL, text=searches.ONE_DATASET), to.parent
    ),
    "no finite loss": lambda to: searches.made(
        small("search.parameters.lr=[1e9]", 'search.parameters.activation=["none"]',
              'search.parameters.optimizer=["sgd"]', "training.epochs=4"), to.parent
    ),
    "all pruned": lambda to: searches.made(
        searches.searching("tpe", DIVERGING, text=searches.ONE_DATASET), to.parent
    ),
    "nothing but divergence": lambda to: searches.made(
        searches.searching("tpe", DIVERGING, pruning=False, text=searches.ONE_DATASET), to.parent
    ),
}  # fmt: skip


def shown(study: Study) -> list[Question]:
    """Return the questions that a study's report has."""
    return [question for question in QUESTIONS if question.applies(study.material)]


def drawn(study: Study) -> list[Question]:
    """Return the sections that have a figure: the others have none, or nothing to draw."""
    return [
        section
        for section in shown(study)
        if any(True for _ in parts(section, study.tables(section), study.material))
    ]
