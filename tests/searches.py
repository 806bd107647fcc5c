"""Small searches for tests: a text, and the pipeline of any method made from it."""

from pathlib import Path

from study.execution.driver import Options, run
from study.samplers.methods import METHODS
from study.spec.pipeline import Pipeline
from tests.pipelines import small

SEARCH = """
name = "small"

[datasets.linear]
generator = "linear"
samples = 20

[datasets.xor]
generator = "xor"

[training]
epochs = 30

[search]
method = "tpe"
trials = 12
batch = 4
repetitions = 2

[search.parameters]
lr = {low = 0.001, high = 100.0, log = true}
hidden = {layers = [1, 2], width = {low = 2, high = 6}}
activation = ["tanh", "none"]
optimizer = ["sgd", "adam"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}
"""
PRUNING = '\n[search.pruner]\nmethod = "successive_halving"\nrungs = [5, 12]\nfactor = 2\n'
LEARNING = [name for name, method in METHODS.items() if not method.finite]
ONE_DATASET = SEARCH.replace('[datasets.xor]\ngenerator = "xor"\n\n', "")
SEVERAL = (
    "search.method=nsga2", "search.population=4", "search.confirm=2",
    'search.objectives=[{metric = "final_train_loss"}, {metric = "parameters"}]',
)  # fmt: skip


def searching(method: str, *overrides: str, pruning: bool = True, text: str = SEARCH) -> Pipeline:
    """Return a small search that prunes, confirms and has a second arm."""
    arm = () if method == "random" else ("search.compare_with=random",)
    population = ("search.population=4",) if METHODS[method].generations else ()
    return small(
        f"search.method={method}",
        "search.confirm=2",
        *arm,
        *population,
        *overrides,
        text=text + PRUNING if pruning else text,
    )


def made(pipeline: Pipeline, results: Path) -> Path:
    """Run a study in this process; return its folder."""
    list(run(pipeline, Options(results, executor="inline")))
    return results / pipeline.name
