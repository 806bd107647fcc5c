"""Pages of many kinds of studies with their explorer, opened in a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
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

TWELVE = synthetic.LAB + "".join(
    f'[datasets.xor-{i}]\ngenerator = "xor"\n\n' for i in range(10)
)  # fmt: skip

KINDS: dict[str, Callable[[Path], Path]] = {
    "grid": lambda to: synthetic.store(synthetic.CLAIMS, to / "lab"),
    "held out": lambda to: synthetic.store(synthetic.HELD_OUT, to / "held"),
    "search": lambda to: searches.made(searches.searching("tpe"), to),
    "one configuration": lambda to: synthetic.store(synthetic.ONE, to / "one"),
    "all diverged": lambda to: synthetic.store(synthetic.LAB, to / "lost", keep=synthetic.diverges),
    "four classes": lambda to: searches.made(small(text=SEVERAL_CLASSES), to),
    "twelve datasets": lambda to: synthetic.store(TWELVE, to / "twelve"),
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


def status(page: Page) -> str:
    return page.locator("#explorer output").text_content() or ""
