"""The explorer's embedded texts as numbers again, read as its script reads them."""

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def whole(text: str) -> NDArray[np.float64]:
    """Return the int16 of a curve; 32767 is infinite."""
    steps = np.frombuffer(base64.b64decode(text), "<i2").astype(float)
    return np.where(steps == 32767, np.inf, steps)


def exact(of: str | Sequence[float | None]) -> list[float | None]:
    """Return the ends of runs; None where one counts as the worst."""
    if isinstance(of, str):
        values = np.frombuffer(base64.b64decode(of), "<f4").astype(float)
        return [float(v) if np.isfinite(v) else None for v in values]
    return list(of)


def signs(text: str) -> str:
    """Return the sign of each point of the plane."""
    return re.sub(r"(\d+)(\D)", lambda m: m[2] * int(m[1]), text)


def data(page: Path) -> dict[str, Any]:
    """Return what a page embeds."""
    html = page.read_text(encoding="utf-8")
    packed: dict[str, Any] = json.loads(html.split('id="explorer-data">')[1].split("</script>")[0])
    return packed
