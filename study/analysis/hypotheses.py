"""Claims → estimate, interval, p and verdict: a row for each one, dataset and network."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from study.analysis.cells import Cells
from study.analysis.evidence import Evidence
from study.analysis.families import NETWORK, networks
from study.analysis.holm import holm
from study.analysis.mixture import ALPHA
from study.analysis.reasons import reason
from study.analysis.weighing import weigh
from study.columns import TABLES
from study.space import PARAMETERS
from study.spec.hypotheses import Hypothesis

EXTRA = ("agreeing", "ties")
"""Columns beside those of hypotheses.parquet: in how many of n repetitions it came as claimed."""


@dataclass(frozen=True, slots=True)
class _Tested:
    """One hypothesis on one dataset and network, before Holm's correction."""

    hypothesis: Hypothesis
    dataset: str
    network: str
    found: Evidence

    @property
    def family(self) -> tuple[str, str]:
        """What is corrected together."""
        return self.dataset, self.network


def hypotheses(
    runs: pd.DataFrame, declared: Sequence[Hypothesis], datasets: Sequence[str]
) -> pd.DataFrame:
    """Test the declared hypotheses: the columns of hypotheses.parquet, and `EXTRA`.

    `runs` has a row per run, the columns of runs.parquet. There is a row for each hypothesis, each
    of its datasets (of `datasets` where it names none) and each implementation among the runs; one
    that compares implementations has a row for both together, named "as_printed − exact", and one
    that is about a single one has a row for that. p is two-sided, and corrected by Holm's method
    within one dataset and implementation; `supported` and `contradicted` mean that it is then at
    most 0.05. Diverged runs and what was never reached count as ∞, or −∞ of accuracy.
    """
    options = PARAMETERS[NETWORK].options
    present = [name for name in options if (runs[NETWORK] == name).any()]
    parts: dict[tuple[str, str], Cells] = {}
    tested = []
    for hypothesis in declared:
        for dataset in hypothesis.datasets or datasets:
            for network in networks(hypothesis, present):
                if (dataset, network) not in parts:
                    here = runs[runs["dataset"] == dataset]
                    own = here[here[NETWORK] == network]
                    parts[dataset, network] = Cells.of(own if network in options else here)
                found = weigh(hypothesis, parts[dataset, network])
                tested.append(_Tested(hypothesis, dataset, network, found))
    families: dict[tuple[str, str], list[float]] = {}
    for one in tested:
        if not one.found.obstacle:
            families.setdefault(one.family, []).append(one.found.p)
    corrected = {key: iter(holm(family)) for key, family in families.items()}
    rows = [
        _row(one, math.nan, 0)
        if one.found.obstacle
        else _row(one, next(corrected[one.family]), len(families[one.family]))
        for one in tested
    ]
    columns = [*(column.name for column in TABLES["hypotheses"]), *EXTRA]
    return pd.DataFrame(rows, columns=columns)


def _row(one: _Tested, corrected: float, family: int) -> dict[str, object]:
    hypothesis, found = one.hypothesis, one.found
    return {
        "id": hypothesis.id,
        "claim": hypothesis.claim,
        "kind": hypothesis.kind,
        "dataset": one.dataset,
        "implementation": one.network,
        "metric": hypothesis.metric,
        "n": found.n,
        "estimate": found.estimate,
        "unit": found.unit,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "method": found.method,
        "p": found.p,
        "p_holm": corrected,
        "verdict": _verdict(found, corrected),
        "reason": reason(hypothesis, found, corrected, family),
        "agreeing": found.agreeing,
        "ties": found.ties,
    }


def _verdict(found: Evidence, corrected: float) -> str:
    if found.obstacle or corrected > ALPHA:
        return "undecided"
    return "supported" if found.supporting < found.contradicting else "contradicted"
