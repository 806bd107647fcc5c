"""Levels are compared over settings that all of them met: a gap in the plan misleads nobody."""

import itertools

import pandas as pd

from study.stats.comparable import matched

STUDIED = ("lr", "optimizer", "implementation")


def design(*excluded: tuple[str, str, str], dataset: str = "xor") -> pd.DataFrame:
    """Return the runs of a full grid of two levels each, less what is excluded."""
    grid = itertools.product(("0.1", "1"), ("sgd", "adam"), ("exact", "as_printed"))
    rows = [(dataset, *cell) for cell in grid if cell not in excluded]
    return pd.DataFrame(rows, columns=["dataset", *STUDIED])


PRINTED = (("0.1", "sgd", "as_printed"), ("0.1", "adam", "as_printed"))


def cells(runs: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(runs[list(STUDIED)].itertuples(index=False, name=None))


def test_a_full_grid_is_matched_as_it_is() -> None:
    runs = design()
    for parameter in STUDIED:
        assert cells(matched(runs, [parameter], STUDIED)) == cells(runs)


def test_a_level_is_compared_at_settings_that_the_others_met_too() -> None:
    """As lr 0.1 was left out of the network as printed, lr is compared on the exact one alone."""
    runs = design(*PRINTED)
    by_lr = matched(runs, ["lr"], STUDIED)
    assert set(by_lr["implementation"]) == {"exact"}
    assert len(by_lr) == 4
    by_implementation = matched(runs, ["implementation"], STUDIED)
    assert set(by_implementation["lr"]) == {"1"}
    assert len(by_implementation) == 4


def test_a_pair_is_compared_at_settings_of_every_cell_that_there_is() -> None:
    runs = design(*PRINTED)
    assert set(matched(runs, ["lr", "optimizer"], STUDIED)["implementation"]) == {"exact"}
    assert cells(matched(runs, ["lr", "implementation"], STUDIED)) == cells(runs)


def test_a_parameter_that_acts_at_some_levels_alone_does_not_split_the_settings() -> None:
    """Momentum is null under Adam: the optimizers are compared all the same."""
    runs = design().drop(columns="implementation").drop_duplicates()
    runs["momentum"] = runs["optimizer"].map({"sgd": "0.9"})
    assert len(matched(runs, ["optimizer"], ("lr", "optimizer", "momentum"))) == len(runs) == 4


def test_where_nothing_matches_all_runs_are_kept_and_datasets_are_matched_by_themselves() -> None:
    apart = pd.DataFrame(
        [("xor", "0.1", "sgd", "exact"), ("xor", "1", "adam", "exact")],
        columns=["dataset", *STUDIED],
    )
    both = pd.concat([apart, design(*PRINTED, dataset="linear")])
    result = matched(both, ["lr"], STUDIED)
    assert len(result[result["dataset"] == "xor"]) == 2
    assert set(result.loc[result["dataset"] == "linear", "implementation"]) == {"exact"}
