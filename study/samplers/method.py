"""What a search method is: how its sampler is made, its options, and what it can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf, isinf
from typing import TypeAlias

from study.errors import not_one_of, quoted
from study.samplers.sampler import Sampler, Setting, Settings
from study.space import Choices, Space, Value

Make: TypeAlias = Callable[[Space, Mapping[str, Value], Settings], Sampler]
"""(searched space, fixed values, settings) → a sampler that has not been asked yet."""


@dataclass(frozen=True, slots=True)
class Option:
    """A key of [search.options]: its default, what it means, and which values are right.

    Where the default `varies` with the space, `meaning` says how, and `default` is one example.
    """

    default: Setting
    meaning: str
    low: float = 0
    high: float = inf
    words: tuple[str, ...] = ()
    varies: bool = False

    def read(self, value: object) -> Setting:
        """Return the value, or raise ValueError with the rule that it breaks.

        >>> Option(0.9, "how often", high=1).read(2)
        Traceback (most recent call last):
        ValueError: must be a number of at least 0 and at most 1, got 2
        """
        if isinstance(self.default, str):
            if not isinstance(value, str) or value not in self.words:
                raise ValueError(not_one_of(value, self.words))
            return value
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"must be true or false, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
            return value
        whole = isinstance(self.default, int)
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high:  # type: ignore[operator]  # a number
            kind = "whole number" if whole else "number"
            most = "" if isinf(self.high) else f" and at most {self.high:g}"
            rule = f"must be a {kind} of at least {self.low:g}{most}"
            raise ValueError(f"{rule}, got {quoted(value)}")
        return value  # type: ignore[return-value]  # a number


def everything(space: Space) -> tuple[str, ...]:
    """Return all parameters."""
    return tuple(space)


def nothing(_: Space) -> tuple[str, ...]:
    """Return no parameter."""
    return ()


def unconditional(space: Space) -> tuple[str, ...]:
    """Return the parameters that are always there."""
    return tuple(name for name, dimension in space.items() if not dimension.when)


def numbers(space: Space) -> tuple[str, ...]:
    """Return the parameters that are ranges and always there."""
    return tuple(name for name, d in space.items() if not isinstance(d, Choices) and not d.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A row of METHODS.

    A `finite` method tries every cell once, and so takes no ranges and ends by itself. `searched`
    says which parameters a method moves, by what it was told if it `learns`, else by a rule of its
    own; the others it draws at random.
    `generations`: its first population is drawn at random, before anything is learned. `several`:
    it takes several objectives.
    """

    make: Make
    meaning: str
    finite: bool = False
    searched: Callable[[Space], tuple[str, ...]] = everything
    learns: bool = True
    generations: bool = False
    several: bool = False
    options: Mapping[str, Option] = field(default_factory=dict)
