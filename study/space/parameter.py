"""The description of one hyperparameter: its scale, unit, default, and when it acts."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from study.space.conditions import Conditions

Value: TypeAlias = float | str
"""A parameter's value in its stored form: a number, or text such as "adam", "128x64", "full"."""

Written: TypeAlias = float | str | list[int] | list[dict[str, object]]
"""A value as a pipeline file spells it."""

Scale: TypeAlias = Literal["linear", "log", "ordered", "nominal"]


@dataclass(frozen=True, kw_only=True)
class Parameter(ABC):
    """The properties of one hyperparameter; its *meaning* is only in `training/build.py`.

    An instance among the metadata of a field of [model] or [training] makes that field a
    parameter; the field's name, default, description and table complete it. There is a subclass
    for each kind of values; `options` are the words of a choice. `label` is its name in figures,
    if another one. `acts_with` has conditions on other parameters, without which this one has no
    effect; `idle` is its value in a run's id while inactive, if format 2 hashed one there.
    A `per_network` parameter may differ between the networks of a stack. A parameter that was
    `Added` has a `neutral` value, its default, with which runs have the same numbers as before.
    """

    name: str = ""
    meaning: str = ""
    table: str = ""
    default: Value = ""
    neutral: Value | None = None
    scale: Scale = "nominal"
    unit: str = ""
    label: str = ""
    options: tuple[str, ...] = ()
    searchable: bool = True
    per_network: bool = False
    acts_with: Conditions = ()
    idle: Value | None = None

    numeric: ClassVar[bool] = False
    """Whether values are stored as numbers; they are text otherwise."""

    whole: ClassVar[bool] = False
    """Whether a range contains whole numbers only."""

    plain: ClassVar[bool] = False
    """Whether a value alone identifies its parameter, as "adam" does."""

    beside: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Columns stored next to the parameter's own: name → meaning and unit of a whole number."""

    @abstractmethod
    def read(self, value: object) -> Value:
        """Return a file's value in its stored form, or raise ValueError with the rule it breaks."""

    def write(self, value: Value) -> Written:
        """Return a stored value as a pipeline file spells it: what `read` takes."""
        return value

    def stored(self, number: float) -> Value:
        """Return a number of a range in its stored form."""
        return float(number)

    @abstractmethod
    def order(self, value: Value) -> tuple[float, ...]:
        """Return a sort key: words in the order of the table, numbers and shapes by size."""

    def called(self, text: str) -> str:
        """Return a value's text, with the parameter's name unless the value alone is plain."""
        return text if self.plain and text != "none" else f"{self.name} {text}"

    def number(self, _: str) -> float | None:
        """Return a value's text as a number, a single layer as its width; None if it is not one."""
        return None

    def depth(self, _: str) -> int:
        """Return the number of layers in a value's text; 0 for other texts."""
        return 0

    def numbers(self, _: Value) -> Mapping[str, int | None]:
        """Return a value's entries in the columns `beside` it."""
        return {}

    @property
    def ends(self) -> frozenset[str]:
        """The values, as text, beyond which no value is valid."""
        return frozenset()

    @property
    @abstractmethod
    def json(self) -> dict[str, Any]:
        """The JSON Schema of one value, as a pipeline file spells it."""

    @property
    def ordered(self) -> bool:
        """Whether its values are ordered."""
        return self.scale != "nominal"

    def __get_pydantic_core_schema__(self, _: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic check a field that this annotates."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Let pydantic describe a field that this annotates."""
        return self.json
