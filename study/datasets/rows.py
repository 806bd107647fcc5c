"""The rows of a table as a dataset: the same in every repetition, split and standardized."""

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field, PrivateAttr
from typing_extensions import override

from study.datasets.dataset import Array, Dataset, Parts, Samples

if TYPE_CHECKING:
    from study.datasets.content import Content  # pandas is slow to load


class Rows(Dataset):
    """The rows of a table: the same in every repetition, except which ones are held out."""

    standardize: bool = Field(
        default=True,
        description="whether each input is shifted and scaled to mean 0 and standard deviation 1 "
        "over the training part",
    )
    standardize_target: bool = Field(
        default=True,
        description="whether a target that is a number is shifted and scaled likewise: losses are "
        "then in units of its variance; classes are unchanged",
    )

    _content: "Content" = PrivateAttr()

    @property
    @override
    def shared(self) -> str:
        return "this table's rows"

    @property
    @override
    def idle(self) -> frozenset[str]:
        names = set() if self.held_out else {"draw"}
        return frozenset(names if self.labels is None else {*names, "standardize_target"})

    @property
    @override
    def labels(self) -> tuple[str, ...] | None:
        return self._content.labels

    @property
    @override
    def counts(self) -> tuple[int, ...] | None:
        if self.labels is None:
            return None
        of = np.bincount(self._content.y[:, 0].astype(int), minlength=len(self.labels))
        return tuple(of.tolist())

    @property
    @override
    def range(self) -> tuple[float, float]:
        y = self._content.y
        y = _standardized(y, y) if self.standardized else y
        return float(y.min()), float(y.max())

    @property
    @override
    def standardized(self) -> bool:
        return self.standardize_target and self.labels is None

    @property
    @override
    def size(self) -> int:
        return len(self._content.y)

    @property
    @override
    def shape(self) -> tuple[int, ...]:
        return self._content.x.shape[1:]

    @property
    @override
    def columns(self) -> tuple[str, ...]:
        return self._content.names or super().columns

    @property
    @override
    def box(self) -> tuple[Array, Array]:
        x = self._content.x
        x = _standardized(x, x) if self.standardize else x
        return x.min(0), x.max(0)

    @override
    def make(self, *, rng: np.random.Generator) -> Samples:
        return Samples(self._content.x, self._content.y)

    @override
    def parts(self, *, rng: np.random.Generator) -> Parts:
        """Split the samples; standardize both parts by the training part alone."""
        drawn = super().parts(rng=rng)
        by = drawn.train

        def learned(part: Samples) -> Samples:
            x = _standardized(part.x, by.x) if self.standardize else part.x
            return Samples(x, _standardized(part.y, by.y) if self.standardized else part.y)

        test = None if drawn.test is None else learned(drawn.test)
        own = (by.x.mean(0), _spread(by.x)) if self.standardize else (None, None)
        if not self.standardized:
            return Parts(learned(by), test, centre=own[0], scale=own[1])
        return Parts(learned(by), test, float(by.y.mean()), _spread(by.y).item(), *own)


def _standardized(x: Array, by: Array) -> Array:
    """Return (x − mean) / standard deviation, both of `by`; constant columns are shifted only."""
    standardized: Array = (x - by.mean(0)) / _spread(by)
    return standardized


def _spread(by: Array) -> Array:
    """Return the standard deviation of each column; 1 for constant columns."""
    spread = by.std(0)
    return np.where(spread > 0, spread, 1.0)
