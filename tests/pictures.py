"""The pictures of the README and the example report: `make docs` renews them."""

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import sync_playwright

from study import load_results
from study.plot.axes import panels
from study.plot.theme import INK, VERDICTS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXAMPLE = DOCS / "example" / "quickstart.html"
SIZE = {"width": 1440, "height": 1000}
NETWORKS = {"exact": "correct network", "as_printed": "as-printed network"}
BASE = {"dataset": "xor", "optimizer": "sgd", "lr": 0.01, "hidden": "128x64"}
"""Where the lab compares SoftSign with tanh."""


def ratios(runs: pd.DataFrame) -> pd.DataFrame:
    """Return SoftSign's loss divided by tanh's, for each network and repetition."""
    runs = runs[(runs[list(BASE)].astype(str) == pd.Series(BASE).astype(str)).all(axis=1)]
    losses = runs.assign(loss=runs["final_train_loss"].where(runs["status"] == "completed", np.inf))
    keys = ["implementation", "repetition"]
    softsign, tanh = (
        losses[losses["activation"] == name].set_index(keys)["loss"]
        for name in ("softsign", "tanh")
    )
    ratio = (softsign / tanh).rename("ratio").dropna()
    return ratio.reset_index().astype({"implementation": str})


def softsign(ratio: pd.DataFrame) -> Figure:
    """Draw a point for each repetition: a row for each network, green where SoftSign is lower."""
    figure, ((axes,),) = panels(1, 1, height=1.8)
    figure.set_size_inches(7, 2.2)
    drawn = ratio.assign(
        network=ratio["implementation"].map(NETWORKS),
        lower=np.where(ratio["ratio"] < 1, "supported", "contradicted"),
    )
    axes.set_xscale("log")
    axes.axvline(1, color=INK, linewidth=1, zorder=0)
    sns.swarmplot(
        drawn, x="ratio", y="network", hue="lower", palette=VERDICTS, order=[*NETWORKS.values()],
        size=4, legend=False, ax=axes,
    )  # fmt: skip
    axes.set_ylabel("")
    axes.set_xlabel("final loss of SoftSign / final loss of tanh   (left of 1: SoftSign is lower)")
    axes.xaxis.label.set_fontsize("small")
    return figure


def page(report: Path, to: Path) -> None:
    """Take a photograph of the top of a report, as a reader first sees it, in 256 colours."""
    executable = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)
    if executable is None:
        print(f"{to.name} is left as it is: there is no Chromium (`apt install chromium`)")  # noqa: T201
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        opened = browser.new_page(viewport=SIZE, device_scale_factor=1)  # type: ignore[arg-type]
        opened.goto(report.as_uri())
        taken = Image.open(io.BytesIO(opened.screenshot()))
        taken.convert("RGB").quantize(256).save(to, optimize=True)
        browser.close()


def draw(lab: Path, to: Path) -> None:
    """Write all pictures, from the lab's results folder with its report."""
    figure = softsign(ratios(load_results(lab).runs))
    figure.savefig(to / "lab.png", dpi=150, facecolor="white")  # legible in any scheme
    page(lab / "report.html", to / "report.png")


def alone(page: str) -> str:
    """Return a report's page without its links to the tables, which are not next to a copy."""
    return re.sub(r'<a href="tables/[^"]*">(.*?)</a>', r"\1", page)


if __name__ == "__main__":
    for study in ("lab", "quickstart"):
        folder = ROOT / "results" / study
        if not (folder / "report.html").exists():
            print(f"pictures of {folder} are left as they are: it has no report (`make study`)")  # noqa: T201
        elif study == "lab":
            draw(folder, DOCS)
        else:
            EXAMPLE.parent.mkdir(exist_ok=True)
            report = (folder / "report.html").read_text(encoding="utf-8")
            EXAMPLE.write_text(alone(report), encoding="utf-8")
