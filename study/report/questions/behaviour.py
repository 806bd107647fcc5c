"""What does each parameter act on? Its effects on speed, ceiling, stability and cost."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from study.plot.axes import plain
from study.plot.facets import facets
from study.plot.groups import by_group, groups
from study.plot.theme import INK, OKABE_ITO, SOFT, words
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.wording import at, count, listing, number, share, together
from study.stats import behaviour, cost

WORSE, BETTER = OKABE_ITO[1], OKABE_ITO[0]
TINT = 0.4
"""How opaque a cell is: ink is read on it on any page."""


LEAST = 0.005
"""A raw effect nearer to 0 is written as 0."""

Row: TypeAlias = Mapping[Hashable, Any]


def tables(material: Material) -> Tables:
    """Return the effects of every level, costs last, and the two times behind each cost."""
    runs = material.measurable(material.unchosen)
    metric = material.pipeline.search.aims[0].metric
    found = behaviour.behaviour(runs, material.studied, material.references, metric)
    times = cost.cost(runs, material.studied, material.references)
    parts = [part for part in (found, cost.effects(times)) if len(part)]
    every = pd.concat(parts, ignore_index=True) if parts else found
    return {"behaviour": every[list(behaviour.COLUMNS)], "cost": times}


def effects(table: pd.DataFrame) -> list[str]:
    """Report how many effects are clear, and the largest on objective, speed and best loss.

    What datasets agree in is one sentence, with the size on each.
    """
    known = table[(table["pairs"] > 0) & (table["aspect"] != "cost")]  # which has no interval
    sure = known[known["clear"].astype(bool)]
    if known.empty:
        return []
    if sure.empty:
        return [f"Of {count(len(known), 'effect')} not one is clearly there (by 95 % intervals)."]
    first = f"Of {count(len(known), 'effect')} {len(sure):,} differ clearly from none"
    found = [f"{first} (by 95 % intervals: one in twenty of those that are none would, too)."]
    names = groups(known)
    for aspect in ("objective", "speed", "ceiling"):
        largest: dict[str, dict[str, list[str]]] = {}
        of_aspect = sure[(sure["aspect"] == aspect) & (sure["pairs"] > 1)]
        for _, rows in of_aspect.groupby("dataset", sort=False):
            row = _largest(rows)
            name = names[row["dataset"], row["implementation"]]
            largest.setdefault(_of(row), {}).setdefault(_size(row), []).append(name)
        for of, sizes in largest.items():
            where = "; ".join(f"{size} ({'; '.join(on)})" for size, on in sizes.items())
            found.append(f"The largest effect on {of} {where}.")
    return found


def _largest(rows: pd.DataFrame) -> Row:
    size, clear = rows["effect"].abs(), (rows["alone"] - rows["other_alone"]).abs()
    ordered = rows.assign(size=size, clear=clear)
    ordered = ordered.sort_values(["size", "clear"], ascending=False, kind="stable")
    return dict(ordered.to_dict("records")[0])


def _of(row: Row) -> str:
    """Name the behaviour and what acts on it; of an endless effect, what is counted."""
    what = words(row["behaviour"])
    of = f"{what} is that of {at(row['parameter'], row['level'])} instead of {row['reference']}"
    if math.isfinite(row["effect"]):
        return f"{of}:"
    there = what.removeprefix("epochs to ")
    there = f"gets to {there}" if row["aspect"] == "speed" else "stays finite"
    return f"{of}; of pairs of which at least one run {there},"


def _size(row: Row) -> str:
    """Report how large an effect is."""
    if math.isfinite(row["effect"]):
        more, less = ("slower", "faster") if row["aspect"] == "speed" else ("higher", "lower")
        ratio = row["scale"] == "log10"
        size = number(10 ** abs(row["effect"]) if ratio else abs(row["effect"]))
        return f"{size}{' times' * ratio} {more if row['effect'] > 0 else less}"
    return (
        f"that with {row['level']} alone does in {share(row['alone'])}, "
        f"that with {row['reference']} alone in {share(row['other_alone'])}"
    )


def costs(table: pd.DataFrame) -> list[str]:
    """Report the largest ratio of costs with its stacks, and levels that were timed together."""
    found, shared = [], []
    for name, rows in by_group(table):
        timed = rows[rows["settings"] > 0]
        if len(timed):
            ratio = (timed["microseconds"] / timed["other_microseconds"]).map(math.log)
            row = timed.iloc[int(ratio.abs().to_numpy().argmax())]
            level, other = (number(row[of]) for of in ("microseconds", "other_microseconds"))
            found.append(
                f"On {name}, the cost differs most between {at(row['parameter'], row['level'])} "
                f"and {row['reference']}: {level} and {other} µs per run and epoch, timed in "
                f"{row['stacks']:,} and {count(int(row['other_stacks']), 'stack')}, so without an "
                "interval."
            )
        alike = rows.groupby("parameter", sort=False)["together"].all()
        if alike.any():
            names = listing([words(str(parameter)) for parameter in alike[alike].index])
            shared.append((name, f"levels of {names} shared stacks and have no cost of their own"))
    return [*found, *together(shared)]


def figure(table: pd.DataFrame) -> Figure:
    """Draw one matrix below the other, for each dataset and implementation.

    `table` has one row per behaviour, dataset, implementation, parameter and level: reference,
    scale, effect, clear. More is worse: orange; less: blue; where it is not clear: none.
    """
    names = {", ".join(group): name for group, name in groups(table).items()}
    contrasts = table[["parameter", "level", "reference"]].itertuples(index=False)
    table = table.assign(
        group=table["dataset"] + ", " + table["implementation"],
        contrast=[f"{words(name)} {level} instead of {other}" for name, level, other in contrasts],
        only="",
    )
    behaviours = list(dict.fromkeys(table["behaviour"]))
    counts = table.groupby("group", sort=False)["contrast"].nunique()
    each = 0.21 + 0.75 * len(counts) / sum(counts)  # with what stands around, one for all matrices
    return facets(
        table,
        ("group", "only"),
        lambda axes, cells: _matrix(axes, cells, behaviours),
        height=[each * n for n in counts],
        labels=lambda group, _: (names[group], ""),
    )


def _matrix(axes: Axes, cells: pd.DataFrame, behaviours: Sequence[str]) -> None:
    contrasts = list(dict.fromkeys(cells["contrast"]))
    for cell in cells.to_dict("records"):
        x, y = behaviours.index(cell["behaviour"]), contrasts.index(cell["contrast"])
        text = written(cell["effect"], cell["scale"])
        colour = (WORSE if cell["effect"] > 0 else BETTER, TINT) if cell["clear"] else "none"
        axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor="white", linewidth=1))
        axes.text(
            x + 0.5, y + 0.5, text,
            ha="center", va="center", fontsize=6.8, color=INK if cell["clear"] else SOFT,
        )  # fmt: skip
    axes.set(xlim=(0, len(behaviours)), ylim=(len(contrasts), 0))
    texts = [words(name).replace(" ", "\n", 1) for name in behaviours]  # a column is narrow
    axes.set_xticks([i + 0.5 for i in range(len(behaviours))], texts)
    axes.set_yticks([i + 0.5 for i in range(len(contrasts))], contrasts)
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
    ratio = 10.0**effect if effect < 300 else math.inf  # noqa: PLR2004  # the largest float
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
    finding=lambda t: [*effects(t["behaviour"]), *costs(t["cost"])],
    figure=lambda t, _: figure(t["behaviour"]),
    code=CODE,
    draws="effect",
    picture="A matrix of effects: each level against a reference down, the objective's metric "
    "where it is not of training, speed, ceiling, stability, divergence, gap and cost across, "
    "one matrix a dataset and network",
    caption="A cell compares runs that agree in the level of every other parameter, pair by "
    "pair, within each repetition: × is a ratio (of epochs or losses), others are "
    "differences. ×∞ means that mostly the reference alone gets there, ×0 that the level alone "
    "does. A run that gives one constant answer to all training samples counts as that, and "
    "not as steady. Orange is worse, blue better, where the 95 % interval leaves out no "
    "effect; empty cells are not distinguishable from none, or smaller than 5 % (than 0.005, "
    "if a difference). Cost has no interval: runs are timed a stack at a time, on this "
    "machine, so it is the ratio of two typical times per run and epoch, and has no colour. The "
    "table “cost” has both times in µs, and how many stacks each rests on.",
    basis=Basis(
        n={"repetitions": "repetitions of paired differences a cell"},
        interval=ORDER,
        chosen="pairs of runs that agree in every other level, and that no result chose",
    ),
    absent="No two configurations differ in one parameter alone, but for such as were chosen "
    "by their results.",
)
