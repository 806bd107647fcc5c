"""The grid: every combination of the choices, once."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

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
        conditions = {name: space[name].when for name in choices if space[name].when}
        proposals: Iterable[Proposal] = (
            dict(zip(choices, values, strict=True))
            for values in itertools.product(*choices.values())
        )
        if conditions:
            active = (_active(conditions, chosen, {**fixed, **chosen}) for chosen in proposals)
            proposals = {tuple(chosen.items()): chosen for chosen in active}.values()
        self._left = list(proposals)

    @override
    def ask(self) -> list[Proposal]:
        batch, self._left = self._left, []
        return batch

    @override
    def tell(
        self,
        values: Sequence[tuple[float, ...]],
        excesses: Sequence[Mapping[str, float]] = (),
    ) -> None:
        """Do nothing: a grid is fixed in advance."""


def _active(
    conditions: Mapping[str, Mapping[str, Value]], chosen: Proposal, fixed: Mapping[str, Value]
) -> Proposal:
    """Leave out inactive parameters; `fixed` has the values of all parameters."""
    return {name: value for name, value in chosen.items() if _holds(conditions, name, fixed)}


def _holds(
    conditions: Mapping[str, Mapping[str, Value]], name: str, chosen: Mapping[str, Value]
) -> bool:
    """Return whether a parameter is active: its conditions hold, on active parameters too."""
    return all(
        chosen[other] == value and _holds(conditions, other, chosen)
        for other, value in conditions.get(name, {}).items()
    )
