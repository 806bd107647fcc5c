"""A question is drawn for each dataset, from its rows alone, or once for all together."""

import math
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from study.plot.image import Picture
from study.report.chapters import QUESTIONS
from study.report.panels import DRAWN, drawn, parts, shown
from tests.studies import Study

CURVES = next(question for question in QUESTIONS if question.name == "curves")
CLAIMS = next(question for question in QUESTIONS if question.name == "claims")
SMALL, LARGE = (Picture("svg", "<svg />", width, 200, "") for width in (440, 441))


@pytest.fixture
def study(read_only: Callable[[str], Study]) -> Study:
    return read_only("finished")


def test_each_dataset_has_its_rows_and_its_trivial_loss(study: Study) -> None:
    tables = study.tables(CURVES)
    result = list(parts(CURVES, tables, study.material))
    assert [dataset for dataset, _, _ in result] == list(study.material.pipeline.datasets)
    for dataset, own, looks in result:
        assert own.keys() == tables.keys()
        for name, table in own.items():
            pd.testing.assert_frame_equal(
                table, tables[name][tables[name]["dataset"] == dataset]
            )  # fmt: skip
        assert looks.trivial_losses == {dataset: study.material.trivial_losses[dataset]}
        assert looks.colours == study.material.looks.colours


def test_all_datasets_share_a_figure_if_the_question_asks_for_it(study: Study) -> None:
    tables = study.tables(CURVES)
    ((dataset, own, looks),) = parts(replace(CURVES, together=True), tables, study.material)
    assert (dataset, own, looks) == ("", tables, study.material.looks)


def test_of_many_datasets_the_first_are_drawn(study: Study) -> None:
    one = study.material.pipeline.datasets["xor"]
    names = [f"d{i:02}" for i in range(12)]
    pipeline = study.material.pipeline.model_copy(update={"datasets": dict.fromkeys(names, one)})
    table = pd.DataFrame({"dataset": names[::-1]})
    result = parts(CURVES, {"curves": table}, replace(study.material, pipeline=pipeline))
    assert [dataset for dataset, _, _ in result] == names[:DRAWN]


def test_nothing_is_drawn_without_a_row_or_a_figure(study: Study) -> None:
    tables = study.tables(CURVES)
    empty = {name: table[:0] for name, table in tables.items()}
    assert list(parts(CURVES, empty, study.material)) == []
    assert list(parts(replace(CURVES, figure=None), tables, study.material)) == []


@pytest.mark.parametrize(
    ("shares", "pictures"),
    [
        ([[0.9, 0.5, 0.2]], 1),
        ([[0.9, 0.5], [0.9, 0.5, 0.2]], 2),
        ([[0.9, 0.5], [0.9, 0.5]], 0),
        ([[0.9, 0.5, math.nan]], 0),
        ([[math.nan] * 3], 0),
    ],
)
def test_fewer_than_three_verdicts_of_each_dataset_are_not_drawn(
    study: Study, shares: list[list[float]], pictures: int
) -> None:
    datasets = list(study.material.pipeline.datasets)
    rows = [(name, share) for name, of in zip(datasets, shares, strict=False) for share in of]
    table = pd.DataFrame(rows, columns=["dataset", "share"])
    assert len(list(parts(CLAIMS, {"claims": table}, study.material))) == pictures


def test_a_cached_picture_is_not_redrawn(study: Study) -> None:
    tables, asked = study.tables(CURVES), []

    def artist(name: str, *_: object) -> Callable[[], Picture]:
        asked.append(name)
        return lambda: SMALL

    first = drawn(CURVES, tables, study.material, {}, artist)
    assert asked == ["curves-1", "curves-2"]
    (cached, _), (other, _) = first.values()
    again = drawn(CURVES, tables, study.material, {cached: LARGE}, artist)
    assert asked == ["curves-1", "curves-2", "curves-2"]
    assert [(key, later()) for key, later in again.values()] == [(cached, LARGE), (other, SMALL)]


def test_a_panel_names_its_dataset_where_there_are_several() -> None:
    images = {name: (name, lambda image=image: image) for name, image in
              (("a", SMALL), ("b<", LARGE))}  # fmt: skip
    answer = ["On a, 1.", "On b<, 2.", "On b<, 3.", "On b<, 4."]
    panels = shown(CURVES, images, answer)
    assert [panel.dataset for panel in panels] == ["a", "b<"]
    assert [panel.size for panel in panels] == ["narrow", "half"]
    first, second = (str(panel.element) for panel in panels)
    assert first.startswith('<svg role="img" aria-label="')
    assert first.count("On a, 1.") == second.count("On b&lt;, 2. On b&lt;, 3.") == 1
    assert "4." not in second
    (alone,) = shown(CURVES, {"a": images["a"]}, answer)
    assert alone.dataset == ""
