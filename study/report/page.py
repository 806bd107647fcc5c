"""Content → one self-contained HTML file, its tables beside it in tables/."""

import base64
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from study.figures.axes import png
from study.report import sentences
from study.report.content import SECTIONS
from study.report.material import Material, gather
from study.report.section import Section
from study.report.tables import Tables
from study.report.wording import number, typeset
from study.store.files import write_table, write_text

ROWS = 24
"""A folded table shows so many rows; the file has all of them."""


@dataclass(frozen=True, slots=True)
class Block:
    """One section, ready for the page; `image` is a data URI, or None: then `answer` says why."""

    section: Section
    answer: tuple[str, ...]
    image: str | None
    alt: str
    tables: tuple["Shown", ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the page shows it: its first rows, written."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


def write_report(folder: Path) -> Path:
    """Write results/NAME/report.html and the tables behind it, and return the report's path.

    It works on a half-finished study and says what is missing. ResultsError where no run is stored.
    The same results give the same bytes.
    """
    material = gather(folder)
    written: dict[str, pd.DataFrame] = {}
    blocks = []
    for section in SECTIONS:
        if not section.applies(material):
            continue
        tables = section.tables(material)
        written |= tables
        blocks.append(block(section, tables, material))
    for name, table in written.items():
        write_table(table, folder / "tables" / f"{name}.parquet")
    page = folder / "report.html"
    write_text(render(blocks, written, material, folder), page)
    return page


def block(section: Section, tables: Tables, material: Material) -> Block:
    """Answer a section's question, and draw its figure or say why there is none."""
    alt = f"{section.picture}: {', '.join(material.pipeline.datasets)}."
    shown = tuple(_shown(name, table) for name, table in tables.items())
    answer = section.answer(tables)
    if next(iter(tables.values())).empty:
        return Block(section, (*answer, section.absent), None, alt, shown)
    picture = base64.b64encode(png(section.figure(tables, material))).decode()
    return Block(
        section, tuple(map(typeset, answer)), f"data:image/png;base64,{picture}", alt, shown
    )


def _shown(name: str, table: pd.DataFrame) -> Shown:
    rows = tuple(
        tuple(_written(value) for value in row)
        for row in table.head(ROWS).itertuples(index=False, name=None)
    )
    return Shown(name, tuple(map(str, table.columns)), rows, len(table))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(value)
    return "–" if value is None or value is pd.NA else str(value)


def render(blocks: list[Block], tables: Tables, material: Material, folder: Path) -> str:
    """Return the page's HTML."""
    environment = Environment(
        loader=PackageLoader("study.report", ""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    counts = tables["outcomes"]
    return environment.get_template("page.html.j2").render(
        title=material.pipeline.title,
        blocks=blocks,
        unfinished=sentences.unfinished(counts),
        name=folder.name,
        pipeline=(folder / "pipeline.toml").read_text(encoding="utf-8"),
    )
