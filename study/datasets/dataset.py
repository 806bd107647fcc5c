"""The base of every dataset: samples from declared keys and an rng, split into two parts."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from study.space import Frozen

Array: TypeAlias = NDArray[np.floating]

GRID_POINTS = 25
"""The number of points on each side of the grid on which a network is drawn."""

GRID_MARGIN = 0.1
"""How far the grid extends beyond the data's domain, as a share of its side."""


BINARY = 2
"""The number of classes that need only one output."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Inputs x (samples, *shape) and y (samples, 1): a number, or a class's index; float64."""

    x: Array
    y: Array


@dataclass(frozen=True, slots=True)
class Parts:
    """The data that a network learns from, and its held-out data (None if there are none).

    The targets in their own unit are `mean` + `spread` · y. Inputs are the columns of a table, less
    `centre`, and divided by `scale`; None if they are unchanged.
    """

    train: Samples
    test: Samples | None
    mean: float = 0.0
    spread: float = 1.0
    centre: Array | None = None
    scale: Array | None = None


class Dataset(Frozen, ABC):
    """A [datasets.NAME] table: how the samples of one repetition are made."""

    domain: ClassVar[tuple[float, float]] = (0.0, 1.0)

    generator: str = Field(description="what makes the samples")
    draw: Literal["each", "once"] = Field(
        "each",
        description="each: every repetition draws its own data, or a file's own held-out rows; "
        "once: all share one draw",
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

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The names of the classes, by their index; None if the target is a number."""
        return "0", "1"

    @property
    def counts(self) -> tuple[int, ...] | None:
        """The number of samples of each class; None if it depends on the draw, or is a number.

        Every draw of the data has these counts.
        """
        return None

    @property
    def outputs(self) -> int:
        """The number of outputs of a network: one for each class, but a single one for two."""
        return 1 if self.labels is None or len(self.labels) == BINARY else len(self.labels)

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest target."""
        return 0.0, 1.0

    @property
    def standardized(self) -> bool:
        """Whether the target is a number that is standardized by the training part."""
        return False

    @property
    def box(self) -> tuple[Array, Array]:
        """The corners of the region that contains 2-D data, as a network gets them."""
        low, high = self.domain
        return np.array([low, low]), np.array([high, high])

    @property
    def file(self) -> Path | None:
        """The file from which the samples come, if any."""
        return None

    @property
    def shared(self) -> str:
        """The rows that all repetitions use, in words; "" if each repetition draws its own."""
        return "this one draw of the data" if self.draw == "once" else ""

    @property
    def divided_anew(self) -> bool:
        """Whether each repetition holds out other samples."""
        return self.held_out > 0 and self.draw == "each"

    @property
    def changed(self) -> bool:
        """Whether the file changed after it was read."""
        return False

    @property
    def source(self) -> tuple[str, str]:
        """The names of the file and its target; a generated dataset has neither."""
        return "", ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the inputs; empty for images."""
        return tuple(f"x{i}" for i in range(self.shape[0])) if len(self.shape) == 1 else ()

    @property
    def described(self) -> str:
        """How the file was read; "" if nothing had to be inferred."""
        return ""

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on the columns for the reader of the plan."""
        return ()

    def read(self, folder: Path) -> None:
        """Read the source of the samples, if any; a relative path starts in `folder`."""

    def identity(self) -> dict[str, object]:
        """Return everything that determines the samples, and nothing else."""
        return self.model_dump(mode="json")

    @property
    def idle(self) -> frozenset[str]:
        """The parts of `identity` that change no sample, such as the name of a column."""
        return frozenset()

    @abstractmethod
    def make(self, *, rng: np.random.Generator) -> Samples:
        """Return the samples of one draw."""

    def parts(self, *, rng: np.random.Generator) -> Parts:
        """Draw the samples and split them: round(test_fraction · size) of them are held out.

        Classes are divided in proportion, so that each is on both sides if possible.
        """
        samples = self.make(rng=rng)
        if self.held_out == 0:
            return Parts(samples, None)
        held_out = self.marked(samples, rng=rng)
        return Parts(
            Samples(samples.x[~held_out], samples.y[~held_out]),
            Samples(samples.x[held_out], samples.y[held_out]),
        )

    def marked(self, samples: Samples, *, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return which samples are held out."""
        order = rng.permutation(self.size)
        held_out = np.zeros(self.size, np.bool_)
        strata = [order]
        if self.labels is not None:
            _, of = np.unique(samples.y, return_inverse=True)
            labels = of.ravel()[order]
            strata = [order[labels == label] for label in range(labels.max() + 1)]
        counts = apportioned([len(stratum) for stratum in strata], self.held_out)
        for stratum, count in zip(strata, counts, strict=True):
            held_out[stratum[:count]] = True
        return held_out

    @property
    def holds_out(self) -> bool:
        """Whether samples are held out, which is known before any file is read."""
        return self.test_fraction > 0

    @property
    def held_out(self) -> int:
        """The number of samples that are held out; at least one if `test_fraction` is above 0."""
        wanted = round(self.test_fraction * self.size)
        return 0 if self.test_fraction == 0 else min(max(wanted, 1), self.size - 1)

    def grid(self) -> Array | None:
        """Return points around 2-D data at which a network is drawn, (points, 2); else None."""
        if self.shape != (2,):
            return None
        low, high = self.box
        margin = GRID_MARGIN * (high - low)
        sides = np.linspace(low - margin, high + margin, GRID_POINTS, axis=-1)
        return np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, 2)


def apportioned(counts: Sequence[int], total: int) -> list[int]:
    """Divide `total` among classes of these counts in proportion, by the largest remainders.

    Of each class with two samples or more, at least one is taken and at least one is left if
    `total` and the rest are large enough; of a class with a single sample none is taken.

    >>> apportioned([50, 50], 25), apportioned([98, 2], 10), apportioned([9, 1], 5)
    ([13, 12], [9, 1], [5, 0])
    """
    there = np.array(counts)
    share = total * there / there.sum()
    least, most = np.minimum(there // 2, 1), there - 1
    if least.sum() > total:
        least = np.zeros_like(there)
    if most.sum() < total:
        most = there
    taken = np.clip(share.astype(int), least, most)
    while left := total - int(taken.sum()):
        step = 1 if left > 0 else -1
        free = taken < most if step > 0 else taken > least
        taken[np.argmax(np.where(free, step * (share - taken), -np.inf))] += step
    return [int(count) for count in taken]
