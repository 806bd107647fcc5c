"""One look: one colour per level for a whole report, and every column's name in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex

from study.metrics import METRICS
from study.space import PARAMETERS

Colours: TypeAlias = Mapping[str, Mapping[str, str]]
"""Parameter → level → colour."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The properties of a study that figures need in addition to their tables, kept small.

    One colour for each level of each studied parameter, each dataset's trivial loss, and the
    objectives' metrics.
    """

    colours: Colours
    trivial_losses: Mapping[str, float]
    metrics: tuple[str, ...]


OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")
"""Colours for the colour-blind (Okabe & Ito 2008), with grey for black and yellow."""

RESULT, OTHER = "#3d9eaa", "#929249"
"""The colours of this study's results if nothing distinguishes them, and of the baseline."""

TRAINING, HELD_OUT = RESULT, "#8655e7"
"""The training part, the default of all results, and the held-out part."""

VERDICTS = {"supported": "#2e8b57", "contradicted": "#c4453a", "undecided": "#757575"}
"""The colour of each verdict, and of nothing else."""

LEVELS = (
    "#8655e7", "#799e00", "#c23179", "#3d9eaa", "#9e6155", "#9286e7", "#929249", "#b618aa",
)  # fmt: skip
"""The colours of choices.

They differ by at least 31 units of CIELAB (19 for people without red or green cones), and from the
blue and orange of classes 0 and 1, which nothing else has.
"""

ORDERED = LinearSegmentedColormap.from_list(
    "ordered",
    [
        "#894ad7", "#6367c8", "#4579b2", "#2f859d", "#208d89", "#1d9474", "#359959", "#599b3a",
        "#819917",
    ],
)  # fmt: skip
"""The hues of viridis, in lightnesses that are visible on light pages and on dark ones."""

CLASSES = (
    *OKABE_ITO[:6], "#0000ff", "#692d0f", "#2d1ea5", "#c3e196", "#004b4b", "#0f78ff", "#d2d2c3",
    "#4b2d69", "#78f05a", "#69e1f0", "#00b45a", "#2d693c", "#8796ff", "#004bf0",
)  # fmt: skip
"""The colours of up to 20 classes, by their index.

After Okabe and Ito's, each is as far as possible from all before it in CIELAB, with normal vision
and for people without red or green cones (Machado et al. 2009).
"""

STATUS = {
    "completed": RESULT,
    "diverged": "#c23179",
    "pruned": OTHER,
    "failed": "#222222",
    "missing": "#ececec",
}
"""The colour of every status of a run."""

ARMS = {"search": RESULT, "random": OTHER}
"""The colour of a search, and of trials that were drawn at random in addition."""

INK, SOFT, FAINT, GRID = "#222222", "#555555", "#8a8a8a", "#ececec"
"""Texts, softer texts, axes and the grid: in vectors, all have the colour of the page's text."""

ON_LIGHT, ON_DARK = "#111111", "#fefefe"
"""Texts on coloured cells, which are the same on any page: neither ink nor paper."""

CARD = "#f4f4f2"
"""The background of a bitmap, which looks the same on a light page and on a dark one."""

_LABELS = {"seconds_per_epoch": "cost (no interval)"}
_LABELS |= {name: p.label for name, p in PARAMETERS.items() if p.label}
_LABELS |= {name: metric.label for name, metric in METRICS.items() if metric.label}


def words(name: str) -> str:
    """Write the name of a parameter or of a metric for an axis or a sentence.

    >>> words("lr"), words("final_train_loss"), words("batch_size")
    ('learning rate', 'final training loss', 'batch size')
    """
    if " & " in name:  # parameters that always change together
        return " & ".join(map(words, name.split(" & ")))
    return _LABELS.get(name, name.replace("train_", "training_").replace("_", " "))


def colours(levels: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Return one colour for each level of each parameter.

    Choices have the colour of their position among all values of the parameter, the same in every
    report; ordered levels run through `ORDERED`.
    """
    return {name: _colours(name, of) for name, of in levels.items()}


def _colours(name: str, levels: Sequence[str]) -> dict[str, str]:
    parameter = PARAMETERS[name]
    if not parameter.ordered:
        return {level: LEVELS[parameter.options.index(level) % len(LEVELS)] for level in levels}
    spread = ORDERED(np.linspace(0.0, 1.0, len(levels)))
    return {level: to_hex(colour) for level, colour in zip(levels, spread, strict=True)}
