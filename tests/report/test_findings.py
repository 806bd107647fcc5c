"""Tables of the findings: each network is analysed as what was trained of it allows."""

from pathlib import Path

from study.report.findings import SECTIONS
from study.report.gather import gather
from tests import synthetic

HALF_BALANCED = (
    synthetic.LAB.replace('momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}', "")
    .replace('["sgd", "adam"]', '["sgd", "adam"]\nimplementation = ["exact", "as_printed"]')
    .replace("where = {", 'where = {implementation = "as_printed", ')
)
"""A grid that is whole for the exact network, and lacks a combination for the printed one."""

TABLES = {section.name: section.tables for section in SECTIONS}
ANSWERS = {section.name: section.answer for section in SECTIONS}


def test_a_network_with_a_gap_in_its_grid_is_ranked_beside_one_that_is_decomposed(
    tmp_path: Path,
) -> None:
    material = gather(synthetic.store(HALF_BALANCED, tmp_path / "lab"))
    tables = TABLES["importance"](material)
    found = tables["importance"].groupby("implementation")["told"]
    assert found.apply(lambda told: told.notna().any()).to_dict() == {
        "as_printed": True, "exact": False,
    }  # fmt: skip
    sentences = ANSWERS["importance"](tables)
    assert len(sentences) == 4
    assert "noise has" in sentences[0]
    assert "told from noise" in sentences[2]
