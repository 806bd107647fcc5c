"""The base of every table of a pipeline file: immutable, strict, with clear errors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NoReturn, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from study.errors import did_you_mean, quoted, sentence

T = TypeVar("T")

Place: TypeAlias = tuple[int | str, ...]
"""The place of a value in a file: keys, and indices of lists."""

Mistake: TypeAlias = tuple[Place, str]
"""A place, and the error there."""

Count: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]
"""A whole number that can be counted to."""


class Frozen(BaseModel):
    """A table of the pipeline file: immutable, and every unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="wrap")
    @classmethod
    def _say_what_is_wrong(cls, value: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Replace pydantic's error messages by this project's."""
        try:
            return handler(value)
        except ValidationError as error:
            problems = [(e["loc"], cls._sentence(e)) for e in error.errors(include_url=False)]
        if isinstance(value, Mapping) and cls.rules is not Frozen.rules:
            problems += decidable(cls.partial(value).rules())
        raise invalid(dict.fromkeys(problems))

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if problems := [mistake for rule in self.rules() for mistake in rule]:
            raise invalid(problems)
        return self

    def rules(self) -> Iterable[Iterable[Mistake]]:
        """Return the errors that each rule between the table's values finds."""
        return ()

    @classmethod
    def partial(cls, table: Mapping[str, object]) -> Self:
        """Return the valid part of a file's table, with `wrong_value` for wrong and missing values.

        If there is an unknown key, missing keys count as wrong too: one of them was meant.
        """
        keys = {field.alias or name: name for name, field in cls.model_fields.items()}
        absent = {} if table.keys() <= keys.keys() else dict.fromkeys(keys, wrong_value())
        present = {key: _alone(cls, name, table) for key, name in keys.items()
                   if key in table or not absent}  # fmt: skip
        values = {**absent, **present}
        given = {name for key, name in keys.items() if key in table}
        return cls.model_construct(given, **values)  # type: ignore[return-value]  # its plugin's

    @classmethod
    def _sentence(cls, error: Mapping[str, Any]) -> str:
        if error["type"] == "extra_forbidden":
            return cls.unknown(str(error["loc"][-1]))
        return sentence(error)

    @classmethod
    def unknown(cls, key: str) -> str:
        """Report that the table has no such key, and which one was probably meant."""
        keys, words = cls.file_keys(), key.lower().replace("_", " ").replace("-", " ")
        named = (name for name, field in cls.model_fields.items() if field.description == words)
        for name in named:
            return f"unknown key: the {words} is called {name}"
        return f"unknown key{did_you_mean(key, keys) or '; there are ' + ', '.join(keys)}"

    @classmethod
    def file_keys(cls) -> list[str]:
        """Return the table's keys as the file spells them."""
        return [field.alias or name for name, field in cls.model_fields.items()]


def _alone(table: type[Frozen], name: str, values: Mapping[str, object]) -> Any:  # noqa: ANN401
    """Return one value of a table, checked by itself."""
    field = table.model_fields[name]
    key = field.alias or name
    if key not in values:
        return (
            wrong_value() if field.is_required() else field.get_default(call_default_factory=True)
        )
    try:
        return getattr(_one(table, name).model_validate({key: values[key]}), name)
    except ValidationError:
        return wrong_value()


@cache
def _one(table: type[Frozen], name: str) -> type[BaseModel]:
    """Return a table that has only one key of another."""
    field: Any = table.model_fields[name]
    own: dict[str, Any] = {name: (field.annotation, field)}
    return create_model(name, __config__=table.model_config, **own)


def invalid(problems: Iterable[tuple[Place, str]]) -> ValidationError:
    """Make one error of several places and sentences, for the validator of a table to raise."""
    return ValidationError.from_exception_data(
        "mistakes",
        [
            InitErrorDetails(type=PydanticCustomError("mistake", words), loc=place, input=None)
            for place, words in problems
        ],
    )


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    firsts: dict[Any, int] = {}
    twice = [i for i, value in enumerate(values) if firsts.setdefault(value, i) != i]
    if twice:
        raise invalid([((i,), f"{quoted(values[i])} is listed twice") for i in twice])
    return values


Depths: TypeAlias = Annotated[
    tuple[Annotated[int, Field(ge=0, le=2**31 - 1)], ...],
    Field(strict=False, min_length=1),
    AfterValidator(_distinct),
]
Counts: TypeAlias = Annotated[
    tuple[Count, ...], Field(strict=False, min_length=1), AfterValidator(_distinct)
]
Names: TypeAlias = Annotated[
    tuple[str, ...], Field(strict=False, min_length=1), AfterValidator(_distinct)
]


class UnknownError(Exception):
    """A rule needs a value that is wrong."""


def _unknown(*_: object) -> NoReturn:
    raise UnknownError


class _Unknown:
    """Replaces a wrong value: every use of it but `is` raises UnknownError."""

    __class__ = property(_unknown)  # isinstance reads it
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __getattr__ = __getitem__ = __contains__ = __iter__ = __len__ = _unknown
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _unknown
    __bool__ = __hash__ = __int__ = __index__ = __float__ = _unknown
    __str__ = __repr__ = __format__ = _unknown


@cache
def wrong_value() -> Any:  # noqa: ANN401  # replaces a value of any type
    """Return the replacement of every wrong value: one object, recognised by `is`.

    It is not a constant, because tools that inspect a module's names would fail on it.
    """
    return _Unknown()


def decidable(rules: Iterable[Iterable[T]]) -> Iterator[T]:
    """Yield the errors that each rule finds, until it needs a wrong value."""
    for rule in rules:
        try:
            yield from rule
        except UnknownError:
            continue


def each(rule: Callable[..., Iterable[T]], items: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """Yield the errors that a rule finds for each of its arguments."""
    return decidable(_called(rule, item) for item in decidable([items]))


def _called(rule: Callable[..., Iterable[T]], item: tuple[Any, ...]) -> Iterator[T]:
    yield from rule(*item)


@dataclass(frozen=True, slots=True)
class Added:
    """Marks a field that was added after format 2, with its `release`.

    Its default is neutral: a run has the same numbers as before the field existed, and so its
    id, in which the field counts only if it differs.
    """

    release: str


def added(field: FieldInfo) -> bool:
    """Return whether a field was added after format 2."""
    return any(isinstance(note, Added) for note in field.metadata)


def neutral(table: BaseModel) -> set[str]:
    """Return the fields that were added after format 2 and have their neutral default."""
    return {
        name
        for name, field in type(table).model_fields.items()
        if added(field) and getattr(table, name) == field.get_default(call_default_factory=True)
    }
