"""Which configurations a search space contains, as far as a few named parameters can tell."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from study.errors import quoted
from study.samplers.grid import Grid
from study.space import (
    PARAMETERS,
    Bounds,
    Choices,
    Configuration,
    Dimension,
    Range,
    Shapes,
    Value,
    canonical,
    joined,
    matches,
    wrong_value,
)
from study.spec.search import Search


class Contents:
    """The configurations of a search space, looked up without making all of them.

    A question names some parameters; only these, and those on which they depend, are combined. A
    range is combined as the values of it that the question names, and one that it does not.
    """

    def __init__(self, search: Search, fixed: Mapping[str, Value]) -> None:
        self._space, self._fixed = search.parameters, fixed
        self._excludes = search.exclude

    def can_be(self, name: str, value: Value) -> bool:
        """Return whether a parameter can have a value; its default too, where its `when` fails."""
        if name not in self._space:
            return value == self._fixed[name]
        dimension = self._space[name]
        return dimension.has(value) or bool(dimension.when and value == PARAMETERS[name].default)

    def described(self, name: str) -> str:
        """Write the values that a parameter can have as a pipeline file does."""
        p, dimension = PARAMETERS[name], self._space.get(name)
        values = [self._fixed[name]] if dimension is None else getattr(dimension, "choices", ())
        texts = [quoted(p.write(value)) for value in values]
        if isinstance(dimension, Range):
            texts = [f"from {dimension.low:g} to {dimension.high:g}{_stepped(dimension)}"]
        elif isinstance(dimension, Shapes):
            layers = " or ".join(map(str, dimension.layers))
            width = dimension.width
            units = f"{width.low:g} to {width.high:g} units{_stepped(width)}"
            texts = [f"{layers} layers of {units}"]
        if dimension is not None and dimension.when and not dimension.has(p.default):
            texts.append(quoted(p.write(p.default)))
        return ", ".join(texts)

    def has(self, where: Mapping[str, Value]) -> bool:
        """Return whether some configuration, excluded or not, has all these values."""
        return any(matches(c, where) for c in self._combined([where]))

    def trains(self, where: Mapping[str, Value], *, acting: str = "") -> bool:
        """Return whether some configuration that is not excluded has all these values.

        The parameter `acting`, if it is named, must act there.
        """
        out = [exclude.where for exclude in self._excludes]
        return any(
            matches(c, where)
            and not any(matches(c, excluded) for excluded in out)
            and not (acting and c[acting] is None)
            for c in self._combined([where, *out], [acting] if acting else [])
        )

    def _combined(
        self, named: Iterable[Mapping[str, Value]], more: Sequence[str] = ()
    ) -> Iterator[Configuration]:
        named = list(named)
        needed = self._needed([*more, *(name for table in named for name in table)])
        space = {
            name: _choices(name, dimension, [t[name] for t in (*named, *self._whens) if name in t])
            for name, dimension in self._space.items()
            if name in needed
        }
        fixed = {name: value for name, value in self._fixed.items() if name in needed}
        for proposal in Grid(space, fixed).ask():
            yield canonical({**fixed, **proposal})

    @property
    def _whens(self) -> list[dict[str, Value]]:
        return [d.when for d in self._space.values() if d is not wrong_value()]

    def _needed(self, names: Iterable[str]) -> set[str]:
        """Return the parameters on which these depend, and these."""
        needed: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name not in needed:
                needed.add(name)
                left += self._space[name].when if name in self._space else ()
                left += [c.parameter for c in PARAMETERS[name].acts_with]
        return needed


_DECISIVE: dict[str, list[str]] = {
    c.parameter: sorted(c.values) for p in PARAMETERS.values() for c in p.acts_with
}
"""The values of each parameter with which others act, or do not."""


def _stepped(bounds: Bounds) -> str:
    return "" if bounds.step is None else f" in steps of {bounds.step:g}"


def _choices(name: str, dimension: Dimension, named: Iterable[Value]) -> Choices:
    """Return a dimension as a set: its values that are named, and another if it has more.

    Of words all are kept, and those on which it depends whether another parameter acts.
    """
    if isinstance(dimension, Choices) and not PARAMETERS[name].ordered:
        return dimension
    decisive = _DECISIVE.get(name, ())
    inside = [value for value in dict.fromkeys([*named, *decisive]) if dimension.has(value)]
    others = (value for value in _some(name, dimension) if value not in inside)
    return Choices(choices=(*inside, *itertools.islice(others, 1)), when=dimension.when)


def _some(name: str, dimension: Dimension) -> Iterator[Value]:
    """Yield values of a dimension, more of them than a question names."""
    if isinstance(dimension, Choices):
        yield from dimension.choices
        return
    bounds = dimension.width if isinstance(dimension, Shapes) else dimension
    whole = not PARAMETERS[name].numeric or PARAMETERS[name].whole
    step = bounds.step or (1 if whole else (bounds.high - bounds.low) / 1000)
    for i in range(int((bounds.high - bounds.low) / step) + 1):
        number = bounds.low + i * step
        if isinstance(dimension, Shapes):
            yield joined([f"{number:.0f}"] * max(dimension.layers))
        else:
            yield PARAMETERS[name].stored(number)
