"""What all losses share: the shapes that they take, and the buffers that they keep."""

import math
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import ClassVar, Never

import numpy as np
import numpy.typing as npt

from nn_core.given import NUMBERS, no_arguments, numbers, shown
from nn_core.layer import Array, Shape

BUFFERS = 8  # the number of shapes of predictions for which a loss keeps its buffers


@lru_cache(maxsize=BUFFERS)
def _check(y_pred: Shape, precise: np.dtype, y: Shape, dtype: np.dtype) -> None:
    """Raise an error for targets that do not fit; called at the first pass with these shapes."""
    if precise.kind != "f":
        raise TypeError(f"y_pred must be real numbers, as network(x) returns, got dtype {precise}")
    if dtype.kind not in NUMBERS:
        raise TypeError(f"y must be numbers, got an array of {dtype}")
    if len(y_pred) < 2 or y not in (y_pred, y_pred[-2:]):  # noqa: PLR2004 (samples, outputs)
        raise ValueError(
            f"y must have the shape of y_pred, {y_pred}, with or without the stack's axes, got {y}"
        )
    if not math.prod(y_pred):
        raise ValueError(f"the mean over no elements is undefined: y_pred is {y_pred}")


class Loss(ABC):
    """One value for each network of a stack: a mean over its samples, or over all its outputs.

    y_pred has shape (…, samples, outputs); y has the same, or (samples, outputs) for all networks.
    Anything else is a ValueError, since (5, 1) − (5,) would silently become (5, 5).

    Attributes
    ----------
    threshold : float
        With one output, ŷ > threshold is class 1 and anything else class 0; with several, the
        largest output determines the class.
    probability : bool
        Whether `prediction` returns probabilities.
    logits : bool
        Whether ŷ are logits, so that the network's last activation is none.
    """

    threshold: ClassVar[float]
    probability: ClassVar[bool] = True
    logits: ClassVar[bool] = False

    def __init__(self, *given: Never) -> None:
        """Make a loss that has no buffers yet; it takes no arguments."""
        no_arguments(self, given, "(y_pred, y)")
        self.__setstate__({})

    def __getstate__(self) -> dict[str, object]:
        """Copy and pickle without the buffers: a copy that shared them would overwrite them."""
        return {name: value for name, value in vars(self).items() if name != "_empty"}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        self._empty = lru_cache(maxsize=BUFFERS)(np.empty)

    @abstractmethod
    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return the loss of each network, of the stack's shape."""

    @abstractmethod
    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return dL/dŷ, of the shape of `y_pred`; the next call of this loss overwrites it."""

    def value_and_gradient(self, y_pred: Array, y: npt.ArrayLike) -> tuple[Array, Array]:
        """Return the loss and dL/dŷ, as two calls do; what they share may be computed once."""
        return self(y_pred, y), self.backward(y_pred, y)

    def prediction(self, y_pred: Array) -> Array:
        """Return ŷ on the scale of y: ŷ itself, or the probabilities of logits."""
        return y_pred

    def _difference(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return ŷ − y in a buffer."""
        target = self._target(y_pred, y)
        difference: Array = self._empty(y_pred.shape, y_pred.dtype)
        np.subtract(y_pred, target, out=difference)
        return difference

    @staticmethod
    def _target(y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return `y` as an array, checked against the shape of the predictions."""
        if not isinstance(y_pred, np.ndarray):
            raise TypeError(
                f"y_pred must be an array, as network(x) returns it, got {shown(y_pred)}"
            )
        try:
            target = np.asarray(y)
            _check(y_pred.shape, y_pred.dtype, target.shape, target.dtype)
        except (TypeError, ValueError):
            numbers("y", y)  # a TypeError that shows y, where y is the cause
            raise
        return target

    def __repr__(self) -> str:
        """Write the loss as it was made."""
        return f"{type(self).__name__}()"
