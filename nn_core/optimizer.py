"""What optimizers have in common: in-place steps over flat parameters, decay, a schedule."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from inspect import signature
from typing import ClassVar, Never, Protocol

import numpy as np
import numpy.typing as npt

from nn_core.given import numbers, shown
from nn_core.layer import Array


class Trainable(Protocol):
    """The parts of a network that an optimizer needs: flat arrays, (*stack, P), and `weights`."""

    parameters: Array
    gradients: Array

    @property
    def weights(self) -> Sequence[slice]:
        """The slices of the last axis that are weights rather than biases."""
        ...


class Optimizer(ABC):
    """Moves `network.parameters` along `network.gradients`, all arrays (…, P), in place.

    Before each step, weights decay by lr · `weight_decay` of themselves, whatever the gradients;
    biases do not: the decoupled decay of Loshchilov & Hutter 2019, as in PyTorch's AdamW.

    Attributes
    ----------
    t : int
        The number of steps taken.
    state : dict of str to Array
        Everything else that the next step depends on, with the stack's axes first. The arrays are
        live. To resume in another optimizer, set its `t`, and copy these arrays, or the rows of
        its networks, into its own.
    loop : callable or None
        Replaces `_update`, with the same bits; None unless set after the network and the
        optimizer are made.
    """

    ARRAYS: ClassVar[int] = 2  # number of arrays as large as the parameters kept between steps
    PASSES: ClassVar[int] = 10  # over the parameters, in one step
    FLUSH_EVERY: ClassVar[int] = 64  # steps; at fixed steps, so that a stack equals its members

    loop: Callable[[], None] | None = None

    def __init__(
        self, network: Trainable, lr: npt.ArrayLike, *, weight_decay: npt.ArrayLike = 0.0
    ) -> None:
        """Take the network's arrays; each number is shared by all networks, or one for each.

        Raises TypeError for anything but a network and numbers, ValueError for numbers out of range
        or of another shape than the stack.
        """
        self._check(network)
        self._numbers_given: dict[str, Array] = {}
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
        """Return the names of the numbers that the optimizer takes in addition to the network.

        >>> from nn_core import SGD, AdaGrad
        >>> SGD.options(), AdaGrad.options()
        (('lr', 'momentum', 'weight_decay'), ('lr', 'epsilon', 'weight_decay'))
        """
        return tuple(signature(cls).parameters)[1:]

    def scale_lr(self, factor: float) -> None:
        """Multiply the learning rate of the following steps by `factor`."""
        self.lr = self._given * factor

    def step(self) -> None:
        """Move the parameters once, along the current gradients."""
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
        """Set to zero values that decay towards denormal numbers, which slow down processors."""
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

    def __reduce__(self) -> Never:
        """Raise TypeError: a copy would have arrays of its own and move no network."""
        name = type(self).__name__
        raise TypeError(
            f"{name} cannot be copied or pickled, since it moves the arrays of its own network: "
            f"make {name}(copy, lr=…) for the copied network, and give it this one's t and state"
        )

    def __repr__(self) -> str:
        """Write the optimizer as it was made, with the numbers that differ from the defaults."""
        words = ["network"]
        for name, option in list(signature(type(self)).parameters.items())[1:]:
            value = self._numbers_given.get(name)
            if value is not None and not np.array_equal(value, option.default):
                words.append(f"{name}={value.tolist()}")
        return f"{type(self).__name__}({', '.join(words)})"

    def _check(self, network: object) -> None:
        """Raise TypeError for anything but a network."""
        arrays = (getattr(network, name, None) for name in ("parameters", "gradients"))
        if not all(isinstance(array, np.ndarray) for array in arrays):
            name = type(self).__name__
            raise TypeError(
                f"{name} takes the network itself, a Sequential, got {shown(network)}: "
                f"write {name}(network, lr=0.01)"
            )

    def _numbers(self, name: str, value: npt.ArrayLike, *, below: float = math.inf) -> Array:
        """Return `value` in float64, as () or (…, 1), ready to broadcast over (…, P).

        Each number is at least 0 and less than `below`.
        """
        given, stack = numbers(name, value).astype(np.float64), self.parameters.shape[:-1]
        if given.shape not in ((), stack):
            raise ValueError(
                f"{name} is one number, or one for each network in the stack's shape {stack}, "
                f"got shape {given.shape}"
            )
        if not np.isfinite(given).all():
            raise ValueError(f"{name} must be finite, got {value!r}")
        if not ((given >= 0) & (given < below)).all():
            limit = "" if below == math.inf else f" and less than {below:g}"
            raise ValueError(f"{name} must be at least 0{limit}, got {value!r}")
        self._numbers_given[name] = given
        return given[..., None] if given.shape else given

    def _cast(self, numbers: Array) -> Array:
        """Return `numbers` in the network's precision, so that float32 stays float32."""
        return numbers.astype(self.parameters.dtype)
