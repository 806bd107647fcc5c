"""The parameters, described by keys of [model] and [training], and values for all."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from study.space.conditions import hold
from study.space.parameter import Parameter, Value
from study.space.settings import Model, Training
from study.space.table import Frozen, added

Configuration: TypeAlias = Mapping[str, Value | None]
"""One value for every parameter of `PARAMETERS`, in its order; None if it does not act."""


def _described(table: type[Frozen]) -> Iterator[Parameter]:
    """Yield the parameters among a table's keys."""
    for name, field in table.model_fields.items():
        for description in field.metadata:
            if isinstance(description, Parameter) and description.searchable:
                yield replace(
                    description,
                    name=name,
                    meaning=field.description or "",
                    table=table.__name__.lower(),
                    default=field.default,
                    neutral=field.default if added(field) else None,
                )


PARAMETERS: dict[str, Parameter] = {
    p.name: p for table in (Model, Training) for p in _described(table)
}

_DEFAULTS: dict[str, Value | None] = {name: p.default for name, p in PARAMETERS.items()}
_CONDITIONAL = {name: p.acts_with for name, p in PARAMETERS.items() if p.acts_with}


def canonical(values: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Return the full configuration for `values`: with defaults, and None for inactive parameters.

    >>> canonical({"optimizer": "adam", "momentum": 0.9})["momentum"] is None
    True
    """
    chosen = {**_DEFAULTS, **values}
    if None in chosen.values():
        chosen = {name: _DEFAULTS[name] if v is None else v for name, v in chosen.items()}
    for name, conditions in _CONDITIONAL.items():
        if not hold(conditions, chosen):
            chosen[name] = None
    return chosen


def acts(name: str, values: Mapping[str, Value]) -> bool:
    """Return whether a parameter acts in some configuration that has these values.

    >>> acts("momentum", {"optimizer": "adam"}), acts("momentum", {"lr": 0.1})
    (False, True)
    """
    conditions = PARAMETERS[name].acts_with
    return not conditions or any(
        acts(c.parameter, values) and (c.parameter not in values or c.holds(values[c.parameter]))
        for c in conditions
    )


def matches(configuration: Configuration, where: Mapping[str, Value]) -> bool:
    """Return whether the configuration has every value that `where` names."""
    return all(configuration[name] == value for name, value in where.items())
