"""One look: one colour per level for a whole report, and every column's name in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex

from study.metrics import METRICS
from study.space import PARAMETERS

Colours: TypeAlias = Mapping[str, Mapping[str, str]]
"""Parameter → level → colour."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What figures need of a study beside their tables: little, so that it is quickly sent.

    One colour for each level of each studied parameter, each dataset's trivial loss, and the
    objectives' metrics.
    """

    colours: Colours
    trivial_losses: Mapping[str, float]
    metrics: tuple[str, ...]


OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")
"""Colours that the colour-blind can tell apart (Okabe & Ito 2008), grey for black and yellow."""

CLASSES = (
    *OKABE_ITO[:6], "#0000ff", "#692d0f", "#2d1ea5", "#c3e196", "#004b4b", "#0f78ff", "#d2d2c3",
    "#4b2d69", "#78f05a", "#69e1f0", "#00b45a", "#2d693c", "#8796ff", "#004bf0",
)  # fmt: skip
"""The colours of up to 20 classes, by their index.

After Okabe and Ito's, each is as far as possible from all before it, in CIELAB, with usual sight
and as people without red or green cones see it (Machado et al. 2009).
"""

STATUS = {
    "completed": "#a9d3c1",
    "diverged": "#d55e00",
    "pruned": "#e69f00",
    "failed": "#222222",
    "missing": "#e2e2e2",
}
"""The colour of every way in which a run can stand."""

ARMS = {"search": OKABE_ITO[0], "random": OKABE_ITO[4]}
"""The colour of a search, and of trials that were drawn at random in addition."""

INK, SOFT, FAINT, GRID = "#222222", "#555555", "#8a8a8a", "#ececec"
"""Texts, softer texts, axes and the grid: in vectors, all have the colour of the page's text."""

ON_LIGHT, ON_DARK = "#111111", "#fefefe"
"""Texts on coloured cells, which are the same on any page: neither ink nor paper."""

CARD = "#f4f4f2"
"""Behind a bitmap, which looks the same on a light page and on a dark one."""

_LABELS = {"seconds_per_epoch": "cost (no interval)"}
_LABELS |= {name: p.label for name, p in PARAMETERS.items() if p.label}
_LABELS |= {name: metric.label for name, metric in METRICS.items() if metric.label}


def words(name: str) -> str:
    """Write the name of a parameter or of a metric as an axis and a sentence say it.

    >>> words("lr"), words("final_train_loss"), words("batch_size")
    ('learning rate', 'final training loss', 'batch size')
    """
    if " & " in name:  # parameters that always change together
        return " & ".join(map(words, name.split(" & ")))
    return _LABELS.get(name, name.replace("train_", "training_").replace("_", " "))


def colours(levels: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Return one colour for each level of each parameter.

    Choices have the colour of their place among all that the parameter offers, the same in every
    report; ordered levels run through viridis, whose lightest end is left out.
    """
    return {name: _colours(name, of) for name, of in levels.items()}


def _colours(name: str, levels: Sequence[str]) -> dict[str, str]:
    parameter = PARAMETERS[name]
    if not parameter.ordered:
        return {
            level: OKABE_ITO[parameter.options.index(level) % len(OKABE_ITO)] for level in levels
        }
    spread = mpl.colormaps["viridis"](np.linspace(0.0, 0.82, len(levels)))
    return {level: to_hex(colour) for level, colour in zip(levels, spread, strict=True)}
