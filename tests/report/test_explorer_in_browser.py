"""The explorer in a browser: each number is the table's, each choice has an address."""

import math
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from study.plot.image import Picture
from study.plot.theme import CLASSES
from study.report import pictures
from study.report.page import write_report
from study.store.reader import load_results
from tests import searches, synthetic
from tests.pipelines import small
from tests.studies import SEVERAL_CLASSES

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
pytestmark = [
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
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the page of each kind of study."""
    marks = "".join(
        f'<g><title>{head}: 3</title><rect x="{i}" width="1" height="3"/></g>'
        for i, head in enumerate(MARKS)
    )
    wide = Picture(
        "svg", f'<svg viewBox="0 0 9 3" width="900" height="300">{marks}</svg>', 900, 300
    )
    with pytest.MonkeyPatch.context() as patch:  # what is drawn, other tests look at
        patch.setattr(pictures, "drawn", lambda *_: wide)
        folders = {kind: make(tmp_path_factory.mktemp("made")) for kind, make in KINDS.items()}
        return {kind: write_report(folder) for kind, folder in folders.items()}


@pytest.fixture(params=KINDS)
def report(request: pytest.FixtureRequest, reports: dict[str, Path]) -> Path:
    return reports[request.param]


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


def said(page: Page) -> str:
    return page.locator("#explorer output").text_content() or ""


def middle(values: "pd.Series[float]") -> float:
    """Return the median as the project defines it: ∞ is a value."""
    ordered = sorted(values)
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return 0.5 * below + 0.5 * above


def test_all_numbers_of_random_pairs_are_the_tables(page: Page, report: Path) -> None:
    runs = pd.read_parquet(report.parent / "tables" / "explorer_runs.parquet")
    names = runs["configuration"].unique()
    rng = np.random.default_rng(1)
    for _ in range(6):
        pair = [str(name) for name in rng.choice(names, size=min(2, len(names)), replace=False)]
        go(page, *pair)
        found = shown(page)
        for dataset, of in runs.groupby("dataset"):
            parts = [of[of["configuration"] == name] for name in pair]
            if all(part.empty for part in parts):
                assert found[str(dataset)] == {}
                continue
            rows = found[str(dataset)]
            for metric, head in (
                ("final_train_loss", "median final training loss"),
                ("final_test_accuracy", "median final test accuracy"),
                ("epochs_to_loss_05", "median epochs to loss 0.05"),
            ):
                expected = [part[metric] if metric in part else part["epochs"] for part in parts]
                if metric in of and of[metric].notna().any() and head in rows:
                    wanted = ["–" if e.empty else middle(e) for e in expected]
                    assert [_number(text) for text in rows[head]] == pytest.approx(wanted)
            sizes = ["–" if p.empty else float(p["parameters"].iloc[0]) for p in parts]
            assert [_number(text) for text in rows["weights and biases"]] == sizes
            counts = [text.split(" ")[0] for text in rows["runs"]]
            assert counts == ["–" if p.empty else str(len(p)) for p in parts]
            for part in parts:
                if not part.empty:
                    command = f"study reproduce results/{report.parent.name} "
                    text = page.locator(".compared").text_content() or ""
                    assert command + str(part["run_id"].iloc[0]) in text


def _number(text: str) -> float | str:
    return text if text == "–" else float(text.replace("Infinity", "inf"))


@only("grid")
def test_effect_and_count_follow_from_the_repetitions(page: Page, report: Path) -> None:
    runs = pd.read_parquet(report.parent / "tables" / "explorer_runs.parquet")
    names = list(runs["configuration"].unique())
    wide = runs.pivot_table(
        index=["dataset", "repetition"], columns="configuration", values="final_train_loss"
    )
    seen = set()
    for a in names[:4]:
        for b in names:
            if a == b:
                continue
            go(page, a, b)
            text = said(page)
            for dataset, of in wide.groupby("dataset"):
                lower = int((of[a] < of[b]).sum())
                found = re.search(rf"{dataset}: The [a-z ]+ of A is lower in (\d+) of (\d+) ", text)
                assert found is not None
                assert (int(found[1]), int(found[2])) == (lower, len(of))
                equal = int((of[a] == of[b]).sum())
                assert (f"equal in {equal}" in text) or not equal
                seen.add(lower)
    assert {0, 6} <= seen


@only("grid")
def test_the_ratio_is_the_median_of_the_repetitions(page: Page, report: Path) -> None:
    runs = pd.read_parquet(report.parent / "tables" / "explorer_runs.parquet")
    of = runs[(runs["dataset"] == "linear") & (runs["status"] == "completed")]
    a, b = of["configuration"].unique()[:2]
    wide = of.pivot_table(index="repetition", columns="configuration", values="final_train_loss")
    ratio = 10 ** float(np.median(np.log10(wide[a]) - np.log10(wide[b])))
    go(page, a, b)
    found = re.search(r"linear: .*?median ratio A / B ([\d.,]+)", said(page))
    assert found is not None
    assert float(found[1].rstrip(".")) == pytest.approx(ratio, rel=0.005)


@pytest.mark.parametrize("report", ["grid", "held out", "four classes"], indirect=True)
def test_the_drawn_curves_are_the_tables(page: Page, report: Path) -> None:
    """The embedded whole numbers are the table's values, to a thousandth of their scale."""
    data = page.evaluate("JSON.parse(document.getElementById('explorer-data').textContent)")
    table = pd.read_parquet(report.parent / "tables" / "explorer.parquet")
    checked = 0
    for (name, dataset, metric), of in table.groupby(["configuration", "dataset", "metric"]):
        place = data["configurations"].index(name)
        trial = data["trials"][place][data["datasets"].index(dataset)]
        assert data["epochs"][: len(of)] == of["epoch"].tolist()
        for column, found in zip(("median", "low", "high"), trial["curves"][metric], strict=True):
            numbers = [math.inf if v is None else v / 1000 for v in found]
            expected = of[column].to_numpy(float)
            wanted = np.log10(expected) if str(metric).endswith("loss") else expected
            np.testing.assert_allclose(numbers, wanted, atol=0.00051)
            assert all(v is None or -32768 <= v <= 32767 for v in found)
            checked += 1
    assert checked == 3 * len(table.groupby(["configuration", "dataset", "metric"]))


@only("grid")
def test_a_choice_that_does_not_exist_selects_the_nearest_with_a_note(page: Page) -> None:
    side = page.locator("select[data-side=A]")
    labels = [label.text_content() or "" for label in page.locator("fieldset").first.locator(
        "label").all()]  # fmt: skip
    assert [re.split(r"\d|sgd|adam|–", text)[0].strip() for text in labels] == [
        "learning rate", "optimizer", "momentum",
    ]  # fmt: skip
    go(page, "lr 1 · sgd · momentum 0.9", "lr 0.01 · adam")
    side.nth(1).select_option("adam")
    assert "A: lr 0.01 · adam." in said(page) or "A: lr 1 · adam." in said(page)
    assert "nearest has" in said(page)
    assert "momentum –" in said(page)
    chosen = side.evaluate_all("(of) => of.map((s) => s.selectedOptions[0].text)")
    assert chosen[1:] == ["adam", "–"]


@only("grid")
def test_the_address_has_the_choice_and_opens_it_again(page: Page, browser: Browser) -> None:
    page.locator("select[data-side=B]").first.focus()
    page.keyboard.press("ArrowDown")  # a native select: the keyboard is enough
    before, text = page.url, said(page)
    assert "#compare=" in before
    again = browser.new_page()
    again.goto(before)
    assert said(again) == text
    again.goto(before.split("#")[0] + "#compare=nothing%20of%20this&with=%")
    assert "is not here" in said(again)
    again.close()


@pytest.mark.parametrize("report", ["grid", "search"], indirect=True)
def test_names_of_configurations_on_the_page_lead_to_it(page: Page) -> None:
    links = page.locator("a[href^='#compare=']")
    assert links.count() > 0
    name = links.first.text_content()
    links.first.evaluate("(link) => link.click()")
    page.wait_for_function(
        "(n) => document.querySelector('#explorer output').textContent.includes(`A: ${n}.`)",
        arg=name,
    )


@only("grid")
def test_marks_of_charts_lead_to_the_configuration_that_they_name(page: Page) -> None:
    for head, name in MARKS.items():
        mark = page.locator(".panel g", has=page.locator(f"title:text-is('{head}: 3')")).first
        assert (mark.get_attribute("cursor") == "pointer") == (name is not None)
        if name is not None:
            mark.dispatch_event("click")
            page.wait_for_function(
                "(n) => document.querySelector('#explorer output').textContent"
                ".includes(`A: ${n}.`)",
                arg=name,
            )


@only("four classes")
def test_the_plane_has_the_colour_of_each_stored_answer(page: Page, report: Path) -> None:
    data = page.evaluate("JSON.parse(document.getElementById('explorer-data').textContent)")
    go(page, data["configurations"][1], data["configurations"][0])
    trial = data["trials"][1][data["datasets"].index("clouds")]
    where = {"run_id": trial["run"], "part": "grid"}
    rows = load_results(report.parent).predictions(where)
    rows = rows[rows["epoch"] == rows["epoch"].max()]
    pixels = page.evaluate(
        """() => { const c = document.querySelector('.compared canvas');
            const { data } = c.getContext('2d').getImageData(0, 0, 25, 25);
            return [c.width, c.height, [...data]]; }"""
    )
    assert pixels[:2] == [25, 25]
    colours = np.reshape(pixels[2], (25, 25, 4))[..., :3]
    xs, ys = (sorted(rows[name].unique()) for name in ("x0", "x1"))
    for row in rows.to_dict("records"):
        expected = CLASSES[int(row["answer"])].lstrip("#")
        found = colours[24 - ys.index(row["x1"]), xs.index(row["x0"])]
        assert tuple(found) == tuple(bytes.fromhex(expected))


def test_axe_finds_no_violation_and_nothing_is_wider_than_the_window(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, context="#explorer", options={"resultTypes": ["violations"]})
        assert [v["id"] for v in found["violations"]] == []
    for width in (360, 768, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("report", ["grid", "search", "twelve datasets"], indirect=True)
def test_a_choice_takes_less_than_50_milliseconds(page: Page) -> None:
    times = page.evaluate(
        """() => [...document.querySelectorAll('.pair select')].flatMap((select) =>
            [...select.options].map((_, i) => {
                const began = performance.now();
                select.value = String(i);
                select.dispatchEvent(new Event('change'));
                document.body.offsetHeight;
                return performance.now() - began;
            }))"""
    )
    assert sorted(times)[len(times) // 2] < 50


def test_without_script_the_page_is_complete_without_it(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert not page.locator("#explorer").is_visible()
    assert page.locator("a[href='#compare']:visible").count() == 0
    context.close()


@only("grid")
def test_print_shows_the_choice_and_no_controls(page: Page) -> None:
    go(page, "lr 0.01 · adam", "lr 1 · sgd · momentum 0")
    page.emulate_media(media="print")
    assert page.locator("#explorer output").is_visible()
    assert page.locator(".compared svg").first.is_visible()
    assert not page.locator(".pair").is_visible()
