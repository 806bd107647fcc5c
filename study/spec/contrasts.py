"""What a hypothesis compares: two values of one parameter, or two named settings of several."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema, field_validator
from typing_extensions import override

from study.errors import quoted
from study.space import PARAMETERS, Frozen, Mistake, Place, Value, acts
from study.spec.values import Assignment, one_of, read_by

SIDES = ("value", "with")
"""The keys of the two sides in a pipeline file."""

_ANY_VALUE = WithJsonSchema({"type": ["number", "string", "array"]})


class Contrast(Frozen):
    """Two values of one parameter, `value` against `other` (in the file: `with`)."""

    parameter: Annotated[str, *one_of(PARAMETERS)] = Field(description="the parameter that differs")
    value: Annotated[Value, _ANY_VALUE] = Field(description="the value that the claim is about")
    other: Annotated[Value, _ANY_VALUE] = Field(
        alias="with", description="the value to compare it with"
    )

    @field_validator("value", "other", mode="plain")
    @classmethod
    def _of_the_parameter(cls, value: object, info: ValidationInfo) -> object:
        parameter = info.data.get("parameter")
        return value if parameter is None else PARAMETERS[parameter].read(value)

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (self._differ(),)

    def _differ(self) -> Iterator[Mistake]:
        if self.value == self.other:
            yield (), f"value and with must differ, got {quoted(self.value)} twice"

    @property
    def sides(self) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """What the configurations of each side have in common."""
        return {self.parameter: self.value}, {self.parameter: self.other}

    @property
    def labels(self) -> tuple[str, str]:
        """What each side is called in a sentence."""
        return str(self.value), str(self.other)

    def place(self, side: str, _name: str) -> Place:
        """Where in the table a side has a parameter's value."""
        return (side,)

    def naming(self, _side: str, _name: str) -> Place:
        """Where in the table the parameter is named."""
        return ("parameter",)


def _some(setting: dict[str, Value]) -> dict[str, Value]:
    if not setting:
        raise ValueError("must name a value")
    return setting


_Setting: TypeAlias = Annotated[Assignment, AfterValidator(_some)]
_SCHEMA: dict[str, Any] = {"minProperties": 1}


class Settings(Frozen):
    """Two settings, `value` against `other` (in the file: `with`): each names several values."""

    value: _Setting = Field(
        description="the values that the claim is about", json_schema_extra=_SCHEMA
    )
    other: _Setting = Field(
        alias="with", description="the values to compare them with", json_schema_extra=_SCHEMA
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._differ(), self._complete()

    def _differ(self) -> Iterator[Mistake]:
        if self.value == self.other:
            yield (), f"value and with must differ, got {written(self.value)} twice"

    def _complete(self) -> Iterator[Mistake]:
        """Yield each parameter that acts on both sides and has a value on one."""
        for key, other, own, others in (
            (*SIDES, self.value, self.other),
            (*SIDES[::-1], self.other, self.value),
        ):
            for name in own:
                if name not in others and acts(name, own) and acts(name, others):
                    problem = f"is in {key} alone, and {name} acts in both: name it in {other} too"
                    yield (key, name), problem

    @property
    def sides(self) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """What the configurations of each side have in common."""
        return self.value, self.other

    @property
    def labels(self) -> tuple[str, str]:
        """What each side is called in a sentence."""
        one, other = (" and ".join(f"{n} {v}" for n, v in side.items()) for side in self.sides)
        return one, other

    def place(self, side: str, name: str) -> Place:
        """Where in the table a side has a parameter's value."""
        return side, name

    def naming(self, side: str, name: str) -> Place:
        """Where in the table the parameter is named."""
        return side, name


def written(values: Mapping[str, Value]) -> str:
    """Write values of parameters as a pipeline file does.

    >>> written({"hidden": "8", "lr": 0.1})
    '{hidden = [8], lr = 0.1}'
    """
    return quoted({name: PARAMETERS[name].write(value) for name, value in values.items()})


def _contrast(value: object) -> Contrast | Settings:
    tables = isinstance(value, dict) and any(isinstance(value.get(key), dict) for key in SIDES)
    if isinstance(value, dict) and tables and "parameter" not in value:
        return Settings.model_validate(value)
    return Contrast.model_validate(value)


Compared: TypeAlias = Annotated[Contrast | Settings, read_by(_contrast, Contrast | Settings)]
