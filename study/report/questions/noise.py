"""How much do repetitions alone change? The share of noise in every metric's variance."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from study.plot.bars import shares
from study.plot.theme import words
from study.report.question import Basis, Question
from study.report.sentence import sentence, span
from study.report.wording import number, share


def finding(noise: pd.DataFrame) -> list[str]:
    """Report the noise of the first metric, which is the objective's."""
    first = noise[noise["metric"].isin(noise["metric"].head(1))]
    first = first[np.isfinite(first["sd"].astype(float))]
    if first.empty:
        return []
    metric = words(str(first["metric"].iloc[0]))
    if not first["sd"].any():
        return sentence(f"repetitions of a configuration do not differ in the {metric}")
    sizes = first["sd"]
    if first["scale"].iloc[0] == "log10":
        by = f"by a factor of {span(10**sizes, lambda size: number(size, 3))}"
    else:
        by = f"by {span(sizes)}"
    shares = first["share"].dropna()
    part = f", {span(shares, share)} of its variance" if len(shares) else ""
    said = f"repeating a run changes its {metric} {by} (1 SD)"
    return sentence(said + part, said)


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
    applies=lambda m: bool(m.noise["sd"].notna().any()),
    question="How much do repetitions alone change?",
    tables=lambda m: {"noise": m.noise, "constant": m.constant},
    finding=lambda t: finding(t["noise"]),
    figure=lambda t, _: figure(t["noise"]),
    code=CODE,
    picture="Bars: the share of each metric's variance between repetitions of one configuration, "
    " one column a dataset and network",
    caption="Each bar is the share of a metric's variance that remains between repetitions of one "
    "configuration.",
    note="The standard deviation (SD) is pooled over all configurations. Losses count by their "
    "logarithm, up to the trivial predictor's. A difference between two single runs no larger "
    "than this is indistinguishable from noise. `constant` counts runs that predict one class or "
    "number for all training samples: where such runs agree, they are not stable.",
    basis=Basis(
        n={"repetitions": "repetitions of each configuration"},
        interval="none",
        chosen="declared repetitions; epochs to a threshold where each repetition reached it",
    ),
    absent="No configuration has several comparable repetitions.",
)
