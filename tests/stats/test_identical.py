"""Repetitions that are called the same run are so, bit for bit, and no others are."""

from pathlib import Path

import pytest

from study import load_results
from study.report.gather import gather
from study.report.questions import cautions
from study.space import PARAMETERS
from tests.pipelines import small
from tests.searches import made

DATA = """
name = "small"

[datasets.xor]
generator = "xor"

[datasets.held-out]
generator = "xor"
test_fraction = 0.25

[datasets.once]
generator = "linear"
samples = 20
draw = "once"
test_fraction = 0.25

[datasets.each]
generator = "linear"
samples = 20

[model]
hidden = [3]
activation = "tanh"
output_activation = "sigmoid"

[training]
epochs = 4

[search]
repetitions = 3

[search.parameters]
initializer = ["zeros", "xavier"]
bias_initializer = ["zeros", "normal"]
batch_size = ["full", 7]
"""


@pytest.mark.usefixtures("undrawn")
def test_repetitions_without_any_draw_are_noted(tmp_path: Path) -> None:
    folder = made(small(text=DATA), tmp_path)
    results = load_results(folder)
    curves = results.metrics(columns=["run_id", "epoch", "train_loss", "gradient_norm"])
    bits = {
        str(run_id): run.sort_values("epoch")[["train_loss", "gradient_norm"]].to_numpy().tobytes()
        for run_id, run in curves.groupby("run_id", observed=True)
    }
    runs = results.runs.assign(bits=results.runs["run_id"].astype(str).map(bits))
    groups = runs.groupby(["dataset", *PARAMETERS], dropna=False, observed=True)["bits"]
    same = groups.nunique().eq(1).groupby("dataset", observed=True).sum()
    assert same[["xor", "once", "each"]].to_list() == [1, 1, 0]
    table = cautions.tables(gather(folder))["cautions"]
    rows = table[table["caution"] == "identical"]
    noted = rows[["dataset", "value", "n"]].to_numpy().tolist()
    assert noted == [["xor", 1.0, 8.0], ["once", 1.0, 8.0]]
