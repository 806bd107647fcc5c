"""Claims → counts, p, interval, verdict and effect: a row for each one, dataset and network."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from study.columns import TABLES
from study.spec.hypotheses import NETWORK, Claims, Hypothesis
from study.stats.cells import Cells
from study.stats.evidence import Evidence, configurations, needed, timed, weigh
from study.stats.mixture import judge
from study.stats.reasons import reason

EXTRA = ("worst", "opposed", "diverged_value", "diverged_with", "rows", "added")
"""Columns that hypotheses.parquet does not have: the worst repetition and whether the mean goes
against the median (see `sizes`), how many runs of each side diverged, the rows that all repetitions
share, if any, and after how many repetitions the hypothesis was added; 0: before all."""


def hypotheses(runs: pd.DataFrame, claims: Claims) -> pd.DataFrame:
    """Test the declared hypotheses: the columns of hypotheses.parquet, and `EXTRA`.

    `runs` has a row per run, the columns of runs.parquet. There is a row for each hypothesis, each
    of its datasets and each network; one that compares implementations has a row for both together,
    named "as_printed − exact", and one that is about a single one has a row for that. Diverged and
    failed runs and what was never reached count as ∞, or −∞ of accuracy.
    """
    table = [
        _row(h, dataset, network, evidence, claims)
        for h, dataset, network, _, evidence in weighed(runs, claims)
    ]
    columns = [*(column.name for column in TABLES["hypotheses"]), *EXTRA]
    return pd.DataFrame(table, columns=columns)


def as_rows(tested: pd.DataFrame) -> list[dict[str, object]]:
    """Return tested hypotheses as rows of hypotheses.parquet, None for what there is not."""
    own = tested[[column.name for column in TABLES["hypotheses"]]].astype(object)
    records = own.where(pd.notna(own), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in records]


def weighed(
    runs: pd.DataFrame, claims: Claims
) -> Iterator[tuple[Hypothesis, str, str, Cells, Evidence]]:
    """Yield each hypothesis on each dataset and network, with the runs there and their evidence."""
    parts: dict[tuple[str, str], Cells] = {}
    for hypothesis, dataset, network in claims.rows():
        if (dataset, network) not in parts:
            of_dataset = runs[runs["dataset"] == dataset]
            own = of_dataset if " − " in network else of_dataset[of_dataset[NETWORK] == network]
            parts[dataset, network] = Cells.of(own)
        cells = parts[dataset, network]
        yield hypothesis, dataset, network, cells, weigh(hypothesis, dataset, cells, claims.first)


def _row(
    hypothesis: Hypothesis, dataset: str, network: str, evidence: Evidence, claims: Claims
) -> dict[str, object]:
    verdicts, shared = claims.verdicts, claims.shared.get(dataset, ("", 0.0))
    at = hypothesis.threshold
    verdict = judge(evidence.agree, evidence.n - evidence.ties, at, verdicts)
    one, other = (*evidence.diverged, math.nan, math.nan)[:2]
    return {
        "id": hypothesis.id,
        "claim": hypothesis.claim,
        "kind": hypothesis.kind,
        "dataset": dataset,
        "implementation": network,
        "metric": hypothesis.metric,
        "n": evidence.n,
        "agree": evidence.agree,
        "ties": evidence.ties,
        "threshold": at,
        "share": verdict.share,
        "share_low": verdict.low,
        "share_high": verdict.high,
        "p": verdict.p,
        "p_adjusted": verdict.adjusted,
        "verdict": verdict.word,
        "effect": evidence.size.effect,
        "unit": evidence.size.unit,
        "low": evidence.size.low,
        "high": evidence.size.high,
        "level": evidence.size.level,
        "method": _method(evidence),
        "reason": reason(hypothesis, evidence, verdict, verdicts, shared)
        + _marked(hypothesis, claims),
        "worst": evidence.size.worst,
        "opposed": evidence.size.opposed,
        "diverged_value": one,
        "diverged_with": other,
        "rows": shared[0],
        "added": claims.added.get(hypothesis.id, 0),
    }


def _marked(hypothesis: Hypothesis, claims: Claims) -> str:
    """Say after how many repetitions a hypothesis was added, if it was added after results."""
    n = claims.added.get(hypothesis.id, 0)
    return f"; added after {n} repetition{'s' * (n > 1)}" if n else ""


def _method(evidence: Evidence) -> str:
    """Return how p and the intervals were computed, and how matched cases were combined."""
    if evidence.obstacle:
        return ""
    matched = evidence.matched
    each = f"; each repetition the median of {matched} matched cases" if matched > 1 else ""
    size = "" if math.isnan(evidence.size.level) else "; median, order statistics"
    return f"mixture likelihood ratio{size}{each}"


def undecided(
    runs: pd.DataFrame, claims: Claims
) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Yield the dataset and the configurations of each undecided verdict.

    `runs` are the same as in `hypotheses.hypotheses`. Times differ whenever a run is trained, so no
    repetitions are added for a hypothesis about times.
    """
    for hypothesis, dataset, _, cells, evidence in weighed(runs, claims):
        n = evidence.n - evidence.ties
        word = judge(evidence.agree, n, hypothesis.threshold, claims.verdicts).word
        if word == "undecided" and not timed(hypothesis):
            yield dataset, configurations(cells, needed(hypothesis, cells))
