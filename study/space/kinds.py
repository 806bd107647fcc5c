"""The kinds of parameters: choices, real numbers, shapes, batch sizes and kernels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from study.errors import not_one_of, quoted
from study.space.parameter import Parameter, Scale, Value, Written

WHOLE = {"type": "integer", "minimum": 1}
"""The JSON Schema of a width or a number of samples."""

KERNELS = {
    "type": "object",
    "properties": {
        "channels": WHOLE,
        "kernel": {"type": "array", "items": WHOLE, "minItems": 2, "maxItems": 2},
    },
    "required": ["channels", "kernel"],
    "additionalProperties": False,
}
"""The JSON Schema of a convolution layer."""


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of the words in `options`."""

    kind: ClassVar[str] = "choice"

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(not_one_of(value, self.options))
        return value

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return (self.options.index(str(value)),)

    @override
    def called(self, text: str) -> str:
        return super().called(text) if text == "none" else text

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
    kind: ClassVar[str] = "real"

    @override
    def read(self, value: object) -> float:
        number = _number(value)
        above = number >= self.low if self.low_included else number > self.low
        if not (above and number < self.high):
            raise ValueError(f"must be {self.range}, got {quoted(value)}")
        return number

    @property
    def range(self) -> str:
        """The valid range in words.

        >>> Real().range, Real(low_included=True, high=1.0).range
        ('positive and finite', 'at least 0 and less than 1')
        """
        if math.isinf(self.high):
            return "positive and finite"
        low = "at least" if self.low_included else "more than"
        return f"{low} {self.low:g} and less than {self.high:g}"

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return (float(value),)

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
class Shape(Parameter):
    """A list of widths, stored as text.

    >>> Shape().read([128, 64]), Shape().write("128x64")
    ('128x64', [128, 64])
    >>> sorted(["64x32", "8", "128"], key=Shape().order)
    ['8', '128', '64x32']
    """

    scale: Scale = "ordered"
    kind: ClassVar[str] = "shape"

    beside: ClassVar[Mapping[str, tuple[str, str]]] = {
        "layers": ("number of hidden layers", "layers"),
        "width": ("width of every hidden layer; null where unequal", "units"),
    }

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError(f"must be a list of widths, such as [128, 64], got {quoted(value)}")
        wrong = [width for width in value if not _whole(width)]
        if wrong:
            raise ValueError(
                f"a width must be a whole number of at least 1, got {quoted(wrong[0])}"
            )
        return "x".join(map(str, value))

    @override
    def write(self, value: Value) -> Written:
        return [int(width) for width in str(value).split("x")]

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        widths = [int(width) for width in str(value).split("x")]
        return (len(widths), *widths)

    @override
    def called(self, text: str) -> str:
        return text

    @property
    @override
    def json(self) -> dict[str, Any]:
        return {"type": "array", "items": WHOLE, "minItems": 1}


@dataclass(frozen=True, kw_only=True)
class Batch(Parameter):
    """A number of samples, or "full"; stored as text.

    >>> Batch().read(8), Batch().write("8"), Batch().write("full")
    ('8', 8, 'full')
    """

    scale: Scale = "ordered"

    whole: ClassVar[bool] = True
    kind: ClassVar[str] = "batch"

    @override
    def read(self, value: object) -> str:
        if value != "full" and not _whole(value):
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

    @property
    @override
    def ends(self) -> frozenset[str]:
        return frozenset({"1", "full"})

    @property
    @override
    def json(self) -> dict[str, Any]:
        return {"anyOf": [{"const": "full"}, WHOLE]}


@dataclass(frozen=True, kw_only=True)
class Kernels(Parameter):
    """Convolution layers, or "none"; stored as text.

    >>> Kernels().read([{"channels": 4, "kernel": [3, 3]}])
    '4@3x3'
    """

    scale: Scale = "ordered"
    kind: ClassVar[str] = "kernels"

    @override
    def read(self, value: object) -> str:
        layers = value if isinstance(value, list | tuple) else [value]
        if value == "none":
            return "none"
        written = []
        for layer in layers:
            numbers: list[object] = []
            if isinstance(layer, dict) and set(layer) == {"channels", "kernel"}:
                numbers = [layer["channels"], *_pair(layer["kernel"])]
            if len(numbers) != 3 or not all(map(_whole, numbers)):  # noqa: PLR2004  # c, h, w
                raise ValueError(
                    "must be 'none', or a list of tables such as {channels = 4, kernel = [3, 3]}, "
                    f"got {quoted(value)}"
                )
            written.append("{}@{}x{}".format(*numbers))
        if not written:
            raise ValueError("no list is empty; 'none' means no convolution")
        return "+".join(written)

    @override
    def write(self, value: Value) -> Written:
        if value == "none":
            return value
        return [{"channels": c, "kernel": [h, w]} for c, h, w in kernels(str(value))]

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return tuple(number for layer in kernels(str(value)) for number in layer)

    @property
    @override
    def ends(self) -> frozenset[str]:
        return frozenset({"none"})

    @property
    @override
    def json(self) -> dict[str, Any]:
        layers = {"type": "array", "items": KERNELS, "minItems": 1}
        return {"anyOf": [{"const": "none"}, KERNELS, layers]}


def kernels(value: str) -> tuple[tuple[int, int, int], ...]:
    """Return (channels, height, width) of each convolution layer that a stored value names.

    >>> kernels("4@3x3+8@1x2"), kernels("none")
    (((4, 3, 3), (8, 1, 2)), ())
    """
    layers = [] if value == "none" else value.split("+")
    return tuple(
        (int(channels), *map(int, kernel.split("x")))  # type: ignore[misc]  # two numbers
        for channels, kernel in (layer.split("@") for layer in layers)
    )


def _pair(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _number(value: object) -> float:
    """Return a number of the file as a float; a whole one beyond every float is infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"must be a number, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _whole(value: object) -> bool:
    """Say whether a value can be a width or a number of samples, which 32 bits can count."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 2**31
