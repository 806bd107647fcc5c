"""Agreement of two studies, by hand: opposite verdicts, lost winners, reversed levels."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from study.spec.objective import Objective
from study.stats.matters import contrasts
from study.stats.replication import COLUMNS, Reported, lost, replication
from study.stats.summaries import configurations
from study.stats.winners import tied
from tests.grids import Choices, code, grid, normal

LOSS, AIM = "final_train_loss", Objective()

CHOICES: Choices = {"lr": [0.01, 0.1, 1.0], "activation": ["sigmoid", "tanh"]}


def reported(
    logs: "pd.Series[float]",
    verdicts: Sequence[str] = (),
    shares: Mapping[str, float] | None = None,
) -> Reported:
    """Return what a study with these results reports; `logs` are of the runs of the grid."""
    runs = grid(CHOICES, len(logs) // 6).assign(final_train_loss=10**logs)
    claims = pd.DataFrame({"id": [f"h{i}" for i in range(len(verdicts))], "verdict": verdicts})
    parts = {"metric": LOSS, "kind": "parameter"}
    rows = [{"term": name, "share": share, **parts} for name, share in (shares or {}).items()]
    about = {"dataset": "xor", "implementation": "exact"}
    columns = ["term", "share", "metric", "kind"]
    return Reported(
        claims=claims.assign(**about),
        ranked=configurations(runs, [*CHOICES], AIM),
        tied=tied(runs, AIM),
        contrasts=contrasts(runs, [*CHOICES], LOSS),
        importance=pd.DataFrame(rows, columns=columns).assign(**about),
        runs=runs,
    )


def effects(n: int, *, seed: int = 0, lr: float = 1.0, activation: float = 0.5) -> pd.Series:
    """Return logarithms of losses in which both parameters have an effect."""
    runs = grid(CHOICES, n)
    planted = lr * code(runs, "lr") + activation * code(runs, "activation")
    return planted + normal(runs, seed, 0.05)


def compared(first: Reported, second: Reported, kind: str) -> list[dict[Hashable, Any]]:
    """Return the rows of one kind."""
    table = replication(first, second, AIM, np.random.default_rng(0))
    assert tuple(table.columns) == COLUMNS
    return table[table["kind"] == kind].to_dict("records")


def test_verdicts_disagree_where_they_are_opposite() -> None:
    words = ("supported", "contradicted", "undecided")
    first = [one for one in words for _ in words]
    rows = compared(reported(effects(6), first), reported(effects(6), [*words] * 3), "verdict")
    pairs = [(one, other) for one in words for other in words]
    assert [row["same"] for row in rows] == [one == other for one, other in pairs]
    assert [row["disagree"] for row in rows] == [
        {*pair} == {"supported", "contradicted"} for pair in pairs
    ]
    assert [row["expected"] for row in rows] == [pytest.approx(0.05 / 9)] * 9
    fewer = compared(reported(effects(6), first), reported(effects(6), words[:2]), "verdict")
    assert len(fewer) == 2, "a hypothesis that only one of them has is no row"


def test_a_winner_that_stays_first_is_the_same() -> None:
    (row,) = compared(reported(effects(14)), reported(effects(14, seed=1)), "winner")
    assert {"lr 0.01", "sigmoid"} == set(str(row["first"]).split(" · "))
    assert (row["same"], row["disagree"], row["expected"]) == (True, False, 0)


def test_a_winner_disagrees_where_the_second_finds_it_not_tied() -> None:
    """In the second study the learning rates have the opposite effect, far above the noise."""
    (row,) = compared(reported(effects(14)), reported(effects(14, seed=1, lr=-1.0)), "winner")
    assert (row["same"], row["disagree"]) == (False, True)


def test_a_winner_cannot_disagree_where_nothing_is_separated_or_it_was_not_tried() -> None:
    (few,) = compared(reported(effects(5)), reported(effects(5, lr=-1.0)), "winner")
    assert pd.isna(few["disagree"])
    assert math.isnan(few["expected"])
    first, second = reported(effects(14)), reported(effects(14, lr=-1.0))
    others = second.tied[second.tied["configuration"] != first.ranked["configuration"][0]]
    (gone,) = compared(first, replace(second, tied=others), "winner")
    assert pd.isna(gone["disagree"])
    assert not compared(first, replace(second, ranked=second.ranked[:0]), "winner")


def test_a_winner_is_lost_as_often_as_in_independent_pairs_of_studies() -> None:
    """Among nearly equal configurations, resplitting one pair shows the rate of many pairs."""
    rng, lost_ones, expected = np.random.default_rng(1), [], []
    medians = np.linspace(0, 1.5, 5)[:, None]

    def study() -> pd.DataFrame:
        return pd.DataFrame(medians + rng.normal(size=(5, 20)))

    for i in range(60):
        first, second = study(), study()
        if i < 12:
            expected.append(lost(first, second, 0.5, rng))
        frames = [
            pd.DataFrame({
                "dataset": "xor", "configuration": [f"c{k}" for k in range(5) for _ in range(20)],
                "repetition": [*range(20)] * 5, "status": "completed", LOSS: of.to_numpy().ravel(),
                "parameters": 1.0, "epochs_to_loss_05": 1.0,
            })
            for of in (first, second)
        ]  # fmt: skip
        winner = frames[0].groupby("configuration")[LOSS].apply(AIM.of).idxmin()
        table = tied(frames[1], AIM).set_index("configuration")
        lost_ones.append(not table["tied"].to_dict()[winner])
    assert np.mean(expected) == pytest.approx(np.mean(lost_ones), abs=0.06)


def test_orders_are_the_same_where_each_parameter_keeps_its_place() -> None:
    first = reported(effects(6), shares={"lr": 0.5, "activation": 0.3})
    same = reported(effects(6), shares={"activation": 0.1, "lr": 0.2})
    turned = reported(effects(6), shares={"activation": 0.4, "lr": 0.2})
    for second, kept in ((same, True), (turned, False)):
        (row,) = compared(first, second, "order")
        assert row["first"] == "lr > activation"
        assert (row["same"], row["disagree"]) == (kept, False)
        assert row["expected"] == pytest.approx(0.05)


@pytest.mark.parametrize(("n", "disagree"), [(6, False), (12, True)])
def test_orders_disagree_where_two_levels_differ_in_opposite_directions(
    n: int, *, disagree: bool
) -> None:
    """Four comparisons need p ≤ 0.0125; 6 of 6 have 0.11, so that those do not differ at all."""
    shares = {"lr": 0.5, "activation": 0.3}
    first, second = (
        reported(effects(n), shares=shares),
        reported(effects(n, lr=-1.0), shares=shares),
    )
    (row,) = compared(first, second, "order")
    assert (row["same"], row["disagree"]) == (True, disagree)


def test_studies_with_nothing_in_common_have_no_rows() -> None:
    one = reported(effects(6))
    empty = replace(one, ranked=one.ranked[:0])
    table = replication(empty, empty, AIM, np.random.default_rng(0))
    assert table.empty
    assert tuple(table.columns) == COLUMNS
