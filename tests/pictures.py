"""The pictures of the README, drawn from a real study: `make docs` renews them."""

import shutil
from pathlib import Path
from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from playwright.sync_api import sync_playwright

from study import load_results
from study.plot.axes import panels
from study.plot.theme import INK, VERDICTS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NETWORKS = {
    "exact": "correct network", "as_printed": "network as printed",
    "as_printed − exact": "as printed − correct",
}  # fmt: skip

LAB = ROOT / "results" / "lab"


def conclusions(hypotheses: pd.DataFrame) -> Figure:
    """Draw a row for each claim and a column for each dataset and network: its verdict.

    `hypotheses` is the study's table: id, claim, dataset, implementation, verdict. Those that
    compare the networks themselves stand below the others.
    """
    both = hypotheses["implementation"].astype(str).str.contains("−")
    parts = [part for part in (hypotheses[~both], hypotheses[both]) if len(part)]
    heights = [0.3 * part["id"].nunique() + 0.1 for part in parts]
    figure, grid = panels(len(parts), 1, height=heights)
    for (axes,), part in zip(grid, parts, strict=True):
        _verdicts(axes, part)
    return figure


def _verdicts(axes: Axes, hypotheses: pd.DataFrame) -> None:
    claims = hypotheses.drop_duplicates("id")
    keys = hypotheses[["implementation", "dataset"]].astype(str)
    pairs = keys.drop_duplicates().itertuples(index=False, name=None)
    columns = sorted(pairs, key=lambda pair: (pair[0] != "exact", pair[1]))
    for row in hypotheses.itertuples():
        x = columns.index((str(row.implementation), str(row.dataset)))
        y = list(claims["id"]).index(row.id)
        colour = VERDICTS[str(row.verdict)]
        axes.add_patch(Rectangle((x + 0.02, y + 0.06), 0.96, 0.88, color=colour, alpha=0.4))
        axes.text(x + 0.5, y + 0.52, str(row.verdict), ha="center", va="center",
                  fontsize=6.5, color=INK)  # fmt: skip
    heads = [f"{dataset}\n{NETWORKS.get(network, network)}" for network, dataset in columns]
    axes.set(xlim=(0, len(columns)), ylim=(len(claims), 0))
    axes.set_xticks([i + 0.5 for i in range(len(columns))], heads, fontsize=7)
    written = ["\n".join(wrap(claim, 46)) for claim in claims["claim"]]
    axes.set_yticks([i + 0.5 for i in range(len(claims))], written, fontsize=6.5)
    axes.tick_params(length=0, labelcolor=INK)
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def page(report: Path, to: Path) -> None:
    """Take a photograph of the top of a report, as a reader first sees it."""
    found = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
    if found is None:
        print(f"{to.name} is left as it is: there is no Chromium (`apt install chromium`)")  # noqa: T201
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1440, "height": 1000}, device_scale_factor=1)
        opened.goto(report.as_uri())
        opened.screenshot(path=to)
        browser.close()


def draw(folder: Path, to: Path) -> None:
    """Write all pictures, from a results folder with hypotheses and a report."""
    figure = conclusions(load_results(folder).hypotheses)
    figure.savefig(to / "conclusions.png", dpi=200, facecolor="white")  # legible in any scheme
    page(folder / "report.html", to / "report.png")


if __name__ == "__main__":
    if (LAB / "report.html").exists():
        draw(LAB, DOCS)
    else:
        print(f"the pictures are left as they are: {LAB} has no report (`make study`)")  # noqa: T201
