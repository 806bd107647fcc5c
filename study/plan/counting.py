"""The repetitions that may count for a verdict: none that helped to choose configurations."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from study.datasets.rows import Rows
from study.plan.trials import learns
from study.space import PARAMETERS
from study.spec.hypotheses import Claims, First
from study.spec.pipeline import Pipeline

BLOCK = 5
"""Undecided hypotheses get this many repetitions at once."""


def claims(
    pipeline: Pipeline,
    trials: Iterable[Mapping[Any, Any]] = (),
    added: Mapping[str, int] = MappingProxyType({}),
) -> Claims:
    """Return a study's hypotheses, and what is needed to test them.

    `trials` are rows of trials.parquet: they name the confirmed winners. `added` has the hypotheses
    that were added after results.
    """
    return Claims(
        declared=pipeline.hypotheses,
        datasets=list(pipeline.datasets),
        networks=pipeline.implementations,
        first=_first(pipeline, trials),
        added=added,
        shared=pipeline.shared,
    )


def _first(pipeline: Pipeline, trials: Iterable[Mapping[Any, Any]]) -> First:
    """Return a function: configurations on a dataset → the first repetition that counts for them.

    It is the first, unless their declared repetitions chose them: in a search that learns or
    prunes, and if all of them were confirmed. Then only later repetitions count.
    """
    declared = pipeline.search.repetitions
    confirmed = (trial for trial in trials if trial["phase"] == "confirm")
    winners = {(str(trial["dataset"]), values_of(trial)) for trial in confirmed}

    def first(dataset: str, configurations: Sequence[Mapping[str, Any]]) -> int:
        won = all((dataset, values_of(values)) in winners for values in configurations)
        return declared if won or chooses(pipeline) else 0

    return first


def chooses(pipeline: Pipeline) -> bool:
    """Return whether configurations are chosen, or pruned, by their results."""
    return learns(pipeline) or pipeline.search.pruner is not None


def extends(pipeline: Pipeline, dataset: str) -> bool:
    """Return whether repetitions may be added on a dataset: a table has the same rows each time."""
    return not isinstance(pipeline.datasets[dataset], Rows)


def values_of(values: Mapping[Any, Any]) -> tuple[object, ...]:
    """Return a configuration's values, None for parameters that do not apply."""
    return tuple(None if values[name] != values[name] else values[name] for name in PARAMETERS)
