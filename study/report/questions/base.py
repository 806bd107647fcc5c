"""How does the base setup learn? Its loss, accuracy and gradient norm after each epoch."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS, OF_EPOCHS
from study.plot.axes import legend
from study.plot.facets import facets
from study.plot.lines import curves, epochs
from study.plot.measure import Ends, ends, measure
from study.plot.theme import OKABE_ITO, words
from study.report.material import Material
from study.report.question import FREQUENCIES, ORDER, Basis, Question, Tables
from study.report.wording import interval, listing, number, share
from study.stats.curves import COLUMNS, together
from study.stats.curves import curves as curves_of

TRAINING, HELD_OUT = "training samples", "held-out samples"
PARTS = {TRAINING: OKABE_ITO[0], HELD_OUT: OKABE_ITO[1]}


def tables(material: Material) -> Tables:
    """Return the learning curves of the base setup, and which configuration that is.

    The objective's metric comes first.
    """
    keys = ["dataset", "configuration"]
    runs = material.whole.astype({"dataset": str}).merge(material.base[keys])["run_id"]
    kept = material.metrics[material.metrics["run_id"].isin(runs)]
    parts = []
    for metric in dict.fromkeys([*material.pipeline.search.aims[0].curves, *OF_EPOCHS]):
        known = kept.groupby("dataset", observed=True)[metric].transform("count") > 0
        known |= metric == "train_loss"
        curve = curves_of(kept[known], by=["dataset"], metric=metric, intervals=True)
        parts += [curve.assign(metric=metric)] * (not curve.empty)
    found = together(parts, ["dataset", *COLUMNS, "metric"])
    return {"base_curves": found, "base_setup": material.base}


def finding(base: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Report how the base setup learns on each dataset, from `base_setup` and `base_curves`."""
    sentences = [base_setup(base)]
    for dataset, rows in table.groupby("dataset", sort=False):
        sentences += _held_out(str(dataset), rows[rows["metric"] == rows["metric"].iloc[0]])
        loss, what = rows[rows["metric"] == "train_loss"], f"On {dataset}, its median training loss"
        start, end = loss.iloc[0], loss.iloc[-1]
        if math.isinf(start["median"]):
            sentences.append(f"{what} is infinite from epoch {start['epoch']:,} on.")
            continue
        band = (
            f"The band is the {interval(int(end['runs']))}."
            if end["runs"] > 1
            else "It is a single run without a band."
        )
        if len(loss) == 1:
            sentences.append(
                f"{what} is {number(end['median'])} after epoch {end['epoch']:,}, the last of it "
                f"that is stored. {band}"
            )
            continue
        right = rows.loc[rows["metric"] == "train_accuracy", "median"]
        told = not right.empty and not math.isinf(end["median"])
        accuracy = f", and its median training accuracy to {share(right.iloc[-1])}" if told else ""
        sentences.append(f"{what} goes from {_ends(start, end)}{accuracy}. {band}")
    return sentences


def base_setup(base: pd.DataFrame) -> str:
    """Name the base setup of each dataset: all defaults, or the nearest configuration."""
    names = base["configuration"].unique()
    if len(names) == 1 and not base["differs"].any():
        return f"The base setup has the default of every parameter: {names[0]}."
    setups = base.drop_duplicates("configuration")
    each = [
        _nearest(row["configuration"], row["differs"])
        + (f" on {row['dataset']}" * (len(names) > 1))
        for _, row in setups.iterrows()
    ]
    away, lost = base["differs"] != "", base["diverged"].astype(bool)
    why = [
        f"{reason} on {listing(where)}" if len(where) < len(base) else reason
        for reason, where in (
            ("is not stored", base.loc[away & ~lost, "dataset"].tolist()),
            ("diverged in every run", base.loc[away & lost, "dataset"].tolist()),
        )
        if where
    ]
    return (
        f"The default of every parameter together {listing(why)}; the nearest configuration stands "
        f"for the base setup: {listing(each)}."
    )


def _nearest(configuration: str, differs: str) -> str:
    away = listing([words(name) for name in differs.split(", ") if name])
    return f"{configuration} (which differs in {away})" if away else configuration


def _held_out(dataset: str, rows: pd.DataFrame) -> list[str]:
    """Report how the objective's metric changes, if it is of held-out samples and finite."""
    start, end, metric = rows.iloc[0], rows.iloc[-1], str(rows["metric"].iloc[0])
    if not metric.startswith("test_") or math.isinf(end["median"]) or len(rows) == 1:
        return []
    return [f"On {dataset}, its median {words(metric)} goes from {_ends(start, end)}."]


def _ends(start: "pd.Series[float]", end: "pd.Series[float]") -> str:
    each = (f"{number(row['median'])} after epoch {row['epoch']:,}" for row in (start, end))
    return " to ".join(each)


def figure(table: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw each quantity of one configuration against the epoch (rows), a column a dataset.

    `table` has one row per dataset, metric of `OF_EPOCHS` and epoch: epoch, median, low, high.
    `trivial` is each dataset's trivial loss. A quantity that no dataset has is left out.
    """
    known = table.sort_values("metric", key=lambda names: names.map(OF_EPOCHS.index), kind="stable")
    about = [METRICS[name] for name in known["metric"]]
    known = known.assign(
        quantity=[metric.quantity.name for metric in about],
        part=[HELD_OUT if metric.held_out else TRAINING for metric in about],
    )
    first = known.drop_duplicates("quantity").set_index("quantity")["metric"]
    between = {
        of: _between(first[of], rows[["median", "low", "high"]], trivial)
        for of, rows in known.groupby("quantity")
    }

    def scale(axes: Axes, quantity: str, dataset: str) -> None:
        if not axes.has_data():
            axes.annotate(
                "none: the target is a number", (0.5, 0.5), xycoords="axes fraction",
                ha="center", va="center",
            )  # fmt: skip
        measure(axes, "y", first[quantity], between[quantity], trivial.get(dataset))
        epochs(axes, table["epoch"].max())

    drawing = facets(
        known,
        ("quantity", "dataset"),
        lambda axes, rows: curves(axes, rows, "part", PARTS),
        scale=scale,
        height=2.2,
        labels=lambda quantity, dataset: (dataset * (quantity == first.index[0]), quantity),
        x="epoch",
        share_x=True,
        share_y="row",
    )
    top = drawing.axes[: table["dataset"].nunique()]
    legend(top[-1], title="median", of=max(top, key=lambda axes: len(axes.lines)))
    return drawing


def _between(metric: str, values: pd.DataFrame, trivial: Mapping[str, float]) -> Ends:
    """Return the ends of an axis: of a linear scale the quantity's limits, if it has both."""
    quantity = METRICS[metric].quantity
    width = quantity.high - quantity.low
    if quantity.logarithmic or math.isinf(width):
        return ends(metric, [values], trivial)
    return quantity.low - 0.03 * width, quantity.high + 0.03 * width


CODE = """
table = pd.read_parquet(f"{folder}/tables/base_curves.parquet")
table = table[table["metric"] == "{{ metric }}"]  # or another of the table
grid = sns.relplot(table, kind="line", x="epoch", y="median", col="dataset", estimator=None)
for dataset, axes in grid.axes_dict.items():
    rows = table[table["dataset"] == dataset]
    axes.fill_between(rows["epoch"], rows["low"], rows["high"], alpha=0.2)
grid.set(xscale="log"{{ ', yscale="log"' if log }})
"""

QUESTION = Question(
    name="base",
    question="How does the base setup learn?",
    tables=tables,
    finding=lambda t: finding(t["base_setup"], t["base_curves"]),
    figure=lambda t, looks: figure(t["base_curves"], looks.trivial_losses),
    code=CODE,
    picture="Lines with bands: loss, accuracy (of two classes) and gradient norm of the base "
    "setup after each epoch, one column a dataset",
    caption="An epoch is one pass over the training data. Only accuracy has a linear axis. "
    "Each line is a median over repetitions, its band an interval for it. The "
    "dashed line is the loss of always answering the mean label.",
    several=FREQUENCIES,
    basis=Basis(
        n={"runs": "runs a line"},
        interval=ORDER,
        chosen="the base setup, pruned trials left out",
    ),
    absent="No epoch of the base setup is stored.",
)
