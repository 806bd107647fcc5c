"""At which values do runs diverge? Where, how soon, and what never does."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import SMALL, label, panels, tilt
from study.plot.groups import by_group, titles
from study.plot.theme import ON_DARK, ON_LIGHT, words
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.wording import at, count, listing, together
from study.stats import divergence
from study.stats.ranges import binned

MAP = "RdPu"

HALF = 0.6
"""Above this share, texts are white."""


def tables(material: Material) -> Tables:
    """Return how many runs diverged at each two levels, and up to which value none did."""
    runs, names = binned(material.runs, material.studied), material.studied
    cells = divergence.cells(runs, names)
    some = cells.groupby(["parameter", "other"])["diverged"].transform("sum") > 0
    return {"divergence": cells[some], "stable": divergence.stable(runs, names)}


def finding(cells: pd.DataFrame, stable: pd.DataFrame) -> list[str]:
    """Report where most runs diverge and how soon, and how many combinations never do."""
    found = []
    for name, rows in by_group(cells):
        found.append((name, _most(rows)))
    for name, every in by_group(stable):
        for parameter, rows in every.groupby("parameter", sort=False):
            never = rows[rows["smallest_unstable"].isna()]
            said = _spared(len(rows), len(never), words(str(parameter)))
            if constant := int(never["constant"].sum()):
                runs = count(int(never["runs"].sum()), "run")
                said += f"; {constant:,} of their {runs} give one constant answer"
            found.append((name, said))
    return together(found)


def _spared(combinations: int, never: int, parameter: str) -> str:
    """Report how many combinations of the other parameters never diverged."""
    if combinations > 1 and never:
        return (
            f"{never:,} of {count(combinations, 'combination')} of the other parameters never "
            f"diverged, at any {parameter} that was tried"
        )
    if never:
        return f"no {parameter} that was tried made a run diverge"
    if combinations == 1:
        return f"runs diverged at some {parameter} that was tried"
    return f"each combination of the other parameters diverged at some {parameter} that was tried"


def _most(rows: pd.DataFrame) -> str:
    """Name the levels at which the largest share diverged, of several configurations if possible.

    Levels of one parameter that share the largest share are named together.
    """
    several = rows[rows["configurations"] > 1]
    known = rows if several.empty else several
    worst = known.sort_values(["share", "runs"], ascending=False, kind="stable").iloc[0]
    if not worst["diverged"]:
        return "no run diverged"
    same = ["parameter", "other", "other_level", "runs", "diverged"]
    tied = known[(known[same] == worst[same]).all(axis=1)]
    other = f" with {at(worst['other'], worst['other_level'])}" * (worst["other"] != "none")
    each = " each" if len(tied) > 1 else ""
    levels = listing([str(level) for level in tied["level"]])
    return (
        f"most diverge at {at(worst['parameter'], levels)}{other}: "
        f"{worst['diverged']} of {count(int(worst['runs']), 'run')}{each}, first after "
        f"{count(int(tied['first'].min()), 'epoch')}"
    )


def figure(cells: pd.DataFrame) -> Figure:
    """Draw a map for every two parameters (rows), dataset and implementation (columns).

    `cells` has one row per dataset, implementation, parameter, level, other and other_level: runs,
    diverged, share. A cell says how many of how many runs diverged; one that was not tried is
    empty.
    """
    names = titles(cells)
    pairs = list(dict.fromkeys(zip(cells["parameter"], cells["other"], strict=True)))
    chosen = {
        pair: cells[(cells["parameter"] == pair[0]) & (cells["other"] == pair[1])] for pair in pairs
    }
    heights = [0.75 + 0.24 * chosen[pair]["other_level"].nunique() for pair in pairs]
    drawing, grid = panels(len(pairs), len(names), height=heights)
    for row, (parameter, other) in zip(grid, pairs, strict=True):
        rows = chosen[parameter, other]
        levels = list(dict.fromkeys(rows["level"]))
        others = list(dict.fromkeys(rows["other_level"]))
        for axes, (dataset, implementation) in zip(row, names, strict=True):
            here = (rows["dataset"] == dataset) & (rows["implementation"] == implementation)
            _map(axes, rows[here], levels, others)
            tilt(axes, levels)
            title = names[dataset, implementation] if row is grid[0] else ""
            y = words(other) if axes is row[0] and other != "none" else ""
            label(axes, title=title, x=words(parameter), y=y)
    return drawing


def _map(axes: Axes, cells: pd.DataFrame, levels: list[str], others: list[str]) -> None:
    shares = pd.DataFrame(index=others, columns=levels, dtype=float)
    for cell in cells.to_dict("records"):
        shares.loc[cell["other_level"], cell["level"]] = cell["share"]
        axes.text(
            levels.index(cell["level"]), others.index(cell["other_level"]),
            f"{cell['diverged']}/{cell['runs']}", ha="center", va="center", fontsize=SMALL,
            color=ON_DARK if cell["share"] > HALF else ON_LIGHT,
        )  # fmt: skip
    axes.imshow(shares.to_numpy(), cmap=MAP, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(levels)), levels)
    axes.set_yticks(range(len(others)), others)
    axes.tick_params(length=0)
    axes.grid(visible=False)


CODE = """
table = pd.read_parquet(f"{folder}/tables/divergence.parquet")
first, second = table.loc[table.index[0], ["parameter", "other"]]  # or others of the table
part = table[(table["parameter"] == first) & (table["other"] == second)]
part = part.sort_values("share").drop_duplicates(["level", "other_level"], keep="last")
cells = part.pivot(index="other_level", columns="level", values="share")
figure, axes = plt.subplots()
sns.heatmap(cells, annot=True, vmin=0, vmax=1, cmap="Reds", ax=axes)
"""

QUESTION = Question(
    name="diverging",
    question="At which values do runs diverge?",
    applies=lambda m: bool((m.runs["status"] == "diverged").any()),
    tables=tables,
    finding=lambda t: finding(t["divergence"], t["stable"]),
    figure=lambda t, _: figure(t["divergence"]),
    code=CODE,
    picture="Maps: how many of how many runs diverged at each two levels, one row a pair of "
    "parameters, one column a dataset and network",
    caption="A cell shows how many of its runs diverged; the darker, the larger the share. The "
    "table has an interval for each share, and the first and median epoch. Pruned runs had not "
    "diverged by then.",
    basis=Basis(
        n={"runs": "runs a cell"},
        interval="Clopper and Pearson's with as many draws as repetitions, at least 95 %, in the "
        "table",
        chosen="runs that completed, diverged or were pruned",
    ),
    absent="No parameter on a logarithmic scale was varied.",
)
