"""A cache of the report's figures, so that a report redraws only changed figures."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from study.store.files import write_text
from study.store.kinds import content

FIGURES = "figures.cache"
"""The file in a results folder. It may be removed at any time."""

_FIGURES = TypeAdapter(dict[str, str])


def drawn_before(folder: Path) -> dict[str, str]:
    """Return the cached figures of a folder: key → data URI.

    Nothing if the file is damaged: its first line is a hash of the rest.
    """
    try:
        digest, _, figures = content(folder / FIGURES).partition(b"\n")
    except OSError:
        return {}
    if digest != _digest(figures):
        return {}
    return _FIGURES.validate_json(figures)


def keep_drawn(folder: Path, figures: Mapping[str, str]) -> None:
    """Cache a report's figures for the next report: key → data URI."""
    text = json.dumps(dict(figures))
    write_text(f"{_digest(text.encode()).decode()}\n{text}", folder / FIGURES)


def _digest(figures: bytes) -> bytes:
    return hashlib.sha256(figures).hexdigest().encode()
