"""The report says of a file what its labels are, and what its repetitions do not tell."""

import math

import pandas as pd

from study.report.data_sentences import own_data

ROW = {
    "dataset": "iris", "file": "data/iris.csv", "inputs": 4, "samples": 1500, "held_out": 0,
    "draw": "each", "target": "kind", "classes": True, "label_0": "rose", "label_1": "tulip",
    "spread": math.nan,
}  # fmt: skip


def test_generated_data_need_no_words() -> None:
    assert own_data(pd.DataFrame([ROW | {"file": ""}])) == []


def test_two_classes_are_named_and_weights_alone_vary_where_nothing_is_held_out() -> None:
    (said,) = own_data(pd.DataFrame([ROW]))
    assert said == (
        "The data of iris are 1,500 samples of 4 inputs from data/iris.csv; the target kind has "
        "two classes: label 0 is rose, label 1 is tulip. Repetitions share these samples and "
        "differ in the weights: their intervals say nothing of other samples."
    )


def test_a_number_has_no_accuracy_and_a_held_out_part_is_drawn_each_time_or_once() -> None:
    row = ROW | {"classes": False, "held_out": 300, "inputs": 1}
    each, once = own_data(pd.DataFrame([row, row | {"draw": "once"}]))
    assert each == (
        "The data of iris are 1,500 samples of 1 input from data/iris.csv, of which 300 are held "
        "out; the target kind is a number, so there is no accuracy. Repetitions share these "
        "samples and differ in the weights and which are held out: their intervals say nothing of "
        "other samples."
    )
    assert "differ in the weights: their" in once


def test_a_standardized_number_says_what_a_loss_is_in_its_own_unit() -> None:
    (said,) = own_data(pd.DataFrame([ROW | {"classes": False, "spread": 3.912}]))
    assert (
        "the target kind is a number, so there is no accuracy. It is standardized by the training "
        "part: a loss of 1 is a root-mean-square error of 3.9 in its own unit, as of always "
        "answering the mean. Repetitions share these samples"
    ) in said
