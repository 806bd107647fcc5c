"""A contestant: what trains networks, one or many at once, from the beginning of a cell."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn_core.layer import Array


@dataclass(frozen=True, slots=True)
class Contestant:
    """Trains `runs` networks for `epochs` epochs at every `call`, and returns their losses.

    An epoch is a forward pass, loss, accuracy, backward pass, gradient norm and update, for each
    network. `call` returns the losses, (runs,) or (epochs, runs); the first loss of all stands
    after `first` updates, and is None where the network is not quite the same.
    """

    name: str
    runs: int
    call: Callable[[], npt.ArrayLike]
    epochs: int = 1
    first: int | None = 0

    def loss_after(self, updates: int) -> Array | None:
        """Train, and return the losses (runs,) after `updates` updates from the first call on.

        None where losses cannot be compared. To be called once, before anything is measured.
        """
        if self.first is None:
            return None
        losses: list[Array] = []
        while len(losses) <= updates - self.first:
            losses += list(np.array(self.call(), ndmin=2).reshape(self.epochs, -1))
        return losses[updates - self.first]
