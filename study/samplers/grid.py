"""The grid: every combination of the choices, once."""

import itertools
from collections.abc import Mapping, Sequence

from typing_extensions import override

from study.samplers.sampler import Proposal, Sampler
from study.space import Choices, Space, Value


class Grid(Sampler):
    """Proposes the product of all choices in its first batch and nothing in its second.

    The last parameter of the file changes fastest. A parameter whose `when` does not hold is left
    out, so combinations that differ in it alone are proposed once.
    """

    def __init__(self, space: Space, fixed: Mapping[str, Value]) -> None:
        choices = {name: d.choices for name, d in space.items() if isinstance(d, Choices)}
        conditions = {name: space[name].when for name in choices}
        proposals = {}
        for values in itertools.product(*choices.values()):
            chosen = dict(zip(choices, values, strict=True))
            active = {n: v for n, v in chosen.items() if _holds(conditions, n, {**fixed, **chosen})}
            proposals[tuple(active.items())] = active
        self._left: list[Proposal] = list(proposals.values())

    @override
    def ask(self) -> list[Proposal]:
        batch, self._left = self._left, []
        return batch

    @override
    def tell(self, values: Sequence[tuple[float, ...]]) -> None:
        """Learn nothing: a grid is decided before it begins."""


def _holds(
    conditions: Mapping[str, Mapping[str, Value]], name: str, chosen: Mapping[str, Value]
) -> bool:
    """Say whether a parameter is active: its conditions hold, on parameters that are active too."""
    return all(
        chosen[other] == value and _holds(conditions, other, chosen)
        for other, value in conditions.get(name, {}).items()
    )
