"""When should training stop? The epoch with the lowest held-out loss, and what more cost."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import legend
from study.plot.facets import facets
from study.plot.lines import beside, curves, epochs
from study.plot.measure import ends, measure
from study.plot.theme import INK, OKABE_ITO, words
from study.report.gather import drawn_epochs
from study.report.material import Material
from study.report.question import FREQUENCIES, ORDER, Basis, Question, Tables
from study.report.wording import count, number, numbers
from study.stats import summaries
from study.stats.curves import COLUMNS, together
from study.stats.curves import curves as curves_of
from study.stats.overfitting import of_repetitions, overfitting

ROLES = {
    "best": "best configuration",
    "base": "base setup",
    "near": "configuration nearest to the base setup",
}
"""What is shown of each dataset; the base setup where it is not the best one."""

TEST, TRAIN = "test_loss", "train_loss"

HELD_OUT, TRAINING = "held-out samples", "training samples"

KEYS = ["dataset", "configuration"]


def tables(material: Material) -> Tables:
    """Return the best epoch of each dataset's best configuration and base setup, and their losses.

    They are looked for among all stored epochs.
    """
    runs = _runs(material)
    own = {"run_id": runs["run_id"].tolist()}
    rows = material.results.metrics(own, columns=["run_id", "epoch", TRAIN, TEST])
    rows = rows.astype({"run_id": str}).merge(runs, on="run_id")
    rows = rows[rows.groupby("dataset")[TEST].transform("count") > 0]
    roles = runs[["role", *KEYS]].drop_duplicates()
    found = roles.merge(overfitting(rows), on=KEYS).merge(of_repetitions(rows), on=KEYS, how="left")
    found["ratio"] = found["end"] / found["lowest"]
    shown = {*drawn_epochs(material.pipeline.training.epochs), *found["epoch"], *found["last"]}
    kept, parts = rows[rows["epoch"].isin(shown)], []
    for metric in (TEST, TRAIN):
        if len(kept):
            curve = curves_of(kept, by=["role", *KEYS], metric=metric, intervals=True)
            parts.append(curve.assign(metric=metric))
    lines = together(parts, ["role", *KEYS, *COLUMNS, "metric"])
    return {"best_epoch": found, "best_epoch_curves": lines}


def _runs(material: Material) -> pd.DataFrame:
    """Return the runs of both configurations: run_id, role, dataset, configuration."""
    best = material.best_runs.assign(role="best")
    base = material.base[[*KEYS, "differs"]].merge(
        best[KEYS].drop_duplicates(), on=KEYS, how="left", indicator=True
    )
    base = base[base["_merge"] == "left_only"]
    base = base.assign(role=np.where(base["differs"] == "", "base", "near"))
    own = summaries.stored(material.whole).astype({"dataset": str})
    own = own.merge(base[["role", *KEYS]], on=KEYS)
    return pd.concat([best, own], ignore_index=True)[["run_id", "role", *KEYS]]


def finding(table: pd.DataFrame) -> list[str]:
    """Report the best epoch, the loss there and at the end, from the table `best_epoch`."""
    return [
        _sentence(row)
        for _, rows in table.groupby("dataset", sort=False)
        for _, row in rows.iterrows()
    ]


def _sentence(row: "pd.Series[float]") -> str:
    what = f"On {row['dataset']}, the median {words(TEST)} of the {ROLES[str(row['role'])]}"
    if not math.isfinite(row["lowest"]):
        return f"{what} is infinite at every epoch."
    early, late = int(row["earliest"]), int(row["latest"])
    each = f"single runs: {early:,} to {late:,}" if late > early else "each run too"
    own = f"; {each}" * (row["repetitions"] > 1)
    low, end = numbers(row["lowest"], row["end"])
    if row["epoch"] == row["last"]:
        return f"{what} is lowest after the last stored epoch, {row['last']:,} ({low}{own})."
    lowest = f"{what} is lowest after {count(int(row['epoch']), 'epoch')} ({low}{own})"
    if not math.isfinite(row["end"]):
        return f"{lowest} and infinite after {row['last']:,}."
    times = f", {_times(row['ratio'])} times the lowest" if math.isfinite(row["ratio"]) else ""
    return f"{lowest} and {end} after {row['last']:,}{times}."


def _times(ratio: float) -> str:
    """Write a ratio; one that is only a little above 1 is not written as 1."""
    return number(ratio, 3) if round(ratio, 2) > 1 else "under 1.01"


def figure(table: pd.DataFrame, lines: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw both losses against the epoch with a mark at the best one: a column a dataset.

    `table` is `best_epoch`, with the columns earliest and latest between which single runs are
    best; `lines` has one row per role, dataset, metric and epoch: epoch, median, low, high. The
    best configurations are in the first row, and base setups in the second one.
    """
    between = ends(TEST, [lines["median"]], trivial)
    rows = {role: "best" if role == "best" else "base" for role in ROLES}
    lines = lines.assign(row=lines["role"].map(rows)).sort_values(
        "row", key=lambda of: of != "best", kind="stable"
    )

    def draw(axes: Axes, here: pd.DataFrame) -> None:
        if here.empty:
            axes.set_axis_off()
            return
        test = here[here["metric"] == TEST].assign(part=HELD_OUT)
        curves(axes, test, "part", {HELD_OUT: OKABE_ITO[1]})
        beside(axes, here[here["metric"] == TRAIN], OKABE_ITO[0])
        axes.plot([], [], color=OKABE_ITO[0], linewidth=0.9, linestyle="--", label=TRAINING)
        marked = table[np.isfinite(table["lowest"])]
        for row in marked.merge(here[["role", *KEYS]].drop_duplicates()).to_dict("records"):
            axes.axvspan(row["earliest"], row["latest"], color=INK, alpha=0.07, linewidth=0)
            axes.scatter([row["epoch"]], [row["lowest"]], marker="v", s=42, color=INK, zorder=4,
                         clip_on=False, label="lowest median")  # fmt: skip

    def scale(axes: Axes, _: str, dataset: str) -> None:
        measure(axes, "y", TEST, between, trivial.get(dataset))
        epochs(axes, lines["epoch"].max())

    shown = lines.drop_duplicates(["row", "dataset"]).set_index(["row", "dataset"])["role"]
    drawing = facets(
        lines,
        ("row", "dataset"),
        draw,
        scale=scale,
        height=2.3,
        labels=lambda row, dataset: (_title(dataset, shown.get((row, dataset))), "loss"),
        x="epoch",
        share_x=True,
        share_y=True,
    )
    legend(drawing.axes[lines["dataset"].nunique() - 1], title="median", of=drawing.axes[0])
    return drawing


def _title(dataset: str, role: str | None) -> str:
    """Return what a panel shows; nothing where the base setup is the best configuration."""
    return f"{dataset}: {ROLES[role].removeprefix('configuration ')}" if role else ""


CODE = """
table = pd.read_parquet(f"{folder}/tables/best_epoch_curves.parquet")
marks = pd.read_parquet(f"{folder}/tables/best_epoch.parquet")
grid = sns.relplot(
    table, kind="line", x="epoch", y="median", hue="metric", row="role", col="dataset",
    estimator=None,
)
for (role, dataset), axes in grid.axes_dict.items():
    rows = marks[(marks["role"] == role) & (marks["dataset"] == dataset)]
    axes.scatter(rows["epoch"], rows["lowest"], color="black", zorder=3)
grid.set(xscale="log", yscale="log")
"""

QUESTION = Question(
    name="best-epoch",
    question="When should training stop?",
    applies=lambda m: any(dataset.held_out for dataset in m.pipeline.datasets.values()),
    tables=tables,
    finding=lambda t: finding(t["best_epoch"]),
    figure=lambda t, looks: figure(t["best_epoch"], t["best_epoch_curves"], looks.trivial_losses),
    code=CODE,
    draws="lowest",
    picture="Lines with bands: held-out and training loss after each epoch of the best "
    "configuration and of the base setup, with a mark at the epoch of the lowest held-out loss, "
    "one column a dataset",
    caption="Each line is a median over repetitions: of held-out samples with an interval as its "
    "band, of training samples broken. The triangle is where the median held-out loss is lowest, "
    "the grey stripe the range of the epochs at which single runs have their lowest. Epoch and "
    "loss were chosen by the held-out samples themselves: on new samples, the loss at that epoch "
    "is somewhat higher. The dashed line is the loss of always answering the mean label.",
    several=FREQUENCIES,
    basis=Basis(
        n={"repetitions": "runs a configuration"},
        interval=ORDER,
        chosen="the best configuration, and the base setup where that is another one, all stored "
        "epochs; a run that ended early counts as the worst",
    ),
    absent="No epoch with a held-out loss is stored.",
)
