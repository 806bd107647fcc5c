"""The noise that is reported and drawn is the table's."""

import math

import pandas as pd

from study.plot.bars import COLOURS
from study.report.questions.noise import figure, finding
from tests.artists import bars
from tests.words import only

GROUP = {"dataset": "xor", "implementation": "exact"}


def test_noise_is_a_factor_and_a_share_of_all_variance() -> None:
    row = {**GROUP, "metric": "final_train_loss", "sd": 0.5, "share": 0.25, "repetitions": 10}
    row |= {"scale": "log10"}
    loss = pd.DataFrame([row])
    assert only(finding(loss), "final training loss", "factor of 3.16", "25 %")
    two = pd.concat([loss, loss.assign(dataset="linear", sd=1.0, share=0.5)])
    assert only(finding(two), "factor of 3.16 to 10", "25 % to 50 %")
    accuracy = {**row, "metric": "final_test_accuracy", "scale": "raw", "sd": 0.04}
    sentences = finding(pd.DataFrame([accuracy, row]))
    assert only(sentences, "final test accuracy", "0.04", "25 %")
    assert "factor" not in sentences[0]
    assert only(finding(loss.assign(sd=0.0)), "do not differ", "final training loss")
    assert "%" not in finding(loss.assign(share=math.nan))[0]
    assert finding(loss.assign(sd=math.nan)) == finding(loss[:0]) == []


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
