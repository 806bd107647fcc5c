"""What a search found: its arms, the best so far, confirmed trials, and random search."""

import pandas as pd

from study.metrics import Goal
from study.spec.objective import worst
from study.stats.feasible import flags
from study.stats.intervals import combined, median, median_interval, subtract
from study.stats.summaries import measured

ARMS = {"search": "search", "include": "search", "random": "random"}
"""Phase → the arm that asked for the trial."""


def by_arm(trials: pd.DataFrame) -> pd.DataFrame:
    """Return the trials as they were searched, without confirmations, with the column `arm`."""
    searched = trials[trials["phase"].isin(list(ARMS))]
    return searched.assign(arm=searched["phase"].map(ARMS))


def history(trials: pd.DataFrame, goal: Goal) -> pd.DataFrame:
    """Return each arm's trials in the order asked, with the best objective so far.

    `trials` has a row per trial: dataset, phase, number, configuration, state, objective. One row
    per trial of an arm: dataset, `arm` (search or random), `order` from 1, number, phase,
    configuration, state, objective, and `best`, of the completed trials up to here. Where there are
    constraints, `feasible` too, and `best` is of feasible trials alone.
    """
    ordered = by_arm(trials).sort_values(["dataset", "number"], kind="stable")
    groups = ordered.groupby(["dataset", "arm"], sort=False)
    good = (ordered["state"] == "completed") & flags(ordered)
    counted = ordered["objective"].where(good, worst(goal))
    by = [ordered["dataset"], ordered["arm"]]
    grouped = counted.fillna(worst(goal)).groupby(by, sort=False)
    best = grouped.cummin() if goal == "minimize" else grouped.cummax()
    ordered = ordered.assign(order=groups.cumcount() + 1, best=best)
    columns = ["dataset", "arm", "order", "number", "phase", "configuration"]
    columns += ["state", *ordered.columns.intersection(["feasible"]), "objective", "best"]
    return ordered[columns].reset_index(drop=True)


def confirmed(trials: pd.DataFrame, runs: pd.DataFrame, *, metric: str, goal: Goal) -> pd.DataFrame:
    """Return each confirmed trial's objective as searched, and as measured again.

    One row per confirmed trial, the best confirmed first: dataset, arm, number, configuration,
    `runs` (fresh ones), `searched` and its `place` in its arm (1 is best), `confirmed` (their
    objective), and the median of the fresh repetitions' `metric` with its
    order-statistic interval (`low`, `high`, `confidence`). `runs` has dataset, configuration,
    repetition, status and `metric`.
    """
    keys = ["dataset", "number"]
    searched = trials[trials["phase"] != "confirm"].assign(arm=trials["phase"].map(ARMS))
    searched = searched[[*keys, "arm", "runs", "objective"]]
    pairs = trials[trials["phase"] == "confirm"].merge(searched, on=keys, suffixes=("", "_before"))
    rows = []
    for pair in pairs.itertuples():
        own = (runs["dataset"] == pair.dataset) & (runs["configuration"] == pair.configuration)
        fresh = runs[own & (runs["repetition"] >= pair.runs_before)]
        values = measured(fresh, metric, goal)
        interval = median_interval(values, worst=worst(goal))
        rows.append((
            pair.dataset, pair.arm, pair.number, pair.configuration, len(fresh),
            pair.objective_before, pair.objective,
            float(median(values, worst=worst(goal))),
            float(interval.low), float(interval.high), interval.level,
        ))  # fmt: skip
    columns = [name for name in _CONFIRMED if name != "place"]
    frame = best_first(pd.DataFrame(rows, columns=columns), "searched", goal)
    frame["place"] = frame.groupby(["dataset", "arm"], sort=False).cumcount() + 1
    if "feasible" in pairs:
        by = ["dataset", "arm", "number"]
        frame = frame.merge(pairs[[*by, "feasible"]], on=by)
    return best_first(frame, "confirmed", goal)


_CONFIRMED = (
    "dataset", "arm", "number", "configuration", "runs", "searched", "place", "confirmed",
    "median", "low", "high", "confidence",
)  # fmt: skip


def best_first(trials: pd.DataFrame, objective: str, goal: Goal) -> pd.DataFrame:
    """Return each dataset's trials, the best first, of equal ones the first asked for.

    Infeasible ones come last.
    """
    order = trials[objective] if goal == "minimize" else -trials[objective]
    by = ["dataset", "last", "order", "number"]
    ordered = trials.assign(order=order, last=~flags(trials)).sort_values(by, kind="stable")
    return ordered.drop(columns=["order", "last"]).reset_index(drop=True)


def against_chance(
    bests: pd.DataFrame, runs: pd.DataFrame, *, metric: str, goal: Goal, fresh: int
) -> pd.DataFrame:
    """Compare the best of the search with the best of as many random trials, pair by pair.

    `bests` has one row per dataset and arm: configuration. The repetitions from `fresh` on are
    compared in pairs, which had the same data and the same draw of initial weights where the
    shapes agree. One row per dataset: `searched` and `random` (the configurations), `runs` (pairs),
    `better`, `worse` (of the search), and the median difference search − random with its
    order-statistic interval: `difference`, `low`, `high`, `confidence`. A pair of two that diverged
    is a tie of difference 0.
    """
    rows = []
    for dataset, arms in bests.groupby("dataset", sort=False):
        names = arms.set_index("arm")["configuration"]
        if not {"search", "random"} <= set(names.index):
            continue
        eligible = runs[(runs["dataset"] == dataset) & (runs["repetition"] >= fresh)]
        one, other = (
            _by_repetition(eligible[eligible["configuration"] == names[arm]], metric, goal)
            for arm in ("search", "random")
        )
        one, other = one.align(other, join="inner")
        difference = subtract(one.to_numpy(dtype=float), other.to_numpy(dtype=float))
        interval = median_interval(difference)
        gain = -difference if goal == "minimize" else difference
        rows.append((
            dataset, names["search"], names["random"], len(difference), int((gain > 0).sum()),
            int((gain < 0).sum()), float(combined(difference)), float(interval.low),
            float(interval.high), interval.level,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(_CHANCE))


_CHANCE = (
    "dataset", "searched", "random", "runs", "better", "worse",
    "difference", "low", "high", "confidence",
)  # fmt: skip


def _by_repetition(runs: pd.DataFrame, metric: str, goal: Goal) -> pd.Series:
    return measured(runs, metric, goal).set_axis(runs["repetition"].to_numpy())
