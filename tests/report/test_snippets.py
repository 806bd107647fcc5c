"""The lines under each figure: executed as they stand, and held against the report's tables."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from study.report.chapters import QUESTIONS
from study.report.question import Question
from study.report.snippets import context, snippet
from study.stats.ranges import axis
from study.store.files import write_table
from tests.studies import Study, drawn, shown

DRAWN = {section.name for section in QUESTIONS if section.figure is not None}


@dataclass(frozen=True)
class Computed:
    """What lines compute beside the table of the report: rows that agree in `keys`, and numbers."""

    table: str
    keys: Sequence[str]
    values: Sequence[str]
    only: Mapping[str, object]


def computed(section: str, names: Mapping[str, Any]) -> Computed | None:
    """Return what to compare for a section whose lines have left these names."""
    studied = names.get("by", ["dataset"])[1:]
    parameter = names.get("parameter", "")
    return {
        "study": Computed("samples", ["dataset", "part", "x0", "x1"], ["target"], {}),
        "best": Computed(
            "configurations", ["dataset", *studied], ["value", "low", "high"], {}
        ) if studied else None,
        "base": Computed(
            "base_curves", ["dataset", "epoch"], ["median", "low", "high"], {"metric": "train_loss"}
        ),
        "boundary": Computed("boundary", ["dataset", "epoch", "x0", "x1"], ["prediction"],
                             {"part": "grid"}),
        "curves": Computed("curves", ["dataset", "level", "epoch"], ["median"],
                           {"parameter": parameter}) if parameter != "level" else None,
        "final-loss": Computed("final_loss", ["dataset", "level"], ["median"],
                               {"parameter": parameter}) if parameter else None,
        "pairs": Computed("pairs", ["dataset", "first_level", "second_level"], ["median"],
                          {"first": names.get("first"), "second": names.get("second"),
                           "state": "measured"}) if "runs" in names else None,
        "gallery": Computed("surfaces", ["dataset", "first_level", "second_level", "x0", "x1"],
                            ["ones"], {}),
        "predictions": Computed("shown_predictions", ["dataset", "role", "part", "x0", "x1"],
                                ["prediction"], {}),
        "search": Computed("search_history", ["dataset", "arm", "order"], ["best"], {}),
        "trade-off": Computed("pareto", ["dataset", "number"], ["front"], {}),
    }.get(section)  # fmt: skip


SHOWS = {
    "claims": "share", "arrivals": "share", "noise": "share", "importance": "share",
    "isolation": "value", "confirmed": "confirmed", "paths": "place", "best": "value",
    "base": "median", "curves": "median", "search": "best", "outcomes": "runs",
    "density": "first",
}  # fmt: skip
"""Of what lines draw: a column of `table` whose numbers must stand in the figure."""


@pytest.fixture(
    scope="module",
    params=[
        "finished",
        "held out",
        "half of one dataset",
        "regression",
        "search",
        "several objectives",
    ],
)
def study(request: pytest.FixtureRequest, read_only: Callable[[str], Study]) -> Study:
    """Return a study with its tables, in a folder results/ beside which the lines are run."""
    study = read_only(request.param)
    for section in shown(study):
        for name, table in study.tables(section).items():
            write_table(table, study.folder / "tables" / f"{name}.parquet")
    return study


@pytest.fixture
def beside(study: Study) -> Iterator[Path]:
    """Work beside the folder results/, as someone who copies the lines does."""
    before = Path.cwd()
    os.chdir(study.folder.parent.parent)
    yield study.folder.parent.parent
    os.chdir(before)


def test_each_figure_has_its_lines_and_no_lines_are_without_a_figure() -> None:
    folder = resources.files("study.report").joinpath("snippets")
    found = {f.name.removesuffix(".py.j2") for f in folder.iterdir() if f.name.endswith(".py.j2")}
    assert found == DRAWN


@pytest.mark.no_cover  # what is executed is no part of the project
def test_the_lines_draw_the_numbers_of_the_table(
    study: Study, beside: Path, subtests: pytest.Subtests
) -> None:
    """Without a warning, from the folder's Parquet files alone, and short enough to be read."""
    assert len(drawn(study)) > 5
    for section in drawn(study):
        with subtests.test(section.name):
            assert_right(section, study, beside)
            plt.close("all")


def assert_right(section: Question, study: Study, beside: Path) -> None:
    """Execute the lines of a section, and compare what they compute and draw with its tables."""
    tables = study.tables(section)
    lines = snippet(section.name, tables, context(study.material, study.folder.name))
    assert len(lines.splitlines()) <= 30
    assert max(map(len, lines.splitlines())) <= 120
    names: dict[str, Any] = {}
    exec(compile(lines, section.name, "exec"), names)  # noqa: S102  # what a reader would do
    agree(names, computed(section.name, names), tables)
    if "grid" in names or "figure" in names:
        assert (beside / f"{section.name}.png").stat().st_size > 1000
        assert_drawn(names, SHOWS.get(section.name))


def agree(
    names: Mapping[str, Any], how: Computed | None, tables: Mapping[str, pd.DataFrame]
) -> None:
    """Compare the numbers that lines have computed with the table of the report."""
    if how is None:
        return
    expected = tables[how.table]
    if "metric" in expected and "metric" not in how.only:  # the lines show the first of them
        expected = expected[expected["metric"] == expected["metric"].iloc[0]]
    for name, value in how.only.items():
        expected = expected[expected[name].astype(str) == value]
    columns = {
        names.get("parameter"): "level", names.get("first"): "first_level",
        names.get("second"): "second_level", "result": "median",
    }  # fmt: skip
    table = names["table"].rename(columns=columns)
    if how.table == "pareto":
        expected = expected.assign(front=(expected["front"] == 0))
        table = names["table"].merge(expected[["dataset", "number"]].astype({"dataset": str}))
        expected = expected.merge(table[["dataset", "number"]])
    if how.table == "base_curves":
        table = table[table["epoch"].isin(expected["epoch"])]
        table = table.merge(expected[["dataset", "epoch"]])
    if how.table == "boundary":  # where weights have overflowed there is no colour
        expected = expected[np.isfinite(expected["prediction"])]
    one, two = (_keyed(t.dropna(subset=list(how.values)), how) for t in (table, expected))
    assert len(one) > 0
    pd.testing.assert_frame_equal(one, two, check_dtype=False, rtol=1e-5, atol=1e-12)


def _keyed(table: pd.DataFrame, how: Computed) -> pd.DataFrame:
    keys = [[_written(value) for value in table[name]] for name in how.keys]
    frame = table[list(how.values)].astype(float)
    return frame.set_axis(pd.MultiIndex.from_arrays(keys, names=list(how.keys))).sort_index()


def _written(value: object) -> str:
    return value if isinstance(value, str) else f"{float(str(value)):g}"


def assert_drawn(names: Mapping[str, Any], column: str | None) -> None:
    """Assert that each finite number of a column stands in the figure."""
    if column is None:
        return
    table = names.get("best", names["table"])
    numbers = table[column].astype(float)
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


def test_what_has_ranges_or_is_half_stored_is_read_from_its_table(study: Study) -> None:
    """Levels that are parts of a range are in no column that a reader could group by."""
    whole = study.material.runs["status"].ne("missing").all()
    ranged = "–" in str(axis(study.material.runs, "lr"))
    section = next(s for s in QUESTIONS if s.name == "final-loss")
    lines = snippet("final-loss", study.tables(section), context(study.material, "lab"))
    assert ("tables/final_loss.parquet" in lines) == (ranged or not whole)
