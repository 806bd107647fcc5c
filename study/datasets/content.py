"""What is learned from a user's file: its inputs and labels, and a hash that names them."""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from study.datasets.dataset import Array


@dataclass(frozen=True, slots=True)
class Content:
    """Inputs x (samples, features) and labels y (samples, 1), float64.

    `classes` are the target's two values, which are the labels 0 and 1; None where it is a number.
    """

    classes: tuple[str, str] | None
    x: Array = field(compare=False, repr=False)
    y: Array = field(compare=False, repr=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Hash all that a network is given: the same from a file of any format, place or name."""
        found = hashlib.sha256(repr((self.x.shape, self.classes is None)).encode())
        for array in (self.x, self.y):
            found.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        object.__setattr__(self, "digest", found.hexdigest()[:16])
