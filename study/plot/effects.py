"""What each level changes, as a matrix: contrasts down, behaviours across, sign as colour."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from study.plot.axes import label, panels, plain
from study.plot.groups import groups
from study.plot.theme import INK, SOFT, words

WORSE, BETTER, UNSURE = "#f0b48c", "#9cc7e4", "#f6f6f4"

LEAST = 0.005
"""A raw effect nearer to 0 is written as 0."""


def matrix(effects: pd.DataFrame) -> Figure:
    """Draw one matrix below the other, for each dataset and implementation.

    `effects` has one row per behaviour, dataset, implementation, parameter and level: reference,
    scale, effect, clear. More is worse: orange; less: blue; where it is not clear: grey.
    """
    names = groups(effects)
    behaviours = list(dict.fromkeys(effects["behaviour"]))
    counts = [len(_rows(effects, group)) for group in names]
    each = 0.21 + 0.75 * len(counts) / sum(counts)  # with what stands around, one for all matrices
    figure, grid = panels(len(names), 1, height=[each * n for n in counts])
    for (axes,), (group, name) in zip(grid, names.items(), strict=True):
        _matrix(axes, _of(effects, group), behaviours)
        label(axes, title=name)
    return figure


def _of(effects: pd.DataFrame, group: tuple[str, str]) -> pd.DataFrame:
    here = (effects["dataset"] == group[0]) & (effects["implementation"] == group[1])
    return effects[here].assign(
        contrast=[
            f"{words(name)} {level} instead of {reference}"
            for name, level, reference in effects.loc[
                here, ["parameter", "level", "reference"]
            ].itertuples(index=False)
        ]
    )


def _rows(effects: pd.DataFrame, group: tuple[str, str]) -> list[str]:
    return list(dict.fromkeys(_of(effects, group)["contrast"]))


def _matrix(axes: Axes, cells: pd.DataFrame, behaviours: list[str]) -> None:
    contrasts = list(dict.fromkeys(cells["contrast"]))
    for cell in cells.to_dict("records"):
        x, y = behaviours.index(cell["behaviour"]), contrasts.index(cell["contrast"])
        text = written(cell["effect"], cell["scale"])
        colour = (WORSE if cell["effect"] > 0 else BETTER) if cell["clear"] else UNSURE
        axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor="white", linewidth=1))
        axes.text(
            x + 0.5, y + 0.5, text,
            ha="center", va="center", fontsize=6.8, color=INK if cell["clear"] else SOFT,
        )  # fmt: skip
    axes.set(xlim=(0, len(behaviours)), ylim=(len(contrasts), 0))
    texts = [_narrow(words(name)) for name in behaviours]
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
    ('×23,000', '×$10^{5}$', '×$10^{-5}$')
    """
    if math.isnan(effect):
        return "–"
    if scale == "log10":
        ratio = 10.0**effect if effect < 300 else math.inf  # noqa: PLR2004  # the largest float
        return f"×{'∞' if math.isinf(ratio) else _times(ratio)}"
    if math.isinf(effect):
        return "∞" if effect > 0 else "−∞"
    return "0" if abs(effect) < LEAST else f"{effect:+.2f}".replace("-", "−")


def _times(ratio: float) -> str:
    """Write a ratio in two digits, in full where that is short."""
    if 1e-3 <= ratio < 99_500:  # noqa: PLR2004
        return f"{float(f'{ratio:.2g}'):,g}"
    return plain(ratio) if ratio else "0"


def _narrow(text: str) -> str:
    r"""Break what stands below a column in two, at its first space.

    >>> _narrow("epochs to full accuracy"), _narrow("best training loss"), _narrow("diverged")
    ('epochs\nto full accuracy', 'best\ntraining loss', 'diverged')
    """
    return text.replace(" ", "\n", 1)
