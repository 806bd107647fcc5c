"""What of a study a figure needs beside its tables, and no more: few words, quickly sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from study.plot.theme import Colours


@dataclass(frozen=True, slots=True)
class Looks:
    """One colour for each level of each studied parameter, trivial losses, objectives' metrics."""

    colours: Colours
    trivial_losses: Mapping[str, float]
    metrics: tuple[str, ...]
