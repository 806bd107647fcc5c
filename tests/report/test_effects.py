"""Tables of the findings: each network is analysed as what was trained of it allows."""

from pathlib import Path

from study.report import analysed
from study.report.gather import gather
from tests import searches
from tests.pipelines import small

WHEN = """
name = "when"

[datasets.xor]
generator = "xor"

[training]
epochs = 5

[search]
repetitions = 2

[search.parameters]
optimizer = ["sgd", "adam"]
lr = {choices = [0.1, 1.0], when = {optimizer = "adam"}}
"""


def test_a_parameter_is_compared_where_it_is_searched_alone(tmp_path: Path) -> None:
    """Under SGD the learning rate has its default, which no one asked for."""
    material = gather(searches.made(small(text=WHEN), tmp_path))
    assert set(material.runs.loc[material.runs["optimizer"] == "sgd", "lr"].isna()) == {True}
    table = analysed.final_loss(material)["final_loss"]
    assert table.loc[table["parameter"] == "lr", "level"].tolist() == ["0.1", "1"]
    assert set(material.runs["configuration"]) == {
        "lr 0.01 · sgd", "lr 0.1 · adam", "lr 1 · adam"
    }  # fmt: skip
