"""How close are predicted numbers? The predictions of typical runs against the true targets."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, legend, linear_limits
from study.plot.facets import facets
from study.plot.groups import ROLES
from study.plot.learning import HELD_OUT, PARTS, TRAINING
from study.plot.theme import INK
from study.report.chosen import whose
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.report.sentence import sentence, span
from study.report.wording import share

NAMES = {"train": TRAINING, "test": HELD_OUT}
"""A part of the samples, as it is stored → what a legend calls it."""


def measured(material: Material) -> list[str]:
    """Return the datasets whose target is a number."""
    return [name for name, dataset in material.pipeline.datasets.items() if dataset.labels is None]


def tables(material: Material) -> Tables:
    """Return targets and predictions of the typical runs, and how much variance they explain."""
    shown = material.shown[material.shown["dataset"].isin(measured(material))]
    rows = material.predictions(shown["run_id"])
    rows = shown.merge(rows[rows["part"] != "grid"], on="run_id")
    columns = ["dataset", "role", "repetition", "part", "target", "prediction"]
    fits = explained(rows[columns])
    return {
        "predicted": rows[columns],
        "explained": fits.assign(learned=material.beaten(fits["dataset"])),
    }


def explained(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the targets' variance that each run explains (R²), of each part.

    It is 1 for exact predictions, 0 for always predicting the mean, and less for worse ones; NaN
    where all targets are the same.
    """
    fits = []
    keys = ["dataset", "role", "part"]
    for key, of in rows.groupby(keys, sort=False):
        target, error = of["target"], of["prediction"] - of["target"]
        spread = float(np.square(target - target.mean()).sum())
        r2 = 1 - float(np.square(error).sum()) / spread if spread else np.nan
        fits.append((*key, len(of), r2, float(np.sqrt(np.square(error).mean()))))
    return pd.DataFrame(fits, columns=[*keys, "samples", "r2", "error"])


def finding(fits: pd.DataFrame) -> list[str]:
    """Report the explained variance, of held-out samples where there are any."""
    finite = fits[np.isfinite(fits["r2"].astype(float))]
    finite = finite[finite["learned"]]
    part = "test" if (finite["part"] == "test").any() else "train"
    finite = finite[finite["part"] == part]
    best, base = finite[finite["role"].str.contains("best")], finite[finite["role"] == "base"]
    if best.empty:
        return []
    said = f"{whose(best['role'])} explains {_shares(best)} of the {NAMES[part]}’ variance"
    beside = f", the base setup {_shares(base)}" if len(base) else ""
    return sentence(said + beside, said)


def _shares(rows: pd.DataFrame) -> str:
    return span(rows["r2"].clip(lower=0), share)


def figure(table: pd.DataFrame) -> Figure:
    """Draw predictions against targets: a row a dataset, a column a configuration.

    `table` has one row per sample of a run: dataset, role, part, target, prediction.
    """
    finite = table[np.isfinite(table["prediction"].astype(float))]
    ends = {
        str(name): linear_limits([rows["target"], rows["prediction"]])
        for name, rows in finite.groupby("dataset", sort=False)
    }

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for part, name in NAMES.items():
            of = rows[rows["part"] == part]
            if len(of):
                axes.scatter(
                    of["target"], of["prediction"], s=12, color=PARTS[name], alpha=0.6,
                    linewidths=0, label=name,
                )  # fmt: skip
        low, high = ends[rows["dataset"].iloc[0]]
        axes.plot([low, high], [low, high], color=INK, linewidth=0.9, label="exact")
        axes.set(xlim=(low, high), ylim=(low, high))
        axes.set_box_aspect(1)

    drawing = facets(
        finite.assign(column=finite["role"]),
        ("dataset", "column"),
        draw,
        height=2.2,
        labels=lambda _, role: (ROLES[role], "predicted"),
        x="true target",
        width=WIDTH,
    )
    shown = max(drawing.axes, key=lambda axes: len(axes.get_legend_handles_labels()[1]))
    legend(drawing.axes[finite["role"].unique().size - 1], of=shown)
    return drawing


CODE = """
table = pd.read_parquet(f"{folder}/tables/predicted.parquet")
grid = sns.relplot(table, x="target", y="prediction", hue="part", row="dataset", col="role")
"""

QUESTION = Question(
    name="numbers",
    question="How close are predicted numbers?",
    applies=lambda m: bool(measured(m)),
    tables=tables,
    finding=lambda t: finding(t["explained"]),
    figure=lambda t, _: figure(t["predicted"]),
    code=CODE,
    draws="prediction",
    picture="Points: the prediction for each sample against its true target, of the base setup and "
    "of the best configuration, and the line on which both are equal",
    caption="Each point is a sample of one typical run. On the line, predictions are exact.",
    note="A typical run is the repetition in the middle by the objective's metric. The explained "
    "variance is R²: 1 for exact predictions, 0 for always predicting the mean.",
    basis=Basis(
        n={"": "samples"},
        interval=EVERY,
        chosen="of each configuration the repetition in the middle by the objective",
    ),
    absent="No run with a finite prediction is stored.",
)
