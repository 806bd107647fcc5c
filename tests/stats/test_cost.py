"""Costs: one timing for each stack, and none where levels share it."""

import math
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import pytest

from study.plan.stacks import stacks as planned_stacks
from study.plan.trials import planned
from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.report.hero import cards
from study.report.questions import best
from study.report.questions.behaviour import finding
from study.stats.cost import cost, effects, stacks
from tests import searches
from tests.claims import comparison, made, one
from tests.grids import Choices, grid
from tests.pipelines import small
from tests.words import has

TABLES = {section.name: section.tables for section in QUESTIONS}

OPTIMIZERS: Choices = {"optimizer": ["sgd", "adam"]}


def timed(choices: Choices, seconds: list[float]) -> pd.DataFrame:
    """Return the runs of a grid, 100 epochs each, with these times, one for each configuration."""
    return grid(choices, 3).assign(seconds=np.repeat(seconds, 3))


def row(runs: pd.DataFrame, parameter: str, reference: str) -> dict[str, object]:
    (result,) = cost(runs, [parameter], {parameter: [reference]}).to_dict("records")
    return {str(key): value for key, value in result.items()}


def test_a_stack_is_one_timing_however_many_repetitions_it_holds() -> None:
    result = row(timed(OPTIMIZERS, [2e-4, 6e-4]), "optimizer", "sgd")
    assert (result["stacks"], result["other_stacks"], result["settings"]) == (1, 1, 1)
    assert result["microseconds"] == pytest.approx(6)
    assert result["other_microseconds"] == pytest.approx(2)
    assert not result["together"]


def test_of_several_stacks_the_median_counts_and_of_several_settings_the_geometric_mean() -> None:
    choices: Choices = {**OPTIMIZERS, "activation": ["tanh", "relu"]}
    runs = timed(choices, [1.0, 4.0, 3.0, 8.0])
    adam_tanh = (runs["optimizer"] == "adam") & (runs["activation"] == "tanh")
    runs.loc[adam_tanh, "seconds"] = [5.0, 3.0, 2.0]
    result = row(runs, "optimizer", "sgd")
    assert (result["settings"], result["stacks"], result["other_stacks"]) == (2, 4, 2)
    assert result["microseconds"] == pytest.approx(1e4 * math.sqrt(3 * 8))
    assert result["other_microseconds"] == pytest.approx(1e4 * math.sqrt(1 * 4))


def test_levels_that_share_stacks_have_no_cost_of_their_own() -> None:
    shared = row(timed({"lr": [0.1, 1.0]}, [2.0, 2.0]), "lr", "0.1")
    assert (shared["settings"], shared["stacks"], shared["together"]) == (0, 0, True)
    assert math.isnan(float(str(shared["microseconds"])))
    runs = timed({"lr": [0.1, 1.0]}, [2.0, 3.0])
    runs.loc[0, "seconds"] = 3.0  # a stack of both, beside one of 0.1 alone
    half = row(runs, "lr", "0.1")
    assert (half["settings"], half["together"]) == (0, True)
    apart = row(timed({"lr": [0.1, 1.0]}, [2.0, 3.0]), "lr", "0.1")
    assert (apart["settings"], apart["stacks"], apart["together"]) == (1, 1, False)


def test_equal_times_of_runs_that_cannot_share_a_stack_are_two_timings() -> None:
    result = row(timed(OPTIMIZERS, [2.0, 2.0]), "optimizer", "sgd")
    assert (result["stacks"], result["other_stacks"], result["together"]) == (1, 1, False)


@pytest.mark.parametrize("status", ["diverged", "pruned", "failed", "missing"])
def test_a_run_that_ended_early_has_no_time(status: str) -> None:
    runs = timed(OPTIMIZERS, [2.0, 3.0])
    runs["status"] = runs["status"].mask(runs["optimizer"] == "adam", status)
    table = cost(runs, ["optimizer"], {"optimizer": ["sgd"]})
    assert not table["settings"].any()
    assert not table["together"].any()
    assert effects(table).empty


def test_a_cost_is_no_clear_effect_and_has_no_interval() -> None:
    table = effects(cost(timed(OPTIMIZERS, [2.0, 6.0]), ["optimizer"], {"optimizer": ["sgd"]}))
    assert table["effect"].tolist() == pytest.approx([math.log10(3)])
    assert table[["low", "high", "confidence"]].isna().all(axis=None)
    assert table[["pairs", "repetitions"]].to_numpy().tolist() == [[1, 0]]
    assert finding(table) == []


STUDY = """
name = "timed"

[datasets.xor]
generator = "xor"

[training]
epochs = 5

[search]
repetitions = 6

[search.parameters]
hidden = [[4], [8]]
lr = [0.01, 0.1]
initializer = ["standard_normal", "xavier"]
momentum = [0.0, 0.5, 0.9]
"""


def test_the_stored_times_identify_the_runs_of_one_stack(tmp_path: Path) -> None:
    """So stacks need no column of their own; the table is computed from the stacks' timings."""
    pipeline = small(text=STUDY)
    folder = searches.made(pipeline, tmp_path)
    runs = pd.read_parquet(folder / "runs.parquet")
    place = dict(zip(runs["run_id"], stacks(runs), strict=True))
    trained = planned_stacks(planned(pipeline).runs, pipeline)
    assert [len({place[run.run_id] for run in stack.runs}) for stack in trained] == [1] * 8
    assert len(set(place.values())) == len(trained) == 8
    material = gather(folder)
    tables = TABLES["behaviour"](material)
    table = tables["cost"]
    (result,) = table[table["parameter"] == "initializer"].to_dict("records")
    assert (result["settings"], result["stacks"], result["other_stacks"]) == (12, 4, 4)
    for name, level in (("microseconds", "xavier"), ("other_microseconds", "standard_normal")):
        own = runs[runs["initializer"] == level]
        settings = own.groupby(["hidden", "lr", "momentum"], observed=True)["seconds"]
        each = [math.log(median(set(of)) / 5 * 1e6) for _, of in settings]
        assert result[name] == pytest.approx(math.exp(sum(each) / len(each)))
    assert table.loc[table["parameter"] == "lr", "together"].tolist() == [True]
    momentum = table[table["parameter"] == "momentum"]  # 0 takes another path in the optimizer
    assert momentum[["reference", "stacks"]].to_numpy().tolist() == [["0", 4], ["0", 4]]
    costs = tables["behaviour"][tables["behaviour"]["aspect"] == "cost"]
    assert costs[["low", "high", "confidence"]].isna().all(axis=None)


def test_a_hypothesis_on_seconds_counts_a_stack_once() -> None:
    """Ten repetitions in one stack are one timing; in ten stacks they are ten."""
    for name, adam, n in (
        ("one stack", [1.0] * 10, 1),
        ("two stacks", [1.0] * 5 + [1.5] * 5, 2),
        ("ten stacks", [1.0 + 0.01 * i for i in range(10)], 10),
    ):
        sgd = [2 * value for value in adam]
        runs = [
            made({"optimizer": of}, values, metric="seconds")
            for of, values in (("adam", adam), ("sgd", sgd))
        ]
        table = one(pd.concat(runs), comparison(metric="seconds"))
        assert table["n"] == n, name
        assert table["verdict"] == ("supported" if n == 10 else "undecided"), name
        assert ("timed in a stack" in table["reason"]) == (n < 10), name


def test_where_times_are_the_objective_the_best_has_no_interval_and_no_test(tmp_path: Path) -> None:
    aimed = STUDY.replace("[search.p", '[search.objective]\nmetric = "seconds"\n\n[search.p')
    learning = "search.parameters.lr=[0.5, 1.0]", "training.epochs=100"
    aimed = aimed.replace('"xor"', '"linear"\nsamples = 20')
    pipeline = small("search.parameters.momentum=[0.0]", *learning, text=aimed)
    folder = searches.made(pipeline, tmp_path)
    runs = pd.read_parquet(folder / "runs.parquet")
    material = gather(folder)
    tables = TABLES["best"](material)
    ranked = tables["configurations"]
    first = ranked.iloc[0]
    assert (
        first["median"]
        == runs.groupby(["hidden", "lr", "initializer"], observed=True)["seconds"].median().min()
    )
    assert (ranked["low"] == ranked["high"]).all()
    assert set(ranked["confidence"]) == {0.0}, "six repetitions in one stack are one timing"
    assert not ranked["separable"].any()
    assert ranked["tied"].all()
    assert tables["optimism"]["held_out"].isna().all()
    tables_of = TABLES["cautions"](material)["cautions"]
    assert not set(tables_of["caution"]) & {"reversal", "separates"}
    (sentence,) = best.QUESTION.finding(tables)
    assert "tied" not in sentence
    assert "tied" not in tables["best"]
    explained = best.caption(tables["best"], tables["best_runs"], ranked)
    assert has(explained, "no interval", "no test")
    every = {name: table for s in QUESTIONS if s.applies(material)
             for name, table in s.tables(material).items()}  # fmt: skip
    assert all("timed per stack" in line.text for line in cards(every)[2])
