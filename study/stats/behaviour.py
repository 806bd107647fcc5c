"""What each parameter acts on: speed, ceiling, stability, divergence and gap."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.stats.contrasts import Combine, Pairing, differences, pairings
from study.stats.intervals import CONFIDENCE, Array, combined, median_interval
from study.stats.scales import GROUPS, compared, log10
from study.stats.summaries import measured

COLUMNS = (
    "behaviour", "aspect", "scale", *GROUPS, "parameter", "level", "reference", "pairs",
    "repetitions", "effect", "low", "high", "confidence", "clear", "alone", "other_alone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One aspect of a run's training as a number; larger is worse.

    `of` computes it for every run: ∞ where the run diverged or never reached the threshold, NaN
    where it does not apply. `scale`: log10 (effects are ratios) or raw. `combine`: how the
    differences of a repetition become one number. `silent`: whether to leave out pairs whose runs
    both never reach the threshold.
    """

    aspect: str
    scale: Literal["log10", "raw"]
    of: Callable[[pd.DataFrame], pd.Series]
    combine: Combine = "median"
    silent: bool = False


def _measured(metric: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda runs: log10(measured(runs, metric))


def _late(name: str) -> Callable[[pd.DataFrame], pd.Series]:
    def late(runs: pd.DataFrame) -> pd.Series:
        values = runs[name].astype(float).mask(runs["status"] == "diverged", math.inf)
        return values.mask(runs["constant"] > 0)  # a constant prediction is steady for that reason

    return late


def _constant(runs: pd.DataFrame) -> pd.Series:
    values = runs["constant"].astype(float).mask(runs["status"] == "diverged", 0.0)
    return values if (values > 0).any() else values * math.nan


def _diverged(runs: pd.DataFrame) -> pd.Series:
    return (runs["status"] == "diverged").astype(float).mask(runs["status"] == "failed")


def _gap(runs: pd.DataFrame) -> pd.Series:
    gap = runs["final_test_loss"].astype(float) - runs["final_train_loss"].astype(float)
    return gap.where((runs["status"] == "completed") & ~(runs["constant"] > 0))


LEAST = {"log10": math.log10(1.05), "raw": 0.005}
"""Smaller effects are none: a ratio within 5 % of 1, a difference below 0.005."""

BEHAVIOURS: dict[str, Behaviour] = {
    "epochs_to_loss_05": Behaviour("speed", "log10", _measured("epochs_to_loss_05"), silent=True),
    "epochs_to_full_accuracy": Behaviour(
        "speed", "log10", _measured("epochs_to_full_accuracy"), silent=True
    ),
    "best_train_loss": Behaviour("ceiling", "log10", _measured("best_train_loss")),
    "late_spread": Behaviour("stability", "raw", _late("late_spread")),
    "late_spikes": Behaviour("stability", "raw", _late("late_spikes")),
    "constant_prediction": Behaviour("stability", "raw", _constant, combine="mean"),
    "diverged": Behaviour("divergence", "raw", _diverged, combine="mean"),
    "generalisation_gap": Behaviour("gap", "raw", _gap),
}
"""Name → what it is. The gap is the final test loss less the final training loss.

A network with a constant prediction is neither steady nor without a gap, so it counts in neither:
such runs have a behaviour of their own.
"""


def of_objective(metric: str) -> dict[str, Behaviour]:
    """Return the behaviour that an objective's metric adds, {} where one of `BEHAVIOURS` is it.

    Of an accuracy it is the error, 1 − accuracy, so that more is worse.

    >>> list(of_objective("final_test_accuracy")), list(of_objective("final_train_loss"))
    (['final_test_error'], [])
    """
    m = METRICS[metric]
    shows = m.per_epoch or m.held_out
    if not shows or (m.is_loss and not m.held_out):
        return {}
    if m.goal == "minimize":
        scale: Literal["log10", "raw"] = "log10" if m.logarithmic else "raw"
        return {metric: Behaviour("objective", scale, _measured(metric))}
    most = m.quantity.high if math.isfinite(m.quantity.high) else 0.0
    error = Behaviour("objective", "raw", lambda runs: most - measured(runs, metric, "maximize"))
    return {metric.replace("accuracy", "error"): error}


def behaviour(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    references: Mapping[str, Sequence[str]],
    metric: str = "final_train_loss",
) -> pd.DataFrame:
    """Return the effect of every level of every parameter on every behaviour, with its interval.

    `runs` also has the columns of `late.late` and `constant.constant`; pruned trials are left out.
    The objective's `metric` comes first where it is none of `BEHAVIOURS` (see `of_objective`). One
    row per behaviour, dataset, implementation, parameter and level (see `contrasts.pairings`):
    `pairs` of configurations, `effect`, the median over `repetitions` of the difference level −
    reference, and `low` and `high`, its order-statistic interval with the level `confidence`. It is
    `clear` where an interval of at least 95 % leaves out 0 and the effect is not smaller than
    `LEAST`, so that what no two digits show is not called an effect. On the scale log10 an effect
    is the logarithm of a ratio. Positive is slower, a higher loss or error, less steady, more
    divergence, a wider gap. `alone` is how often the level's run alone has a finite value, among
    the pairs with at least one finite value, and `other_alone` how often the reference's. Where no
    two runs of a pair have the behaviour, `pairs` is 0 and the numbers are NaN. A behaviour that no
    run shows has no row.
    """
    kept = compared(runs)
    every = {**of_objective(metric), **BEHAVIOURS}
    values = {name: one.of(kept).to_numpy(dtype=float) for name, one in every.items()}
    shown = {name: of for name, of in values.items() if np.isfinite(of).any()}
    pairs = list(pairings(kept, parameters, references))
    rows = [
        (
            name, every[name].aspect, every[name].scale, pairing.dataset,
            pairing.implementation, pairing.parameter, pairing.level, pairing.reference,
            *effect(pairing, of, combine=every[name].combine, silent=every[name].silent),
            *alone(pairing, of),
        )
        for name, of in shown.items()
        for pairing in pairs
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "clear"])
    away = (table["low"] > 0) | (table["high"] < 0)
    large = table["effect"].abs() >= table["scale"].map(LEAST)
    clear = away & large & (table["confidence"] >= CONFIDENCE)
    return table.assign(clear=clear)[list(COLUMNS)]


def effect(
    pairing: Pairing, values: Array, *, combine: Combine = "median", silent: bool = False
) -> tuple[int, int, float, float, float, float]:
    """Return pairs, repetitions, the median difference, its interval's ends and their level.

    `silent` leaves out pairs with two infinite values.
    """
    one, other = values[pairing.one], values[pairing.other]
    defined = ~(np.isnan(one) | np.isnan(other))
    if silent:
        defined &= np.isfinite(one) | np.isfinite(other)
    kept = pairing.kept(defined)
    each = differences(kept, values, combine=combine)
    pairs = len(np.unique(kept.setting))
    if not len(each):
        return pairs, 0, math.nan, math.nan, math.nan, math.nan
    interval = median_interval(each)
    return (
        pairs,
        len(each),
        float(combined(each)),
        float(interval.low),
        float(interval.high),
        interval.level,
    )


def alone(pairing: Pairing, values: Array) -> tuple[float, float]:
    """Return how often the level alone has a finite value, and how often the reference alone.

    Both are shares of the pairs with at least one finite value; NaN without such a pair.
    """
    one, other = (np.isfinite(values[places]) for places in (pairing.one, pairing.other))
    either = int((one | other).sum())
    if not either:
        return math.nan, math.nan
    return float((one & ~other).sum()) / either, float((other & ~one).sum()) / either
