"""The golden text of every kind of report, which `python -m tests.golden` writes."""

import re
import tempfile
from pathlib import Path

from study.report.gather import gather
from study.report.hero import cards, notes
from study.report.leads import lead
from study.report.question import Tables
from tests.studies import STUDIES, Study, shown

FOLDER = Path(__file__).parent / "report" / "golden"

TRAINED = (
    "regression", "one input", "several classes", "bundled classes", "several losses", "search",
    "several objectives", "no finite loss", "all pruned", "nothing but divergence",
)  # fmt: skip
"""Studies whose numbers were trained here: another processor may round them otherwise."""

_NUMBER = re.compile(r"[−-]?\d(?:[\d.,]*\d)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|∞")


def path(kind: str) -> Path:
    """Return the file with the text of a kind of study."""
    return FOLDER / f"{kind.replace(', ', '-').replace(' ', '-')}.txt"


def words(kind: str, study: Study) -> str:
    """Return all sentences of a study's report: its first screen, and each question's finding.

    If a question has no figure to draw, its reason is listed instead. The numbers of a study that
    was trained here are written as #.
    """
    questions = shown(study)
    tables = {name: table for q in questions for name, table in study.tables(q).items()}
    lines = ["summary", *_first_screen(tables)]
    for question in questions:
        own = study.tables(question)
        lines += ["", question.name, *question.finding(own)]
        if next(iter(own.values())).empty:
            lines.append(question.absent)
        elif question.basis is not None:
            lines.append(question.basis.of(own))
    text = "\n".join([*lines, ""])
    return _NUMBER.sub("#", text) if kind in TRAINED else text


def _first_screen(tables: Tables) -> list[str]:
    """Return the notes and cards of a page, and the rows of what leads it."""
    lines = notes(tables)
    lines += [f"[{line.value}] {line.text}" for card in cards(tables) for line in card]
    if leads := lead(tables):
        heads = [" ".join(filter(None, head)) for head in leads.columns]
        lines += [leads.title, leads.key, " | ".join(["", *heads])]
        lines += [
            " | ".join([row.label, *(f"{c.icon} {c.text}".strip() for c in row.cells)])
            for row in leads.rows
        ]
    return lines


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for kind, made in STUDIES.items():
        with tempfile.TemporaryDirectory() as root:
            folder = made(Path(root) / "lab")
            text = words(kind, Study(folder, gather(folder)))
            path(kind).write_text(text, encoding="utf-8")
