"""The verdicts of a study: a row for each hypothesis, dataset and network."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from study.spec.hypotheses import Hypothesis

NETWORK = "implementation"

First: TypeAlias = Callable[[str, Sequence[Mapping[str, Any]]], int]
"""A dataset and the configurations that a hypothesis needs there → the first repetition that had
no part in choosing them, and may count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The hypotheses of a study, with the datasets and networks that it trains.

    `first` is the first repetition that may count. `added` has the hypotheses that were added
    after results, by id: after how many repetitions. `shared` has the datasets whose rows are the
    same in all repetitions: what they are, in words, and how many are held out for each that is
    trained on, where repetitions re-split them; else 0.
    """

    declared: Sequence[Hypothesis]
    datasets: Sequence[str]
    networks: Sequence[str]
    first: First = lambda *_: 0
    added: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[Hypothesis, str, str]]:
        """Yield the hypothesis, dataset and network of each verdict of a study.

        A hypothesis that names no dataset is tested on all of them.
        """
        for hypothesis in self.declared:
            for dataset in hypothesis.datasets or self.datasets:
                for network in networks(hypothesis, self.networks):
                    yield hypothesis, dataset, network

    @property
    def verdicts(self) -> int:
        """The number of verdicts, untested ones included."""
        return sum(1 for _ in self.rows())


def networks(hypothesis: Hypothesis, present: Sequence[str]) -> list[str]:
    """Return the implementations on which a hypothesis is tested.

    All that are `present`, or the one that its values name. Where two are compared there is one row
    for both together, such as "as_printed − exact".
    """
    named = dict.fromkeys(str(cell[NETWORK]) for cell in hypothesis.cells if NETWORK in cell)
    return [" − ".join(named)] if named else list(present)
