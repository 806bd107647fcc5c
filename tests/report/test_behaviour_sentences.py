"""What the report says of effects, asserted as text, from tables written by hand."""

import math

import pandas as pd
import pytest

from study.report import behaviour_sentences as says

GROUP = {"dataset": "xor", "implementation": "exact"}


def effect(aspect: str, size: float, low: float, high: float) -> dict[str, object]:
    return {
        **GROUP, "aspect": aspect, "parameter": "optimizer", "level": "adam", "reference": "sgd",
        "pairs": 3, "confidence": 0.97, "effect": size, "low": low, "high": high,
        "behaviour": "epochs_to_full_accuracy" if aspect == "speed" else "best_train_loss",
        "alone": 0.53, "other_alone": 0.21, "scale": "log10", "clear": low > 0 or high < 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("size", "says_what"),
    [
        (-1.0, "10 times faster"),
        (2.0, "100 times slower"),
        (-math.inf, "that with adam alone does in 53 %, that with sgd alone in 21 %"),
    ],
)  # fmt: skip
def test_the_largest_effect_that_can_be_told_from_none_is_named(
    size: float, says_what: str
) -> None:
    sure = effect("speed", size, min(size, size / 2), max(size, size / 2))
    unsure = effect("ceiling", 5.0, -1.0, 9.0)
    first, second = says.behaviour(pd.DataFrame([sure, unsure]))
    assert says.behaviour(pd.DataFrame([{**unsure, "pairs": 0}])) == []
    assert says.behaviour(pd.DataFrame([unsure])) == [
        "Of 1 effect not one is clearly there (by 95 % intervals)."
    ]
    assert first.startswith("Of 2 effects 1 differ clearly from none")
    of = "epochs to full accuracy is that of optimizer adam instead of sgd"
    told = "; of pairs of which at least one run gets to full accuracy,"
    of += told if math.isinf(size) else ":"
    assert second == f"The largest effect on {of} {says_what} (xor)."


def test_an_effect_that_one_pair_alone_shows_is_not_the_largest_and_shares_break_ties() -> None:
    endless = effect("speed", math.inf, 1.0, math.inf)
    clearer = {**endless, "level": "rmsprop", "alone": 0.1, "other_alone": 0.9}
    table = pd.DataFrame([endless, clearer, {**clearer, "level": "x", "alone": 0.0, "pairs": 1}])
    assert "optimizer rmsprop instead of sgd" in says.behaviour(table)[1]


def test_an_endless_effect_on_the_best_loss_is_divergence() -> None:
    worse = says.behaviour(pd.DataFrame([effect("ceiling", math.inf, 1.0, math.inf)]))
    assert worse[1] == (
        "The largest effect on best training loss is that of optimizer adam instead of sgd; of "
        "pairs of which at least one run stays finite, that with adam alone does in 53 %, that "
        "with sgd alone in 21 % (xor)."
    )


def test_a_dataset_has_one_largest_effect_whichever_network_shows_it() -> None:
    within, between = effect("ceiling", 1.0, 0.5, 2.0), effect("ceiling", 2.0, 1.0, 3.0)
    networks = {**between, "parameter": "implementation", "implementation": "both"}
    found = says.behaviour(pd.DataFrame([within, {**within, "effect": 0.5}, networks]))
    assert [sentence for sentence in found if "largest" in sentence] == found[1:]
    assert len(found) == 2
    assert "implementation" in found[1]
    assert "100 times" in found[1]


def test_what_datasets_agree_in_is_told_once_with_the_size_on_each() -> None:
    one, two = effect("speed", -1.0, -2.0, -0.5), effect("speed", -2.0, -3.0, -0.5)
    rows = [{**row, "dataset": name} for name, row in (("a", one), ("b", two), ("c", one))]
    assert says.behaviour(pd.DataFrame(rows))[1:] == [
        (
            "The largest effect on epochs to full accuracy is that of optimizer adam instead of "
            "sgd: 10 times faster (a; c); 100 times faster (b)."
        )
    ]
