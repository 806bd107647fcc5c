"""Which classes are confused? What the best configuration predicts for each class."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, panels
from study.plot.plane import DATASETS
from study.plot.texts import folded
from study.plot.theme import ON_LIGHT, RESULT
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.sentence import each, sentence, span
from study.report.wording import share
from study.stats.intervals import median

ROOM, CELL, TALLEST = 1.1, 0.42, 5.3
"""Inches: of a panel's texts, of a class, and of a panel at most."""

WRITTEN, RANGES = 12, 5
"""The most classes with which each cell has its number, and with which it has its range too."""

HALF = 0.5
"""Accuracies below a half have a longer axis."""


def tables(material: Material) -> Tables:
    """Return the confusion matrix of each dataset's best configuration, and its accuracies."""
    parts = [_of(material, name) for name, k in material.outputs.items() if k > 1]
    cells = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    recalls = cells[cells["true"] == cells["answer"]].drop(columns=["answer", "answer_label"])
    return {"confusion": cells, "recalls": recalls.reset_index(drop=True)}


def _of(material: Material, dataset: str) -> pd.DataFrame:
    """Return the cells of one dataset: on its held-out part, or else its training part."""
    runs = material.best_runs
    runs = runs[(runs["dataset"] == dataset) & (runs["status"] == "completed")]
    part = "test" if material.pipeline.datasets[dataset].held_out else "train"
    asked = material.predictions(runs["run_id"])
    asked = asked[(asked["part"] == part) & asked["answer"].notna()]
    labels = material.classes.loc[material.classes["dataset"] == dataset, "label"].tolist()
    matrix = confusion(asked, labels)
    matrix.insert(0, "part", part)
    matrix.insert(0, "configuration", runs["configuration"].iloc[0] if len(runs) else "")
    matrix.insert(0, "dataset", dataset)
    return matrix


def confusion(predictions: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    """Return how the samples of each class are answered, over repetitions.

    `predictions` has one row per run and sample: run_id, target, answer, both indices of `labels`.
    One row per pair of classes: of the samples of class `true`, the share that is answered as class
    `answer`: its `median` over the `repetitions` that have such samples, the `low`est and the
    `high`est. `samples` is the median number of samples of that class.
    """
    k = len(labels)
    shares = []
    for _, run in predictions.groupby("run_id"):
        pairs = k * run["target"].astype(int) + run["answer"].astype(int)
        shares.append(np.bincount(pairs, minlength=k * k).reshape(k, k))
    rows = []
    for true in range(k):
        counts = np.array([table[true] for table in shares if table[true].sum()]).reshape(-1, k)
        n = counts.sum(axis=1)
        of = counts / n[:, None]
        for answer in range(k if len(n) else 0):
            column = of[:, answer]
            rows.append((
                true, labels[true], answer, labels[answer], float(median(n)), len(n),
                float(median(column)), column.min(), column.max(),
            ))  # fmt: skip
    columns = [
        "true", "true_label", "answer", "answer_label", "samples", "repetitions", "median", "low",
        "high",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def finding(cells: pd.DataFrame) -> list[str]:
    """Name the most frequent error of each dataset, with its share where there is one dataset."""
    if cells.empty:
        return []
    wrong = cells[(cells["true"] != cells["answer"]) & (cells["high"] > 0)]
    if wrong.empty:
        return sentence("every sample of every class is predicted correctly")
    ordered = wrong.sort_values(["median", "high"], ascending=False, kind="stable")
    first = ordered.groupby("dataset").first().reindex(wrong["dataset"].unique())
    errors = {
        str(dataset): f"{row['true_label']} predicted as {row['answer_label']}"
        for dataset, row in first.T.to_dict().items()
    }
    often = f"{span(first['median'], share)} of a class"
    return sentence(
        f"the most frequent error is {each(errors)}: {often}",
        f"the most frequent error is {each(errors)}",
        f"the most frequent error concerns {often}",
    )


_PARTS = {"test": "held-out part", "train": "training part"}


def figure(cells: pd.DataFrame) -> Figure:
    """Draw, for each dataset (rows), the confusion matrix and the accuracy of each class.

    `cells` is the table `confusion`. The accuracies are points with their range as lines.
    """
    datasets = list(dict.fromkeys(cells["dataset"]))[:DATASETS]
    classes = cells.groupby("dataset", sort=False)["true"].nunique()
    heights = [min(ROOM + CELL * int(classes[name]), TALLEST) for name in datasets]
    drawing, grid = panels(len(datasets), 2, height=heights)
    for (left, right), dataset in zip(grid, datasets, strict=True):
        rows = cells[cells["dataset"] == dataset]
        names = rows.drop_duplicates("true")["true_label"].tolist()
        every = rows.drop_duplicates("answer")["answer_label"].tolist()
        size = 8 if len(every) <= WRITTEN else 6.5
        _matrix(left, rows, len(every))
        left.set_xticks(range(len(every)), [folded(n, 12) for n in every], fontsize=size)
        if max(map(len, every)) > WIDTH * 4 / len(every):
            left.tick_params(axis="x", labelrotation=45, labelrotation_mode="xtick")
        _accuracies(right, rows[rows["true"] == rows["answer"]])
        for axes in (left, right):
            axes.set_yticks(range(len(names)), [folded(n, 16) for n in names], fontsize=size)
            axes.set_ylim(len(names) - 0.5, -0.5)
        part = _PARTS[str(rows["part"].iloc[0])]
        label(left, title=f"{dataset}: {part}", x="predicted class", y="true class")
        label(right, title=f"{dataset}: accuracy of each class", x="share classified correctly")
    return drawing


def _matrix(axes: Axes, rows: pd.DataFrame, classes: int) -> None:
    """Draw a share in each cell; small ones are seen too, since colours are of square roots."""
    import seaborn as sns  # slow to load, and only drawing needs it

    colours = sns.light_palette(RESULT, as_cmap=True)
    table = rows.pivot_table(index="true", columns="answer", values="median")
    axes.imshow(table.to_numpy(), cmap=colours, norm=PowerNorm(0.5, 0, 1), aspect="auto")
    axes.grid(visible=False)
    for row, y in zip(table.index, range(len(table)), strict=True):
        for _, cell in rows[(rows["true"] == row) & (rows["high"] > 0)].iterrows():
            between = f"\n{100 * cell['low']:.0f}–{100 * cell['high']:.0f}"
            text = f"{100 * cell['median']:.0f}" if cell["median"] or classes <= RANGES else ""
            text += between if classes <= RANGES and cell["low"] < cell["high"] else ""
            axes.text(
                cell["answer"], y, text, ha="center", va="center",
                fontsize=7.5 if classes <= WRITTEN else 5.5,
                color=ON_LIGHT,
            )  # fmt: skip


def _accuracies(axes: Axes, right: pd.DataFrame) -> None:
    places = range(len(right))
    axes.hlines(places, right["low"], right["high"], color=RESULT, linewidth=1.6)
    axes.scatter(right["median"], places, color=RESULT, s=24, zorder=3)
    axes.set_xlim(HALF if right["low"].min() >= HALF else -0.02, 1.02)


CODE = """
table = pd.read_parquet(f"{folder}/tables/confusion.parquet")
table = table[table["dataset"] == {{ dataset | tojson }}]
wide = table.pivot(index="true_label", columns="answer_label", values="median")
labels = table["true_label"].drop_duplicates()
figure, axes = plt.subplots()
sns.heatmap(wide.loc[labels, labels], annot=True, fmt=".0%", cmap="Blues", ax=axes)
"""

QUESTION = Question(
    name="confusion",
    question="Which classes are confused?",
    applies=lambda m: m.several,
    tables=tables,
    finding=lambda t: finding(t["confusion"]),
    figure=lambda t, _: figure(t["confusion"]),
    code=CODE,
    picture="A table of true and predicted classes, the darker, the larger the share, and the "
    "accuracy of each class, one row a dataset",
    caption="Rows are true classes, columns predictions. A cell is the median share of that class, "
    "in per cent. On the right, points are the accuracy of each class, lines its range over "
    "repetitions.",
    note="With few classes, a cell has the range over repetitions too. Medians of a row need not "
    "add up to 100 %. Colours are of the share's square root, so that rare errors are visible.",
    basis=Basis(
        n={"repetitions": "repetitions a cell"},
        interval="none; lines are the range of the repetitions",
        chosen="completed runs of the best configuration, the held-out part where there is one, "
        "after the last epoch; of many datasets the first",
    ),
    absent="No completed run of a best configuration is stored.",
)
