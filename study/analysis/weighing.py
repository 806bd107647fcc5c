"""A hypothesis and the runs of one dataset and network → what they say of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.analysis import paired, reached
from study.analysis.cells import Cell, Cells
from study.analysis.evidence import Evidence
from study.analysis.intervals import Array
from study.metrics import DIVERGED, METRICS
from study.spec.hypotheses import Hypothesis, Interaction, Level


def weigh(hypothesis: Hypothesis, cells: Cells) -> Evidence:
    """Weigh the runs of one dataset and network, one number for each repetition.

    A repetition enters where it has every run that the hypothesis speaks of. Several matched
    configurations are combined within it, so that n counts what is independent.
    """
    sides, free = hypothesis.cells, () if isinstance(hypothesis, Level) else hypothesis.compared
    pruned, chosen = cells.pruned_from(sides), cells.matched(sides, free)
    if not chosen:
        return Evidence(obstacle=_nothing(hypothesis, cells, sides), pruned=pruned)
    values = cells.values(hypothesis.metric, chosen)
    lacking = np.isnan(values)
    whole = ~lacking.any(axis=(0, 1))
    timed = hypothesis.metric != DIVERGED and METRICS[hypothesis.metric].timed
    entering = whole & _apart(values) if timed else whole
    if entering.any():
        found = _weigh(hypothesis, values[:, :, entering], cells.precision(hypothesis.metric))
    else:
        found = Evidence(obstacle="no repetition has every run that this speaks of")
    incomplete = int((~whole & ~lacking.all(axis=(0, 1))).sum())
    together = int((whole & ~entering).sum())
    return replace(found, incomplete=incomplete, pruned=pruned, together=together)


def _apart(seconds: Array) -> NDArray[np.bool_]:
    """Return the repetitions that share no stack with one before them that enters.

    Only whole stacks are timed: runs of one stack have exactly the same number of seconds, which
    is one observation.
    """
    counted: set[float] = set()
    apart = np.zeros(seconds.shape[-1], np.bool_)
    for i, own in enumerate(set(column.ravel()) for column in np.moveaxis(seconds, -1, 0)):
        apart[i] = not own & counted
        counted |= own if apart[i] else set()
    return apart


def _weigh(hypothesis: Hypothesis, values: Array, precision: np.dtype[Any]) -> Evidence:
    if isinstance(hypothesis, Level):
        return reached.level(hypothesis, values[:, 0], precision)
    if isinstance(hypothesis, Interaction):
        return paired.interaction(hypothesis, values)
    return paired.comparison(hypothesis, values)


def _nothing(hypothesis: Hypothesis, cells: Cells, sides: Sequence[Cell]) -> str:
    """Say why nothing matches."""
    if isinstance(hypothesis, Level) or not all(cells.matched([side], ()) for side in sides):
        return "the study holds no finished configuration of this kind for this network"
    return f"no configurations differ in {' and '.join(hypothesis.compared)} alone"
