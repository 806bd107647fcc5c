"""Shares of variance: sentences and figures, and that chosen trials are no evidence."""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from study.plot.bars import COLOURS, KINDS
from study.report.gather import gather
from study.report.material import Material
from study.report.questions.importance import caption, figure, finding, tables
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
"""A full grid for the exact network that lacks a combination for the as-printed one."""


def of_search(pipeline: Pipeline, to: Path) -> tuple[Material, pd.DataFrame]:
    """Return a search's material, and its table of importance."""
    material = gather(searches.made(pipeline, to))
    return material, tables(material)["importance"]


def test_trials_chosen_by_their_results_are_no_evidence_of_importance(tmp_path: Path) -> None:
    beside = searches.searching("tpe", pruning=False)
    material, result = of_search(beside, tmp_path / "beside")
    drawn = material.trials[material.trials["phase"] == "random"]
    assert result.loc[result["term"] == "lr", "trials"].tolist() == [
        int((drawn["dataset"] == name).sum()) for name in ("linear", "xor")
    ]
    _, nothing = of_search(small("search.confirm=2", text=searches.SEARCH), tmp_path / "alone")
    assert nothing.empty
    _, pruned = of_search(searches.searching("random"), tmp_path / "pruned")
    assert pruned.empty


def test_a_network_with_a_gap_in_its_grid_is_ranked_next_to_a_decomposed_one(
    tmp_path: Path,
) -> None:
    table = tables(gather(synthetic.store(HALF_BALANCED, tmp_path / "lab")))
    of_ranks = table["importance"].groupby("implementation")["null"]
    assert of_ranks.apply(lambda null: null.notna().any()).to_dict() == {
        "as_printed": True, "exact": False,
    }  # fmt: skip
    assert set(table["contrasts"]["implementation"]) == {"as_printed", "exact"}
    assert len(finding(table["importance"], table["contrasts"])) == 1
    assert has(caption(table["importance"], table["contrasts"]), "ω²", "stroke")


def test_a_parameter_matters_where_two_of_its_levels_differ(tmp_path: Path) -> None:
    tables_of = tables(gather(synthetic.store(HALF_BALANCED, tmp_path / "lab")))
    differs = (
        tables_of["contrasts"].groupby(["dataset", "implementation", "parameter"])["differ"].any()
    )
    table = tables_of["importance"]
    first = table[(table["metric"] == "final_train_loss") & (table["kind"] == "parameter")]
    assert len(first) == len(differs)
    for row in first.to_dict("records"):
        assert row["matters"] == differs[row["dataset"], row["implementation"], row["term"]]
    assert table.loc[~table.index.isin(first.index), "matters"].isna().all()


def test_in_a_search_nothing_is_tested(tmp_path: Path) -> None:
    material = gather(searches.made(searches.searching("tpe", pruning=False), tmp_path / "lab"))
    table = tables(material)
    assert table["contrasts"].empty
    assert table["importance"]["matters"].isna().all()
    (sentence,) = finding(table["importance"], table["contrasts"])
    assert "matter" not in sentence
    assert has(caption(table["importance"], table["contrasts"]), "ε²", "stroke")


def term(name: str, kind: str, share: float, dataset: str = "xor") -> dict[str, object]:
    """Return a row of the table."""
    row = {"metric": "final_train_loss", "term": name, "kind": kind, "share": share}
    return {**GROUP, **row, "dataset": dataset, "null": math.nan}


def differing(n: int, differ: dict[str, bool], dataset: str = "xor") -> pd.DataFrame:
    """Return a contrast of each parameter, and whether its levels differ."""
    rows = [
        {**GROUP, "parameter": name, "n": n, "ties": 0, "differ": word}
        for name, word in differ.items()
    ]
    columns = [*GROUP, "parameter", "n", "ties", "differ"]
    return pd.DataFrame(rows, columns=columns).assign(dataset=dataset)


SHARES = pd.DataFrame([
    term("lr", "parameter", 0.5), term("lr × optimizer", "pair", 0.1),
    term("hidden", "parameter", 0.02), term("optimizer", "parameter", -0.01),
    term("noise", "noise", 0.39),
])  # fmt: skip


def sentence_of(contrasts: pd.DataFrame, table: pd.DataFrame = SHARES) -> str:
    """Return the only sentence, of at most 25 words."""
    (sentence,) = finding(table, contrasts)
    words = sentence.replace(" %", "%").split()
    assert len(words) <= 25
    return sentence


def test_parameters_that_matter_are_named_with_undecided_ones() -> None:
    sentence = sentence_of(differing(12, {"lr": True, "hidden": False, "optimizer": False}))
    assert has(sentence, "Learning rate matters", "final training loss")
    assert has(sentence, "hidden layers and optimizer are undecided")
    both = sentence_of(differing(12, {"lr": True, "hidden": True, "optimizer": False}))
    assert has(both, "Learning rate and hidden layers matter", "optimizer is undecided")
    assert "undecided" not in sentence_of(differing(12, {"lr": True}))
    nothing = sentence_of(differing(12, {"lr": False, "hidden": False}))
    assert has(nothing, "12 repetitions", "any parameter")


def test_on_several_datasets_a_parameter_matters_in_some_panels() -> None:
    two = pd.concat([SHARES, SHARES.assign(dataset="linear")], ignore_index=True)
    own = differing(12, {"lr": True, "hidden": True})
    there = differing(12, {"lr": True, "hidden": False}, "linear")
    sentence = sentence_of(pd.concat([own, there], ignore_index=True), two)
    assert has(sentence, "Learning rate (in 2 of 2 panels)", "hidden layers (in 1 of 2 panels)")


def test_of_many_parameters_the_first_are_named() -> None:
    names = ["lr", "hidden", "optimizer", "activation", "momentum", "batch_size"]
    sentence = sentence_of(differing(20, dict.fromkeys(names, True)))
    assert has(sentence, "optimizer and 3 more matter")


def test_too_few_repetitions_are_named_with_how_many_it_takes() -> None:
    """Two comparisons need p ≤ 0.025: 8 of 8 have 0.035, 9 of 9 have 2 · 10 / 1023."""
    sentence = sentence_of(differing(8, {"lr": False, "hidden": False}))
    assert has(sentence, "8 repetitions", "2 comparisons need 9", "Learning rate", "50 %", "39 %")
    two = pd.concat(
        [SHARES, SHARES.assign(dataset="linear", share=SHARES["share"] / 2)], ignore_index=True
    )
    result = sentence_of(differing(8, {"lr": False, "hidden": False}), two)
    assert has(result, "(50 %)", "noise 20 % to 39 %")


def test_equal_runs_are_called_equal() -> None:
    nothing = pd.DataFrame([term("lr", "parameter", math.nan), term("noise", "noise", math.nan)])
    tied = differing(8, {"lr": False}).assign(ties=8)
    assert has(sentence_of(tied, nothing), "all runs end alike")
    assert "alike" not in sentence_of(differing(7, {"lr": False}), nothing), (
        "capped losses, that differ"
    )
    assert finding(SHARES[:0], differing(8, {})) == []
    alone = nothing[:1].assign(levels=2, trials=2)
    assert finding(alone, differing(8, {})) == [], "each level has one trial"


def test_without_a_test_the_largest_share_is_described() -> None:
    of_ranks = pd.DataFrame([term("lr", "parameter", 0.6), term("optimizer", "parameter", 0.1)])
    sentence = sentence_of(differing(8, {}), of_ranks)
    assert has(sentence, "Learning rate", "60 %", "ranks")
    assert has(sentence_of(differing(8, {})), "Learning rate", "50 %", "variance")


def test_a_caption_has_what_applies() -> None:
    tested = differing(8, {"lr": False})
    explained = caption(SHARES, tested)
    assert len(explained.split()) <= 40
    assert has(explained, "ω²", "matched settings")
    assert "stroke" not in explained
    assert "matched" not in caption(SHARES, tested[:0])
    ranks = pd.DataFrame([term("lr", "parameter", 0.6)]).assign(null=0.2)
    assert len(caption(ranks, tested).split()) <= 45
    assert has(caption(ranks, tested[:0]), "ε²", "stroke")


def test_shares_are_bars_with_what_chance_reaches() -> None:
    """Of two metrics: above zero, below it, and unknown."""
    rows = [
        ("final_train_loss", "lr", "parameter", 0.6, math.nan),
        ("final_train_loss", "lr × optimizer", "pair", 0.1, math.nan),
        ("final_train_loss", "three or more together", "rest", -0.02, math.nan),
        ("final_train_loss", "noise", "noise", 0.3, math.nan),
        ("final_test_loss", "lr", "parameter", math.nan, 0.15),
    ]
    columns = ["metric", "term", "kind", "share", "null"]
    above, below = figure(pd.DataFrame(rows, columns=columns).assign(**GROUP)).axes
    colours = [COLOURS[kind] for kind in ("parameter", "pair", "rest", "noise")]
    assert bars(above) == [
        (i, share, colour)
        for i, (share, colour) in enumerate(zip([0.6, 0.1, 0, 0.3], colours, strict=True))
    ]
    (strokes,) = above.collections
    names = [text.get_text() for text in above.get_yticklabels()]
    assert names == [
        "learning rate", "learning rate × optimizer", "three or more together", "noise",
    ]  # fmt: skip
    assert above.get_title(loc="left") == "final training loss"
    assert below.get_xlabel() == "share of variance"
    assert np.isnan(np.array(segments(strokes))[..., 0]).all()
    (strokes,) = below.collections
    assert segments(strokes) == [[[0.15, -0.42], [0.15, 0.42]]]
    labels = above.get_legend_handles_labels()[1]
    assert labels == list(KINDS.values())
