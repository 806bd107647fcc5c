"""The explorer in a browser: each number that it shows is the table's."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page

from study.plot.theme import CLASSES
from study.report.gather import gather
from study.store.reader import load_results
from tests.report.browsing import (
    browser,
    browsing,
    go,
    only,
    page,
    report,
    reports,
    shown,
    status,
)
from tests.report.unpacked import data, whole

__all__ = ["browser", "page", "report", "reports"]

pytestmark = browsing


def middle(values: "pd.Series[float]") -> float:
    """Return the median as the project defines it: ∞ is a value."""
    ordered = sorted(values)
    below, above = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return 0.5 * below + 0.5 * above


def test_all_numbers_of_random_pairs_are_the_tables(page: Page, report: Path) -> None:
    runs = pd.read_parquet(report.parent / "tables" / "explorer_runs.parquet")
    names, aim = runs["configuration"].unique(), data(report)["metric"]["key"]
    typical = set(gather(report.parent).typical["run_id"])
    rng = np.random.default_rng(1)
    for _ in range(6):
        pair = [str(name) for name in rng.choice(names, size=min(2, len(names)), replace=False)]
        go(page, *pair)
        result = shown(page)
        for dataset, of in runs.groupby("dataset"):
            parts = [of[of["configuration"] == name] for name in pair]
            if all(part.empty for part in parts):
                assert result[str(dataset)] == {}
                continue
            rows = result[str(dataset)]
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
                    named = [command + run_id in text for run_id in part["run_id"]]
                    (run,) = part[named].to_dict("records")
                    finite = np.isfinite(part[aim].astype(float)).any()
                    assert run["run_id"] in typical or not finite
                    assert f"repetition {run['repetition']}" in text


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
            text = status(page)
            for dataset, of in wide.groupby("dataset"):
                lower = int((of[a] < of[b]).sum())
                match = re.search(rf"{dataset}: The [a-z ]+ of A is lower in (\d+) of (\d+) ", text)
                assert match is not None
                assert (int(match[1]), int(match[2])) == (lower, len(of))
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
    match = re.search(r"linear: .*?median ratio A / B ([\d.,]+)", status(page))
    assert match is not None
    assert float(match[1].rstrip(".")) == pytest.approx(ratio, rel=0.005)


@pytest.mark.parametrize("report", ["grid", "held out", "four classes"], indirect=True)
def test_the_drawn_curves_are_the_tables(report: Path) -> None:
    """The embedded whole numbers are the table's values, to a thousandth of their scale."""
    embedded = data(report)
    table = pd.read_parquet(report.parent / "tables" / "explorer.parquet")
    checked = 0
    for (name, dataset, metric), of in table.groupby(["configuration", "dataset", "metric"]):
        place = embedded["configurations"].index(name)
        trial = embedded["trials"][place][embedded["datasets"].index(dataset)]
        assert embedded["epochs"][: len(of)] == of["epoch"].tolist()
        for column, result in zip(("median", "low", "high"), trial["curves"][metric], strict=True):
            steps = whole(result)
            numbers = steps / 1000
            expected = of[column].to_numpy(float)
            wanted = np.log10(expected) if str(metric).endswith("loss") else expected
            np.testing.assert_allclose(numbers, wanted, atol=0.00051)
            assert len(steps) == len(of)
            checked += 1
    assert checked == 3 * len(table.groupby(["configuration", "dataset", "metric"]))


@only("four classes")
def test_the_plane_has_the_colour_of_each_stored_answer(page: Page, report: Path) -> None:
    embedded = data(report)
    go(page, embedded["configurations"][1], embedded["configurations"][0])
    trial = embedded["trials"][1][embedded["datasets"].index("clouds")]
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
        result = colours[24 - ys.index(row["x1"]), xs.index(row["x0"])]
        assert tuple(result) == tuple(bytes.fromhex(expected))
