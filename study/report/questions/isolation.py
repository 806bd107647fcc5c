"""How good can each value be? The best configuration at each value, all others free."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import tilt
from study.plot.facets import facets
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import SOFT, STATUS, Looks, words
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.wording import listing, number, objective
from study.stats import summaries
from study.stats.ranges import axis, binned

COLUMNS = (
    "dataset", "parameter", "level", "tried", "rank", "configuration", "metric",
    "goal", "quantile", "value", "median", "low", "high", "confidence", "runs",
)  # fmt: skip


def tables(material: Material) -> Tables:
    """Return the table `isolation`; of a search it has all trials, not the confirmed ones alone."""
    levels = {name: axis(material.runs, name) for name in material.studied}
    runs = binned(material.declared, material.studied)
    ranked = summaries.configurations(runs, material.studied, material.pipeline.search.aims[0])
    return {"isolation": isolation(ranked, levels)}


def isolation(ranked: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return one row per dataset, parameter and level: the best configuration at that level.

    `ranked` is `summaries.configurations`, best first; `levels` has those of each parameter, in
    order. `tried` counts the configurations at the level: the best of more is better by luck alone,
    so levels that were tried unequally often cannot be compared so. `rank`, `value`, `median`,
    `low`, `high` and `confidence` are the best one's. Source: Godbole et al. 2023, Deep Learning
    Tuning Playbook, "isolation plots".
    """
    rows = [
        (dataset, parameter, level, len(here), *here.iloc[0][list(COLUMNS[4:])])
        for dataset, group in ranked.groupby("dataset", sort=False)
        for parameter, names in levels.items()
        for level in names
        if len(here := group[group[parameter] == level])
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def finding(table: pd.DataFrame) -> list[str]:
    """Report the best and the worst level of each parameter, from the table `isolation`."""
    found = []
    for dataset, rows in table.groupby("dataset", sort=False):
        first = rows.iloc[0]
        named = objective(
            str(first["metric"]), str(first["goal"]), first["quantile"], int(first["runs"])
        )
        if np.isinf(rows["value"].astype(float)).all():
            found.append(f"On {dataset}, no value has a configuration with a finite {named}.")
            continue
        each, uneven = [], []
        for parameter, of in rows.groupby("parameter", sort=False):
            ends = of.sort_values("rank", kind="stable").iloc[[0, -1]]
            best, worst = (
                f"{number(value)} ({level})"
                for level, value in zip(ends["level"], ends["value"].astype(float), strict=True)
            )
            each += [f"from {best} to {worst} for {words(str(parameter))}"] * (len(of) > 1)
            uneven += [words(str(parameter))] * (len(of["tried"].unique()) > 1)
        caveat = f" The values of {listing(uneven)} were not tried equally often." if uneven else ""
        if each:
            what = f"On {dataset}, the {named} of the best configuration at each value goes"
            found.append(f"{what} {listing(each)}.{caveat}")
    nothing = ["No parameter has two values with a finished configuration."]
    return [] if table.empty else found or nothing


def figure(table: pd.DataFrame, looks: Looks) -> Figure:
    """Draw the best value at each level, with its interval: a row a parameter, a column a dataset.

    Below each level is the number of configurations tried there. A value that is not finite is a
    cross at the top.
    """
    metric, datasets = str(table["metric"].iloc[0]), table["dataset"].nunique()
    known = looks.trivial_losses if METRICS[metric].is_loss else {}

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        dataset, parameter = rows[["dataset", "parameter"]].iloc[0]
        values = table.loc[table["dataset"] == dataset, ["value", "low", "high"]]
        trivial = known.get(dataset)
        measure(axes, "y", metric, ends_of(metric, [values], trivial), trivial)
        for x, row in enumerate(rows.to_dict("records")):
            if np.isfinite(row["value"]):
                colour = looks.colours[parameter].get(row["level"], SOFT)
                low, high, value = drawn(metric, [row["low"], row["high"], row["value"]])
                axes.vlines(x, low, high, color=colour, alpha=0.4, linewidth=4)
                axes.scatter([x], [value], color=colour, s=30)
            else:
                axes.scatter([x], [0.97], marker="x", s=22, color=STATUS["diverged"],
                             transform=axes.get_xaxis_transform())  # fmt: skip
        texts = [f"{level}\n({n})" for level, n in zip(rows["level"], rows["tried"], strict=True)]
        axes.set_xticks(range(len(texts)), texts)
        tilt(axes, [str(level) for level in rows["level"]], datasets)
        axes.set_xlim(-0.6, max(len(texts), 1) - 0.4)

    return facets(
        table,
        ("parameter", "dataset"),
        draw,
        height=1.75,
        labels=lambda parameter, dataset: (f"{dataset}, by {words(parameter)}", words(metric)),
    )


CODE = """
table = pd.read_parquet(f"{folder}/tables/isolation.parquet")
table = table[table["parameter"] == "{{ parameter }}"]
finite = table[table["value"].abs() < float("inf")]
grid = sns.relplot(finite, x="level", y="value", col="dataset")
for dataset, axes in grid.axes_dict.items():
    rows = finite[finite["dataset"] == dataset]
    axes.vlines(rows["level"], rows["low"], rows["high"])
{% if log %}
grid.set(yscale="log")
{% endif %}
"""

QUESTION = Question(
    name="isolation",
    question="How good can each value be?",
    applies=lambda m: bool(m.studied),
    tables=tables,
    finding=lambda t: finding(t["isolation"]),
    figure=lambda t, looks: figure(t["isolation"], looks),
    code=CODE,
    draws="value",
    picture="Points with bars: the objective of the best configuration at each level of each "
    "parameter, all others being free, one column a dataset",
    caption="At each value the best configuration that has it: its objective, and its median's "
    "interval. In brackets, how many configurations were tried there. The best of more is better "
    "by luck alone, so compare values that were tried about equally often (Deep Learning Tuning "
    "Playbook, isolation plots). Of a search all trials count, by the repetitions that they "
    "were searched with.",
    basis=Basis(
        n={"runs": "runs a point"},
        interval=ORDER,
        chosen="at each value the best configuration, by its declared repetitions",
    ),
    absent="No configuration can be ranked, or trials were pruned: at a value whose trials "
    "were all given up, nothing shows how good it can be.",
)
