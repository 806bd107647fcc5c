"""The interface of every sampler: ask for configurations, report their objectives."""

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

    `seed` is of its search alone. The configurations of `include` are asked first, as a batch of
    their own; the method chooses values for the parameters that an entry leaves open.
    """

    seed: int
    batch: int = 16
    population: int = 16
    objectives: int = 1
    include: tuple[Proposal, ...] = ()
    options: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of a proposal, the `place`-th reported: its objectives as declared.

    `pruned_at` is the epoch at which it was pruned, or None.
    """

    place: int
    values: tuple[float, ...]
    pruned_at: int | None


class Sampler(Protocol):
    """Proposes one batch after another and learns each batch's objective values.

    Its proposals depend on its seed and on the reported values, in order, and on nothing else.
    So a study that starts again from its first batch, and reports stored runs, returns to the
    same state: resume is replay.
    """

    def ask(self) -> list[Proposal]:
        """Return the next batch of proposals; an empty list ends the search."""

    def tell(
        self,
        values: Sequence[tuple[float, ...]],
        excesses: Sequence[Mapping[str, float]] = (),
    ) -> None:
        """Report the batch's objectives in the order asked, less is better; inf if it diverged.

        With constraints, `excesses` has the amount by which each proposal exceeds each of
        them, by its name: it is feasible if none is above 0. For the last batch of a search, only
        its first ones may be reported.
        """
