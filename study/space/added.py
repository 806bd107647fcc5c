"""Keys added after format 2: with their neutral defaults, runs are what they were before."""

from dataclasses import dataclass

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Added:
    """Marks a field that came after format 2, with the `release` that it came with.

    Its default is neutral: a run has the same numbers as before the field existed, and so its
    id, in which the field counts only where it differs.
    """

    release: str


def added(field: FieldInfo) -> bool:
    """Return whether a field came after format 2."""
    return any(isinstance(found, Added) for found in field.metadata)


def neutral(table: BaseModel) -> set[str]:
    """Return the fields that came after format 2 and have their neutral default."""
    return {
        name
        for name, field in type(table).model_fields.items()
        if added(field) and getattr(table, name) == field.get_default(call_default_factory=True)
    }
