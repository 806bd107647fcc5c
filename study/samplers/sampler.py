"""What every sampler does: ask for a batch of configurations, be told how good they were."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from study.space import Value

Proposal: TypeAlias = Mapping[str, Value]
"""Values for the searched parameters that are active; the others keep their fixed values."""


class Sampler(Protocol):
    """Proposes one batch after another and learns each batch's objective values.

    What it proposes depends on its seed and on what it was told, in order, and on nothing else.
    So a study that starts again from its first batch, answering from stored runs, comes to where
    it was: resume is replay.
    """

    def ask(self) -> list[Proposal]:
        """Return the next batch of proposals; an empty list ends the search."""

    def tell(self, values: Sequence[tuple[float, ...]]) -> None:
        """Report the batch's objectives in the order asked, less is better; inf if it diverged."""
