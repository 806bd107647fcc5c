"""The number of configurations in a space, and values that differ only in rounding."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from study.plan.trials import excludes
from study.samplers.grid import Grid
from study.space import (
    PARAMETERS,
    Bounds,
    Choices,
    Condition,
    Dimension,
    Range,
    Value,
    canonical,
    joined,
)
from study.spec.pipeline import Pipeline

COUNTED = 100_000
"""No search tries this many combinations, so they need not be counted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of combinations, of repeats among them, and of excluded ones."""

    combinations: int
    repeats: int
    excluded: int

    @property
    def configurations(self) -> int:
        """The number that is left, each a different configuration."""
        return self.combinations - self.repeats - self.excluded


def cells(pipeline: Pipeline) -> int | None:
    """Return the number of configurations to try, without excluded ones.

    None if a range is unlimited, or if there are more than any search tries.
    """
    counts = None if combinations(pipeline) >= COUNTED else counted(pipeline)
    return None if counts is None else counts.configurations


def combinations(pipeline: Pipeline) -> float:
    """Return the number of combinations of values: ∞ in a range without steps."""
    return math.prod(size(name, d) for name, d in pipeline.search.parameters.items())


def counted(pipeline: Pipeline) -> Counted:
    """Count the combinations of a finite space by making all of them."""
    listed = {
        name: Choices(choices=tuple(_values(name, dimension)), when=dimension.when)
        for name, dimension in pipeline.search.parameters.items()
    }
    made = (
        canonical({**pipeline.fixed, **chosen}) for chosen in Grid(listed, pipeline.fixed).ask()
    )
    different = {tuple(one.values()): one for one in made}
    excluded = sum(excludes(pipeline, one) for one in different.values())
    whole = int(combinations(pipeline))
    return Counted(whole, whole - len(different), excluded)


def conditional(pipeline: Pipeline) -> list[str]:
    """Return the searched parameters that do not apply to every configuration."""
    space = pipeline.search.parameters
    return [name for name in space if space[name].when or not _always_acts(name, pipeline)]


def _always_acts(name: str, pipeline: Pipeline) -> bool:
    conditions = PARAMETERS[name].acts_with
    return not conditions or any(
        _always_holds(c, pipeline) and _always_acts(c.parameter, pipeline) for c in conditions
    )


def _always_holds(condition: Condition, pipeline: Pipeline) -> bool:
    """Return whether the other parameter's values all meet the condition."""
    dimension = pipeline.search.parameters.get(condition.parameter)
    if dimension is None:
        return condition.holds(pipeline.fixed[condition.parameter])
    if dimension.when and not condition.holds(PARAMETERS[condition.parameter].default):
        return False
    if condition.excluded:
        return not any(dimension.has(value) for value in condition.values)
    return isinstance(dimension, Choices) and condition.values.issuperset(dimension.choices)


def size(name: str, dimension: Dimension) -> float:
    """Return the number of values of a parameter: ∞ in a range without steps.

    >>> size("lr", Range(low=0.1, high=0.5, step=0.1)), size("batch_size", Range(low=1, high=8))
    (5, 8)
    """
    if isinstance(dimension, Choices):
        return len(dimension.choices)
    if isinstance(dimension, Range):
        return _count(dimension, whole=PARAMETERS[name].whole)
    return sum(_count(dimension.width, whole=True) ** layers for layers in dimension.layers)


def _count(bounds: Bounds, *, whole: bool) -> float:
    if bounds.step is None and not whole:
        return math.inf
    return math.floor((bounds.high - bounds.low) / (bounds.step or 1) + 1e-9) + 1


def _values(name: str, dimension: Dimension) -> Iterator[Value]:
    """Yield all values of a finite dimension, in their stored form."""
    if isinstance(dimension, Choices):
        yield from dimension.choices
    elif isinstance(dimension, Range):
        p = PARAMETERS[name]
        for number in _steps(dimension, whole=p.whole):
            yield p.stored(float(number))
    else:
        widths = list(_steps(dimension.width, whole=True))
        for layers in dimension.layers:
            yield from map(joined, itertools.product(widths, repeat=layers))


def _steps(bounds: Bounds, *, whole: bool) -> Iterator[Decimal]:
    low, step = (Decimal(str(number)) for number in (bounds.low, bounds.step or 1))
    for i in range(int(_count(bounds, whole=whole))):
        number = low + i * step
        yield number.to_integral_value() if whole else number


def same_batches(pipeline: Pipeline) -> list[str]:
    """Name, for each dataset, the searched batch sizes with one update of all samples an epoch.

    Their runs are stored as different configurations, and differ only in rounding.
    """
    return list(_same(pipeline))


def _same(pipeline: Pipeline) -> Iterator[str]:
    searched = pipeline.search.parameters.get("batch_size")
    for name, dataset in pipeline.datasets.items():
        samples = dataset.size - dataset.held_out
        which = ""
        if isinstance(searched, Choices):
            ordered = sorted(searched.choices, key=PARAMETERS["batch_size"].order)
            covering = [v for v in ordered if v == "full" or float(v) >= samples]
            *first, last = map(str, covering or [""])
            which = f"{', '.join(first)} and {last}" if first else ""
        elif isinstance(searched, Range):
            step = searched.step or 1
            least = searched.low + max(0, -(-(samples - searched.low) // step)) * step
            which = f"from {least:.0f} on" if least + step <= searched.high else ""
        if which:
            yield (
                f"batch sizes {which} are the same on {name}, which has {samples} training samples"
            )
