"""What is searched, [search.parameters], and what is spared: excluded or pruned trials."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field
from typing_extensions import override

from study.errors import quoted
from study.samplers.pruners import PRUNERS
from study.space import (
    PARAMETERS,
    Bounds,
    Choices,
    Count,
    Counts,
    Depths,
    Dimension,
    Frozen,
    Mistake,
    Model,
    Parameter,
    Range,
    Shape,
    Shapes,
    Training,
    Value,
)
from study.spec.values import (
    Assignment,
    Text,
    keyed,
    named,
    one_of,
    parameter_list,
    parameter_type,
    read_by,
    read_list,
)

_WHEN: Any = (Assignment, Field({}, description="searched only where these values hold"))


class _WholeBounds(Bounds):
    low: Count = Field(description="the least value")
    high: Count = Field(description="the greatest value")
    step: Count | None = Field(None, description="only low, low + step, low + 2·step, …")


def _choices(p: Parameter) -> type[Choices]:
    listed = (parameter_list(p), Field(description="the values"))
    table: type[Choices] = keyed(f"Choices_{p.name}", {"choices": listed, "when": _WHEN}, Choices)
    return table


def _range(p: Parameter) -> type[Frozen] | None:
    """Return the keys of a table without `choices`, or None without such a table."""
    keys: dict[str, Any] = {}
    base: type[Frozen] | None = None
    if isinstance(p, Shape):
        base, keys = Shapes, {"layers": (Depths, ...), "width": (_WholeBounds, ...)}
    elif p.whole:
        base = _WholeBounds
    elif p.numeric:
        end = parameter_type(p)
        base, keys = Bounds, {"low": (end, ...), "high": (end, ...)}
    return None if base is None else keyed(f"Range_{p.name}", {**keys, "when": _WHEN}, base)


def _plain(table: Frozen) -> Dimension:
    """Return a checked table as the space's own class, which knows no single parameter."""
    values = dict(table)
    if isinstance(table, Choices):
        return Choices(**values)
    if isinstance(table, Shapes):
        return Shapes(**values)
    return Range(**values)


def _dimension(p: Parameter) -> Any:  # noqa: ANN401  # a type made at run time
    choices, ranges = _choices(p), _range(p)

    def read(value: object) -> Dimension:
        if isinstance(value, list | tuple):
            return Choices(choices=read_list(p, value))
        if not isinstance(value, dict):
            raise ValueError(f"must be a list of values or a table, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
        form = choices if "choices" in value or ranges is None else ranges
        return _plain(form.model_validate(value))

    forms = parameter_list(p) | choices
    return Annotated[Dimension, read_by(read, forms if ranges is None else forms | ranges)]


class _Parameters(Frozen):
    """The searched parameters: a list of values, or a table with a condition."""

    @classmethod
    @override
    def unknown(cls, key: str) -> str:
        for table in (Model, Training):
            if key in table.file_keys():
                return f"cannot be searched; it is given in [{table.__name__.lower()}]"
        return super().unknown(key)


_Table = keyed(
    "Parameters",
    {p.name: (_dimension(p), Field(None, description=p.meaning)) for p in PARAMETERS.values()},
    _Parameters,
)


def partial_space(value: Mapping[str, object]) -> dict[str, Dimension]:
    """Return the searched parameters; with `wrong_value` for wrong ones."""
    table = _Table.partial(value)
    return {name: getattr(table, name) for name in value if name in PARAMETERS}


def misspelt(value: object) -> bool:
    """Return whether a table of searched parameters has a key that is none."""
    return isinstance(value, Mapping) and not value.keys() <= PARAMETERS.keys()


SearchSpace: TypeAlias = Annotated[
    dict[str, Dimension], read_by(lambda value: named(_Table, value), _Table)
]


_FACTORS = {name: p.factor for name, p in PRUNERS.items() if p.factor is not None}


class Pruner(Frozen):
    """When hopeless trials are pruned."""

    method: Annotated[str, *one_of(PRUNERS)] = Field(description="the rule")
    rungs: Counts = Field(description="the epochs at which it looks")
    factor: Annotated[int, Field(ge=2)] | None = Field(
        None,
        description=f"{', '.join(_FACTORS)}: one trial in this number continues; default "
        f"{', '.join(map(str, _FACTORS.values()))}",
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._rises(), self._factor()

    def _rises(self) -> Iterator[Mistake]:
        if list(self.rungs) != sorted(self.rungs):
            yield ("rungs",), f"must rise, got {quoted(self.rungs)}"

    def _factor(self) -> Iterator[Mistake]:
        if self.factor is not None and self.method not in _FACTORS:
            yield ("factor",), f"belongs to method = {' or '.join(map(quoted, _FACTORS))} alone"


def _some(where: dict[str, Value]) -> dict[str, Value]:
    if not where:
        raise ValueError("must name a value, or everything would be excluded")
    return where


class Exclude(Frozen):
    """Configurations that are not trained, and why."""

    where: Annotated[Assignment, AfterValidator(_some)] = Field(
        description="the values that they have in common", json_schema_extra={"minProperties": 1}
    )
    reason: Text = Field(description="why, for the report")
