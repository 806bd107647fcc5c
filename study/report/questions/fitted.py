"""Which function of one input was learned? The samples, the median prediction, its range."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plan.seeds import samples
from study.plot.axes import WIDTH, legend
from study.plot.facets import facets
from study.plot.groups import ROLES
from study.plot.theme import OKABE_ITO, SOFT
from study.report.chosen import chosen, whose
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.sentence import sentence, span
from study.stats.intervals import median

POINTS = 100
"""The number of inputs at which the functions are compared."""

COLUMNS = ("dataset", "role", "x", "runs", "median", "low", "high")


def single(material: Material) -> list[str]:
    """Return the datasets with one input and one output."""
    datasets = material.pipeline.datasets.items()
    return [name for name, of in datasets if of.shape == (1,) and material.outputs[name] == 1]


def tables(material: Material) -> Tables:
    """Return the median prediction at each input and its range, and one repetition's samples."""
    runs = chosen(material)
    runs = runs[runs["dataset"].isin(single(material))]
    rows = runs.merge(material.predictions(runs["run_id"]), on="run_id")
    parts = [
        of.assign(x=_inputs(material, str(dataset), int(str(repetition)), str(part)))
        for (dataset, repetition, _, part), of in rows.groupby(
            ["dataset", "repetition", "run_id", "part"], sort=False
        )
    ]
    rows_drawn = pd.concat(parts) if parts else rows.assign(x=np.nan)
    files = [name for name, of in material.pipeline.datasets.items() if of.file is not None]
    rows_drawn["x"] = rows_drawn["x"].where(~rows_drawn["dataset"].isin(files), aligned(rows_drawn))
    first = rows_drawn[rows_drawn["run_id"].isin(rows_drawn.drop_duplicates("dataset")["run_id"])]
    functions = fitted(rows_drawn).assign(learned=lambda t: material.beaten(t["dataset"]))
    return {"fitted": functions, "fitted_samples": first[["dataset", "part", "x", "target"]]}


def _inputs(material: Material, dataset: str, repetition: int, part: str) -> np.ndarray:
    """Return the inputs of a part's samples, in the order in which their predictions are stored."""
    parts = samples(material.pipeline, dataset, repetition)
    of = parts.train if part == "train" else parts.test
    assert of is not None  # noqa: S101  # predictions of this part are stored
    inputs: np.ndarray = of.x[:, 0]
    return inputs


def aligned(rows: pd.DataFrame) -> "pd.Series[float]":
    """Return the inputs of all runs on the scale of each dataset's first run.

    Each repetition standardizes a table's inputs by its own training part. Its rows are the same,
    so their least and greatest input show the scale.
    """
    runs = rows.groupby("run_id", sort=False)["x"]
    low, high = runs.transform("min"), runs.transform("max")
    first = rows["run_id"].eq(rows.groupby("dataset")["run_id"].transform("first"))
    of_first = rows["x"].where(first).groupby(rows["dataset"])
    start, end = of_first.transform("min"), of_first.transform("max")
    aligned_x: pd.Series[float] = start + (rows["x"] - low) * (end - start) / (high - low)
    return aligned_x


def fitted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the median prediction of the runs at inputs that all of them have between samples.

    `rows` has one row per run and sample: dataset, role, run_id, x, prediction. Between two samples
    a function counts as straight; `low` and `high` are its least and greatest value among runs. A
    run with an infinite prediction is left out.
    """
    parts = [pd.DataFrame(columns=list(COLUMNS))]
    for (dataset, role), of in rows.groupby(["dataset", "role"], sort=False):
        finite = of.groupby("run_id")["prediction"].transform(lambda y: np.isfinite(y).all())
        runs = [
            run.drop_duplicates("x").sort_values("x")
            for _, run in of[finite.astype(bool)].groupby("run_id", sort=False)
        ]
        low, high = (
            max((run["x"].min() for run in runs), default=np.inf),
            min((run["x"].max() for run in runs), default=-np.inf),
        )
        if low < high:
            x = np.linspace(low, high, POINTS)
            y = np.stack([np.interp(x, run["x"], run["prediction"]) for run in runs])
            ends = {"median": median(y), "low": y.min(axis=0), "high": y.max(axis=0)}
            about = {"dataset": dataset, "role": role, "x": x, "runs": len(runs)}
            parts.append(pd.DataFrame({**about, **ends}))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def finding(table: pd.DataFrame) -> list[str]:
    """Report how far repetitions are apart, from the table `fitted`."""
    several = table[(table["runs"] > 1) & table["learned"]]
    if several.empty:
        return []
    apart = several.assign(apart=several["high"] - several["low"])
    most = apart.groupby(["dataset", "role"], sort=False, as_index=False)["apart"].max()
    best, base = most[most["role"].str.contains("best")], most[most["role"] == "base"]
    if best.empty:
        return []
    said = f"repetitions of {whose(best['role'])} differ by up to {span(best['apart'])}"
    beside = f", of the base setup by up to {span(base['apart'])}" if len(base) else ""
    return sentence(said + beside, said)


def figure(table: pd.DataFrame, points: pd.DataFrame) -> Figure:
    """Draw the functions and the samples: a row a dataset, a column a configuration.

    `table` has one row per dataset, role and x: median, low, high; `points` dataset, x, target.
    """

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        samples = points[points["dataset"] == rows["dataset"].iloc[0]]
        axes.scatter(samples["x"], samples["target"], s=10, color=SOFT, alpha=0.6, linewidths=0,
                     label="samples")  # fmt: skip
        axes.fill_between(
            rows["x"], rows["low"], rows["high"], color=OKABE_ITO[0], alpha=0.2, linewidth=0,
            label="range over repetitions",
        )  # fmt: skip
        axes.plot(rows["x"], rows["median"], color=OKABE_ITO[0], linewidth=1.8, label="median")

    drawing = facets(
        table,
        ("dataset", "role"),
        draw,
        height=2.3,
        labels=lambda _, role: (ROLES[role], "target"),
        x="input",
        share_y="row",
        width=WIDTH,
    )
    legend(drawing.axes[table["role"].unique().size - 1], of=drawing.axes[0])
    return drawing


CODE = """
table = pd.read_parquet(f"{folder}/tables/fitted.parquet")
grid = sns.relplot(
    table, kind="line", x="x", y="median", row="dataset", col="role", estimator=None,
)
for (dataset, role), axes in grid.axes_dict.items():
    rows = table[(table["dataset"] == dataset) & (table["role"] == role)]
    axes.fill_between(rows["x"], rows["low"], rows["high"], alpha=0.2)
"""

QUESTION = Question(
    name="fitted",
    question="Which function was learned?",
    applies=lambda m: bool(single(m)),
    tables=tables,
    finding=lambda t: finding(t["fitted"]),
    figure=lambda t, _: figure(t["fitted"], t["fitted_samples"]),
    code=CODE,
    picture="Lines with bands: the prediction for each input, its median and range over "
    "repetitions, and the samples, of the base setup and of the best configuration",
    caption="The line is the median prediction of the repetitions, the band their range, and the "
    "points are the samples of one repetition.",
    note="Networks are evaluated at their samples; between two samples the line is straight. "
    "Inputs are scaled as the first network receives them.",
    basis=Basis(
        n={"runs": "runs a function"},
        interval="none; the band is the range of the repetitions",
        chosen="the base setup and the best configuration, runs with finite predictions",
    ),
    absent="No run with finite predictions is stored.",
)
