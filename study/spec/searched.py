"""[search.parameters]: a list is a set of choices, a table a range or a conditional set."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import Field, create_model
from typing_extensions import override

from study.errors import quoted
from study.space import (
    PARAMETERS,
    Bounds,
    Choices,
    Dimension,
    Frozen,
    Parameter,
    Range,
    Shapes,
)
from study.spec.settings import Model, Training
from study.spec.values import (
    Assignment,
    Count,
    Counts,
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
    listed: Any = (parameter_list(p), Field(description="the values"))
    return create_model(
        f"Choices_{p.name}", __base__=Choices, __doc__=Choices.__doc__, choices=listed, when=_WHEN
    )


def _range(p: Parameter) -> type[Frozen]:
    """Return what may stand in a table without `choices`."""
    if p.kind == "shape":
        keys: dict[str, Any] = {"layers": (Counts, ...), "width": (_WholeBounds, ...)}
        return create_model("Shapes", __base__=Shapes, **keys, when=_WHEN)
    if p.kind == "batch":
        return create_model("Range", __base__=_WholeBounds, when=_WHEN)
    end: Any = (parameter_type(p), ...)
    return create_model("Range", __base__=Bounds, low=end, high=end, when=_WHEN)


def _plain(table: Frozen) -> Dimension:
    """Return a checked table as the space's own class, which knows no single parameter."""
    values = dict(table)
    if isinstance(table, Choices):
        return Choices(**values)
    if isinstance(table, Shapes):
        return Shapes(**values)
    return Range(**values)


def _dimension(p: Parameter) -> Any:  # noqa: ANN401  # a type made at run time
    choices = _choices(p)

    def read(value: object) -> Dimension:
        if isinstance(value, list | tuple):
            return Choices(choices=read_list(p, value))
        if not isinstance(value, dict):
            raise ValueError(f"must be a list of values or a table, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
        form = choices if "choices" in value or p.kind in ("choice", "kernels") else _range(p)
        return _plain(form.model_validate(value))

    forms = parameter_list(p) | choices
    if p.kind not in ("choice", "kernels"):
        forms |= _range(p)
    return Annotated[Dimension, read_by(read, forms)]


class _Parameters(Frozen):
    """The searched parameters."""

    @classmethod
    @override
    def unknown(cls, key: str) -> str:
        for table in (Model, Training):
            if key in table.file_keys():
                return f"cannot be searched; it is given in [{table.__name__.lower()}]"
        return super().unknown(key)


_DIMENSIONS: dict[str, Any] = {
    p.name: (_dimension(p), Field(None, description=p.meaning))
    for p in PARAMETERS.values()
    if p.searchable
}
_Table = create_model(
    "Parameters",
    __base__=_Parameters,
    __doc__="The searched parameters: a list of values, or a table with a condition.",
    **_DIMENSIONS,
)


def _space(value: object) -> dict[str, Dimension]:
    """Check the table and keep the parameters that it names, in its order."""
    table = _Table.model_validate(value)
    return {name: getattr(table, name) for name in value} if isinstance(value, dict) else {}


def partial_space(value: Mapping[str, object]) -> dict[str, Dimension]:
    """Return the searched parameters; those whose values are wrong are UNKNOWN."""
    table = _Table.partial(value)
    return {name: getattr(table, name) for name in value if name in _DIMENSIONS}


def misspelt(value: object) -> bool:
    """Say whether a table of searched parameters has a key that is none."""
    return isinstance(value, Mapping) and not value.keys() <= _DIMENSIONS.keys()


SearchSpace: TypeAlias = Annotated[dict[str, Dimension], read_by(_space, _Table)]
