"""Sides of a hypothesis: `where` on what acts on one side alone, and two named settings."""

import itertools
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from study.space import PARAMETERS, Condition, Value, acts
from study.spec.hypotheses import Comparison, Interaction, networks
from tests import claims
from tests.claims import DIVERGED, Results, level, made, one

TEN = [0.1 * i for i in range(1, 11)]
Cell: TypeAlias = tuple[dict[str, Value], Results]

ADAM: dict[str, Value] = {"optimizer": "adam", "lr": 1e-3}
TUNED: dict[str, Value] = {"optimizer": "sgd", "lr": 0.1}


def comparison(**keys: object) -> Comparison:
    """Compare by differences: some of these losses are negative."""
    return claims.comparison(**{"scale": "linear", **keys})


def interaction(**keys: object) -> Interaction:
    """Compare differences of differences."""
    return claims.interaction(**{"scale": "linear", **keys})


def runs(*cells: Cell) -> pd.DataFrame:
    """Return the runs of each configuration, with these final losses."""
    return pd.concat(made(values, table, metric="final_train_loss") for values, table in cells)


def plus(distance: float) -> list[float | str | None]:
    """Return ten losses that lie so far above `TEN`."""
    return [loss + distance for loss in TEN]


def optimizers() -> pd.DataFrame:
    """Return Adam, one lower than SGD with momentum, which is five higher than plain SGD."""
    return runs(
        ({"optimizer": "adam"}, TEN),
        ({"optimizer": "sgd", "momentum": 0.9}, plus(1)),
        ({"optimizer": "sgd", "momentum": 0.0}, plus(-4)),
        ({"optimizer": "rmsprop"}, plus(7)),
    )


@pytest.mark.parametrize(
    ("momentum", "estimate", "verdict"), [(0.9, -1.0, "supported"), (0.0, 4.0, "contradicted")]
)
def test_where_restricts_the_side_on_which_its_parameter_acts(
    momentum: float, estimate: float, verdict: str
) -> None:
    row = one(optimizers(), comparison(where={"momentum": momentum}))
    assert (row["n"], row["verdict"]) == (10, verdict)
    assert row["effect"] == pytest.approx(estimate)
    assert "matched" not in row["method"]


def test_where_may_restrict_each_side_by_a_parameter_of_its_own() -> None:
    """Momentum 0.9 of SGD, and β₁ 0.5 of Adam: of four pairs one is compared."""
    table = runs(
        ({"optimizer": "adam", "beta1": 0.5}, plus(2)),
        ({"optimizer": "adam", "beta1": 0.9}, plus(-100)),
        ({"optimizer": "sgd", "momentum": 0.9}, plus(5)),
        ({"optimizer": "sgd", "momentum": 0.0}, plus(-1000)),
    )
    row = one(table, comparison(where={"momentum": 0.9, "beta1": 0.5}))
    assert row["effect"] == pytest.approx(-3)
    assert "matched" not in row["method"]


def test_where_restricts_what_may_act_on_both_sides_on_both() -> None:
    """Adam has no momentum, so it is not among the learning rates that are compared."""
    table = runs(
        ({"optimizer": "adam", "lr": 0.1}, plus(10)),
        ({"optimizer": "adam", "lr": 0.01}, plus(1)),
        ({"optimizer": "sgd", "momentum": 0.9, "lr": 0.1}, plus(-0.1)),
        ({"optimizer": "sgd", "momentum": 0.9, "lr": 0.01}, plus(-0.01)),
    )
    rates = {"parameter": "lr", "value": 0.1, "with": 0.01}
    row = one(table, comparison(compare=rates, where={"momentum": 0.9}))
    assert row["effect"] == pytest.approx(-0.09)
    assert "matched" not in row["method"]


def test_two_named_settings_are_compared_and_no_others() -> None:
    others: list[Cell] = [({**ADAM, "lr": 0.1}, plus(50)), ({**TUNED, "lr": 1e-3}, plus(-50))]
    table = runs((ADAM, TEN), (TUNED, plus(2)), *others)
    row = one(table, comparison(compare={"value": ADAM, "with": TUNED}))
    assert (row["n"], row["verdict"], row["kind"]) == (10, "supported", "comparison")
    assert row["effect"] == pytest.approx(-2)
    again = one(table, comparison(compare={"value": TUNED, "with": ADAM}, expect="higher"))
    assert again["effect"] == pytest.approx(2)
    assert again["verdict"] == "supported"


def test_two_settings_are_matched_in_all_that_neither_names() -> None:
    """Differences of 1, 2 and 6, one for each width: the median is 2."""
    table = runs(
        *(({**ADAM, "hidden": hidden}, TEN) for hidden in ("4", "8", "16")),
        *(
            ({**TUNED, "hidden": hidden}, plus(more))
            for hidden, more in (("4", 1), ("8", 2), ("16", 6))
        ),
    )
    row = one(table, comparison(compare={"value": ADAM, "with": TUNED}))
    assert row["effect"] == pytest.approx(-2)
    assert row["method"].endswith("median of 3 matched cases")


def test_settings_that_nothing_matches_say_in_what_they_may_differ() -> None:
    table = runs(({**ADAM, "hidden": "4"}, TEN), ({**TUNED, "hidden": "8"}, TEN))
    row = one(table, comparison(compare={"value": ADAM, "with": TUNED}))
    assert row["reason"] == "not tested: no configurations differ in optimizer and lr alone"


def test_a_setting_may_name_what_does_not_act_on_the_other_side() -> None:
    row = one(
        optimizers(),
        comparison(
            compare={"value": {"optimizer": "adam"}, "with": {"optimizer": "sgd", "momentum": 0.9}}
        ),
    )
    assert (row["effect"], row["verdict"]) == (pytest.approx(-1), "supported")


def test_the_side_that_diverged_is_named_by_its_setting() -> None:
    diverged = [DIVERGED] * 3
    table = runs((ADAM, [*diverged, *TEN[:5]]), (TUNED, [DIVERGED, *TEN[:5], *diverged[:2]]))
    row = one(table, comparison(compare={"value": ADAM, "with": TUNED}))
    message = "runs that diverged: optimizer adam and lr 0.001 3, optimizer sgd and lr 0.1 3"
    assert message in row["reason"]
    assert row["ties"] == 1, "both diverged"


def test_an_interaction_takes_settings_and_where_on_each_side() -> None:
    """Adam − SGD is 3 in the wide network at lr 0.1, and 1 in the narrow one at lr 0.01."""
    wide: dict[str, Value] = {"hidden": "64", "lr": 0.1}
    narrow: dict[str, Value] = {"hidden": "4", "lr": 0.01}
    momentum: dict[str, Value] = {"optimizer": "sgd", "momentum": 0.9}
    table = runs(
        ({**wide, "optimizer": "adam"}, plus(8)),
        ({**wide, **momentum}, plus(5)),
        ({**wide, "optimizer": "sgd", "momentum": 0.0}, plus(-90)),
        ({**narrow, "optimizer": "adam"}, plus(2)),
        ({**narrow, **momentum}, plus(1)),
        ({"hidden": "64", "lr": 0.01, "optimizer": "adam"}, plus(-70)),
    )
    across = {"value": {**wide, "hidden": [64]}, "with": {**narrow, "hidden": [4]}}
    row = one(table, interaction(across=across, where={"momentum": 0.9}))
    assert (row["kind"], row["verdict"]) == ("interaction", "supported")
    assert row["effect"] == pytest.approx(2)


def test_a_level_is_about_the_configurations_of_its_where() -> None:
    row = one(optimizers(), level("final_train_loss", {"at_most": 1.0}, where={"momentum": 0.0}))
    assert (row["n"], row["agree"]) == (10, 10)


def test_settings_that_compare_the_networks_have_one_row_for_both() -> None:
    both: list[dict[str, Value]] = [
        {"implementation": name, "lr": lr} for name, lr in (("as_printed", 0.1), ("exact", 0.01))
    ]
    table = runs((both[0], plus(1)), (both[1], TEN), ({"implementation": "exact", "lr": 0.1}, TEN))
    row = one(table, comparison(compare={"value": both[0], "with": both[1]}, expect="higher"))
    assert row["implementation"] == "as_printed − exact"
    assert (row["effect"], row["verdict"]) == (pytest.approx(1), "supported")


def test_settings_of_one_network_are_tested_on_it_alone() -> None:
    sides = [{**side, "implementation": "exact"} for side in (ADAM, TUNED)]
    claim = comparison(compare={"value": sides[0], "with": sides[1]})
    assert networks(claim, ["exact", "as_printed"]) == ["exact"]
    assert networks(comparison(), ["exact", "as_printed"]) == ["exact", "as_printed"]


@few(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_settings_of_one_parameter_have_the_verdict_of_the_parameter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells: list[Cell] = [
        ({"optimizer": o, "lr": lr, "hidden": h}, rng.exponential(size=7).round(2).tolist())
        for o, lr, h in itertools.product(("adam", "sgd"), (0.1, 0.01), ("4", "8"))
    ]
    table = runs(*cells)
    settings = {"value": {"optimizer": "adam"}, "with": {"optimizer": "sgd"}}
    rates = {"value": {"lr": 0.1}, "with": {"lr": 0.01}}
    for parameter, named in (
        (comparison(), comparison(compare=settings)),
        (
            interaction(across={"parameter": "lr", "value": 0.1, "with": 0.01}),
            interaction(compare=settings, across=rates),
        ),
    ):
        pd.testing.assert_series_equal(one(table, parameter), one(table, named))


def test_whether_a_parameter_may_act_follows_what_it_depends_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A parameter that acts with momentum does nothing under Adam, which has none."""
    chained = replace(PARAMETERS["decay"], acts_with=(Condition("momentum", frozenset({"0.9"})),))
    monkeypatch.setitem(PARAMETERS, "decay", chained)
    assert acts("decay", {})
    assert acts("decay", {"momentum": "0.9", "optimizer": "sgd"})
    assert not acts("decay", {"momentum": "0.0"})
    assert not acts("decay", {"optimizer": "adam"})
    assert not acts("decay", {"optimizer": "adam", "momentum": "0.9"})
