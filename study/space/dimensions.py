"""The dimension of a parameter in a search: a set of values, a range, a range of shapes."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from pydantic import Field
from typing_extensions import override

from study.errors import quoted
from study.space.layers import widths
from study.space.parameter import Value
from study.space.table import Frozen, Mistake


class Choices(Frozen):
    """A set of values, searched if the configuration has the values of `when`."""

    choices: tuple[Value, ...] = Field(description="the values")
    when: dict[str, Value] = Field({}, description="searched only if these values hold")

    def has(self, value: Value) -> bool:
        """Return whether a value is one of these."""
        return value in self.choices


class Bounds(Frozen):
    """A number in [low, high], uniform or log-uniform, in steps if `step` is given."""

    low: float = Field(description="the least value")
    high: float = Field(description="the greatest value")
    log: bool = Field(default=False, description="uniform in the logarithm")
    step: float | None = Field(None, description="only low, low + step, low + 2·step, …")

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._ordered(), self._logarithmic(), self._stepped()

    def _ordered(self) -> Iterator[Mistake]:
        if not self.low < self.high:
            low, high = quoted(self.low), quoted(self.high)
            yield (), f"low must be less than high, got {low} and {high}"

    def _logarithmic(self) -> Iterator[Mistake]:
        if self.log and self.low <= 0:
            yield (), f"low must be positive with log = true, got {quoted(self.low)}"

    def _stepped(self) -> Iterator[Mistake]:
        if self.step is not None and self.log:
            yield (), f"step must not be given with log = true, got {quoted(self.step)}"
        elif self.step is not None and not 0 < self.step <= abs(self.high - self.low):
            yield (), f"step must be positive and at most high - low, got {quoted(self.step)}"

    def within(self, number: float) -> bool:
        """Return whether a number lies between the bounds, and on a step if there are steps."""
        steps = 0.0 if self.step is None else (number - self.low) / self.step
        return self.low <= number <= self.high and math.isclose(steps, round(steps), abs_tol=1e-9)


class Range(Bounds):
    """A number between bounds, searched if the configuration has the values of `when`."""

    when: dict[str, Value] = Field({}, description="searched only if these values hold")

    def has(self, value: Value) -> bool:
        """Return whether a value, a number or its text, is in the range.

        >>> Range(low=4, high=64, step=4).has("12"), Range(low=4, high=64).has("full")
        (True, False)
        """
        return value != "full" and self.within(float(value))


class Shapes(Frozen):
    """Hidden layers as a range: of their number, and of their widths."""

    layers: tuple[int, ...] = Field(description="possible numbers of hidden layers")
    width: Bounds = Field(description="range of each layer's width")
    when: dict[str, Value] = Field({}, description="searched only if these values hold")

    def has(self, value: Value) -> bool:
        """Return whether hidden layers such as "128x64" are among these."""
        each = widths(value)
        return len(each) in self.layers and all(self.width.within(width) for width in each)


Dimension: TypeAlias = Choices | Range | Shapes
Space: TypeAlias = Mapping[str, Dimension]
"""The searched parameters, in the order of the pipeline file."""
