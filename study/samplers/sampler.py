"""What every sampler does: propose a batch of configurations, and learn from their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from study.space import Value

Proposal: TypeAlias = Mapping[str, Value]
"""Values for the searched parameters that are active; the others keep their fixed values."""


Setting: TypeAlias = int | float | str | bool
"""The value of a method's own option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a sampler needs in addition to its space.

    `seed` is of its search alone. What `include` holds is asked first, as a batch of its own; what
    an entry leaves open, the method chooses.
    """

    seed: int
    batch: int = 16
    population: int = 16
    objectives: int = 1
    include: tuple[Proposal, ...] = ()
    options: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a proposal, the `place`-th that was told: its objectives as declared.

    `pruned_at` is the epoch at which it was pruned, or None.
    """

    place: int
    values: tuple[float, ...]
    pruned_at: int | None


class Sampler(Protocol):
    """Proposes one batch after another and learns each batch's objective values.

    What it proposes depends on its seed and on what it was told, in order, and on nothing else.
    So a study that starts again from its first batch, answering from stored runs, comes to where
    it was: resume is replay.
    """

    def ask(self) -> list[Proposal]:
        """Return the next batch of proposals; an empty list ends the search."""

    def tell(
        self,
        values: Sequence[tuple[float, ...]],
        excesses: Sequence[Mapping[str, float]] = (),
    ) -> None:
        """Report the batch's objectives in the order asked, less is better; inf if it diverged.

        Where a search has constraints, `excesses` has by how much each proposal exceeds each of
        them, by its name: it is feasible if none is above 0. Of the last batch of a search, only
        its first ones may be told.
        """
