"""Training that is spared: pruned trials and excluded configurations."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import AfterValidator, Field
from typing_extensions import override

from study.errors import quoted
from study.samplers.pruners import PRUNERS
from study.space import Frozen, Mistake, Value
from study.spec.values import Assignment, Counts, Text, one_of

_FACTORS = {name: p.factor for name, p in PRUNERS.items() if p.factor is not None}


class Pruner(Frozen):
    """When hopeless trials are pruned."""

    method: Annotated[str, *one_of(PRUNERS)] = Field(description="the rule")
    rungs: Counts = Field(description="the epochs at which it looks")
    factor: Annotated[int, Field(ge=2)] | None = Field(
        None,
        description=f"{', '.join(_FACTORS)}: one in so many goes on; default "
        f"{', '.join(map(str, _FACTORS.values()))}",
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        """Return what each rule between the table's values finds wrong."""
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
        description="the values that they have in common",
        json_schema_extra={"minProperties": 1},
    )
    reason: Text = Field(description="why, for the report")
