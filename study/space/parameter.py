"""One hyperparameter: its type, valid values, scale and default, and how a file spells it."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from study.errors import not_one_of, quoted

Value: TypeAlias = float | str
"""A parameter's value in its stored form: a number, or text such as "adam", "128x64", "full"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What may be said of one hyperparameter; what it *means* only `training/build.py` knows.

    A `choice` is one of `options`; a `real` lies between `low` and `high`, `high` excluded;
    `shape` is a list of widths, stored as text ("128x64"); `batch` is "full" or a number of
    samples, stored as text too; `kernels` is "none" or convolution layers, stored as text
    ("4@3x3": 4 channels, kernels of 3 by 3). `acts_with` names another parameter and its values
    without which this one does nothing.
    """

    name: str
    meaning: str
    kind: Literal["choice", "real", "shape", "batch", "kernels"]
    default: Value
    table: Literal["model", "training"]
    options: tuple[str, ...] = ()
    low: float = 0.0
    low_included: bool = False
    high: float = math.inf
    scale: Literal["linear", "log", "ordered", "nominal"] = "nominal"
    unit: str = ""
    searchable: bool = True
    per_network: bool = False
    acts_with: tuple[str, frozenset[str]] | None = None

    def read(self, value: object) -> Value:
        """Return a file's value in its stored form, or raise ValueError with the rule it breaks."""
        match self.kind:
            case "choice":
                return self._choice(value)
            case "real":
                return self._real(value)
            case "shape":
                return self._shape(value)
            case "batch":
                return self._batch(value)
            case "kernels":
                return self._kernels(value)

    def write(self, value: Value) -> float | str | list[int] | list[dict[str, object]]:
        """Return a stored value as a pipeline file spells it: what `read` takes.

        >>> from study.space import PARAMETERS
        >>> PARAMETERS["hidden"].write("128x64"), PARAMETERS["batch_size"].write("8")
        ([128, 64], 8)
        """
        if self.kind == "shape":
            return [int(width) for width in str(value).split("x")]
        if self.kind == "kernels" and value != "none":
            return [{"channels": c, "kernel": [h, w]} for c, h, w in kernels(str(value))]
        return int(value) if self.kind == "batch" and value != "full" else value

    def _choice(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(not_one_of(value, self.options))
        return value

    def _real(self, value: object) -> float:
        number = _number(value)
        above = number >= self.low if self.low_included else number > self.low
        if not (above and number < self.high):
            raise ValueError(f"must be {self.range}, got {quoted(value)}")
        return number

    @property
    def range(self) -> str:
        """The valid range in words.

        >>> from study.space import PARAMETERS
        >>> PARAMETERS["lr"].range, PARAMETERS["momentum"].range
        ('positive and finite', 'at least 0 and less than 1')
        """
        if math.isinf(self.high):
            return "positive and finite"
        low = "at least" if self.low_included else "more than"
        return f"{low} {self.low:g} and less than {self.high:g}"

    @staticmethod
    def _shape(value: object) -> str:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError(f"must be a list of widths, such as [128, 64], got {quoted(value)}")
        wrong = [width for width in value if not _whole(width)]
        if wrong:
            raise ValueError(
                f"a width must be a whole number of at least 1, got {quoted(wrong[0])}"
            )
        return "x".join(map(str, value))

    @staticmethod
    def _batch(value: object) -> str:
        if value != "full" and not _whole(value):
            raise ValueError(f"must be 'full' or a whole number of at least 1, got {quoted(value)}")
        return str(value)

    @staticmethod
    def _kernels(value: object) -> str:
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

    def order(self, value: Value) -> tuple[float, ...]:
        """Return a sort key: choices as `options` lists them, numbers and shapes by size.

        >>> from study.space import PARAMETERS
        >>> sorted(["64x32", "8", "128"], key=PARAMETERS["hidden"].order)
        ['8', '128', '64x32']
        """
        if self.kind == "choice":
            return (self.options.index(str(value)),)
        if self.kind == "shape":
            widths = [int(width) for width in str(value).split("x")]
            return (len(widths), *widths)
        if self.kind == "kernels":
            return tuple(number for layer in kernels(str(value)) for number in layer)
        return (math.inf if value == "full" else float(value),)


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
