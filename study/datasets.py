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


class Stripes(Dataset):
    """Images of stripes in noise: horizontal ones have label 0, vertical ones label 1.

    A stripe and the gap beside it are `period` pixels wide together. Brightness is +1 on a stripe
    and −1 between, shifted by a random phase, plus normal noise of standard deviation `noise`.
    """

    generator: Literal["stripes"] = Field(description="what makes the samples")
    samples: Annotated[int, Field(ge=2)] = Field(100, description="how many images")
    side: Annotated[int, Field(ge=2)] = Field(8, description="height and width in pixels")
    period: Annotated[int, Field(ge=2)] = Field(4, description="pixels from stripe to stripe")
    noise: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        1.0, description="standard deviation of the noise; stripes are at ±1"
    )

    @property
    @override
    def size(self) -> int:
        return self.samples

    @property
    @override
    def shape(self) -> tuple[int, ...]:
        return (self.side, self.side, 1)

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        y = rng.integers(2, size=(self.samples, 1)).astype(float)
        phase = rng.integers(self.period, size=(self.samples, 1))
        bright = (np.arange(self.side) + phase) % self.period < self.period / 2
        wave = np.where(bright, 1.0, -1.0)  # (samples, side)
        flat = np.broadcast_to(wave[:, :, None], (self.samples, self.side, self.side))
        image = np.where(y[:, :, None] == 0, flat, flat.transpose(0, 2, 1))
        noise = self.noise * rng.standard_normal(image.shape)
        return Samples((image + noise)[..., None], y)


DATASETS: dict[str, type[Dataset]] = {"linear": Linear, "xor": Xor, "stripes": Stripes}
