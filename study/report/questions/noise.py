"""How much do repetitions alone change? The share of noise in every metric's variance."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.bars import shares
from study.plot.groups import by_group
from study.plot.theme import words
from study.report.question import Basis, Question
from study.report.wording import count, number, share
from study.stats.constant import collapsed


def finding(noise: pd.DataFrame, constant: pd.DataFrame) -> list[str]:
    """Report the noise of the first metric, which is the objective's, and constant answers."""
    found = [
        _noise(name, row)
        for name, rows in by_group(noise)
        for row in rows[rows["metric"] == rows["metric"].iloc[0]].to_dict("records")
        if not math.isnan(row["sd"])
    ]
    if not found and len(noise):
        found = ["A single repetition says nothing of noise."]
    return [*found, *_constant(constant)]


def _noise(name: str, row: Mapping[Hashable, Any]) -> str:
    metric = words(row["metric"])
    if row["sd"] == 0:
        counts = "what is worse than the trivial predictor, or infinite, counts as that"
        why = f" ({counts})" if METRICS[row["metric"]].is_loss else ""
        return f"On {name}, repetitions of one configuration do not differ in the {metric}{why}."
    size = number(10 ** row["sd"] if row["scale"] == "log10" else row["sd"])
    by = f"a factor of {size}" if row["scale"] == "log10" else size
    part = "" if math.isnan(row["share"]) else f", {share(row['share'])} of all variance"
    return (
        f"On {name}, repetitions of one configuration differ in the {metric} by {by} (one standard "
        f"deviation over {row['repetitions']} repetitions, in the root mean square of all "
        f"configurations){part}."
    )


def _constant(table: pd.DataFrame) -> list[str]:
    """Count the runs of each dataset that give one answer, and configurations in which most do."""
    found = []
    for dataset, rows in table.groupby("dataset", sort=False):
        constants, runs = int(rows["constant"].sum()), int(rows["runs"].sum())
        mostly = int(collapsed(rows).sum())
        if not constants:
            continue
        where = f", most runs of {mostly:,} of {count(len(rows), 'configuration')} among them"
        found.append(
            f"On {dataset}, {constants:,} of {count(runs, 'completed run')} "
            f"{'gives' if constants == 1 else 'give'} one constant answer to all training samples"
            f"{where * bool(mostly)}. Where such runs agree, that is no sign of stability."
        )
    return found


def figure(table: pd.DataFrame) -> Figure:
    """Draw the share of noise in each metric's variance: a column a dataset and network.

    `table` has one row per dataset, implementation and metric: share, NaN where nothing varies.
    """
    rows = table.assign(term=table["metric"].map(words), kind="noise", null=np.nan, row="")
    return shares(rows, "share of all variance")


CODE = """
table = pd.read_parquet(f"{folder}/tables/noise.parquet")
grid = sns.catplot(
    table, kind="bar", x="share", y="metric", row="implementation", col="dataset", errorbar=None,
)
"""

QUESTION = Question(
    name="noise",
    question="How much do repetitions alone change?",
    tables=lambda m: {"noise": m.noise, "constant": m.constant},
    finding=lambda t: finding(t["noise"], t["constant"]),
    figure=lambda t, _: figure(t["noise"]),
    code=CODE,
    picture="Bars: the share of each metric's variance that repetitions of one configuration "
    "make, one column a dataset and network",
    caption="Each bar is the share of all variance between runs that remains when "
    "configuration, dataset and network are the same: luck of the draw of data and initial "
    "weights, where they are drawn. Losses count in their logarithm, at most the trivial "
    "predictor's. A difference of two single runs that is not larger than this says nothing; "
    "below, runs of the same draws are compared.",
    basis=Basis(
        n={"repetitions": "repetitions of each configuration"},
        interval="none",
        chosen="declared repetitions; epochs to a threshold where each repetition reached it",
    ),
    absent="There are no repetitions to tell noise by, or trials were pruned, and what is left "
    "was chosen by its results.",
)
