"""What the report shows of noise and of constant answers is what its tables contain."""

import math

import pandas as pd

from study.plot.bars import COLOURS
from study.report.questions.noise import figure, finding
from tests.artists import bars
from tests.words import has, only

GROUP = {"dataset": "xor", "implementation": "exact"}
NOTHING = pd.DataFrame(columns=["dataset", "configuration", "runs", "constant", "answer"])


def test_noise_is_a_factor_and_a_share_of_all_variance() -> None:
    row = {**GROUP, "metric": "final_train_loss", "sd": 0.5, "share": 0.25, "repetitions": 10}
    row |= {"scale": "log10"}
    loss = finding(pd.DataFrame([row]), NOTHING)
    assert only(loss, "xor", "final training loss", "factor of 3.2", "10 repetitions", "25 %")
    accuracy = {**row, "metric": "final_test_accuracy", "scale": "raw", "sd": 0.04}
    (first,) = finding(pd.DataFrame([accuracy, row]), NOTHING)
    assert has(first, "final test accuracy", "0.04", "10 repetitions")
    assert not has(first, "factor")
    alike = finding(pd.DataFrame([{**row, "sd": 0.0}]), NOTHING)
    assert only(alike, "xor", "do not differ", "final training loss", "trivial predictor")
    alone = pd.DataFrame([{**row, "sd": math.nan, "share": math.nan}])
    assert only(finding(alone, NOTHING), "single repetition")


def test_noise_has_a_bar_for_each_metric_and_a_column_for_each_network() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "implementation": ["exact", "exact", "as_printed"],
            "metric": ["final_train_loss", "final_train_accuracy", "final_train_loss"],
            "share": [0.25, math.nan, 0.5],
        }
    )  # fmt: skip
    exact, printed = figure(table).axes
    assert bars(exact) == [
        (0, 0.25, COLOURS["noise"]),
        (1, 0, COLOURS["noise"]),
    ]
    assert [length for _, length, _ in bars(printed)] == [0.5]
    assert exact.get_title(loc="left") == "exact network"
    assert [t.get_text() for t in exact.get_yticklabels()] == [
        "final training loss", "final training accuracy",
    ]  # fmt: skip
    assert exact.get_legend() is None
