"""Which configurations a grid contains, as far as a few named parameters can tell."""

from collections.abc import Iterable, Iterator, Mapping

from study.samplers.grid import Grid
from study.space import PARAMETERS, Choices, Configuration, Value, canonical, matches
from study.spec.search import Search


class Contents:
    """The configurations of a grid, looked up without making all of them.

    A question names some parameters; only these, and those on which they depend, are combined.
    """

    def __init__(self, search: Search, fixed: Mapping[str, Value]) -> None:
        self._space = {n: d for n, d in search.parameters.items() if isinstance(d, Choices)}
        self._fixed = fixed
        self._excluded = [exclude.where for exclude in search.exclude]

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the values that a parameter can have; its default too, where its `when` fails."""
        if name not in self._space:
            return (self._fixed[name],)
        choices, default = self._space[name], PARAMETERS[name].default
        fails = choices.when and default not in choices.choices
        return (*choices.choices, default) if fails else choices.choices

    def has(self, where: Mapping[str, Value]) -> bool:
        """Say whether some configuration, excluded or not, has all these values."""
        return any(matches(c, where) for c in self._combined(where))

    def trains(self, where: Mapping[str, Value]) -> bool:
        """Say whether some configuration that is not excluded has all these values."""
        names = {name for table in (where, *self._excluded) for name in table}
        return any(
            matches(c, where) and not any(matches(c, excluded) for excluded in self._excluded)
            for c in self._combined(names)
        )

    def _combined(self, names: Iterable[str]) -> Iterator[Configuration]:
        needed = self._needed(names)
        space = {name: self._space[name] for name in self._space if name in needed}
        for proposal in Grid(space, self._fixed).ask():
            yield canonical({**self._fixed, **proposal})

    def _needed(self, names: Iterable[str]) -> set[str]:
        """Return the parameters on which these depend, and these."""
        needed: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name not in needed:
                needed.add(name)
                left += self._space[name].when if name in self._space else ()
                acts_with = PARAMETERS[name].acts_with
                left += () if acts_with is None else acts_with[:1]
        return needed
