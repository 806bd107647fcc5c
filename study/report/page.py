"""Content → one self-contained HTML file, with its tables in tables/."""

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from study.plot.image import Picture
from study.process import collected_seldom
from study.report.chapters import CHAPTERS, EXPLORER, GLANCE, MANY, QUESTIONS, WARNINGS
from study.report.code import code
from study.report.current import record, sources
from study.report.explorer import embedded
from study.report.gather import gather
from study.report.glossary import TERMS, linked
from study.report.hero import cards, notes, warned
from study.report.history import history
from study.report.leads import lead
from study.report.material import Material
from study.report.panels import Drawn, Panel, drawn, shown
from study.report.pictures import Artist, artists, drawn_before, keep_drawn
from study.report.question import Question, Tables
from study.report.steps import steps
from study.report.trials import trials
from study.report.wording import coded, count, inline, row, typeset
from study.stats.hypotheses import as_rows
from study.store.files import write_csv, write_table, write_text
from study.store.lock import held
from study.store.names import FIGURES, PAGE, REPORT_LOCK, REPORTED
from study.store.places import make_way
from study.store.provenance import executions, finished
from study.store.stored import outdated

ROWS = 24
"""The number of rows in a folded table; the file has all of them."""


@dataclass(frozen=True, slots=True)
class Block:
    """One question, ready for the page; without a panel, `answer` gives the reason.

    `lines` draw the figure again.
    """

    name: str
    question: str
    answer: tuple[str, ...]
    caption: str
    note: str
    panels: tuple[Panel, ...]
    lines: str | None
    tables: tuple["Shown", ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the page shows it: its first rows, written."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    open: bool


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """A chapter with the blocks that this study has; its `appendix` is folded."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    appendix: tuple[Block, ...]


def write_report(
    folder: Path, *, workers: int = 1, progress: Callable[[int, int], object] = lambda *_: None
) -> Path:
    """Write results/NAME/report.html and the tables behind it, and return the report's path.

    It works on a half-finished study and counts the missing runs. ResultsError where no run is
    stored.
    The same results give the same bytes. Figures are drawn by as many processes as `workers`
    says, or by this one; a script that starts others keeps to `if __name__ == "__main__":`.
    `progress` is called with how many questions are drawn, and how many there are.
    """
    with held(folder / REPORT_LOCK):  # of two at once, neither would have all its tables
        made_from, before = sources(folder), drawn_before(folder)
        # texts as objects: Arrow's take a fifth of the time, in tables as small as these
        texts = pd.option_context("mode.string_storage", "python")
        with texts, collected_seldom(), artists(workers, at_once=not before) as artist:
            page, *tables = _write_report(folder, before, artist, progress)
        record(folder, made_from, [page, *tables])
        return page


def _write_report(
    folder: Path,
    before: Mapping[str, Picture],
    artist: Artist,
    progress: Callable[[int, int], object],
) -> list[Path]:
    """Write it while nobody else does; take figures from `before`. Return its files."""
    material, page = gather(folder), folder / PAGE
    questions = [question for question in QUESTIONS if question.applies(material)]
    of: dict[str, Tables] = {}
    images: dict[str, Drawn] = {}
    for question in questions:
        own = of[question.name] = question.tables(material)
        images[question.name] = drawn(question, own, material, before, artist)
    tables = {name: table for own in of.values() for name, table in own.items()}
    files = {folder / "tables" / f"{name}.parquet": table for name, table in tables.items()}
    copies = [path.with_suffix(".csv") for path in files]
    make_way(folder, [*files, *copies, page, folder / FIGURES, folder / REPORTED])
    for path, table in files.items():
        write_table(table, path, derived=True)
        write_csv(table, path.with_suffix(".csv"))
    renew(folder, material.claims)
    template, around = _template(), beside(tables, material, folder)  # while figures are drawn
    blocks: dict[str, Block] = {}
    listed: set[str] = set()
    for s in questions:
        progress(len(blocks), len(questions))
        blocks[s.name] = block(s, of[s.name], material, images[s.name], listed=listed)
        listed |= of[s.name].keys()
    write_text(template.render(around | shown_blocks(blocks, tables)), page, derived=True)
    figures = {p.key: p.picture for b in blocks.values() for p in b.panels}
    if figures != before:
        keep_drawn(folder, figures)
    return [page, *files, *copies]


def block(
    question: Question,
    tables: Tables,
    material: Material,
    images: Drawn,
    *,
    listed: Collection[str] = (),
) -> Block:
    """Answer a question next to its figure, or give the reason for the figure's absence.

    `listed` are the tables that questions before have listed; empty tables are left out.
    """
    answer = question.finding(tables)
    several = question.several if material.several else ""
    words = question.caption
    caption = words if callable(words) else lambda _: words
    basis = question.basis.of(tables) if images and question.basis else ""
    if question.figure is not None and next(iter(tables.values())).empty:
        answer = [*answer, question.absent]
    return Block(
        name=question.name,
        question=question.question,
        answer=tuple(map(typeset, answer)),
        caption=typeset(caption(tables)) if images else "",
        note=typeset(" ".join(filter(None, (question.note, several, basis)))),
        panels=shown(question, images, answer),
        lines=code(question, tables, material.results.folder.name) if images else None,
        tables=tuple(
            _shown(name, table, unfolded=name in question.unfolded)
            for name, table in tables.items()
            if name not in listed and len(table)
        ),
    )


def _shown(name: str, table: pd.DataFrame, *, unfolded: bool) -> Shown:
    columns = tuple(map(str, table.columns))
    rows = tuple(
        tuple(map(typeset, row(dict(zip(columns, cells, strict=True)))))
        for cells in table.head(ROWS).itertuples(index=False, name=None)
    )
    return Shown(name, columns, rows, len(table), unfolded)


def chapters(blocks: Mapping[str, Block], *, many: bool) -> list[ShownChapter]:
    """Return the chapters that have a block, in their order; `many` configurations show more."""

    def present(questions: tuple[Question, ...]) -> tuple[Block, ...]:
        return tuple(blocks[q.name] for q in questions if q.name in blocks)

    every = []
    for c in CHAPTERS:
        shown = present((*c.questions, *c.more * many))
        folded = present((*c.more * (not many), *c.appendix))
        every.append(ShownChapter(c.name, c.title, shown, folded))
    return [chapter for chapter in every if chapter.blocks or chapter.appendix]


def _template() -> Template:
    """Return what writes the page."""
    environment = Environment(
        loader=PackageLoader("study.report", ""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"link": linked(), "inline": inline, "code": coded}
    return environment.get_template("page.html.j2")


def shown_blocks(blocks: Mapping[str, Block], tables: Tables) -> dict[str, object]:
    """Return the parts of the page that have figures."""
    return {
        "glance": blocks.get(GLANCE.name),
        "warnings": blocks[WARNINGS.name],
        "chapters": chapters(blocks, many=int(tables["size"]["configurations"].iloc[0]) >= MANY),
        "compared": blocks[EXPLORER.name],
    }


def beside(tables: Tables, material: Material, folder: Path) -> dict[str, object]:
    """Return all other parts of the page."""
    style, script = _own("page.css"), _own("page.js") + _own("explorer.js")
    return {
        "title": material.pipeline.title,
        "description": inline(material.pipeline.description or ""),
        "style": Markup(style),  # noqa: S704  # our own file
        "script": Markup(script),  # noqa: S704
        "hashes": {"style": _hash(style), "script": _hash(script)},
        "notes": [typeset(note) for note in notes(tables)],
        "cards": cards(tables),
        "lead": lead(tables),
        "warned": warned(tables["cautions"]),
        "explorer": embedded(material, tables),
        "trials": trials(material),
        "steps": steps(material.pipeline, folder.name, tables, _best(material)),
        "files": sorted(tables),
        "terms": TERMS,
        "name": folder.name,
        "pipeline": material.pipeline.text,
        "history": [typeset(sentence) for sentence in history(executions(folder))],
        "made": f"Made by `study report` from {count(_stored(material), 'run')} in {folder.name}/.",
    }


def _stored(material: Material) -> int:
    return int((material.runs["status"] != "missing").sum())


def _best(material: Material) -> list[str]:
    """Return a typical run of each dataset's best configuration, where something was learned."""
    shown = material.shown
    best = shown["role"].str.contains("best") & material.beaten(shown["dataset"])
    return shown.loc[best, "run_id"].tolist()


def _own(name: str) -> str:
    return resources.files("study.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what the page's security policy calls a text that it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def renew(folder: Path, tested: pd.DataFrame) -> None:
    """Write the tested hypotheses of a finished study, unless the stored ones have all columns.

    Of any other study, the `study run` that ends it writes them.
    """
    if finished(folder) is not None and outdated(folder, "hypotheses"):
        write_table(as_rows(tested), folder / "hypotheses.parquet")
