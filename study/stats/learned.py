"""Whether anything was learned: what beats the trivial predictor."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from study.metrics import ACCURACY, METRICS
from study.spec.constraints import Constraint
from study.spec.objective import Objective, statistic
from study.stats.feasible import met, values_of
from study.stats.intervals import Array
from study.stats.scales import compared
from study.stats.summaries import measured, places
from study.stats.trivial import TRIVIAL

WORTH = 0.01
"""A run must be better than the trivial predictor by this share of its loss, 1 %."""

CLEARLY = 0.5
"""A run with fewer wrong answers than this share of the trivial predictor's has learned."""

COLUMNS = (
    "dataset", "metric", "trivial", "answer", "configurations", "feasible", "better",
    "configuration", "value", "runs", "stuck", "diverged",
)  # fmt: skip


def judged(metrics: Sequence[str]) -> tuple[str, str | None]:
    """Return the loss that is compared with the trivial predictor's, and an accuracy or None.

    The first objective that is a loss or an accuracy decides; a loss is taken as it is. For an
    accuracy, and for epochs, sizes and times, it is the final loss of the same part (training or
    held-out): epochs, sizes and times do not measure what was learned, and an untrained network
    may exceed the trivial accuracy by luck. An accuracy is returned too, because a network that is
    mostly right has learned, even if its few confident errors raise its loss above the trivial one.

    >>> judged(["final_train_loss"]), judged(["parameters", "best_test_loss"])
    (('final_train_loss', None), ('best_test_loss', None))
    >>> judged(["final_test_accuracy"]), judged(["epochs_to_full_accuracy"])
    (('final_test_loss', 'final_test_accuracy'), ('final_train_loss', None))
    """
    for name in metrics:
        if METRICS[name].is_loss:
            return name, None
        if METRICS[name].quantity is ACCURACY:
            return f"final_{_part(name)}_loss", name
    return f"final_{_part(metrics[0])}_loss", None


def _part(metric: str) -> str:
    return METRICS[metric].part or "train"


def learned(  # noqa: PLR0913  # frames, and what was declared about them
    runs: pd.DataFrame,
    counted: pd.DataFrame,
    ranked: pd.DataFrame,
    baselines: pd.DataFrame,
    aims: Sequence[Objective],
    *,
    constraints: Sequence[Constraint] = (),
) -> pd.DataFrame:
    """Return one row per dataset: how many configurations beat the trivial predictor.

    `baselines` comes from `trivial.baselines`, for each loss that is minimised; `ranked` has the
    configurations, best first, by their runs in `counted`; `judged` takes `metric` from the
    objectives `aims`. Each run is compared with the predictor of its own repetition, by its own
    loss. It is better if its loss is below 99 % of the predictor's, or, where an accuracy is the
    objective, if it has fewer than half as many wrong answers. A diverged or failed run never is.
    `better` counts the configurations that are better at the objective's quantile of their
    repetitions, among all `configurations` without a pruned run. Where there are `constraints`, it
    counts feasible ones, of so many `feasible`, and is null where none is. For the `configuration`
    that is ranked first, `value` is the loss at that quantile, and `trivial` the mean of its
    repetitions' predictors, which give the constant `answer`. `stuck` counts its `runs` that are no
    better than that, including the `diverged` and failed runs. A dataset without stored labels, or
    without a ranked configuration, has no row.
    """
    (loss, accuracy), rows = judged([aim.metric for aim in aims]), []
    typical = partial(statistic, goal="minimize", quantile=aims[0].quantile)
    for first in ranked[ranked["rank"] == 1].to_dict("records"):
        dataset = str(first["dataset"])
        every, own = (frame[frame["dataset"] == dataset] for frame in (compared(runs), counted))
        baseline = baselines[(baselines["dataset"] == dataset) & (baselines["part"] == _part(loss))]
        if baseline.empty:
            continue
        limits = baseline.set_index(["repetition", "of"])
        rated = [part.assign(ratio=_ratios(part, loss, accuracy, limits)) for part in (every, own)]
        groups = [part.groupby("configuration")["ratio"].agg(typical) for part in rated]
        better = {str(name) for of in groups for name in of.index[of < 1 - WORTH]}
        allowed = _feasible(rated, constraints, aims[0])
        better &= allowed
        best = rated[1][rated[1]["configuration"] == first["configuration"]]
        rows.append((
            dataset, loss, float(_of_each(best, limits["loss"]).mean()),
            " or ".join(dict.fromkeys(TRIVIAL[of].answer for of in baseline["of"])),
            every["configuration"].nunique(), len(allowed),
            len(better) if allowed else None, first["configuration"],
            typical(measured(best, loss)), len(best),
            int((best["ratio"] >= 1 - WORTH).sum()),
            int(best["status"].isin(["diverged", "failed"]).sum()),
        ))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"better": "Int64"})
    return table if constraints else table.drop(columns="feasible")


def _feasible(
    parts: Sequence[pd.DataFrame], constraints: Sequence[Constraint], aim: Objective
) -> set[str]:
    """Return the configurations that meet all constraints by their runs in one of the parts."""
    names: set[str] = set()
    for part in parts:
        limited = [values_of(part, limit) for limit in constraints]
        names |= {
            str(name)
            for (_, name), at in places(part)
            if met([of[at] for of in limited], constraints, aim)
        }
    return names


def _of_each(runs: pd.DataFrame, limits: "pd.Series[float]") -> "pd.Series[float]":
    """Return the trivial predictor's of each run, the mean where its repetition's is unknown."""
    losses = runs["loss"].astype(str)
    each = limits.reindex(pd.MultiIndex.from_arrays([runs["repetition"], losses]))
    means = losses.map(limits.groupby("of").mean()).astype(float)
    return pd.Series(each.to_numpy(dtype=float), index=runs.index).fillna(means)


def _ratios(runs: pd.DataFrame, loss: str, accuracy: str | None, limits: pd.DataFrame) -> Array:
    """Return each run's loss in units of the trivial predictor's, or its share of wrong answers."""
    ratios = _divided(measured(runs, loss), _of_each(runs, limits["loss"]))
    if accuracy is None:
        return ratios
    wrong = 1 - measured(runs, accuracy, "maximize")
    mistaken = _divided(wrong, 1 - _of_each(runs, limits["accuracy"]))
    return np.where(mistaken < CLEARLY, np.minimum(ratios, mistaken), ratios)


def _divided(values: pd.Series, trivial: pd.Series) -> Array:
    """Return values / trivial; ∞ where the trivial predictor is perfect: nothing is better."""
    ratios = np.full(len(values), np.inf)
    np.divide(values, trivial, out=ratios, where=(trivial > 0).to_numpy())
    return ratios
