"""The code under each figure: executed as shown, and compared with the report's tables."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.report.chapters import QUESTIONS
from study.report.code import code
from study.report.gather import gather
from study.report.question import Question
from study.store.files import write_table
from tests.studies import STUDIES, Study, shown

DRAWN = [question for question in QUESTIONS if question.figure is not None]

SHOWS = {
    "claims": "share", "arrivals": "share", "noise": "share", "importance": "share",
    "isolation": "value", "confirmed": "confirmed", "paths": "place", "best": "value",
    "curves": "median", "search": "best", "density": "first",
    "final-loss": "", "trade-off": "objective_1",
}  # fmt: skip
"""Of what the code draws: a column whose finite numbers must be in the figure; "": the y axis's."""


KINDS: dict[str, set[str]] = {
    "claims": set(), "held out": set(), "half of one dataset": set(), "regression": set(),
    "several classes": {
        "glance", "final-loss", "curves", "arrivals", "multiples", "confusion", "boundary",
        "gallery", "predictions",
    },
    "bundled classes": {"confusion", "curves"},
    "search": {"search", "density", "paths", "confirmed", "best", "curves"},
    "several objectives": {"trade-off", "density", "isolation", "final-loss", "arrivals", "best"},
}  # fmt: skip
"""Kinds of studies, and of those like an earlier one the questions whose code or data is not."""


@pytest.fixture(scope="module", params=KINDS)
def study(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    read_only: Callable[[str], Study],
) -> Study:
    """Return a study with its tables, in a folder results/ beside which the code is run."""
    stored = read_only(request.param)
    folder = tmp_path_factory.mktemp("study") / "results" / stored.folder.name
    study = replace(stored, folder=shutil.copytree(stored.folder, folder))
    for question in asked(study, request.param):
        for name, table in study.tables(question).items():
            write_table(table, folder / "tables" / f"{name}.parquet")
    return study


def asked(study: Study, kind: str) -> list[Question]:
    """Return the questions whose code is run in this kind of study."""
    return [q for q in shown(study) if q.figure is not None and q.name in (KINDS[kind] or {q.name})]


@pytest.fixture
def beside(study: Study, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work next to the folder results/, as someone who copies the code does; save small files."""
    save = Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda of, name, **_: save(of, name, dpi=40))
    monkeypatch.chdir(study.folder.parent.parent)
    yield study.folder.parent.parent
    plt.close("all")


def test_each_figure_has_its_code_and_no_code_is_without_a_figure() -> None:
    assert {q.name for q in QUESTIONS if q.code} == {q.name for q in DRAWN}


@pytest.mark.no_cover  # what is executed is no part of the project
def test_the_code_draws_the_numbers_of_stored_tables(
    study: Study, beside: Path, request: pytest.FixtureRequest
) -> None:
    """Without a warning, from the files in tables/ alone, and short enough to be read."""
    kind = request.node.callspec.params["study"]
    questions, ran = asked(study, kind), set()
    tables = {name for q in questions for name in study.tables(q)}
    for question in questions:
        own = study.tables(question)
        lines = None if next(iter(own.values())).empty else code(question, own, study.folder.name)
        if lines is not None:
            draw(question, lines, beside, tables)
            ran.add(question.name)
    assert ran == KINDS[kind] or (not KINDS[kind] and len(ran) >= 8)


def draw(question: Question, lines: str, beside: Path, tables: set[str]) -> None:
    """Run the code of a question, and look at what it has read and drawn."""
    assert len(lines.splitlines()) <= 30
    assert max(map(len, lines.splitlines())) <= 100
    read = re.findall(r"read_parquet\((.*?)\)", lines)
    assert read
    assert {re.sub(r'f"\{folder\}/tables/(.*)\.parquet"', r"\1", file) for file in read} <= tables
    names: dict[str, Any] = {}
    exec(compile(lines, question.name, "exec"), names)  # noqa: S102  # what a reader would do
    assert (beside / f"{question.name}.png").stat().st_size > 1000
    plt.close("all")
    if question.name in SHOWS:
        assert_drawn(names, SHOWS[question.name])


def assert_drawn(names: dict[str, Any], column: str) -> None:
    """Assert that each finite number of a column is in the figure."""
    table = names.get("best", names["table"])
    numbers = table[column or names["grid"].axes.flat[0].get_ylabel()].astype(float)
    axes = names["grid"].axes.flat
    drawn = np.unique(np.concatenate([part for one in axes for part in _numbers(one)]))
    for number in numbers[np.isfinite(numbers)]:
        assert np.isclose(drawn, number, rtol=1e-4, atol=1e-12).any(), number


def _numbers(axes: Axes) -> Iterator[np.ndarray[Any, Any]]:
    for line in axes.lines:
        yield np.ravel(np.asarray(line.get_xydata(), dtype=float))
    for points in axes.collections:
        yield np.ravel(np.ma.filled(points.get_offsets(), np.nan)).astype(float)
    for bar in axes.patches:
        yield np.array([getattr(bar, f"get_{side}")() for side in ("width", "height")])
    yield np.array([np.nan])


def test_where_no_number_is_finite_there_is_no_code(tmp_path: Path) -> None:
    folder = STUDIES["nothing but divergence"](tmp_path / "lab")
    diverged = Study(folder, gather(folder))
    (best,) = (question for question in DRAWN if question.name == "best")
    assert code(best, diverged.tables(best), "lab") is None
