"""Make `tests/data/earlier/`, the study that later releases must read: once, not again.

Run by the release that began format 2, as `.venv/bin/python -m tests.earlier`.
"""

import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from study.spec.load import read_pipeline
from tests.driving import finish

EARLIER = Path(__file__).parent / "data" / "earlier"
"""Its results: the folder of a finished study."""

PIPELINE = """
name = "earlier"

[datasets.linear]
generator = "linear"
samples = 12

[datasets.moons]
generator = "moons"
samples = 20
test_fraction = 0.25

[model]
hidden = [3]

[training]
epochs = 20

[search]
repetitions = 2

[search.parameters]
lr = [0.1, 1.0]
optimizer = ["sgd", "adam"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}

[[hypotheses]]
id = "adam-lower"
claim = "Adam ends lower than SGD"
where = {momentum = 0.0}
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "final_train_loss"
expect = "lower"
"""

KEPT = (
    "pipeline.toml",
    "provenance.json",
    "trials.parquet",
    "hypotheses.parquet",
    "certificate.parquet",
    "metrics.parquet",
    "predictions.parquet",
    "runs.parquet",
)


def main() -> None:
    """Run the study elsewhere, and keep what `study run` writes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("platform.platform", lambda: "Linux"),
        patch("study.store.provenance.git_commit", lambda: None),
    ):
        finish(read_pipeline(PIPELINE, "earlier.toml"), Path(folder))
        made = Path(folder) / "earlier"
        EARLIER.mkdir(parents=True)
        for name in KEPT:
            copy = shutil.copytree if (made / name).is_dir() else shutil.copy2
            copy(made / name, EARLIER / name)


if __name__ == "__main__":
    main()
