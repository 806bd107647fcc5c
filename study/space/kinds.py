"""Parameters whose values are one word or one number: choices, real numbers, batch sizes."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from study.errors import not_one_of, quoted
from study.space.parameter import Parameter, Scale, Value, Written

WHOLE = {"type": "integer", "minimum": 1}
"""The JSON Schema of a width or a number of samples."""


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of the words in `options`."""

    plain: ClassVar[bool] = True

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(not_one_of(value, self.options))
        return value

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return (self.options.index(str(value)),)

    @property
    @override
    def json(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True, kw_only=True)
class Real(Parameter):
    """A number between `low` and `high`; `high` is excluded."""

    low: float = 0.0
    low_included: bool = False
    high: float = math.inf

    numeric: ClassVar[bool] = True

    @override
    def read(self, value: object) -> float:
        number = _number(value)
        above = number >= self.low if self.low_included else number > self.low
        if not (above and number < self.high):
            raise ValueError(f"must be {self.range}, got {quoted(value)}")
        return number + 0.0  # −0 is 0

    @property
    def range(self) -> str:
        """The valid range in words.

        >>> Real().range, Real(low_included=True, high=1.0).range, Real(low_included=True).range
        ('positive and finite', 'at least 0 and less than 1', 'at least 0 and finite')
        """
        low = f"{'at least' if self.low_included else 'more than'} {self.low:g}"
        low = "positive" if low == "more than 0" else low
        return f"{low} and {'finite' if math.isinf(self.high) else f'less than {self.high:g}'}"

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return (float(value),)

    @override
    def number(self, text: str) -> float:
        return float(text)

    @property
    @override
    def ends(self) -> frozenset[str]:
        return frozenset({f"{self.low:g}"} if self.low_included else ())

    @property
    @override
    def json(self) -> dict[str, Any]:
        low = {"minimum" if self.low_included else "exclusiveMinimum": self.low}
        high = {} if math.isinf(self.high) else {"exclusiveMaximum": self.high}
        return {"type": "number", **low, **high}


@dataclass(frozen=True, kw_only=True)
class Whole(Parameter):
    """A whole number of at least 1, which is stored as a number.

    >>> Whole().read(100), Whole().write(100.0)
    (100.0, 100)
    """

    scale: Scale = "log"

    numeric: ClassVar[bool] = True
    whole: ClassVar[bool] = True

    @override
    def read(self, value: object) -> float:
        if not whole(value):
            raise ValueError(f"must be a whole number of at least 1, got {quoted(value)}")
        return float(str(value))

    @override
    def write(self, value: Value) -> Written:
        return int(value)

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return (float(value),)

    @override
    def number(self, text: str) -> float:
        return float(text)

    @property
    @override
    def ends(self) -> frozenset[str]:
        return frozenset({"1"})

    @property
    @override
    def json(self) -> dict[str, Any]:
        return WHOLE


@dataclass(frozen=True, kw_only=True)
class Batch(Parameter):
    """A number of samples, or "full"; stored as text.

    >>> Batch().read(8), Batch().write("8"), Batch().write("full")
    ('8', 8, 'full')
    """

    scale: Scale = "ordered"

    whole: ClassVar[bool] = True

    @override
    def read(self, value: object) -> str:
        if value != "full" and not whole(value):
            raise ValueError(f"must be 'full' or a whole number of at least 1, got {quoted(value)}")
        return str(value)

    @override
    def write(self, value: Value) -> Written:
        return value if value == "full" else int(value)

    @override
    def stored(self, number: float) -> str:
        return f"{number:.0f}"

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return (math.inf if value == "full" else float(value),)

    @override
    def number(self, text: str) -> float | None:
        return None if text == "full" else float(text)

    @property
    @override
    def ends(self) -> frozenset[str]:
        return frozenset({"1", "full"})

    @property
    @override
    def json(self) -> dict[str, Any]:
        return {"anyOf": [{"const": "full"}, WHOLE]}


def _number(value: object) -> float:
    """Return a number of the file as a float; ∞ for a whole one that exceeds every float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"must be a number, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def whole(value: object) -> bool:
    """Return whether a value can be a width or a number of samples, which 32 bits can count."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**31
