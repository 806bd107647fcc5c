"""Datasets that are generated: points of the plane in two classes, and images of stripes."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from typing_extensions import override

from study.datasets.dataset import Array, Dataset, Samples
from study.space import Added, Mistake


class Linear(Dataset):
    """Points uniform in the unit square; label 0 where x0 > x1, else 1."""

    generator: Literal["linear"] = Field(description="what makes the samples")
    samples: Annotated[int, Field(ge=2)] = Field(100, description="number of points")

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

    t = 0, 0.1, …, 1. The crossing (0.5, 0.5) occurs once, with label 0: 21 points.
    """

    generator: Literal["xor"] = Field(description="what makes the samples")

    @property
    @override
    def size(self) -> int:
        return 21

    @property
    @override
    def counts(self) -> tuple[int, ...]:
        return 11, 10

    @property
    @override
    def shared(self) -> str:
        return f"its {self.size} points"

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


class _Curves(Dataset):
    """Noisy curves, one per class, with equally many points; the first classes get the rest."""

    samples: Annotated[int, Field(ge=2)] = Field(100, description="number of points")
    noise: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0.1, description="standard deviation of the noise in both inputs"
    )

    @property
    @override
    def size(self) -> int:
        return self.samples

    @property
    @override
    def counts(self) -> tuple[int, ...]:
        classes = len(self.labels or ())
        return tuple((self.samples + classes - 1 - c) // classes for c in range(classes))

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        y = (np.arange(self.samples) % len(self.labels or ())).astype(float)
        x = self.curve(rng.random(self.samples), y)
        return Samples(x + self.noise * rng.standard_normal(x.shape), y[:, None])

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (self._all_classes(),)

    def _all_classes(self) -> Iterator[Mistake]:
        if self.samples < len(self.labels or ()):
            problem = f"must be at least {len(self.labels or ())}, one of each class"
            yield ("samples",), f"{problem}, got {self.samples}"

    @abstractmethod
    def curve(self, t: Array, y: Array) -> Array:
        """Return the points (samples, 2) at places t in [0, 1) of the curves of labels y."""


class Circles(_Curves):
    """Two circles around the origin: radius 1 has label 0, radius ½ label 1."""

    domain: ClassVar[tuple[float, float]] = (-1.25, 1.25)

    generator: Literal["circles"] = Field(description="what makes the samples")

    @override
    def curve(self, t: Array, y: Array) -> Array:
        angle, radius = 2 * np.pi * t, 1 - y / 2
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


class Moons(_Curves):
    """Two interlocking half circles: (cos πt, sin πt), (1 − cos πt, ½ − sin πt)."""

    domain: ClassVar[tuple[float, float]] = (-1.5, 2.5)

    generator: Literal["moons"] = Field(description="what makes the samples")

    @override
    def curve(self, t: Array, y: Array) -> Array:
        x0 = np.where(y == 0, np.cos(np.pi * t), 1 - np.cos(np.pi * t))
        x1 = np.where(y == 0, np.sin(np.pi * t), 0.5 - np.sin(np.pi * t))
        return np.stack([x0, x1], axis=-1)


class Spirals(_Curves):
    """Spirals, one per class, that wind around each other from the origin to the unit circle.

    At place t a point of class c of K has radius t and angle 2π · turns · t + 2π · c / K.
    """

    domain: ClassVar[tuple[float, float]] = (-1.25, 1.25)

    generator: Literal["spirals"] = Field(description="what makes the samples")
    noise: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0.02, description="standard deviation of the noise in both inputs"
    )
    turns: Annotated[float, Field(gt=0, le=10)] = Field(
        1.5, description="number of turns of each spiral"
    )
    classes: Annotated[int, Field(ge=2, le=20), Added("2.0")] = Field(
        2, description="number of spirals"
    )

    @property
    @override
    def labels(self) -> tuple[str, ...]:
        return tuple(map(str, range(self.classes)))

    @override
    def curve(self, t: Array, y: Array) -> Array:
        angle = 2 * np.pi * self.turns * t + 2 * np.pi * y / self.classes
        return np.stack([t * np.cos(angle), t * np.sin(angle)], axis=-1)


class Blobs(_Curves):
    """Round clouds of points, one per class, with centres evenly spaced on the unit circle.

    The centre of class c of K is at the angle 2π · c / K.
    """

    domain: ClassVar[tuple[float, float]] = (-2.0, 2.0)

    generator: Literal["blobs"] = Field(description="what makes the samples")
    noise: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0.3, description="standard deviation of the noise in both inputs"
    )
    classes: Annotated[int, Field(ge=2, le=20)] = Field(3, description="number of clouds")

    @property
    @override
    def labels(self) -> tuple[str, ...]:
        return tuple(map(str, range(self.classes)))

    @override
    def curve(self, t: Array, y: Array) -> Array:
        angle = 2 * np.pi * y / self.classes
        return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


class Stripes(Dataset):
    """Images of noisy stripes: horizontal ones have label 0, vertical ones label 1.

    A stripe and the adjacent gap are `period` pixels wide together. Brightness is +1 on a stripe
    and −1 between, shifted by a random phase, plus normal noise of standard deviation `noise`.
    """

    generator: Literal["stripes"] = Field(description="what makes the samples")
    samples: Annotated[int, Field(ge=2)] = Field(100, description="number of images")
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
