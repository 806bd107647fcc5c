"""Pages of many kinds of studies with their explorer, opened in a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from study.plot.image import Picture
from study.report import pictures
from study.report.page import write_report
from tests import searches, synthetic
from tests.pipelines import small
from tests.shared import made_once
from tests.studies import SEVERAL_CLASSES

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
browsing = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt install chromium`"),
    pytest.mark.xdist_group("browser"),
    pytest.mark.no_cover,
]


def long_names(datasets: int) -> str:
    """Return a study of datasets with names of sixty letters, and two claims about them."""
    names = [f"{i:02}_{'a_name_of_sixty_letters_' * 3}"[:60] for i in range(datasets)]
    each = "".join(f'[datasets.{name}]\ngenerator = "xor"\n\n' for name in names)
    start, end = (synthetic.CLAIMS.index(of) for of in ("[datasets.linear]", "[training]"))
    text = synthetic.CLAIMS[:start] + each + synthetic.CLAIMS[end:]
    return text.replace('["xor"]', f'["{names[0]}"]').replace("= 6", "= 3")


KINDS: dict[str, Callable[[Path], Path]] = {
    "grid": lambda to: synthetic.store(synthetic.CLAIMS, to / "lab"),
    "held out": lambda to: synthetic.store(synthetic.HELD_OUT, to / "held"),
    "search": lambda to: searches.made(searches.searching("tpe"), to),
    "one configuration": lambda to: synthetic.store(synthetic.ONE, to / "one"),
    "all diverged": lambda to: synthetic.store(synthetic.LAB, to / "lost", keep=synthetic.diverges),
    "four classes": lambda to: searches.made(small(text=SEVERAL_CLASSES), to),
    "twelve datasets": lambda to: synthetic.store(long_names(12), to / "twelve"),
}


MARKS = {
    "lr 1 · sgd · momentum 0": "lr 1 · sgd · momentum 0",
    "learning rate 1 and momentum 0.9": "lr 1 · sgd · momentum 0.9",
    "optimizer adam": "lr 0.01 · adam",
    "lr": "lr 1 · sgd · momentum 0",
    "something else": None,
}
"""The beginning of a mark's title → the configuration that it leads to; the base has the rest."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _reported(folder: Path, kind: str) -> None:
    """Write the report of a kind of study, with marks in the place of each picture."""
    marks = "".join(
        f'<g><title>{head}: 3</title><rect x="{i}" width="1" height="3"/></g>'
        for i, head in enumerate(MARKS)
    )
    wide = Picture(
        "svg", f'<svg viewBox="0 0 9 3" width="900" height="300">{marks}</svg>', 900, 300, ""
    )
    with pytest.MonkeyPatch.context() as patch:  # other tests check the pictures
        patch.setattr(pictures, "drawn", lambda *_: wide)
        write_report(KINDS[kind](folder))


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Return what gives the page of each kind of study; all tests read the same ones."""

    def of(kind: str) -> Path:
        folder = made_once(request, f"page of {kind}", lambda to: _reported(to, kind))
        (page,) = folder.glob("*/report.html")
        return page

    return of


@pytest.fixture(params=KINDS)
def report(request: pytest.FixtureRequest, reports: Callable[[str], Path]) -> Path:
    return reports(request.param)


@pytest.fixture
def page(report: Path, browser: Browser) -> Iterator[Page]:
    """Return each page with its explorer open; it has nothing to complain of."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(f"{report.as_uri()}#compare")
    opened.wait_for_selector("#explorer[open]")
    yield opened
    assert complaints == []
    opened.close()


def only(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("report", [kind], indirect=True)


def go(page: Page, *names: str) -> None:
    """Choose configurations by the page's address."""
    address = "#compare=" + "&with=".join(quote(name, safe="") for name in names)
    page.evaluate("(to) => { location.hash = to; }", address)
    page.wait_for_function(
        "(names) => names.every((n, i) => document.querySelector('#explorer output').textContent"
        ".includes(`${'AB'[i]}: ${n}.`))",
        arg=list(names),
    )


def shown(page: Page) -> dict[str, dict[str, list[Any]]]:
    """Return the numbers that are shown of each dataset, in full; other cells as texts."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => Object.fromEntries([...document.querySelectorAll('.compared figure')].map((f) => [
            f.querySelector('.dataset').textContent,
            Object.fromEntries([...f.querySelectorAll('tbody tr')].map((row) => [
              row.cells[0].textContent,
              [...row.cells].slice(1).map((c) => c.dataset.value ?? c.textContent)]))]))"""
    )


def thin(page: Page) -> None:
    """Leave four rows of each table of data: all of its rows look the same.

    axe-core would need seconds for the contrast of thousands of cells.
    """
    page.evaluate(
        """() => document.querySelectorAll(
            "table:not(.matrix) tbody tr:nth-child(n + 5), .files li:nth-child(n + 5)"
        ).forEach((row) => row.remove())"""
    )


def violations(page: Page, of: str = "html", **options: object) -> list[tuple[str, list[str]]]:
    """Return what axe-core finds in an element: the rule, and the first elements that break it."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate(
        """([of, options]) => axe.run(of, options).then(({violations}) =>
            violations.map((v) => [v.id, v.nodes.slice(0, 3).map((node) => node.html)]))""",
        [of, {"resultTypes": ["violations"], **options}],
    )
    return [(rule, [html[:200] for html in elements]) for rule, elements in found]


def status(page: Page) -> str:
    return page.locator("#explorer output").text_content() or ""
