"""Every warning is found where it is planted, and none where there is nothing to warn of."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from study.spec.objective import Objective
from study.stats import summaries
from study.stats.cautions import CAUTIONS, COLUMNS, Grounds, cautions
from study.stats.edges import COLUMNS as EDGES
from study.stats.levels import of
from study.stats.noise import noise
from study.stats.overfitting import overfitting
from tests.grids import TRIVIAL, Choices, code, grid, normal

LOSS = "final_train_loss"

CHOICES: Choices = {"lr": [0.01, 0.1, 1.0], "activation": ["sigmoid", "tanh"]}


def clean(choices: Choices = CHOICES, n: int = 6) -> pd.DataFrame:
    """Return runs nobody would warn of: 0.1 is best in every slice, and draws are common."""
    runs = grid(choices, n)
    common = np.random.default_rng(n).normal(0, 0.3, n)[runs["repetition"]]
    logs = -4 + common + (code(runs, "lr") - 1).abs() + normal(runs, 1, 0.01)
    return runs.assign(
        final_train_loss=10**logs, epochs_to_full_accuracy=50.0, epochs_to_loss_05=20.0,
        final_train_accuracy=1.0, late_fall=0.0, late_spread=0.0, late_spikes=0.0,
    )  # fmt: skip


LEARNED = pd.DataFrame(
    [("xor", LOSS, 0.25, 6, 6, "lr 0.1", 1e-4, 6, 0)],
    columns=[
        "dataset", "metric", "trivial", "configurations", "better", "configuration", "value",
        "runs", "stuck",
    ],
)  # fmt: skip


CONSTANT = pd.DataFrame(
    {
        "dataset": "xor", "configuration": ["a", "b", "c"], "runs": 4, "constant": [0, 2, 1],
    }
)  # fmt: skip


def evidence(runs: pd.DataFrame, labelled: Sequence[str] = ("xor",)) -> Grounds:
    """Return what the warnings are looked for in."""
    names = runs.select_dtypes("category").columns.drop("dataset", errors="ignore")
    varied = [str(name) for name in names if len(of(runs, str(name))) > 1]
    return Grounds(
        edges=pd.DataFrame(columns=list(EDGES)),
        runs=runs,
        tested=runs,
        ranked=summaries.configurations(runs, varied, Objective()),
        noise=noise(runs, TRIVIAL),
        parameters=varied,
        references={name: of(runs, name) for name in varied},
        metric=LOSS,
        goal="minimize",
        labelled=labelled,
        learned=LEARNED,
        constant=CONSTANT,
        overfit=overfitting(pd.DataFrame(columns=["dataset", "configuration", "test_loss"])),
        unheld=[],
        claims=pd.DataFrame(columns=["dataset", "verdict", "rows"]),
        identical=pd.DataFrame(columns=["dataset", "same", "configurations"]),
    )


def warned(runs: pd.DataFrame) -> list[dict[str, object]]:
    """Return the warnings and notes, without what does not apply; n of 6 are not noted as few."""
    rows = relevant(cautions(evidence(runs))).to_dict("records")
    return [{str(k): v for k, v in row.items() if not pd.isna(v)} for row in rows]


def relevant(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows but the note that 6 or 7 repetitions are few, as most studies here have."""
    return table[(table["caution"] != "few") | (table["value"] < 6)]


def test_a_study_that_learned_nothing_has_a_warning_and_so_has_a_best_that_sometimes_fails() -> (
    None
):
    given = evidence(clean())
    nothing = cautions(replace(given, learned=LEARNED.assign(better=0, stuck=6)))
    (row,) = relevant(nothing).to_dict("records")
    expected = {
        "caution": "trivial", "severity": "warning", "dataset": "xor", "metric": LOSS,
        "value": 1e-4, "beside": 0.25,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert row["n"] == 6
    (row,) = relevant(cautions(replace(given, learned=LEARNED.assign(stuck=2)))).to_dict("records")
    expected = {
        "caution": "stuck", "severity": "warning", "dataset": "xor", "metric": LOSS,
        "value": 2.0, "beside": 0.25,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert row["n"] == 6


def test_configurations_with_mostly_constant_predictions_are_counted() -> None:
    given = evidence(clean())
    mostly = cautions(replace(given, constant=CONSTANT.assign(constant=[3, 2, 4])))
    (row,) = relevant(mostly).to_dict("records")
    assert (row["caution"], row["dataset"], row["value"], row["n"]) == ("constant", "xor", 2, 3)


def test_a_clean_study_has_no_warnings() -> None:
    table = cautions(evidence(clean(n=8)))
    assert table.empty
    assert tuple(table.columns) == COLUMNS


@pytest.mark.parametrize("n", [1, 3, 6, 7, 8, 10])
def test_fewer_than_eight_repetitions_are_few(n: int) -> None:
    """All 8 of 8 decide a comparison: p = 2 · 9 / 511 = 0.035; 7 of 7 have 2 · 8 / 255 = 0.063."""
    rows = cautions(evidence(clean(n=n))).dropna(axis=1).to_dict("records")
    result = [row for row in rows if row["caution"] == "few"]
    few = {"caution": "few", "severity": "note", "dataset": "xor", "value": n, "beside": 8, "n": 6}
    assert [few.items() <= row.items() for row in result] == [True] * (n < 8)


def test_repetitions_are_few_where_most_configurations_have_few() -> None:
    runs = clean(n=10)
    early = runs["repetition"] < 3
    most = early | (runs["lr"] == "1")
    assert [row["value"] for row in warned(runs[most]) if row["caution"] == "few"] == [3]
    assert not warned(runs[early | (runs["lr"] != "1")])


def test_an_edge_is_a_warning() -> None:
    row = {
        "dataset": "xor", "parameter": "lr", "level": "1", "tried": 3, "edge": "high",
        "inner": "0.1", "better": 9, "repetitions": 10,
    }  # fmt: skip
    table = cautions(replace(evidence(clean(n=8)), edges=pd.DataFrame([row])))
    (result,) = table.to_dict("records")
    values = {key: value for key, value in result.items() if not pd.isna(value)}
    assert values == {
        "caution": "edge", "severity": "warning", "dataset": "xor", "parameter": "lr",
        "level": "1", "reference": "0.1", "value": 9, "beside": 10, "n": 3,
    }  # fmt: skip


def test_a_best_that_still_falls_is_reported_with_the_number_of_others() -> None:
    runs = clean()
    best = (runs["lr"] == "0.1") & (runs["activation"] == "tanh")
    lower = runs["final_train_loss"].mask(best, runs["final_train_loss"] / 2)
    runs = runs.assign(final_train_loss=lower)
    elsewhere = runs.assign(late_fall=np.where(best, 0.04, 0.5))
    assert not warned(elsewhere), "0.04 is under 11 %"
    falling = best | (runs["lr"] == "1")
    (row,) = warned(runs.assign(late_fall=np.where(falling, 0.2, 0.0)))
    assert row == {
        "caution": "improving", "severity": "note", "dataset": "xor", "metric": LOSS,
        "value": 0.2, "beside": 0.5, "n": 6,
    }  # fmt: skip


@pytest.mark.parametrize(("falling", "n"), [(7, 7), (8, 8), (9, 10), (10, 10), (12, 13)])
def test_that_the_best_still_improves_is_a_warning_where_the_test_finds_it(
    falling: int, n: int
) -> None:
    """P of 8 of 8 is 0.035; 7 of 7 have 0.063, 9 of 10 have 0.12, and 12 of 13 have 0.025."""
    runs = clean(n=n)
    late = runs.assign(late_fall=np.where(runs["repetition"] < falling, 0.2, 0.0))
    (row,) = (row for row in warned(late) if row["caution"] == "improving")
    assert row["severity"] == (
        "warning" if (falling, n) in {(8, 8), (10, 10), (12, 13)} else "note"
    )


def test_an_accuracy_still_rises_where_it_does_by_more_than_a_point() -> None:
    grounds = evidence(clean())
    for rise, expected in ((0.009, []), (0.02, [("improving", "final_test_accuracy", 0.02)])):
        late = grounds.runs.assign(late_fall=rise)
        asked = replace(grounds, runs=late, metric="final_test_accuracy", goal="maximize")
        table = relevant(cautions(replace(asked, tested=late[:0])))
        result = table[["caution", "metric", "value"]].itertuples(index=False, name=None)
        assert list(result) == expected


@pytest.mark.parametrize(("sure", "severity"), [(True, "warning"), (False, "note")])
def test_significant_overfitting_of_the_best_is_a_warning(*, sure: bool, severity: str) -> None:
    row = {
        "dataset": "xor", "configuration": "lr 1", "epoch": 40, "lowest": 0.09, "last": 100,
        "end": 0.1, "risen": 5, "repetitions": 6, "sure": sure,
    }  # fmt: skip
    passed = pd.DataFrame([{**row, "overfits": True}, {**row, "overfits": False}])
    (result,) = cautions(replace(evidence(clean(n=8)), overfit=passed)).to_dict("records")
    assert {key: value for key, value in result.items() if not pd.isna(value)} == {
        "caution": "overfits", "severity": severity, "dataset": "xor", "metric": "test_loss",
        "value": 0.09, "beside": 0.1, "n": 6, "after": 40,
    }  # fmt: skip


def test_a_dataset_where_nothing_was_completed_still_falls_nowhere() -> None:
    runs = clean().assign(late_fall=0.2)
    dead = runs.assign(dataset="linear", status="diverged")
    both = pd.concat([runs, dead], ignore_index=True)
    both["dataset"] = pd.Categorical(both["dataset"], ["linear", "xor"])
    assert [(row["caution"], row["dataset"]) for row in warned(both)] == [("improving", "xor")]


def test_a_metric_that_most_runs_never_reach_is_reported() -> None:
    runs = clean().assign(final_train_accuracy=0.9)
    reached = runs["epochs_to_full_accuracy"].where(runs["repetition"] < 2)
    (row,) = warned(runs.assign(epochs_to_full_accuracy=reached))
    assert row == {
        "caution": "never", "severity": "note", "dataset": "xor", "implementation": "exact",
        "metric": "epochs_to_full_accuracy", "value": pytest.approx(1 / 3), "n": 36,
    }  # fmt: skip
    half = runs["epochs_to_full_accuracy"].where(runs["repetition"] < 3)
    assert not warned(runs.assign(epochs_to_full_accuracy=half))


def test_full_accuracy_is_missed_though_a_failed_run_has_no_accuracy() -> None:
    runs = clean().assign(epochs_to_full_accuracy=math.nan)
    some = runs.assign(final_train_accuracy=runs["final_train_accuracy"].where(runs.index > 0))
    assert [row["metric"] for row in warned(some)] == ["epochs_to_full_accuracy"]


def test_full_accuracy_is_not_missed_where_the_target_is_a_number() -> None:
    without = math.nan
    runs = clean().assign(epochs_to_full_accuracy=without, final_train_accuracy=without)
    assert relevant(cautions(evidence(runs, labelled=()))).empty


def test_draws_that_repetitions_do_not_share_do_not_pay() -> None:
    runs = clean(n=10)
    own = normal(runs, 4, 0.3)
    logs = -4 + (code(runs, "lr") - 1).abs() * 3 + own
    (row,) = warned(runs.assign(final_train_loss=10**logs))
    assert (row["caution"], row["metric"], row["n"]) == ("unpaired", LOSS, 10)
    assert row["severity"] == "note"
    assert float(str(row["value"])) < 0.1


def test_an_order_that_reverses_in_a_slice_is_named_with_the_slice() -> None:
    runs = clean({**CHOICES, "activation": ["relu", "sigmoid", "tanh"]})
    wrong = (runs["activation"] == "tanh") & (runs["lr"] == "1")
    turned = runs["final_train_loss"].mask(wrong, runs["final_train_loss"] / 100)
    given = evidence(runs.assign(final_train_loss=turned))
    result = cautions(replace(given, references={"lr": ["0.1"], "activation": []}))
    (row,) = result[result["caution"] == "reversal"].to_dict("records")
    assert (row["parameter"], row["level"], row["reference"]) == ("lr", "1", "0.1")
    assert (row["other"], row["other_level"]) == ("activation", "tanh")
    assert (row["metric"], row["n"]) == (LOSS, 6)
    assert row["value"] == pytest.approx(1, abs=0.05)
    assert row["beside"] == pytest.approx(-1, abs=0.05)


def test_a_separation_is_a_warning_with_its_effect() -> None:
    runs = clean({"lr": [0.1, 1.0], "activation": ["relu", "sigmoid", "tanh"]})
    bad = (runs["lr"] == "1") & (runs["activation"] == "tanh")
    runs = runs.assign(
        final_train_loss=10 ** normal(runs, 6, 0.3), status=runs["status"].mask(bad, "diverged")
    )
    table = cautions(evidence(runs))
    rows = table[(table["caution"] == "separates") & (table["parameter"] == "lr")]
    assert rows["value"].tolist() == [pytest.approx(1 / 3)]
    assert rows["n"].tolist() == [2]
    assert rows["metric"].tolist() == [LOSS]


def test_a_regression_is_not_measured_by_a_threshold_of_another_unit() -> None:
    runs = clean().assign(epochs_to_loss_05=math.nan)
    assert relevant(cautions(evidence(runs, labelled=()))).empty
    assert [row["metric"] for row in warned(runs)] == ["epochs_to_loss_05"]


def test_a_group_whose_runs_all_failed_is_not_a_regression() -> None:
    """It has no accuracy either, but its datasets have two classes: no run completed."""
    runs = clean().assign(
        status="failed", final_train_accuracy=math.nan, epochs_to_full_accuracy=math.nan
    )
    (row,) = (row for row in warned(runs) if row["caution"] == "never")
    assert (row["metric"], row["value"]) == ("epochs_to_full_accuracy", 0.0)


def test_warnings_come_in_their_order() -> None:
    runs = clean(n=3).assign(
        epochs_to_full_accuracy=math.nan, final_train_accuracy=0.9, late_fall=0.3
    )
    table = cautions(evidence(runs))
    assert table["caution"].tolist() == ["improving", "few", "never"]
    assert list(CAUTIONS) == [
        "trivial", "stuck", "constant", "edge", "overfits", "improving", "reversal", "separates",
        "unheld", "undecided", "shared", "identical", "few", "never", "unpaired",
    ]  # fmt: skip


def test_what_limits_a_study_by_its_plan_is_noted() -> None:
    claims = pd.DataFrame({
        "dataset": ["a", "a", "b"], "verdict": ["undecided", "supported", "supported"],
        "rows": ["", "", "its 21 points"],
    })  # fmt: skip
    rows = cautions(replace(evidence(clean(n=8)), unheld=["a"], claims=claims))
    rows = rows[rows["caution"].isin(["unheld", "undecided", "shared"])]
    assert set(rows["severity"]) == {"note"}
    result = rows[["caution", "dataset", "value", "n", "level"]].astype(object)
    assert result.where(result.notna(), None).to_numpy().tolist() == [
        ["unheld", "a", None, None, None],
        ["undecided", "a", 1.0, 2.0, None],
        ["shared", "b", None, None, "its 21 points"],
    ]
