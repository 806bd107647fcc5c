"""The search space: every parameter there is, and what a study may ask of one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator

from nn_core import ACTIVATIONS, INITIALIZERS, OPTIMIZERS
from study.errors import not_one_of, quoted

Value: TypeAlias = float | str
Configuration: TypeAlias = Mapping[str, Value | None]
"""One value for every parameter of `PARAMETERS`, in its order; None where it does not act."""


class Frozen(BaseModel):
    """A table of the pipeline file: immutable, and every unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What may be said of one hyperparameter; what it *means* only `training/build.py` knows.

    A `choice` is one of `options`; a `real` lies between `low` and `high`, `high` excluded;
    `shape` is a list of widths, stored as text ("128x64"); `batch` is "full" or a number of
    samples, stored as text too. `acts_with` names another parameter and its values without
    which this one does nothing.
    """

    name: str
    meaning: str
    kind: Literal["choice", "real", "shape", "batch"]
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
        """Return a pipeline file's value in its stored form, or raise ValueError, saying the rule."""
        match self.kind:
            case "choice":
                return self._choice(value)
            case "real":
                return self._real(value)
            case "shape":
                return self._shape(value)
            case "batch":
                return self._batch(value)

    def _choice(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(not_one_of(value, self.options))
        return value

    def _real(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number, got {quoted(value)}")
        above = value >= self.low if self.low_included else value > self.low
        if not (above and value < self.high):
            raise ValueError(f"must be {self.range}, got {value:g}")
        return float(value)

    @property
    def range(self) -> str:
        """The valid range in words.

        >>> PARAMETERS["lr"].range, PARAMETERS["momentum"].range
        ('positive and finite', 'at least 0 and less than 1')
        """
        if math.isinf(self.high):
            return "positive and finite"
        return f"{'at least' if self.low_included else 'more than'} {self.low:g} and less than {self.high:g}"

    @staticmethod
    def _shape(value: object) -> str:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError(f"must be a list of widths, such as [128, 64], got {quoted(value)}")
        for width in value:
            if isinstance(width, bool) or not isinstance(width, int) or width < 1:
                raise ValueError(
                    f"a width must be a whole number of at least 1, got {quoted(width)}"
                )
        return "x".join(map(str, value))

    @staticmethod
    def _batch(value: object) -> str:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if value != "full" and not whole:
            raise ValueError(f"must be 'full' or a whole number of at least 1, got {quoted(value)}")
        return str(value)

    def order(self, value: Value) -> tuple[float, ...]:
        """Return a sort key: choices as `options` lists them, numbers and shapes by size.

        >>> sorted(["64x32", "8", "128"], key=PARAMETERS["hidden"].order)
        ['8', '128', '64x32']
        """
        if self.kind == "choice":
            return (self.options.index(str(value)),)
        if self.kind == "shape":
            widths = [int(width) for width in str(value).split("x")]
            return (len(widths), *widths)
        return (math.inf if value == "full" else float(value),)


_SGD, _ADAM = ("optimizer", frozenset({"sgd"})), ("optimizer", frozenset({"adam"}))

PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        Parameter(name="hidden", meaning="widths of the hidden layers", kind="shape",
                  default="128x64", table="model", scale="ordered", unit="units"),
        Parameter(name="activation", meaning="activation after every hidden layer", kind="choice",
                  options=tuple(ACTIVATIONS), default="sigmoid", table="model"),
        Parameter(name="implementation", meaning="correct back-propagation, or the lab's as printed", kind="choice",
                  options=("exact",), default="exact", table="model"),
        Parameter(name="initializer", meaning="how the weights begin", kind="choice",
                  options=tuple(INITIALIZERS), default="standard_normal", table="model"),
        Parameter(name="lr", meaning="learning rate", kind="real", default=0.01, table="training",
                  scale="log", per_network=True),
        Parameter(name="optimizer", meaning="how gradients move the parameters", kind="choice",
                  options=tuple(OPTIMIZERS), default="sgd", table="training"),
        Parameter(name="momentum", meaning="share of the last step that SGD keeps", kind="real", default=0.0,
                  table="training", low_included=True, high=1.0, scale="linear", per_network=True,
                  acts_with=_SGD),
        Parameter(name="beta1", meaning="Adam's decay of the mean gradient", kind="real", default=0.9,
                  table="training", low_included=True, high=1.0, scale="linear", acts_with=_ADAM),
        Parameter(name="beta2", meaning="Adam's decay of the mean squared gradient", kind="real", default=0.999,
                  table="training", low_included=True, high=1.0, scale="linear", acts_with=_ADAM),
        Parameter(name="epsilon", meaning="added to the root of the mean squared gradient", kind="real",
                  default=1e-8, table="training", scale="log",
                  acts_with=("optimizer", frozenset({"adam", "rmsprop"}))),
        Parameter(name="decay", meaning="RMSprop's decay of the mean squared gradient", kind="real", default=0.99,
                  table="training", low_included=True, high=1.0, scale="linear",
                  acts_with=("optimizer", frozenset({"rmsprop"}))),
        Parameter(name="batch_size", meaning="samples a step; full: all of them", kind="batch",
                  default="full", table="training", scale="ordered", unit="samples"),
    )
}  # fmt: skip


def canonical(values: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Return the configuration that `values` amount to: defaults where silent, None where inactive.

    >>> canonical({"optimizer": "adam", "momentum": 0.9})["momentum"] is None
    True
    """
    chosen = {name: values.get(name, p.default) for name, p in PARAMETERS.items()}
    for name, p in PARAMETERS.items():
        if p.acts_with is not None and chosen[p.acts_with[0]] not in p.acts_with[1]:
            chosen[name] = None
        elif chosen[name] is None:
            chosen[name] = p.default
    return chosen


def matches(configuration: Configuration, where: Mapping[str, Value]) -> bool:
    """Say whether the configuration has every value that `where` names."""
    return all(configuration[name] == value for name, value in where.items())


class Choices(Frozen):
    """A set of values, tried where the configuration has the values of `when`."""

    choices: tuple[Value, ...]
    when: dict[str, Value] = {}


class Range(Frozen):
    """A number in [low, high], uniform or uniform in its logarithm, in steps from `low` if given."""

    low: float
    high: float
    log: bool = False
    step: float | None = None
    when: dict[str, Value] = {}

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"low must be less than high, got {self.low:g} and {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"low must be positive where log = true, got {self.low:g}")
        if self.step is not None and (self.log or self.step <= 0):
            raise ValueError(f"step must be positive, and not with log = true, got {self.step:g}")
        return self


class Shapes(Frozen):
    """Hidden layers as a range: how many, and how wide each may be."""

    layers: tuple[int, ...]
    width: Range
    when: dict[str, Value] = {}


Dimension: TypeAlias = Choices | Range | Shapes
Space: TypeAlias = Mapping[str, Dimension]
"""The searched parameters, in the order of the pipeline file."""
