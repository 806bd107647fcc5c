"""The samples of a table, identified by a hash of everything that a network is given."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from study.datasets.dataset import Array


@dataclass(frozen=True, slots=True)
class Content:
    """Inputs x (samples, *shape) and y (samples, 1), float64: a number, or a class's index.

    `labels` are the names of the classes, by index; None if the target is a number. `names` are
    the inputs' names. `held` marks the held-out rows, if a column does. `described` is how
    the file was read, and `notes` are remarks on its columns for the reader of the plan.
    """

    labels: tuple[str, ...] | None
    x: Array = field(compare=False, repr=False)
    y: Array = field(compare=False, repr=False)
    held: NDArray[np.bool_] | None = field(default=None, compare=False, repr=False)
    names: tuple[str, ...] = field(default=(), compare=False)
    described: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Hash everything that a network is given, so that the file's format does not matter."""
        digest = hashlib.sha256(repr((self.x.shape, self.labels is None)).encode())
        for array in (self.x, self.y):
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        if self.held is not None:
            digest.update(b"split" + self.held.tobytes())
        object.__setattr__(self, "digest", digest.hexdigest()[:16])
