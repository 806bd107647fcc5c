"""The rows of hypotheses.parquet: each hypothesis on each of its datasets and networks."""

from collections.abc import Iterator, Sequence

from study.spec.hypotheses import Hypothesis

NETWORK = "implementation"


def rows(
    declared: Sequence[Hypothesis], datasets: Sequence[str], present: Sequence[str]
) -> Iterator[tuple[Hypothesis, str, str]]:
    """Yield the hypothesis, dataset and network of each verdict of a study.

    A hypothesis that names no dataset is tested on all of `datasets`, and on each network that is
    `present`; see `networks`.
    """
    for hypothesis in declared:
        for dataset in hypothesis.datasets or datasets:
            for network in networks(hypothesis, present):
                yield hypothesis, dataset, network


def networks(hypothesis: Hypothesis, present: Sequence[str]) -> list[str]:
    """Return the implementations on which a hypothesis is tested.

    All that are `present`, or the one that its values name. Where two are compared there is one row
    for both together, such as "as_printed − exact".
    """
    named = dict.fromkeys(str(cell[NETWORK]) for cell in hypothesis.cells if NETWORK in cell)
    return [" − ".join(named)] if named else list(present)
