"""What does each parameter act on? Its effects on speed, ceiling, stability and cost."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from study.plot.axes import LARGE, SMALL, plain
from study.plot.facets import facets
from study.plot.groups import titles
from study.plot.texts import folded
from study.plot.theme import INK, RESULT, SOFT, STATUS, words
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.sentence import across
from study.report.wording import at, number
from study.stats import behaviour, cost

WORSE, BETTER = STATUS["diverged"], RESULT
TINT = 0.4
"""How opaque a cell is: ink is read on it on any page."""

NAMES, CELL = 1.8, 0.75
"""Inches, of the names of the rows, and of a column."""

LEAST = 0.005
"""A raw effect nearer to 0 is written as 0."""

LARGEST = 300
"""The logarithm of a ratio that is still a float."""

NARROW, WIDE = 11, 29
"""Characters of a line below a column, and of a line of a row's name."""

HIGH = 5.2
"""Inches, of the matrices of one dataset."""


def tables(material: Material) -> Tables:
    """Return the effects of every level, costs last, and the two times behind each cost."""
    runs = material.measurable(material.unchosen)
    metric = material.pipeline.search.aims[0].metric
    table = behaviour.behaviour(runs, material.studied, material.references, metric)
    times = cost.cost(runs, material.studied, material.references)
    parts = [part for part in (table, cost.effects(times)) if len(part)]
    every = pd.concat(parts, ignore_index=True) if parts else table
    return {"behaviour": every[list(behaviour.COLUMNS)], "cost": times}


ASPECTS = ("objective", "ceiling", "speed", "divergence", "stability", "gap")
"""The finding is about the first of these that has a clear effect."""


def finding(table: pd.DataFrame) -> list[str]:
    """Name the largest clear effect on each dataset, of the first aspect that has one."""
    compared = table[(table["pairs"] > 0) & (table["aspect"] != "cost")]  # which has no interval
    clear = compared[compared["clear"].astype(bool)]
    first = next((name for name in ASPECTS if (clear["aspect"] == name).any()), "")
    of = clear[clear["aspect"] == first]
    each = []
    for name in dict.fromkeys(compared["dataset"]):
        rows = of[of["dataset"] == name]
        each.append((str(name), _largest(rows) if len(rows) else _NONE))
    return across(*([(name, versions[i]) for name, versions in each] for i in range(3)))


_NONE = ("no effect is clear",) * 3


def _largest(rows: pd.DataFrame) -> tuple[str, str, str]:
    """Return the largest effect with its size, without it, and without its levels.

    Of infinite effects the largest is the one whose level or reference is most often alone.
    """
    apart = (rows["alone"] - rows["other_alone"]).abs()
    ordered = rows.assign(size=rows["effect"].abs(), apart=apart)
    ordered = ordered.sort_values(["size", "apart"], ascending=False, kind="stable")
    row = ordered.to_dict("records")[0]
    parameter, size = str(row["parameter"]), float(row["effect"])
    named, verb = words(str(row["behaviour"])), "depends"
    what = "divergence" if row["aspect"] == "divergence" else f"the {named}"
    if named.startswith("epochs"):
        what, verb = named, "depend"
    moves = "raises" if size > 0 else "lowers"
    effect = f"{at(parameter, row['level'])} instead of {row['reference']} {moves} {what} most"
    by = f"by {number(abs(size))}"
    if row["scale"] == "log10":
        by = f"by a factor of {number(10 ** min(abs(size), LARGEST))}"
    sized = f"{effect}, {by}," if abs(size) < LARGEST else effect
    return sized, effect, f"{what} {verb} most on {words(parameter)}"


def caption(table: pd.DataFrame) -> str:
    """Explain the cells that this figure has."""
    shown = table[table["behaviour"].isin(columns(table))]
    first = "A cell compares reference → level, all else equal: × is a ratio, else a difference."
    parts = [first, "Magenta is clearly worse, teal clearly better."]
    if np.isinf(shown["effect"].astype(float)).any():
        parts.append("×∞: mostly, only the reference gets there; ×0: only the level does.")
    return " ".join(parts)


def columns(table: pd.DataFrame) -> list[str]:
    """Return the behaviours with a clear effect, and the cost; if none is clear, all with one."""
    measured = table[table["effect"].notna()]
    clear = measured[measured["clear"].astype(bool)]
    names = [*clear["behaviour"], *measured.loc[measured["aspect"] == "cost", "behaviour"]]
    shown = set(names if len(clear) else measured["behaviour"])
    return [name for name in dict.fromkeys(table["behaviour"]) if name in shown]


def figure(table: pd.DataFrame) -> Figure:
    """Draw one matrix below the other, for each dataset and implementation.

    `table` has one row per behaviour, dataset, implementation, parameter and level: reference,
    scale, effect, clear. More is worse: magenta; less: teal; where it is not clear: none.
    Behaviours without a clear effect are left out.
    """
    names = {", ".join(group): name for group, name in titles(table).items()}
    contrasts = table[["parameter", "level", "reference"]].itertuples(index=False)
    table = table.assign(
        group=table["dataset"] + ", " + table["implementation"],
        contrast=[f"{words(name)} {other} → {level}" for name, level, other in contrasts],
        only="",
    )
    behaviours = columns(table)
    table = table[table["behaviour"].isin(behaviours)]
    counts = table.groupby("group", sort=False)["contrast"].nunique()
    room = HIGH * table["dataset"].nunique() / sum(counts)
    each = min(0.2 + 0.32 * len(counts) / sum(counts), room)  # with what is around a matrix
    drawn = facets(
        table,
        ("group", "only"),
        lambda axes, cells: _matrix(axes, cells, behaviours),
        height=[each * n for n in counts],
        labels=lambda *_: ("", ""),
        width=NAMES + CELL * len(behaviours),
    )
    for axes, group in zip(drawn.axes, counts.index, strict=True):
        axes.set_title(  # above the names, which a phone shows next to each of the columns
            names[group], loc="left", x=-0.01, y=1.0, ha="right", pad=4.0, fontsize=LARGE,
            color=INK, parse_math=False,
        )  # fmt: skip
    for axes in drawn.axes[:-1]:  # all have the columns of the lowest
        axes.tick_params(labelbottom=False)
    return drawn


def _matrix(axes: Axes, cells: pd.DataFrame, behaviours: Sequence[str]) -> None:
    contrasts = list(dict.fromkeys(cells["contrast"]))
    for cell in cells.to_dict("records"):
        x, y = behaviours.index(cell["behaviour"]), contrasts.index(cell["contrast"])
        text = written(cell["effect"], cell["scale"])
        colour = (WORSE if cell["effect"] > 0 else BETTER, TINT) if cell["clear"] else "none"
        axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor="white", linewidth=1))
        axes.text(
            x + 0.5, y + 0.5, text,
            ha="center", va="center", fontsize=SMALL, color=INK if cell["clear"] else SOFT,
        )  # fmt: skip
    axes.set(xlim=(0, len(behaviours)), ylim=(len(contrasts), 0))
    texts = [folded(words(name), NARROW) for name in behaviours]
    axes.set_xticks([i + 0.5 for i in range(len(behaviours))], texts)
    names = [folded(name, WIDE) for name in contrasts]
    axes.set_yticks([i + 0.5 for i in range(len(contrasts))], names)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def written(effect: float, scale: str) -> str:
    """Write an effect: a ratio on the scale log10, else a signed difference.

    >>> written(-1.0, "log10"), written(float("inf"), "log10"), written(0.375, "raw")
    ('×0.1', '×∞', '+0.38')
    >>> written(4.36, "log10"), written(5.0, "log10"), written(-5.0, "log10")
    ('×23,000', '×10⁵', '×10⁻⁵')
    """
    if math.isnan(effect):
        return "–"
    if scale != "log10":
        signed = f"{effect:+.2f}".replace("+inf", "∞").replace("-inf", "−∞").replace("-", "−")
        return "0" if abs(effect) < LEAST else signed
    ratio = 10.0**effect if effect < LARGEST else math.inf
    if 1e-3 <= ratio < 99_500:  # noqa: PLR2004  # short in full
        return f"×{float(f'{ratio:.2g}'):,g}"
    return f"×{'∞' if math.isinf(ratio) else plain(ratio) if ratio else '0'}"


CODE = """
table = pd.read_parquet(f"{folder}/tables/behaviour.parquet")
names = ["dataset", "implementation"]
shown = table.loc[table["effect"].abs() < float("inf"), names].iloc[0]  # or of another row
part = table[(table[names] == shown).all(axis=1)]
part = part.assign(row=part["parameter"] + " " + part["level"] + " − " + part["reference"])
cells = part.pivot(index="row", columns="behaviour", values="effect")
clear = part.pivot(index="row", columns="behaviour", values="clear").fillna(False).astype(bool)
figure, axes = plt.subplots()
ranks = cells.rank(pct=True)
sns.heatmap(ranks, annot=cells, mask=~clear, vmin=0, vmax=1, cmap="vlag", cbar=False, ax=axes)
"""

QUESTION = Question(
    name="behaviour",
    question="What does each parameter act on?",
    applies=lambda m: bool(m.studied),
    tables=tables,
    finding=lambda t: finding(t["behaviour"]),
    figure=lambda t, _: figure(t["behaviour"]),
    code=CODE,
    draws="effect",
    picture="A matrix of effects: each level against a reference down, and what it acts on "
    "across, one matrix a dataset and network",
    caption=lambda t: caption(t["behaviour"]),
    note="Runs are compared pair by pair within each repetition; the members of a pair agree in "
    "the level of every other parameter. An effect is clear if its 95 % interval excludes no "
    "effect and it is at least 5 % (0.005 for a difference); about one in twenty absent effects "
    "looks clear. Behaviours without a clear effect are in the table alone. In the last fifth of "
    "the epochs, late spread is the standard deviation of log₁₀ of the training loss around its "
    "trend, and late spikes the share of epochs above twice the trend. A run with one constant "
    "prediction for all training samples counts as such, and not as steady. Runs are timed "
    "a stack at a time, so cost has no interval and is never clear: it is the ratio of two "
    "typical times per run and epoch on this machine. The table cost has both times in µs, the "
    "number of stacks behind each, and the levels that were only timed together.",
    basis=Basis(
        n={"repetitions": "repetitions of paired differences a cell"},
        interval=ORDER,
        chosen="pairs of runs that agree in every other level, and that no result chose",
    ),
    absent="No two configurations differ in one parameter alone, except configurations that were "
    "chosen by their results.",
)
