"""Which configurations need more repetitions: each undecided hypothesis and its runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from study.spec.claims import Claims
from study.stats.hypotheses import weighed
from study.stats.mixture import judge
from study.stats.weighing import configurations, needed, timed


def undecided(
    runs: pd.DataFrame, claims: Claims
) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Yield the dataset and the configurations of each verdict that is undecided.

    `runs` are those of `hypotheses.hypotheses`. Times differ whenever a run is trained, so no
    repetitions are added for a hypothesis about them.
    """
    for hypothesis, dataset, _, cells, found in weighed(runs, claims):
        n = found.n - found.ties
        word = judge(found.agree, n, hypothesis.threshold, claims.verdicts).word
        if word == "undecided" and not timed(hypothesis):
            yield dataset, configurations(cells, needed(hypothesis, cells))
