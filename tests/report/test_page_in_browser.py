"""The page in a real browser: quiet, sorted, filtered, printed, and open to everyone."""

import io
import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page

from study.plot.axes import SMALL, WIDTH
from study.plot.bars import COLOURS, shares
from study.plot.image import Picture, picture
from study.report import pictures
from study.report.page import write_report
from tests import synthetic
from tests.report.browsing import browser, browsing, long_names, reports, thin, violations
from tests.studies import STUDIES

__all__ = ["browser", "reports"]

pytestmark = browsing

CONTRAST = "color-contrast"

Pages: TypeAlias = Callable[[str], Path]
"""Kind of study → its page."""


@pytest.fixture(params=["grid", "search"])
def page(request: pytest.FixtureRequest, browser: Browser, reports: Pages) -> Iterator[Page]:
    """Return each page, opened from disk; it asks for nothing and has nothing to complain of."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    complaints: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda r: asked.append(r.url) if not r.url.startswith("data:") else None)
    opened.goto(reports(request.param).as_uri())
    yield opened
    assert complaints == []
    assert asked == [reports(request.param).as_uri()]
    opened.close()


def test_axe_finds_no_violation(page: Page) -> None:
    assert violations(page, rules={CONTRAST: {"enabled": False}}) == []
    thin(page)
    assert violations(page, runOnly=[CONTRAST]) == []


@pytest.mark.parametrize("page", ["search"], indirect=True)
def test_contrast_is_enough_in_the_dark_and_in_what_was_folded(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.evaluate(
        "for (const d of [...document.querySelectorAll('details')].slice(0, 4)) d.open = true"
    )
    thin(page)
    assert violations(page, runOnly=[CONTRAST]) == []


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    for width in (320, 390, 768, 1200, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_shows_one_dataset_below_the_other_in_large_letters(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inches = WIDTH * 72
    text = f'<text y="20" font-size="{SMALL}">text</text>'
    element = f'<svg viewBox="0 0 {inches:g} 60" width="400" height="100">{text}</svg>'
    narrow = Picture("svg", element, 400, 100, "")
    monkeypatch.setattr(pictures, "drawn", lambda *_: narrow)
    page = browser.new_page()
    page.goto(write_report(synthetic.store(synthetic.LAB, tmp_path / "lab")).as_uri())
    for width in (360, 390):
        page.set_viewport_size({"width": width, "height": 800})
        first, second = page.locator("[aria-labelledby=curves] .panel svg").all()
        boxes = [first.bounding_box(), second.bounding_box()]
        scale = first.evaluate(
            "(svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
        )
        upper, lower = (box for box in boxes if box is not None)
        assert upper["x"] == lower["x"] >= 0
        assert upper["x"] + upper["width"] <= width
        assert upper["y"] + upper["height"] <= lower["y"]
        assert SMALL * scale >= 11
    page.close()


def boxed(shown: Locator) -> FloatRect:
    box = shown.bounding_box()
    assert box is not None
    return box


def seen(shown: Locator, colour: str) -> list[bool]:
    """Return whether a colour is seen in the upper half of an element, and in the lower one."""
    with Image.open(io.BytesIO(shown.screenshot())) as image:
        pixels = np.asarray(image.convert("RGB"))
    wanted = np.round(255 * np.array(to_rgb(colour)))
    return [bool((half == wanted).all(axis=-1).any()) for half in np.array_split(pixels, 2)]


def test_a_phone_shows_two_networks_below_each_other_and_a_wide_page_side_by_side(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks = [("exact", "loss"), ("as_printed", "loss"), ("as_printed", "accuracy")]
    table = pd.DataFrame(networks, columns=["implementation", "term"])
    table = table.assign(dataset="xor", row="", share=0.9, null=0.1)
    table["kind"] = ["parameter", "pair", "noise"]
    wide = picture(shares(table, "share"), "NAME")

    def drawn(name: str, *_: object) -> Picture:
        text, parts = (of.replace("NAME", name) for of in (wide.text, wide.parts))
        return replace(wide, text=text, parts=parts)

    monkeypatch.setattr(pictures, "drawn", drawn)
    page = browser.new_page(color_scheme="dark")
    page.goto(write_report(synthetic.store(synthetic.LAB, tmp_path / "lab")).as_uri())
    section = page.locator("[aria-labelledby=curves]")
    parts, whole = section.locator(".parts").first, section.get_by_role("img").first
    for width in (1440, 768, 320, 360):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        scrolls = "(all) => all.some((of) => of.scrollWidth > of.clientWidth)"
        assert not page.locator(".frame").evaluate_all(scrolls)
        assert parts.is_visible() == (width < 768)
        assert (boxed(whole)["width"] > 0.8 * wide.width) == (width >= 768)
    units = parts.evaluate("(svg) => svg.viewBox.baseVal.width")
    assert SMALL * boxed(parts)["width"] / units >= 11
    assert seen(parts, COLOURS["parameter"]) == [True, False]
    assert seen(parts, COLOURS["pair"]) == [True, True]  # in the legend, and below
    assert section.get_by_role("img").count() == section.locator(".panel").count()
    page.emulate_media(media="print")
    assert not parts.is_visible()
    assert boxed(whole)["width"] > 300
    page.close()


def test_twelve_datasets_with_long_names_fit_into_the_window(
    browser: Browser, reports: Pages
) -> None:
    page = browser.new_page()
    page.goto(reports("twelve datasets").as_uri())
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        labels = page.locator(".matrix tbody th[scope=row]")
        for i in range(labels.count()):  # a claim keeps room for its text
            box = labels.nth(i).bounding_box()
            assert box is not None
            assert box["width"] >= 140
        if width == 360:
            assert cut(page) == 0
    page.close()


def cut(page: Page) -> int:
    """Return how many cells of the verdict matrix begin or end beyond the window."""
    return page.locator(".matrix td, .matrix tbody th").evaluate_all(  # type: ignore[no-any-return]
        """(cells) => cells.map((cell) => cell.getBoundingClientRect())
            .filter((box) => box.left < 0 || box.right > innerWidth).length"""
    )


@pytest.mark.parametrize("page", ["grid"], indirect=True)
def test_a_phone_shows_all_verdicts_below_their_columns(page: Page) -> None:
    lefts = "(cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left))"
    for width in (320, 360, 390):
        page.set_viewport_size({"width": width, "height": 800})
        heads = page.locator(".matrix thead th").evaluate_all(lefts)
        rows = page.locator(".matrix tbody tr:not(.evidence)").all()
        assert len(heads) > 1
        for row in rows:
            assert set(row.locator("td").evaluate_all(lefts)) <= set(heads)
        page.locator(".matrix summary").first.click()
        assert page.locator(".matrix .evidence").first.is_visible()
        assert cut(page) == 0
        page.locator(".matrix summary").first.click()


@pytest.mark.parametrize("page", ["search"], indirect=True)
def test_a_choice_with_a_long_name_is_no_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("document.querySelector('.controls select').add(new Option('n'.repeat(90)))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def cells(page: Page, column: str) -> list[str]:
    """Return the cells of a column of the table of trials, in the rows that are shown."""
    return page.evaluate(  # type: ignore[no-any-return]
        """(name) => {
            const table = document.getElementById('trials-table');
            const heads = [...table.tHead.rows[0].cells].map((c) => c.innerText.trim());
            const i = heads.findIndex((text) => text.startsWith(name));
            const shown = [...table.tBodies[0].rows].filter((row) => !row.hidden);
            return shown.map((row) => row.cells[i].innerText);
        }""",
        column,
    )


def number(text: str) -> float:
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    plain = re.sub(r" × 10(.+)", lambda m: "e" + m[1].translate(digits), text)
    return float(plain.replace("∞", "inf").replace(",", ""))


def test_a_click_or_a_key_sorts_the_trials(reports: Pages, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(reports("search").as_uri())
    page.locator("#all-trials > summary").click()
    before = cells(page, "objective")
    page.get_by_role("button", name="objective").click()
    rising = cells(page, "objective")
    assert sorted(rising) == sorted(before)
    assert [number(text) for text in rising] == sorted(map(number, before))
    page.keyboard.press("Enter")
    assert [number(t) for t in cells(page, "objective")] == sorted(
        map(number, before), reverse=True
    )
    head = page.get_by_role("columnheader", name="objective")
    assert head.get_attribute("aria-sort") == "descending"
    page.close()


def test_words_and_choices_filter_the_trials(reports: Pages, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(reports("search").as_uri())
    page.locator("#all-trials > summary").click()
    everything = len(cells(page, "dataset"))
    dataset = page.locator("select[data-column='0']")
    dataset.select_option("xor")
    assert set(cells(page, "dataset")) == {"xor"}
    page.locator("#find").fill("ADAM xor")
    assert set(cells(page, "optimizer")) == {"adam"}
    few = len(cells(page, "dataset"))
    assert page.locator("#shown").inner_text() == f"{few} of {everything} trials"
    page.locator("#find").fill("")
    dataset.select_option("all")
    assert len(cells(page, "dataset")) == everything
    page.close()


@pytest.mark.parametrize("allowed", [True, False])
def test_a_button_copies_the_lines_or_chooses_them(
    reports: Pages, browser: Browser, *, allowed: bool
) -> None:
    """Where a browser keeps the clipboard to itself, a key is enough."""
    context = browser.new_context()
    if allowed:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(reports("grid").as_uri())
    if not allowed:
        page.evaluate(
            "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
        )
    behind = page.locator("section[aria-labelledby=curves] > details.behind:has(.lines)")
    behind.locator("> summary").click()
    lines = behind.locator(".lines")
    lines.get_by_role("button", name="Copy").click()
    lines.get_by_role("button", name="Copied" if allowed else "Chosen").wait_for()
    taken = page.evaluate(
        "navigator.clipboard.readText()" if allowed else "getSelection().toString()"
    )
    assert taken.strip() == lines.locator("code").text_content().strip()  # type: ignore[union-attr]
    assert "import seaborn" in taken
    context.close()


def test_without_scripts_everything_can_be_read(reports: Pages, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(reports("search").as_uri())
    assert page.locator("#trials-table tbody tr").count() > 20
    assert not page.locator(".controls").is_visible()
    context.close()


def test_it_prints_on_a_few_pages(page: Page) -> None:
    pdf = page.pdf(format="A4")
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 3 <= pages <= 25
    page.emulate_media(media="print", color_scheme="dark")
    folded = page.locator(".behind").all()
    assert folded
    assert not any(each.is_visible() for each in folded)
    style = "getComputedStyle(document.documentElement)"
    colours = page.evaluate(f"['--yes', '--no'].map((name) => {style}.getPropertyValue(name))")
    assert colours == ["#dff0e4", "#f7dfdc"]  # as on a light page


def test_a_method_is_beside_its_heading_on_a_wide_page_alone(page: Page) -> None:
    def lefts() -> list[float]:
        section = page.locator("section[aria-labelledby=curves]")
        boxes = [section.locator(f"> {of}").bounding_box() for of in ("h3", "figure", ".method")]
        return [box["x"] for box in boxes if box is not None]

    page.set_viewport_size({"width": 1440, "height": 900})
    heading, figure, method = lefts()
    assert heading == figure < method
    page.set_viewport_size({"width": 768, "height": 900})
    assert len({*lefts()}) == 1


def test_headings_are_in_order_and_links_lead_somewhere(page: Page) -> None:
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    missing = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.hash.slice(1))"
        ".filter((id) => !document.getElementById(id.split('=')[0]))"  # compare=A&with=B
    )
    assert missing == []


def test_the_whole_page_can_be_used_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    # The browser follows the link later: a slow machine still has the old address.
    page.wait_for_function("location.hash === '#content'")


KINDS: dict[str, Callable[[Path], Path]] = {
    "long names": lambda to: synthetic.store(long_names(2), to),
    **{kind: STUDIES[kind] for kind in ("many levels", "bundled classes", "all pruned")},
}


def without_ink(figure: Figure) -> None:
    """Arrange a figure as a bitmap would be arranged, and paint nothing."""
    FigureCanvasAgg(figure).figure.draw_without_rendering()


@pytest.fixture
def arranged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrange each figure as it would be drawn, and show an empty picture of that size."""
    monkeypatch.setattr("study.plot.image.POINTS", math.inf)
    monkeypatch.setattr("study.plot.image.LARGEST", math.inf)  # none is a bitmap
    monkeypatch.setattr(FigureCanvasSVG, "print_svg", lambda of, *_, **__: without_ink(of.figure))
    monkeypatch.setattr(
        "study.plot.image.inlined",
        lambda _, __, size, **___: '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" />'.format(
            *size
        ),
    )


@pytest.mark.usefixtures("arranged")
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_no_figure_is_higher_than_a_screen(
    browser: Browser, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto(write_report(make(tmp_path / "lab")).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    heights = page.locator(".panel svg, .panel img").evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect().height)"
    )
    page.close()
    assert len(heights) > 5
    assert 0 < max(heights) <= 700
