"""What every dataset is: samples from declared keys and an rng, split into two parts."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from study.space import Frozen

Array: TypeAlias = NDArray[np.floating]

GRID_POINTS = 25
"""The grid on which a network is drawn has this many points a side."""

GRID_MARGIN = 0.1
"""How far the grid reaches beyond the data's domain, as a share of its side."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Inputs x (samples, *shape) and labels y (samples, 1), float64."""

    x: Array
    y: Array


@dataclass(frozen=True, slots=True)
class Parts:
    """What a network learns from, and what is held out from it (None where nothing is)."""

    train: Samples
    test: Samples | None


class Dataset(Frozen, ABC):
    """A [datasets.NAME] table: how the samples of one repetition are made."""

    domain: ClassVar[tuple[float, float]] = (0.0, 1.0)

    generator: str = Field(description="what makes the samples")
    draw: Literal["each", "once"] = Field(
        "each", description="each: every repetition draws its own data; once: all share one draw"
    )
    test_fraction: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.0, description="share of the samples that is held out, drawn at random"
    )

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of samples, both parts together."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one sample: (features,), or (height, width, channels) of an image."""
        return (2,)

    @abstractmethod
    def make(self, *, rng: np.random.Generator) -> Samples:
        """Return the samples of one draw."""

    def parts(self, *, rng: np.random.Generator) -> Parts:
        """Draw the samples and split them: round(test_fraction · size) of them are held out."""
        samples = self.make(rng=rng)
        if self.held_out == 0:
            return Parts(samples, None)
        order = rng.permutation(self.size)
        test, train = np.sort(order[: self.held_out]), np.sort(order[self.held_out :])
        return Parts(
            Samples(samples.x[train], samples.y[train]), Samples(samples.x[test], samples.y[test])
        )

    @property
    def held_out(self) -> int:
        """The number of samples that are held out; at least one where any is asked for."""
        wanted = round(self.test_fraction * self.size)
        return 0 if self.test_fraction == 0 else min(max(wanted, 1), self.size - 1)

    def grid(self) -> Array | None:
        """Return points around 2-D data at which a network is drawn, (points, 2); else None."""
        if self.shape != (2,):
            return None
        low, high = self.domain
        margin = GRID_MARGIN * (high - low)
        side = np.linspace(low - margin, high + margin, GRID_POINTS)
        return np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
