"""Small pipelines for tests: a text with some keys replaced, and what it declares."""

from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline

SMALL = """
name = "small"

[datasets.linear]
generator = "linear"
samples = 20

[datasets.xor]
generator = "xor"

[training]
epochs = 30

[search]
repetitions = 2

[search.parameters]
lr = [0.01, 1.0, 50.0]
hidden = [[4], [6, 3]]
activation = ["tanh", "none"]
optimizer = ["sgd", "adam"]
"""


def small(*overrides: str, text: str = SMALL) -> Pipeline:
    """Return the small pipeline, changed by overrides such as "training.epochs=5"."""
    return read_pipeline(text, "small.toml", overrides)
