"""Levels: the share of repetitions in which a metric reaches one, or a run diverges."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.analysis.differences import combined
from study.analysis.evidence import Evidence, medians
from study.analysis.intervals import CONFIDENCE, Array
from study.analysis.shares import binomial_tails, clopper_pearson
from study.spec.hypotheses import Level, Threshold


def level(hypothesis: Level, values: Array, precision: np.dtype[Any]) -> Evidence:
    """Count the repetitions in which the median configuration meets the level."""
    expected, n = hypothesis.expect, values.shape[-1]
    hits = int(_meets(combined(values), expected, precision).sum())
    fewer, more = binomial_tails(hits, n, expected.share)
    low, high = clopper_pearson(hits, n)
    return Evidence(
        n=n,
        agreeing=hits,
        estimate=hits / n,
        low=low,
        high=high,
        level=CONFIDENCE,
        supporting=more,
        contradicting=fewer,
        unit="share of runs" if len(values) == 1 else "share of repetitions",
        method=f"exact binomial test; Clopper–Pearson{medians(len(values))}",
    )


def _meets(values: Array, expected: Threshold, precision: np.dtype[Any]) -> NDArray[np.bool_]:
    """Say which values meet the level, written in the metric's own precision.

    Of several configurations that diverged or not, most must have done what is claimed.
    """
    if expected.at_least is not None:
        return values >= float(precision.type(expected.at_least))
    if expected.at_most is not None:
        return values <= float(precision.type(expected.at_most))
    return values > 0.5 if expected.fact else values < 0.5  # noqa: PLR2004  # most of them
