"""Tables of the findings: each network is analysed as what was trained of it allows."""

from pathlib import Path

import pandas as pd

from study.report import analysed
from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.report.material import Material
from study.spec.pipeline import Pipeline
from tests import searches, synthetic
from tests.pipelines import small

HALF_BALANCED = (
    synthetic.LAB.replace('momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}', "")
    .replace('["sgd", "adam"]', '["sgd", "adam"]\nimplementation = ["exact", "as_printed"]')
    .replace("where = {", 'where = {implementation = "as_printed", ')
)
"""A grid that is whole for the exact network, and lacks a combination for the printed one."""

TABLES = {section.name: section.tables for section in QUESTIONS}
ANSWERS = {section.name: section.finding for section in QUESTIONS}


def importance(pipeline: Pipeline, to: Path) -> tuple[Material, pd.DataFrame]:
    """Return a search's material, and its table of importance."""
    material = gather(searches.made(pipeline, to))
    return material, TABLES["importance"](material)["importance"]


def test_what_a_method_chose_by_its_results_is_no_evidence_of_importance(tmp_path: Path) -> None:
    beside = searches.searching("tpe", pruning=False)
    material, found = importance(beside, tmp_path / "beside")
    drawn = material.trials[material.trials["phase"] == "random"]
    assert found.loc[found["term"] == "lr", "trials"].tolist() == [
        int((drawn["dataset"] == name).sum()) for name in ("linear", "xor")
    ]
    _, nothing = importance(small("search.confirm=2", text=searches.SEARCH), tmp_path / "alone")
    assert nothing.empty
    _, pruned = importance(searches.searching("random"), tmp_path / "pruned")
    assert pruned.empty


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


def test_a_network_with_a_gap_in_its_grid_is_ranked_beside_one_that_is_decomposed(
    tmp_path: Path,
) -> None:
    material = gather(synthetic.store(HALF_BALANCED, tmp_path / "lab"))
    own = TABLES["importance"](material)
    found = own["importance"].groupby("implementation")["told"]
    assert found.apply(lambda told: told.notna().any()).to_dict() == {
        "as_printed": True, "exact": False,
    }  # fmt: skip
    sentences = ANSWERS["importance"](own)
    assert len(sentences) == 4
    assert "noise has" in sentences[0]
    assert "told from noise" in sentences[2]
