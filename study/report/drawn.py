"""The figures of a results folder, kept so that only those that changed are drawn again."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from study.store.files import write_text
from study.store.kinds import content

FIGURES = ".figures"
"""The file; hidden, so that no reader of tables takes it for one."""

_FIGURES = TypeAdapter(dict[str, str])


def drawn_before(folder: Path) -> dict[str, str]:
    """Return the figures that a report of this folder has drawn: key → data URI.

    None of them where the file is not what was written: its first line is a hash of the rest.
    """
    try:
        digest, _, figures = content(folder / FIGURES).partition(b"\n")
    except OSError:
        return {}
    if digest != _digest(figures):
        return {}
    return _FIGURES.validate_json(figures)


def keep_drawn(folder: Path, figures: Mapping[str, str]) -> None:
    """Keep a report's figures for the next report: key → data URI."""
    text = json.dumps(dict(figures))
    write_text(f"{_digest(text.encode()).decode()}\n{text}", folder / FIGURES)


def _digest(figures: bytes) -> bytes:
    return hashlib.sha256(figures).hexdigest().encode()
