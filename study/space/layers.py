"""Parameters whose values are layers: widths of hidden ones, kernels of convolutions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from study.errors import quoted
from study.space.kinds import WHOLE, whole
from study.space.parameter import Parameter, Scale, Value, Written

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
class Shape(Parameter):
    """A list of widths, stored as text; the empty one means no hidden layer, and is "none".

    >>> Shape().read([128, 64]), Shape().write("128x64"), Shape().read([]), Shape().write("none")
    ('128x64', [128, 64], 'none', [])
    >>> sorted(["64x32", "none", "8", "128"], key=Shape().order)
    ['none', '8', '128', '64x32']
    """

    scale: Scale = "ordered"

    plain: ClassVar[bool] = True

    beside: ClassVar[Mapping[str, tuple[str, str]]] = {
        "layers": ("number of hidden layers", "layers"),
        "width": ("width of every hidden layer; null if unequal or none", "units"),
    }

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, list | tuple):
            problem = f"must be a list of widths, such as [128, 64], got {quoted(value)}"
            raise ValueError(problem)  # noqa: TRY004  # pydantic's rule
        wrong = [width for width in value if not whole(width)]
        if wrong:
            raise ValueError(
                f"a width must be a whole number of at least 1, got {quoted(wrong[0])}"
            )
        return joined(value)

    @override
    def write(self, value: Value) -> Written:
        return list(widths(value))

    @override
    def order(self, value: Value) -> tuple[int, ...]:
        return (len(widths(value)), *widths(value))

    @override
    def number(self, text: str) -> float | None:
        return float(text) if self.depth(text) == 1 else None

    @override
    def depth(self, text: str) -> int:
        return len(widths(text))

    @override
    def numbers(self, value: Value) -> Mapping[str, int | None]:
        depth, *each = self.order(value)
        return {"layers": depth, "width": each[0] if len(set(each)) == 1 else None}

    @property
    @override
    def ends(self) -> frozenset[str]:
        return frozenset({"none"})

    @property
    @override
    def json(self) -> dict[str, Any]:
        return {"type": "array", "items": WHOLE}


def widths(value: Value) -> tuple[int, ...]:
    """Return the widths of the hidden layers that a stored value names.

    >>> widths("128x64"), widths("none")
    ((128, 64), ())
    """
    return () if value == "none" else tuple(map(int, str(value).split("x")))


def joined(each: Iterable[object]) -> str:
    """Return hidden layers of these widths in their stored form.

    >>> joined([128, 64]), joined([])
    ('128x64', 'none')
    """
    return "x".join(map(str, each)) or "none"


@dataclass(frozen=True, kw_only=True)
class Kernels(Parameter):
    """Convolution layers, or "none"; stored as text.

    >>> Kernels().read([{"channels": 4, "kernel": [3, 3]}])
    '4@3x3'
    """

    scale: Scale = "ordered"

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
            if len(numbers) != 3 or not all(map(whole, numbers)):  # noqa: PLR2004  # c, h, w
                raise ValueError(
                    "must be 'none', or a list of tables such as {channels = 4, kernel = [3, 3]}, "
                    f"got {quoted(value)}"
                )
            written.append("{}@{}x{}".format(*numbers))
        if not written:
            raise ValueError("must not be an empty list; 'none' means no convolution")
        return "+".join(written)

    @override
    def write(self, value: Value) -> Written:
        if value == "none":
            return value
        return [{"channels": c, "kernel": [h, w]} for c, h, w in kernels(str(value))]

    @override
    def order(self, value: Value) -> tuple[float, ...]:
        return tuple(number for layer in kernels(str(value)) for number in layer)

    @override
    def depth(self, text: str) -> int:
        return len(kernels(text))

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
