"""The sections of the report, on finished, half-finished and odd studies."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from study.execution.driver import Options, run
from study.execution.events import StackDone
from study.plot.theme import Colours
from study.report.chapters import CHAPTERS, EXPLORER, GLANCE, QUESTIONS, WARNINGS
from study.report.gather import gather
from study.report.page import write_report
from study.report.unfinished import open_end
from study.store.reference import STABLE
from tests import golden, searches, synthetic
from tests.faults.door import without_pictures
from tests.reference import OTHER_KERNELS, same_kernels
from tests.report.test_words import assert_short
from tests.studies import STUDIES, Study, shown


@pytest.fixture(params=STUDIES, ids=list(STUDIES), scope="module")
def study(request: pytest.FixtureRequest, read_only: Callable[[str], Study]) -> Study:
    """Return each of the studies."""
    return read_only(request.param)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return the finished study with its report, whose pictures other tests look at."""
    folder = STUDIES["finished"](tmp_path_factory.mktemp("finished") / "lab")
    with without_pictures():
        write_report(folder)
    return Study(folder, gather(folder))


def test_a_section_answers_in_whole_sentences(study: Study, subtests: pytest.Subtests) -> None:
    for section in shown(study):
        with subtests.test(section.name):
            tables = study.tables(section)
            answer = section.finding(tables)
            ends = (".", "`")  # a command that helps stands after its sentence
            assert all(sentence.endswith(ends) for sentence in [*answer, section.absent])
            assert all("nan" not in sentence for sentence in answer)
            assert_short(section, tables)


def test_the_text_of_a_report_is_the_golden_one(
    study: Study, request: pytest.FixtureRequest
) -> None:
    """One text per kind of report; after a change of text `python -m tests.golden` writes them."""
    kind = request.node.callspec.params["study"]
    if kind in golden.TRAINED and not same_kernels():
        pytest.skip(OTHER_KERNELS)
    assert golden.words(kind, study) == golden.path(kind).read_text(encoding="utf-8")


@pytest.mark.no_cover  # which is slow; the tests of each figure are traced
def test_a_section_draws_its_tables_or_gives_the_reason(
    study: Study, subtests: pytest.Subtests
) -> None:
    """Whatever is stored: panels are titled and not empty, nothing warns.

    One colour a level through the whole report: where a line has a level's name, its colour.
    """
    colours = study.material.looks.colours
    for section in shown(study):
        with subtests.test(section.name):
            figures = study.figures(section)
            for axes in [axes for figure in figures for axes in figure.axes]:
                assert not axes.axison or axes.has_data()
                assert_own_colours(axes, colours)
            assert len(section.picture if figures else section.absent) > 10


def assert_own_colours(axes: Axes, colours: Colours) -> None:
    """Assert that each line which is named after a level of the axes' parameter has its colour."""
    title = axes.get_title(loc="left")
    of = [colours[name] for name in colours if title.endswith(f"by {name}")]
    lines = {str(line.get_label()): to_hex(line.get_color()) for line in axes.lines}
    for level in lines.keys() & {level for levels in of for level in levels}:
        assert lines[level] == of[0][level]


def test_a_regression_is_drawn_and_not_measured_by_a_loss_of_classes(tmp_path: Path) -> None:
    material = gather(STUDIES["regression"](tmp_path / "lab"))
    of = {s.name: s.tables(material) for s in QUESTIONS if s.applies(material)}
    assert set(of["predictions"]["shown_predictions"]["part"]) == {"train", "grid"}
    assert len(of["study"]["samples"]) == 9
    assert not of.keys() & {"boundary", "gallery", "arrivals", "fitted"}
    assert set(of["numbers"]["predicted"]["part"]) == {"train"}
    reached = "epochs_to_loss_05"
    assert reached not in {
        *of["noise"]["noise"]["metric"],
        *of["behaviour"]["behaviour"]["behaviour"],
    }
    aimed = synthetic.ONE + f'[search.objective]\nmetric = "{reached}"\ngoal = "minimize"\n'
    asked = gather(synthetic.store(aimed, tmp_path / "aimed"))
    assert asked.measurable(asked.runs) is asked.runs
    configurations = of["best"]["configurations"]
    assert configurations.loc[configurations["near"], "configuration"].tolist() == ["lr 0.01 · sgd"]
    assert not configurations["base"].any()
    spread = np.std([i * i / 9 for i in range(9)])  # nothing is held out
    (own,) = of["best"]["own_units"].to_dict("records")
    first = configurations[configurations["rank"] == 1].iloc[0]
    runs = material.runs[material.runs["configuration"] == first["configuration"]]
    assert own["loss"] == first["value"] == runs["final_train_loss"].max()  # the worse of two
    assert own["error"] == pytest.approx(spread * np.sqrt(own["loss"]), rel=1e-6)
    assert of["study"]["data"]["spread"].tolist() == pytest.approx([spread])


def test_the_numbers_of_a_report_can_be_read_from_its_tables(finished: Study) -> None:
    written = {path.stem for path in (finished.folder / "tables").glob("*.parquet")}
    expected = {name for s in shown(finished) for name in finished.tables(s)}
    assert written == expected
    ranked = pd.read_parquet(finished.folder / "tables" / "configurations.parquet")
    runs = pd.read_parquet(finished.folder / "runs.parquet")
    first = ranked.iloc[0]
    names = ["dataset", "optimizer"]
    own = runs[
        (runs[names].astype(str) == first[names]).all(axis=1)
        & (runs["momentum"] == 0)
        & (runs["lr"] == 1)
    ]
    assert (first["lr"], first["momentum"], len(own)) == ("1", "0", 3)
    assert first["median"] == np.median(own["final_train_loss"])


def test_the_page_lists_each_table_that_has_rows_once(finished: Study) -> None:
    html = (finished.folder / "report.html").read_text(encoding="utf-8")
    of = {name: table for s in shown(finished) for name, table in finished.tables(s).items()}
    assert {name for name, table in of.items() if table.empty}
    for name, table in of.items():
        assert html.count(f'aria-label="Table {name}"') == (not table.empty), name


def test_stable_tables_have_the_columns_that_are_promised(study: Study) -> None:
    """results/README.md names them; a study without hypotheses has no claims."""
    of = {name: table for q in shown(study) for name, table in study.tables(q).items()}
    assert STABLE.keys() - of.keys() <= {"claims", "importance", "behaviour"}
    for name in STABLE.keys() & of.keys():
        assert set(STABLE[name][1]) - set(of[name].columns) == set()


def test_every_section_is_in_one_chapter_and_every_chapter_has_sections() -> None:
    """Names may wait for sections that a study does not have, but no section is left out."""
    listed = [q.name for chapter in CHAPTERS for q in chapter.every]
    assert len(listed) == len(set(listed))
    assert {section.name for section in QUESTIONS} == {
        *listed,
        GLANCE.name,
        WARNINGS.name,
        EXPLORER.name,
    }


def test_each_section_is_in_some_report(read_only: Callable[[str], Study]) -> None:
    """A grid's report has none of the sections on searches; the trade-off needs two objectives."""
    kinds = {
        "grid": "finished",
        "tpe": "search",
        "two": "several objectives",
        "claims": "claims",
        "several": "several classes",
        "numbers": "one input",
    }
    names = {name: {s.name for s in shown(read_only(kind))} for name, kind in kinds.items()}
    assert names["claims"] - names["grid"] == {"claims"}
    assert names["numbers"] >= {"fitted", "numbers"}
    assert names["several"] - names["grid"] == {"confusion", "arrivals"}  # accuracy 1 is reached
    own = {"search", "confirmed", "density", "paths", "isolation"}
    assert names["tpe"] - names["grid"] == own
    pruned = {"arrivals", "noise"}  # after pruning, levels and repetitions cannot be compared
    assert names["two"] - names["tpe"] == {"trade-off", *pruned}
    elsewhere = {"replication"}  # of two studies: tests/report/questions/test_replication.py
    assert set.union(*names.values(), elsewhere) == {section.name for section in QUESTIONS}


def test_a_search_that_was_raised_and_interrupted_is_not_finished(tmp_path: Path) -> None:
    """Its trials.parquet dates from the earlier end and does not reflect the stored runs."""
    finish = searches.searching("tpe", "search.trials=5")
    folder = searches.made(finish, tmp_path)
    events = run(searches.searching("tpe"), Options(tmp_path, executor="inline"))
    done = [next(events) for _ in range(6)]
    events.close()
    assert any(isinstance(event, StackDone) for event in done)
    material = gather(folder)
    assert material.trials.empty
    assert not material.ended
    given_up = material.runs.loc[material.runs["status"] == "pruned", "configuration"]
    assert not given_up.empty
    assert not set(material.ranked["configuration"]) & set(given_up)
    sections = {s.name for s in QUESTIONS if s.applies(material)}
    assert not sections & {"search", "confirmed", "density"}
    of = next(s for s in QUESTIONS if s.name == "study").tables(material)
    (sentence,) = open_end(of["size"])
    stored, planned = len(material.runs), 2 * (12 + 2) * 2 * 2
    assert sentence.startswith(f"{stored} of at most {planned} runs are stored. ")


def test_every_run_is_counted_and_the_trivial_loss_follows_from_the_labels(finished: Study) -> None:
    material = finished.material
    assert set(material.runs["status"]) == {"completed", "diverged"}
    assert material.runs["run_id"].is_unique
    p = 10 / 21
    assert material.trivial_losses["xor"] == pytest.approx(p * (1 - p))
    assert set(material.shown["role"]) == {"base", "best"}


def test_the_declared_goal_decides_the_best(tmp_path: Path) -> None:
    material = gather(synthetic.store(synthetic.HELD_OUT, tmp_path / "held-out"))
    first = material.ranked.iloc[0]
    assert first["metric"] == "final_test_accuracy"
    assert first["median"] == material.ranked["median"].max()
