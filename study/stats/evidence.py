"""What the runs show about one hypothesis: which repetitions agree, how far, and what lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.metrics import DIVERGED, METRICS
from study.spec.hypotheses import First, Hypothesis, Level
from study.stats.agreement import Size, agreement, size
from study.stats.cells import Cells
from study.stats.intervals import Array

_NOTHING = Size()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence about one hypothesis on one dataset and network.

    Of `n` repetitions, `agree` came out as claimed and `ties` on neither side. Where there is an
    `obstacle`, a sentence, nothing was tested. `matched` cases were combined in each repetition.
    `diverged` counts the runs of each side that diverged; `infinite` also counts failed runs and
    runs that never got there.

    `incomplete` repetitions lack a run, `together` were timed in stacks that others count for,
    `pruned` configurations are left out, and the first `chose` repetitions chose configurations.
    """

    n: int = 0
    agree: int = 0
    ties: int = 0
    size: Size = _NOTHING
    obstacle: str = ""
    matched: int = 0
    diverged: tuple[int, ...] = ()
    infinite: tuple[int, ...] = ()
    incomplete: int = 0
    pruned: int = 0
    together: int = 0
    chose: int = 0


def weigh(hypothesis: Hypothesis, dataset: str, cells: Cells, first: First) -> Evidence:
    """Weigh the runs of one dataset and network, one number for each repetition.

    All repetitions count, from the `first` that may, in which every run exists that the hypothesis
    needs. A timing is the one exception: repetitions that were timed in one stack share one
    observation, so the first of them counts alone; which that is does not depend on the time.
    """
    chosen = needed(hypothesis, cells)
    pruned = cells.pruned_from(hypothesis.cells)
    if not chosen:
        return Evidence(obstacle=_nothing(hypothesis, cells), pruned=pruned)
    values = cells.values(hypothesis.metric, chosen)
    chose = first(dataset, configurations(cells, chosen))
    later = cells.repetitions >= chose
    lacking = np.isnan(values)
    whole = later & ~lacking.any(axis=(0, 1))
    entering = whole & _apart(values, whole) if timed(hypothesis) else whole
    incomplete = int((later & ~whole & ~lacking.all(axis=(0, 1))).sum())
    if not entering.any():
        return Evidence(
            obstacle=f"the first {chose} repetitions had a part in choosing its configurations"
            if chose and not incomplete
            else "no repetition has every run that this needs",
            incomplete=incomplete,
            pruned=pruned,
            chose=chose,
        )
    entered = values[:, :, entering]
    agreeing = agreement(hypothesis, entered, cells.precision(hypothesis.metric))
    return Evidence(
        n=int(entering.sum()),
        agree=int(agreeing.agrees.sum()),
        ties=int(agreeing.ties.sum()),
        size=size(hypothesis, agreeing),
        matched=len(chosen),
        diverged=_by_side(cells.diverged(chosen)[:, :, entering]),
        infinite=_by_side(np.isinf(entered)),
        incomplete=incomplete,
        pruned=pruned,
        together=int((whole & ~entering).sum()),
        chose=chose,
    )


def timed(hypothesis: Hypothesis) -> bool:
    """Return whether a hypothesis is about a time, which stacks share and no training repeats."""
    return hypothesis.metric != DIVERGED and METRICS[hypothesis.metric].timed


def needed(hypothesis: Hypothesis, cells: Cells) -> list[tuple[int, ...]]:
    """Return the matched configurations of each side, by their places in `cells`."""
    free = () if isinstance(hypothesis, Level) else hypothesis.compared
    return cells.matched(hypothesis.cells, free)


def configurations(cells: Cells, chosen: Sequence[tuple[int, ...]]) -> list[Mapping[str, Any]]:
    """Return the configurations at these places, each once."""
    places = dict.fromkeys(place for case in chosen for place in case)
    return [
        {str(name): value for name, value in row.items()}
        for row in cells.configurations.iloc[list(places)].to_dict("records")
    ]


def _by_side(where: NDArray[np.bool_]) -> tuple[int, ...]:
    """Count the runs of each side; interactions have two sides at two places."""
    counts = where.sum(axis=(0, 2))
    sides = min(len(counts), 2)
    return tuple(int(counts[side::sides].sum()) for side in range(sides))


def _apart(seconds: Array, whole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the whole repetitions that share no stack with one before them that enters.

    One clock times a stack: its runs have the very same number of seconds, and that is one
    observation.
    """
    counted: set[float] = set()
    apart = np.zeros(seconds.shape[-1], np.bool_)
    for i in np.flatnonzero(whole):
        own = {spent for spent in seconds[:, :, i].ravel() if np.isfinite(spent)}
        apart[i] = not own & counted
        counted |= own if apart[i] else set()
    return apart


def _nothing(hypothesis: Hypothesis, cells: Cells) -> str:
    """Return why nothing matches."""
    alone = (cells.matched([side], ()) for side in hypothesis.cells)
    if isinstance(hypothesis, Level) or not all(alone):
        return "the study holds no finished configuration of this kind for this network"
    return f"no configurations differ in {' and '.join(hypothesis.compared)} alone"
