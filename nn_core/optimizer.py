"""What optimizers have in common: in-place steps over flat parameters, decay, a schedule."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from inspect import signature
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from nn_core.layer import Array


class Trainable(Protocol):
    """What an optimizer needs of a network: flat arrays, (*stack, P), and which are weights."""

    parameters: Array
    gradients: Array

    @property
    def weights(self) -> Sequence[slice]:
        """The parts of the last axis that are weights, and no biases."""
        ...


class Optimizer(ABC):
    """Moves `network.parameters` along `network.gradients`, all arrays (…, P), in place.

    Before each step, weights decay by lr · `weight_decay` of themselves, whatever the gradients;
    biases do not: the decoupled decay of Loshchilov & Hutter 2019, as PyTorch's AdamW has it.

    Attributes
    ----------
    t : int
        How many steps were taken.
    state : dict of str to Array
        Everything else that the next step depends on, with the stack's axes first. The arrays are
        live: to go on elsewhere, make an optimizer there, write its `t`, and write into each array
        of its `state` the numbers of the networks that it has.
    loop : callable or None
        Makes the update of `_update` in its place, with the same bits; None unless somebody sets
        it, after the network and the optimizer are made.
    """

    ARRAYS: ClassVar[int] = 2  # as large as the parameters, that it keeps between steps
    PASSES: ClassVar[int] = 10  # over the parameters, in one step
    FLUSH_EVERY: ClassVar[int] = 64  # steps; at fixed ones, so that a stack equals its members

    loop: Callable[[], None] | None = None

    def __init__(
        self, network: Trainable, lr: npt.ArrayLike, *, weight_decay: npt.ArrayLike = 0.0
    ) -> None:
        """Take the network's arrays; each number is one for all networks, or one for each."""
        self.parameters, self.gradients = network.parameters, network.gradients
        self.weight_decay = self._numbers("weight_decay", weight_decay)
        decays = network.weights if self.weight_decay.any() else ()
        self._decaying = [self.parameters[..., part] for part in decays]
        self.lr = self._given = self._numbers("lr", lr)
        self.t = 0
        self.state: dict[str, Array] = {}
        self._work = np.empty_like(self.parameters)
        self._small = np.finfo(self.parameters.dtype).tiny * 1e8

    @classmethod
    def options(cls) -> tuple[str, ...]:
        """Return the names of the numbers that it takes in addition to the network.

        >>> from nn_core import SGD, AdaGrad
        >>> SGD.options(), AdaGrad.options()
        (('lr', 'momentum', 'weight_decay'), ('lr', 'epsilon', 'weight_decay'))
        """
        return tuple(signature(cls).parameters)[1:]

    def scale_lr(self, factor: float) -> None:
        """Let the following steps have `factor` times the learning rate that was given."""
        self.lr = self._given * factor

    def step(self) -> None:
        """Move the parameters once, along the gradients as they stand."""
        self.t += 1
        if self._decaying:
            kept = self._cast(1 - self.lr * self.weight_decay)
            for weights in self._decaying:
                np.multiply(weights, kept, out=weights)
        (self.loop or self._update)()
        if self.t % self.FLUSH_EVERY == 0:
            for array in self.state.values():
                self._flush(array)

    def _flush(self, array: Array) -> None:
        """Set to zero what decays towards numbers so small that processors are slow with them."""
        np.abs(array, out=self._work)
        np.greater_equal(self._work, self._small, out=self._work)
        np.multiply(array, self._work, out=array)

    @abstractmethod
    def _update(self) -> None:
        """Take step number `t`."""

    def numbers(self) -> tuple[Array, ...]:
        """Return the numbers of step `t`, each () or (…, 1), in the network's precision."""
        return tuple(map(self._cast, self._exact_numbers()))

    def _exact_numbers(self) -> tuple[Array, ...]:
        """Return the numbers of step `t` in float64."""
        return (self.lr,)

    def _numbers(self, name: str, value: npt.ArrayLike) -> Array:
        """Return `value` in float64, as () or (…, 1), ready to act on (…, P)."""
        numbers, stack = np.asarray(value, np.float64), self.parameters.shape[:-1]
        if numbers.shape not in ((), stack):
            raise ValueError(
                f"{name} is one number, or one for each network in the stack's shape {stack}, "
                f"got shape {numbers.shape}"
            )
        if not np.isfinite(numbers).all():
            raise ValueError(f"{name} must be finite, got {value!r}")
        return numbers[..., None] if numbers.shape else numbers

    def _cast(self, numbers: Array) -> Array:
        """Return `numbers` in the network's precision, so that float32 stays float32."""
        return numbers.astype(self.parameters.dtype)
