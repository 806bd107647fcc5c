"""Cache files: their first line is a hash of the rest, so that damage is noticed."""

import hashlib
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from study.store.files import write_text
from study.store.kinds import content

T = TypeVar("T")


def kept(path: Path, kind: TypeAdapter[T]) -> T | None:
    """Return the value of a cache file; None if it is missing, damaged or of another version."""
    try:
        digest, _, held = content(path).partition(b"\n")
        return kind.validate_json(held) if digest == _digest(held) else None
    except (OSError, ValidationError):
        return None


def keep(value: T, path: Path, kind: TypeAdapter[T]) -> None:
    """Write a value as a cache file, whole or not at all."""
    text = kind.dump_json(value)
    write_text(f"{_digest(text).decode()}\n{text.decode()}", path, derived=True)


def _digest(held: bytes) -> bytes:
    return hashlib.sha256(held).hexdigest().encode()
