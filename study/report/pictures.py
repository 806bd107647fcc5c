"""Figures as data URIs; one whose tables have not changed is taken from the page before."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from study import figures
from study.figures.image import LIBRARY, picture
from study.report.material import Material
from study.report.section import Section
from study.report.tables import Tables

_DRAWN = re.compile(r'src="(data:image/[^"]+)" data-key="([0-9a-f]{16})"')


def drawn_before(page: Path) -> dict[str, str]:
    """Return the figures of a page that is there already: key → data URI."""
    html = page.read_text(encoding="utf-8") if page.exists() else ""
    return {key: image for image, key in _DRAWN.findall(html)}


def key(section: Section, tables: Tables, material: Material) -> str:
    """Return a name for all that a figure is drawn from: its tables, its looks, the code."""
    digest = hashlib.sha256(_code())
    looks = material.colours, material.trivial_losses, material.pipeline.search.aims
    digest.update(repr((section.name, looks)).encode())
    for name, table in tables.items():
        digest.update(repr((name, list(table.columns))).encode())
        digest.update(
            pd.util.hash_pandas_object(table.astype("str"), index=False).to_numpy().tobytes()
        )
    return digest.hexdigest()[:16]


@cache
def _code() -> bytes:
    """Return the digest of all that draws, and of all that chooses what is drawn."""
    folders = Path(figures.__file__).parent, Path(__file__).parent
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    code = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(code + LIBRARY.encode()).digest()


def draw(
    section: Section, tables: Tables, material: Material, before: Mapping[str, str]
) -> tuple[str, str]:
    """Return a section's figure with its key, drawn anew only where something has changed."""
    name = key(section, tables, material)
    if name in before:
        return name, before[name]
    if section.figure is None:
        raise ValueError(f"the section {section.name} has no figure")
    image = picture(section.figure(tables, material))
    data = base64.b64encode(image.data).decode()
    return name, f"data:image/{image.kind};base64,{data}"
