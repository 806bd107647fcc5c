"""The datasets: each generated from its declared keys and an rng, and split into two parts."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from study.space import Frozen

Array: TypeAlias = NDArray[np.floating]

GRID_POINTS = 25
"""The grid on which a network is drawn has this many points a side."""

GRID_MARGIN = 0.1
"""How far the grid reaches beyond the data's domain, as a share of its side."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Inputs x (samples, features) and labels y (samples, 1), float64."""

    x: Array
    y: Array


@dataclass(frozen=True, slots=True)
class Parts:
    """What a network learns from, and what is held out from it (None where nothing is)."""

    train: Samples
    test: Samples | None


class Dataset(Frozen, ABC):
    """A [datasets.NAME] table: how the samples of one repetition are made."""

    features: ClassVar[int] = 2
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

    def grid(self) -> Array:
        """Return the points around the data at which a 2-D network is drawn, (points, 2)."""
        low, high = self.domain
        margin = GRID_MARGIN * (high - low)
        side = np.linspace(low - margin, high + margin, GRID_POINTS)
        return np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)


class Linear(Dataset):
    """Points uniform in the unit square; label 0 where x0 > x1, else 1."""

    generator: Literal["linear"] = Field(description="what makes the samples")
    samples: Annotated[int, Field(ge=2)] = Field(100, description="how many points")

    @property
    @override
    def size(self) -> int:
        return self.samples

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        x = rng.random((self.samples, 2))
        return Samples(x, np.where(x[:, :1] > x[:, 1:], 0.0, 1.0))


class Xor(Dataset):
    """The diagonals of the unit square: points (t, t) have label 0, points (t, 1 − t) label 1.

    t = 0, 0.1, …, 1. The crossing (0.5, 0.5) is there once, with label 0: 21 points.
    """

    generator: Literal["xor"] = Field(description="what makes the samples")

    @property
    @override
    def size(self) -> int:
        return 21

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        points = [
            point
            for i in range(11)
            for point in (
                (i / 10, i / 10, 0.0),
                *([(i / 10, 1 - i / 10, 1.0)] if i != 5 else []),  # noqa: PLR2004  # the crossing
            )
        ]
        table = np.array(points)
        return Samples(table[:, :2], table[:, 2:])


DATASETS: dict[str, type[Dataset]] = {"linear": Linear, "xor": Xor}
