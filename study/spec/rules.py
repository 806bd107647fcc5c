"""What one table of the pipeline file may say of another."""

from typing import Any


def broken(_pipeline: Any) -> list[tuple[tuple[int | str, ...], str]]:
    return []
