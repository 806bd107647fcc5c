"""How good can each value be? The best configuration at each value, all others free."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import short, tilt
from study.plot.facets import facets
from study.plot.marks import titled
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import SOFT, STATUS, Looks, words
from study.report.learned import which
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.sentence import across
from study.report.wording import number
from study.stats import summaries
from study.stats.feasible import feasible, flags
from study.stats.ranges import axis, binned
from study.stats.widest import widest

COLUMNS = (
    "dataset", "parameter", "level", "tried", "rank", "configuration", "metric",
    "goal", "quantile", "value", "median", "low", "high", "confidence", "runs",
)  # fmt: skip


LEVELS = 3
"""Parameters with at least this number of levels are drawn: two are compared elsewhere."""


def tables(material: Material) -> Tables:
    """Return the table `isolation`; of a search it has all trials, not the confirmed ones alone."""
    levels = {name: axis(material.runs, name) for name in material.studied}
    runs = binned(material.declared, material.studied)
    search = material.pipeline.search
    ranked = summaries.configurations(runs, material.studied, search.aims[0], search.constraints)
    return {"isolation": isolation(ranked, levels)}


def isolation(ranked: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return one row per dataset, parameter and level: the best configuration at that level.

    `ranked` is `summaries.configurations`, best first; `levels` has the levels of each parameter,
    in order. `tried` counts the configurations at the level: the best of more configurations is
    better by luck alone, so levels with different counts cannot be compared. Where there are
    constraints, `feasible` is false where no configuration at the level meets them. `rank`,
    `value`, `median`, `low`, `high` and `confidence` are of the best one. Source: Godbole et al.
    2023, Deep Learning Tuning Playbook, "isolation plots".
    """
    flag = [*ranked.columns.intersection(["feasible"])]
    rows = [
        (dataset, parameter, level, len(at_level), *at_level.iloc[0][[*COLUMNS[4:], *flag]])
        for dataset, group in ranked.groupby("dataset", sort=False)
        for parameter, names in levels.items()
        for level in names
        if len(at_level := group[group[parameter] == level])
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *flag])


def finding(table: pd.DataFrame) -> list[str]:
    """Name the parameter that the best configuration depends on most, on each dataset."""
    shown = several(table)
    each = [(str(name), *_said(rows)) for name, rows in shown.groupby("dataset", sort=False)]
    return across(*([(name, versions[i]) for name, *versions in each] for i in range(2)))


def _said(rows: pd.DataFrame) -> tuple[str, str]:
    """Return what the best value on a dataset depends on, with its ends and without."""
    metric = str(rows["metric"].iloc[0])
    rows = feasible(rows)
    if not np.isfinite(rows["value"].astype(float)).any():
        return (f"no value has a {which(rows)} with a finite objective",) * 2
    name = widest(rows, "value", metric)
    if name is None:
        return (f"no parameter changes the best {words(metric)}",) * 2
    of = rows[rows["parameter"] == name].sort_values("rank", kind="stable")
    best, worst = (
        f"{number(float(end['value']))} at {end['level']}" for _, end in of.iloc[[0, -1]].iterrows()
    )
    what = f"the best {words(metric)} depends most on {words(name)}"
    return f"{what}, from {best} to {worst},", what


def several(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of parameters with enough levels to be drawn."""
    levels = table.groupby("parameter", sort=False)["level"].transform("nunique")
    return table[levels.astype(int) >= LEVELS]


def figure(table: pd.DataFrame, looks: Looks) -> Figure:
    """Draw the best value at each level, with its interval: a panel a parameter and dataset.

    Below each level is the number of configurations tried there. A value that is not finite is a
    cross at the top.
    """
    metric = str(table["metric"].iloc[0])
    shown = several(table)
    losses = looks.trivial_losses if METRICS[metric].is_loss else {}

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        dataset, parameter = rows[["dataset", "parameter"]].iloc[0]
        values = table.loc[table["dataset"] == dataset, ["value", "low", "high"]]
        trivial = losses.get(dataset)
        measure(axes, "y", metric, ends_of(metric, [values], trivial), trivial)
        for x, row in enumerate(rows.to_dict("records")):
            if np.isfinite(row["value"]):
                colour = looks.colours[parameter].get(row["level"], SOFT)
                low, high, value = drawn(metric, [row["low"], row["high"], row["value"]])
                axes.vlines(x, low, high, color=colour, alpha=0.4, linewidth=4)
                fill = colour if row.get("feasible", True) else "none"
                titled(
                    axes.scatter([x], [value], facecolor=fill, edgecolor=colour, s=30),
                    [f"{row['level']}: {short(value)}"],
                )
            else:
                axes.scatter([x], [0.97], marker="x", s=22, color=STATUS["diverged"],
                             transform=axes.get_xaxis_transform())  # fmt: skip
        texts = [f"{level}\n({n})" for level, n in zip(rows["level"], rows["tried"], strict=True)]
        axes.set_xticks(range(len(texts)), texts)
        tilt(axes, [str(level) for level in rows["level"]])
        axes.set_xlim(-0.6, max(len(texts), 1) - 0.4)

    return facets(
        shown,
        ("parameter", "dataset"),
        draw,
        height=1.75,
        labels=lambda parameter, _: (f"by {words(parameter)}", words(metric)),
    )


def caption(table: pd.DataFrame) -> str:
    """Explain the marks that this figure has."""
    text = (
        "A point is the best configuration with this value, its bar the interval of the median; "
        "in brackets, the number of configurations tried."
    )
    none = not np.isfinite(several(table)["value"].astype(float)).all()
    text += " Crosses: no finite value." * none
    return text + " Rings: no feasible configuration." * (not flags(several(table)).all())


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
    applies=lambda m: any(len(axis(m.runs, name)) >= LEVELS for name in m.studied),
    tables=tables,
    finding=lambda t: finding(t["isolation"]),
    figure=lambda t, looks: figure(t["isolation"], looks),
    code=CODE,
    draws="value",
    picture="Points with bars: the objective of the best configuration at each level of each "
    "parameter, all other parameters being free",
    caption=lambda t: caption(t["isolation"]),
    note=f"These are isolation plots (Deep Learning Tuning Playbook) of parameters with {LEVELS} "
    "levels or more. The best of more configurations is better by luck alone, so compare values "
    "that were tried about equally often. In a search all trials count, with the repetitions that "
    "they were searched with.",
    basis=Basis(
        n={"runs": "runs a point"},
        interval=ORDER,
        chosen="at each value the best configuration, by its declared repetitions",
    ),
    absent="No configuration can be ranked, or trials were pruned: nothing shows how good a value "
    "can be if all its trials were pruned.",
)
