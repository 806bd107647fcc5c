"""The page as a file: whole, the same each time, drawn once, and safe."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from study.errors import ResultsError
from study.plot.image import Picture
from study.report import pictures
from study.report.chapters import EXPLORER, GLANCE, QUESTIONS, WARNINGS
from study.report.gather import gather
from study.report.page import write_report
from study.report.pictures import drawn_before
from study.store.names import FIGURES
from tests import synthetic
from tests.faults.door import without_pictures
from tests.studies import STUDIES, Study, drawn, shown


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a finished study of one dataset, with most figures, and its report."""
    folder = STUDIES["held out"](tmp_path_factory.mktemp("finished") / "lab")
    write_report(folder)
    return Study(folder, gather(folder))


@pytest.fixture(scope="module")
def undrawn_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of the same study if every figure is redrawn, as an empty picture."""
    folder = STUDIES["held out"](tmp_path_factory.mktemp("undrawn") / "lab")
    with without_pictures():
        return write_report(folder).read_text(encoding="utf-8")


@pytest.mark.no_cover  # a whole report
def test_the_page_is_one_file_with_a_text_for_every_picture(finished: Study) -> None:
    html = (finished.folder / "report.html").read_text(encoding="utf-8")
    bitmaps = re.findall(
        r'<img alt="([^"]*)" width="\d+" height="\d+" src="data:image/png;base64,([^"]*)"', html
    )
    vectors = re.findall(r'<svg role="img" aria-label="([^"]*)"', html)
    parts = html.count('aria-hidden="true" width="')  # the same again for a phone
    assert (len(bitmaps), len(vectors) + parts) == (html.count("<img"), html.count("<svg"))
    assert len(bitmaps) + len(vectors) == len(drawn(finished)) >= 8
    assert min(len(text) for text in [*vectors, *dict(bitmaps)]) >= 10
    assert all(base64.b64decode(data).startswith(b"\x89PNG") for _, data in bitmaps)
    assert not re.search(r"<[^>]* style=", html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)|<use href=\"#([^\"]+)\"", html)) <= {
        pair for name in ids for pair in ((name, ""), ("", name))
    }
    assert '<html lang="en">' in html
    assert "http" not in re.sub(r"base64,[^\"]*", "", html).replace("http-equiv", "")
    assert len(html) < 5e6
    for section in shown(finished):
        if section in (GLANCE, WARNINGS, EXPLORER):  # parts of the page that have no heading
            continue
        assert f'<h3 id="{section.name}">' in html
        assert section.question in html


def test_a_figure_is_redrawn_only_after_a_change(
    finished: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draws(*_: object) -> Picture:
        raise AssertionError("redrawn")

    page = (finished.folder / "report.html").read_text(encoding="utf-8")
    (finished.folder / "report.html").write_bytes(b"\xff an old page")
    monkeypatch.setattr(pictures, "picture", draws)
    assert write_report(finished.folder).read_text(encoding="utf-8") == page
    labels = finished.material.targets["target"]
    material = replace(
        finished.material, targets=finished.material.targets.assign(target=0.1 * labels)
    )
    section = next(s for s in QUESTIONS if s.name == "curves")
    tables = section.tables(material)
    before = drawn_before(finished.folder)
    assert pictures.key("curves-1", tables, material.looks) not in before
    with pytest.raises(AssertionError, match="redrawn"):
        pictures.draw_now("curves-1", tables, material.looks)


def sha256(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


HARM: dict[str, Callable[[bytes], bytes]] = {
    "another picture": lambda kept: kept.replace(b'"iVBO', b'"AAAA'),
    "a flipped byte": lambda kept: kept[:500] + bytes([kept[500] ^ 0x80]) + kept[501:],
    "no hash": lambda kept: kept.partition(b"\n")[2],
    "half": lambda kept: kept[: len(kept) // 2],
    "nothing": lambda _: b"",
    "figures of an earlier release": lambda _: b"\n".join([sha256(b'{"a":"b"}'), b'{"a":"b"}']),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_figures_that_differ_from_the_kept_ones_are_not_used(
    finished: Study, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    figures = (finished.folder / FIGURES).read_bytes()
    (tmp_path / FIGURES).write_bytes(harm(figures))
    assert (tmp_path / FIGURES).read_bytes() != figures
    assert drawn_before(finished.folder) != {}
    assert drawn_before(tmp_path) == {}


@pytest.mark.no_cover
def test_figures_that_differ_from_the_kept_ones_are_redrawn(
    finished: Study, undrawn_page: str
) -> None:
    """Whatever happened to the kept figures and to the page, the new page is right."""
    page, kept = finished.folder / "report.html", finished.folder / FIGURES
    before, figures = page.read_bytes(), kept.read_bytes()
    page.write_bytes(before[:1000])
    kept.write_bytes(HARM["another picture"](figures))
    with without_pictures():
        write_report(finished.folder)
    assert page.read_text(encoding="utf-8") == undrawn_page, "it used a figure of the harmed file"
    kept.write_bytes(figures)
    page.write_bytes(before)


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        write_report(synthetic.store(synthetic.ONE, tmp_path / parent / "one")) for parent in "ab"
    )
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.no_cover
def test_other_processes_draw_the_same_bytes(finished: Study, tmp_path: Path) -> None:
    folder = STUDIES["held out"](tmp_path / "lab")
    page = write_report(folder, workers=2)
    assert page.read_bytes() == (finished.folder / "report.html").read_bytes()


@pytest.mark.usefixtures("undrawn")
def test_the_report_of_a_half_finished_study_lists_missing_runs(tmp_path: Path) -> None:
    folder = synthetic.store(synthetic.ONE.replace("= 1\n", "= 4\n"), tmp_path / "lab",
                             keep=lambda run: run.repetition < 3)  # fmt: skip
    html = write_report(folder).read_text(encoding="utf-8")
    assert "This study is not finished. 3 of 4 runs are stored; missing: 1." in html
    assert "How much does each parameter matter?" not in html, "of one configuration"
    assert "Where did every single run end?" not in html


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("kind", ["held out", "one input", "bundled classes", "only diverged"])
def test_next_saves_a_run_of_the_best_configuration_whatever_the_data(
    kind: str, tmp_path: Path
) -> None:
    folder = STUDIES[kind](tmp_path / "results" / "lab")
    html = write_report(folder).read_text(encoding="utf-8")
    material = gather(folder)
    best = material.ranked.loc[material.ranked["rank"] == 1, "configuration"]
    runs = material.runs.loc[material.runs["configuration"].isin(best), "run_id"]
    saved = re.findall(r"<code>study reproduce results/\S+ (\w+) --weights", html)
    if kind == "only diverged":  # no best configuration
        assert not saved
    else:
        assert len(saved) == 1
        assert saved[0] in set(runs)


@pytest.mark.usefixtures("undrawn")
def test_text_of_a_user_is_never_markup(tmp_path: Path) -> None:
    text = synthetic.ONE.replace('name = "one"', 'name = "one"\ntitle = "<b>a & b</b>"')
    html = write_report(synthetic.store(text, tmp_path / "one")).read_text(encoding="utf-8")
    assert "<title>&lt;b&gt;a &amp; b&lt;/b&gt;</title>" in html
    assert "<b>a" not in html


@pytest.mark.usefixtures("undrawn")
def test_the_description_comes_first_with_its_emphasis_and_its_links(tmp_path: Path) -> None:
    message = "A *first* look at `lr`, see [the book](https://example.org/a). <b>No</b> more."
    text = synthetic.ONE.replace('name = "one"', f'name = "one"\ndescription = "{message}"')
    folder = synthetic.store(text, tmp_path / "one")
    html = write_report(folder).read_text(encoding="utf-8")
    written = (
        'A <em>first</em> look at <code>lr</code>, see <a href="https://example.org/a">the book'
        "</a>. &lt;b&gt;No&lt;/b&gt; more."
    )
    assert html.index(f'<p class="description">{written}</p>') < html.index('class="cards"')
    pipeline = (folder / "pipeline.toml").read_text(encoding="utf-8")
    (folder / "pipeline.toml").write_text(pipeline.replace(message, "x [y](javascript:z) *"))
    again = write_report(folder).read_text(encoding="utf-8")
    assert '<p class="description">x [y](javascript:z) *</p>' in again


def test_a_study_without_runs_is_an_error(tmp_path: Path) -> None:
    folder = synthetic.store(synthetic.ONE, tmp_path / "one", keep=synthetic.nothing)
    with pytest.raises(ResultsError, match="holds no run"):
        write_report(folder)


def test_every_figure_states_its_counts_intervals_and_omissions(finished: Study) -> None:
    html = (finished.folder / "report.html").read_text(encoding="utf-8")
    assert all((section.basis is None) == (section.figure is None) for section in QUESTIONS)
    methods = re.findall(r"<summary>Method</summary><p>(.*?)</p>", html)
    methods = [method for method in methods if "Interval:" in method]  # others have no figure
    assert len(methods) == len(drawn(finished))
    for method in methods:
        assert re.search(r"n: \d.+\. Interval: .+\. Shown: .+\.$", method)
