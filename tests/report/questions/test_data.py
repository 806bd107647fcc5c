"""What was studied: how much of it there is, and what the samples of a file are."""

import math

import numpy as np
import pandas as pd

from study.plot.image import picture
from study.report.questions.data import figure, own_data, studied
from tests.artists import offsets, points, regions
from tests.words import has


def size(method: str, trials: int, *, planned: int) -> pd.DataFrame:
    """Return a table `size` of ten configurations on two datasets."""
    row = {
        "datasets": 2, "configurations": 10, "repetitions": 3, "trials": trials, "method": method,
        "planned": planned, "added": 0, "epochs": 5000,
    }  # fmt: skip
    return pd.DataFrame([row])


def test_the_study_is_described_by_what_varies_and_how_much_there_is() -> None:
    parameters = pd.DataFrame(
        {"parameter": ["hidden", "lr", "optimizer"], "studied": [True, True, False]}
    )
    first, second = studied(parameters, size("grid", 20, planned=60))
    assert has(first, "2 datasets", "Hidden layers and learning rate vary")
    assert has(first, "10 configurations × 2 datasets × 3 repetitions", "60 runs", "5,000 epochs")
    assert "optimizer" not in first
    assert has(second, "Repetition 0", "same")


def test_a_search_has_configurations_on_one_dataset_each_and_more_runs_of_the_confirmed() -> None:
    parameters = pd.DataFrame({"parameter": ["lr"], "studied": [True]})
    first, _ = studied(parameters, size("tpe", 19, planned=60))
    assert has(first, "19 configurations", "one dataset", "3 repetitions", "confirmed", "60 runs")
    alone, _ = studied(parameters, size("tpe", 20, planned=60))
    assert "confirmed" not in alone


def test_a_study_of_one_configuration_says_that_nothing_varies() -> None:
    parameters = pd.DataFrame({"parameter": ["lr"], "studied": [False]})
    one = size("grid", 1, planned=1).assign(datasets=1, configurations=1, repetitions=1, epochs=1)
    (sentence,) = studied(parameters, one)
    assert has(sentence, "1 dataset", "Nothing varies", "1 configuration × 1 dataset")
    assert has(sentence, "1 repetition", "1 run", "1 epoch")


def test_runs_that_were_added_for_verdicts_are_counted_apart() -> None:
    parameters = pd.DataFrame({"parameter": ["lr"], "studied": [True]})
    first, _ = studied(parameters, size("grid", 20, planned=60).assign(added=25))
    assert has(first, "60 runs", "25 more runs")


NONE = pd.DataFrame(columns=["dataset", "class", "label", "samples"])

ROW = {
    "dataset": "iris", "file": "data/iris.csv", "inputs": 4, "samples": 1500, "held_out": 0,
    "draw": "each", "target": "kind", "classes": True, "label_0": "rose", "label_1": "tulip",
    "spread": math.nan, "loss": "mse",
}  # fmt: skip


def test_generated_data_need_no_words() -> None:
    assert own_data(pd.DataFrame([ROW | {"file": ""}]), NONE) == []


def test_two_classes_are_named_and_weights_alone_vary_where_nothing_is_held_out() -> None:
    (sentence,) = own_data(pd.DataFrame([ROW]), NONE)
    assert has(sentence, "iris", "1,500 samples of 4 inputs from data/iris.csv", "target kind")
    assert has(sentence, "two classes", "label 0 is rose", "label 1 is tulip")
    assert has(sentence, "differ in the weights:", "nothing of other samples")


def test_several_classes_are_named_with_their_samples() -> None:
    classes = pd.DataFrame(
        {"dataset": ["iris", "iris", "iris", "other"], "class": [0, 1, 2, 0],
         "label": ["setosa", "versicolor", "virginica", "x"], "samples": [50, 40, 30, 9]}
    )  # fmt: skip
    (sentence,) = own_data(pd.DataFrame([ROW | {"label_0": "", "label_1": ""}]), classes)
    assert has(sentence, "3 classes", "setosa (50)", "versicolor (40)", "virginica (30)")
    assert "x (9)" not in sentence


def test_a_number_has_no_accuracy_and_a_held_out_part_is_drawn_each_time_or_once() -> None:
    row = ROW | {"classes": False, "held_out": 300, "inputs": 1}
    each, once = own_data(pd.DataFrame([row, row | {"draw": "once"}]), NONE)
    assert has(each, "1,500 samples of 1 input", "300 are held out", "no accuracy")
    assert has(each, "differ in the weights and which are held out")
    assert has(once, "differ in the weights:")


def test_a_standardized_number_says_what_a_loss_is_in_its_own_unit() -> None:
    (sentence,) = own_data(pd.DataFrame([ROW | {"classes": False, "spread": 3.912}]), NONE)
    assert has(sentence, "no accuracy", "standardized", "a loss of 1", "3.9", "own unit")


def test_the_samples_of_every_dataset_have_a_panel_and_one_legend() -> None:
    table = points()
    samples = pd.concat([table, table.assign(dataset="b", target=0.0)])
    first, second = figure(samples[samples["part"] == "train"], NONE).axes
    assert first.get_legend() is not None
    assert second.get_legend() is None


def test_a_target_that_is_a_number_is_the_colour_of_its_sample() -> None:
    table = points()
    samples = table[table["part"] == "train"].assign(target=[-1.0, 3.0])
    alone, *_ = figure(samples, NONE).axes
    np.testing.assert_array_equal(np.asarray(alone.collections[0].get_array()), [-1.0, 3.0])


def test_each_of_several_classes_has_its_name_in_the_legend_of_the_panel_with_most() -> None:
    two, three = points().assign(classes=2), regions().assign(dataset="b")
    table = pd.concat([two, three, two.assign(dataset="c")])
    names = pd.DataFrame({"dataset": "b", "class": [2, 0, 1], "label": ["iris", "0", "tulip"]})
    axes = figure(table[table["part"] == "train"], names).axes
    legend = axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["label 0", "tulip", "iris"]
    assert [offsets(part) for part in axes[1].collections] == [
        [[0.0, 0.5]], [[0.5, 0.5]], [[1.0, 0.5]]
    ]  # fmt: skip


def test_a_legend_of_twenty_classes_leaves_the_panel_its_size() -> None:
    x = np.arange(20.0)
    samples = pd.DataFrame({"dataset": "a", "x0": x, "x1": x, "target": x, "classes": 20})
    names = pd.DataFrame({"dataset": "a", "class": range(20), "label": list(map(str, range(20)))})
    drawn = figure(samples, names)
    picture(drawn)
    axes = drawn.axes[0]
    legend = axes.get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 20
    assert axes.get_position().width > 0.2
