"""Cache files: their first line is a hash of the rest, so that damage is noticed."""

import hashlib
from pathlib import Path

from study.store.files import write_text
from study.store.kinds import content


def kept(path: Path) -> bytes | None:
    """Return what a cache file holds; None if it is missing or damaged."""
    try:
        digest, _, held = content(path).partition(b"\n")
    except OSError:
        return None
    return held if digest == _digest(held) else None


def keep(text: str, path: Path) -> None:
    """Write a text as a cache file, whole or not at all."""
    write_text(f"{_digest(text.encode()).decode()}\n{text}", path)


def _digest(held: bytes) -> bytes:
    return hashlib.sha256(held).hexdigest().encode()
