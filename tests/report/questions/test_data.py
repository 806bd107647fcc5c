"""How much was studied, and the samples that are drawn."""

import numpy as np
import pandas as pd

from study.plot.image import picture
from study.report.questions.data import caption, figure, finding
from tests.artists import offsets, points, regions
from tests.words import has, only


def size(method: str, trials: int, *, planned: int) -> pd.DataFrame:
    """Return a table `size` of ten configurations on two datasets."""
    row = {
        "datasets": 2, "configurations": 10, "repetitions": 3, "trials": trials, "method": method,
        "planned": planned, "added": 0, "epochs": 5000,
    }  # fmt: skip
    return pd.DataFrame([row])


def test_the_size_of_a_study_is_reported() -> None:
    grid = finding(size("grid", 20, planned=60))
    assert only(grid, "10 configurations", "2 datasets", "3 repetitions", "60 runs", "5,000 epochs")
    search = finding(size("tpe", 19, planned=60))
    assert only(search, "19 trials", "2 datasets", "3 repetitions", "60 runs")
    one = size("grid", 1, planned=1).assign(datasets=1, configurations=1, repetitions=1, epochs=1)
    alone = finding(one)
    assert only(alone, "1 configuration", "1 dataset", "1 repetition", "1 run ", "1 epoch")


NONE = pd.DataFrame(columns=["dataset", "class", "label", "samples"])


def test_a_caption_explains_classes_or_numbers_where_they_are_drawn() -> None:
    classes = points()
    numbers = classes.assign(target=classes["target"] * 3, dataset="b")
    assert "number" not in caption({"samples": classes})
    assert "Classes" not in caption({"samples": numbers})
    assert has(caption({"samples": pd.concat([classes, numbers])}), "Classes", "number")


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
