"""Shares of variance: what is named, what is drawn, and that nothing chosen is evidence."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.plot.bars import COLOURS, KINDS
from study.report.gather import gather
from study.report.material import Material
from study.report.questions.importance import figure, finding, tables
from study.spec.pipeline import Pipeline
from tests import searches, synthetic
from tests.artists import bars, segments
from tests.pipelines import small
from tests.words import has

GROUP = {"dataset": "xor", "implementation": "exact"}

HALF_BALANCED = (
    synthetic.LAB.replace('momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}', "")
    .replace('["sgd", "adam"]', '["sgd", "adam"]\nimplementation = ["exact", "as_printed"]')
    .replace("where = {", 'where = {implementation = "as_printed", ')
)
"""A grid that is whole for the exact network, and lacks a combination for the printed one."""


def of_search(pipeline: Pipeline, to: Path) -> tuple[Material, pd.DataFrame]:
    """Return a search's material, and its table of importance."""
    material = gather(searches.made(pipeline, to))
    return material, tables(material)["importance"]


def test_what_a_method_chose_by_its_results_is_no_evidence_of_importance(tmp_path: Path) -> None:
    beside = searches.searching("tpe", pruning=False)
    material, found = of_search(beside, tmp_path / "beside")
    drawn = material.trials[material.trials["phase"] == "random"]
    assert found.loc[found["term"] == "lr", "trials"].tolist() == [
        int((drawn["dataset"] == name).sum()) for name in ("linear", "xor")
    ]
    _, nothing = of_search(small("search.confirm=2", text=searches.SEARCH), tmp_path / "alone")
    assert nothing.empty
    _, pruned = of_search(searches.searching("random"), tmp_path / "pruned")
    assert pruned.empty


def test_a_network_with_a_gap_in_its_grid_is_ranked_beside_one_that_is_decomposed(
    tmp_path: Path,
) -> None:
    table = tables(gather(synthetic.store(HALF_BALANCED, tmp_path / "lab")))["importance"]
    found = table.groupby("implementation")["told"]
    assert found.apply(lambda told: told.notna().any()).to_dict() == {
        "as_printed": True, "exact": False,
    }  # fmt: skip
    sentences = finding(table)
    assert len(sentences) == 4
    assert "noise has" in sentences[0]
    assert "told from noise" in sentences[2]


def term(name: str, kind: str, share: float, reach: float = math.nan) -> dict[str, object]:
    """Return a row of the table; its interval reaches as far on both sides."""
    return {
        **GROUP, "metric": "final_train_loss", "term": name, "kind": kind, "share": share,
        "low": share - reach, "high": share + reach,
    }  # fmt: skip


def test_the_largest_shares_are_named_beside_the_noise_and_what_cannot_be_told_from_it() -> None:
    (sentence,) = finding(pd.DataFrame([
        term("lr", "parameter", 0.5, 0.1), term("lr × optimizer", "pair", 0.1, 0.05),
        term("hidden", "parameter", 0.02, 0.03), term("optimizer", "parameter", -0.01, 0.03),
        term("noise", "noise", 0.39, 0.1),
    ]))  # fmt: skip
    assert has(sentence, "On xor", "final training loss", "learning rate (50 %)")
    assert has(sentence, "learning rate with optimizer (10 %)", "noise", "39 % (29 % to 49 %)")
    assert has(sentence, "49 %)", "Hidden layers and optimizer")


def test_without_intervals_the_shares_above_nothing_are_named() -> None:
    (sentence,) = finding(pd.DataFrame([
        term("lr", "parameter", 0.2), term("three or more together", "rest", 0.3),
        term("noise", "noise", 0.5),
    ]))  # fmt: skip
    assert has(sentence, "three or more parameters", "(30 %)", "learning rate (20 %)", "50 %.")


def test_pure_noise_is_called_noise_and_equal_runs_are_called_equal() -> None:
    noise = pd.DataFrame([term("lr", "parameter", 0.01, 0.1), term("noise", "noise", 0.99, 0.1)])
    (sentence,) = finding(noise)
    assert has(sentence, "nothing", "final training loss", "99 % (89 % to 100 %)")
    assert "learning rate" not in sentence
    nothing = pd.DataFrame([term("lr", "parameter", math.nan), term("noise", "noise", math.nan)])
    (sentence,) = finding(nothing)
    assert has(sentence, "nothing", "all runs end alike")


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ([True, False], ["ranks", "learning rate (60 %)", "Optimizer", "noise"]),
        ([False, False], ["no parameter", "final training loss", "noise"]),
    ],
)
def test_a_search_says_what_can_be_told_from_noise(told: list[bool], parts: list[str]) -> None:
    table = pd.DataFrame([term("lr", "parameter", 0.6), term("optimizer", "parameter", 0.1)])
    (sentence,) = finding(table.assign(told=told))
    assert has(sentence, "On xor", *parts)


def test_shares_are_bars_with_their_intervals_and_what_chance_reaches() -> None:
    """Of two metrics: with intervals, below zero, and unknown."""
    rows = [
        ("final_train_loss", "lr", "parameter", 0.6, 0.5, 0.7, math.nan),
        ("final_train_loss", "lr × optimizer", "pair", 0.1, -0.1, 0.2, math.nan),
        ("final_train_loss", "three or more together", "rest", -0.02, -0.1, 0.1, math.nan),
        ("final_train_loss", "noise", "noise", 0.3, 0.2, 1.2, math.nan),
        ("final_test_loss", "lr", "parameter", math.nan, math.nan, math.nan, 0.15),
    ]
    columns = ["metric", "term", "kind", "share", "low", "high", "null"]
    above, below = figure(pd.DataFrame(rows, columns=columns).assign(**GROUP)).axes
    colours = [COLOURS[kind] for kind in ("parameter", "pair", "rest", "noise")]
    assert bars(above) == [
        (i, share, colour)
        for i, (share, colour) in enumerate(zip([0.6, 0.1, 0, 0.3], colours, strict=True))
    ]
    lines, strokes = above.collections
    assert segments(lines) == [
        [[0.5, 0], [0.7, 0]], [[0, 1], [0.2, 1]], [[0, 2], [0.1, 2]], [[0.2, 3], [1, 3]],
    ]  # fmt: skip
    names = [text.get_text() for text in above.get_yticklabels()]
    assert names == [
        "learning rate", "learning rate × optimizer", "three or more together", "noise",
    ]  # fmt: skip
    assert above.get_title(loc="left") == "xor\nfinal training loss"
    assert below.get_xlabel() == "share of variance"
    assert np.isnan(np.array(segments(strokes))[..., 0]).all()
    _, strokes = below.collections
    assert segments(strokes) == [[[0.15, -0.42], [0.15, 0.42]]]
    labels = above.get_legend_handles_labels()[1]
    assert labels == list(KINDS.values())
