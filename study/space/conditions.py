"""When a parameter acts: the values of other parameters under which it has an effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from study.errors import quoted


@dataclass(frozen=True, slots=True)
class Condition:
    """Another parameter has one of `values`, or if they are `excluded`, any other value."""

    parameter: str
    values: frozenset[str]
    excluded: bool = False

    def holds(self, value: object) -> bool:
        """Return whether the other parameter's value suffices; None does not act itself.

        >>> Condition("hidden", frozenset({"none"}), excluded=True).holds("128x64")
        True
        """
        return value is not None and (value in self.values) != self.excluded

    @property
    def words(self) -> str:
        """The condition in words, such as "optimizer is adam or rmsprop"."""
        return f"{self.parameter} is {'not ' * self.excluded}{' or '.join(sorted(self.values))}"

    @property
    def written(self) -> str:
        """The condition as a pipeline file spells its values: "optimizer = 'adam' or 'rmsprop'"."""
        values = " or ".join(quoted(value) for value in sorted(self.values))
        return f"{self.parameter} {'other than' if self.excluded else '='} {values}"


Conditions: TypeAlias = tuple[Condition, ...]
"""Any one of them suffices; a parameter without conditions always acts."""


def hold(conditions: Conditions, values: Mapping[str, object]) -> bool:
    """Return whether a parameter with these conditions acts if all others have `values`."""
    return not conditions or any(c.holds(values[c.parameter]) for c in conditions)


def in_words(conditions: Conditions) -> str:
    """Write conditions for a table's readers."""
    return ", or ".join(c.words for c in conditions)


def as_written(conditions: Conditions) -> str:
    """Write conditions for the author of a pipeline file."""
    return ", or ".join(c.written for c in conditions)
