"""Learning curves of a few configurations: every run, the medians, and the best epoch."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import ACCURACY, METRICS, OF_EPOCHS
from study.plot import theme
from study.plot.axes import MAJORITY, WIDTH, legend, logarithmic, trivial_line
from study.plot.facets import facets
from study.plot.groups import ROLES
from study.plot.lines import epochs, median, runs
from study.plot.measure import Ends, ends, measure
from study.plot.theme import INK

TRAINING, HELD_OUT = "training samples", "held-out samples"
PARTS = {TRAINING: theme.TRAINING, HELD_OUT: theme.HELD_OUT}

RATE = "learning rate"
LEAST = 1e-4
"""A learning rate below this share of the highest is not drawn: a cosine ends near 0."""

BESIDE = 2
"""As many panels stand side by side in a figure that a phone shows whole."""

HIGHEST, TALLEST = 4.6, 1.8
"""Inches, of all rows of panels together, and the most of one row."""


def figure(
    table: pd.DataFrame,
    single: pd.DataFrame,
    best_epoch: pd.DataFrame | None,
    trivial: Mapping[str, float],
    beside: Mapping[str, pd.DataFrame] = MappingProxyType({}),
) -> Figure:
    """Draw each quantity (rows) of each dataset's configurations (columns) against the epoch.

    `table` has one row per dataset, role, metric of `OF_EPOCHS` and epoch: epoch, median;
    `single` one per run too: repetition, value. `best_epoch` marks the lowest held-out loss, and
    `trivial` is each dataset's trivial loss. Of the tables `beside`, `rates` has the learning rate
    of each dataset's configurations by epoch, `majority` the accuracy of the most frequent class
    in each part of each dataset. A quantity that no dataset has is left out.
    """
    pairs = table[["dataset", "role"]].drop_duplicates().itertuples(index=False, name=None)
    columns = {" ".join(pair): pair for pair in pairs}
    measured, lines = (_described(of) for of in (table, single))
    measured = measured.sort_values("metric", key=lambda of: of.map(OF_EPOCHS.index), kind="stable")
    first = measured.drop_duplicates("quantity").set_index("quantity")["metric"]
    measured = pd.concat([measured, *_rated(beside.get("rates"))])
    between = {
        of: _between(first[of], rows["value"], trivial) for of, rows in lines.groupby("quantity")
    }

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        if (rows["quantity"] == RATE).any():
            axes.plot(rows["epoch"], rows["rate"], color=INK, linewidth=1.4, drawstyle="steps-post")
            return
        drawn = lines.merge(rows[["quantity", "column"]].drop_duplicates())
        for part, colour in PARTS.items():
            of = rows[rows["part"] == part]
            if len(of):
                runs(axes, drawn[drawn["part"] == part], colour)
                median(axes, of, colour, part)
        of_loss = rows[rows["metric"] == "test_loss"]
        if best_epoch is not None:
            _mark(axes, best_epoch.merge(of_loss[["dataset", "role"]].drop_duplicates()))

    def scale(axes: Axes, quantity: str, column: str) -> None:
        if quantity == RATE:
            logarithmic(axes, "y", *_spread(measured["rate"]))
            epochs(axes, table["epoch"].max())
            return
        if not axes.has_data():
            axes.annotate(
                "none: the target is a number", (0.5, 0.5), xycoords="axes fraction",
                ha="center", va="center",
            )  # fmt: skip
        measure(axes, "y", first[quantity], between[quantity], trivial.get(columns[column][0]))
        _constant(axes, quantity, columns[column][0], beside.get("majority"))
        epochs(axes, table["epoch"].max())

    def labels(quantity: str, column: str) -> tuple[str, str]:
        role = columns[column][1]
        return ROLES[role] * (quantity == first.index[0]), quantity

    drawing = facets(
        measured,
        ("quantity", "column"),
        draw,
        scale=scale,
        height=min(TALLEST, HIGHEST / measured["quantity"].nunique()),
        labels=labels,
        x="epoch",
        share_x=True,
        share_y="row",
        width=WIDTH if len(columns) <= BESIDE else None,
    )
    top = drawing.axes[: measured["column"].nunique()]
    legend(top[0], of=max(top, key=lambda axes: len(axes.get_legend_handles_labels()[1])))
    return drawing


def _constant(axes: Axes, quantity: str, dataset: str, majority: pd.DataFrame | None) -> None:
    """Draw the accuracy of the most frequent class in the colour of its part of the data."""
    if majority is None or quantity != ACCURACY.name:
        return
    own = majority[majority["dataset"] == dataset]
    for i, row in enumerate(own.to_dict("records")):
        part = HELD_OUT if row["part"] == "test" else TRAINING
        name = "_nolegend_" if i else MAJORITY
        trivial_line(axes, row["accuracy"], label=name, colour=PARTS[part])


def _described(table: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that determine panels and colours: quantity, part and column."""
    about = [METRICS[name] for name in table["metric"]]
    return table.assign(
        quantity=[metric.quantity.name for metric in about],
        part=[HELD_OUT if metric.held_out else TRAINING for metric in about],
        column=table["dataset"] + " " + table["role"],
    )


def _rated(rates: pd.DataFrame | None) -> list[pd.DataFrame]:
    """Return the rows of learning rates with their panels, if there are any."""
    if rates is None:
        return []
    return [rates.assign(quantity=RATE, column=rates["dataset"] + " " + rates["role"])]


def _spread(rates: pd.Series) -> tuple[float, float]:
    """Return the ends of the axis of learning rates, whose smallest values leave it at the bottom.

    >>> _spread(pd.Series([0.1, 0.01]))
    (0.005, 0.2)
    """
    top = float(rates.max())
    return max(float(rates.min()), top * LEAST) / 2, 2 * top


def _mark(axes: Axes, best_epoch: pd.DataFrame) -> None:
    """Mark the epoch of the lowest median held-out loss, and the range over single runs."""
    for row in best_epoch[np.isfinite(best_epoch["lowest"])].to_dict("records"):
        axes.axvspan(row["earliest"], row["latest"], color=INK, alpha=0.07, linewidth=0)
        axes.scatter([row["epoch"]], [row["lowest"]], marker="v", s=42, color=INK, zorder=4,
                     clip_on=False, label="lowest median")  # fmt: skip


def _between(metric: str, values: pd.Series, trivial: Mapping[str, float]) -> Ends:
    """Return the ends of an axis: of a linear scale the quantity's limits, if it has both."""
    quantity = METRICS[metric].quantity
    width = quantity.high - quantity.low
    if quantity.logarithmic or math.isinf(width):
        return ends(metric, [values], trivial)
    return quantity.low - 0.03 * width, quantity.high + 0.03 * width
