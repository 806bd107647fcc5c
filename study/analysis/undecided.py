"""Which configurations more repetitions are needed of: each undecided hypothesis and its runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from study.analysis.hypotheses import weighed
from study.analysis.mixture import judge
from study.analysis.weighing import First, configurations, needed, timed
from study.spec.hypotheses import Hypothesis


def undecided(
    runs: pd.DataFrame,
    declared: Sequence[Hypothesis],
    datasets: Sequence[str],
    networks: Sequence[str],
    first: First,
) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Yield the dataset and the configurations of each verdict that is undecided.

    The arguments are those of `hypotheses.hypotheses`. Times differ whenever a run is trained, so
    no repetitions are added for a hypothesis about them.
    """
    found = list(weighed(runs, declared, datasets, networks, first))
    for hypothesis, dataset, _, cells, weight in found:
        n = weight.n - weight.ties
        word = judge(weight.agree, n, hypothesis.threshold, len(found)).word
        if word == "undecided" and not timed(hypothesis):
            yield dataset, configurations(cells, needed(hypothesis, cells))
