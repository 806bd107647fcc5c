"""What the runs show about one hypothesis: counts, the size of the effect, and gaps."""

from dataclasses import dataclass

from study.stats.sizes import Size

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
