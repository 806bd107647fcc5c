"""Losses: one value for each network of a stack, and its gradient: LOSSES."""

from abc import ABC, abstractmethod
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from nn_core.layer import Array

BUFFERS = 8  # a loss remembers its buffer for so many shapes of predictions


class Loss(ABC):
    """One value for each network of a stack: a mean over all elements of its predictions.

    y_pred has shape (…, samples, outputs); y has the same, or (samples, outputs) for all networks.
    Anything else is a ValueError, since (5, 1) − (5,) would silently become (5, 5).
    """

    @abstractmethod
    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return the loss of each network, of the stack's shape."""

    @abstractmethod
    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return dL/dŷ, of the shape of `y_pred`; the next call of this loss overwrites it."""

    @staticmethod
    def _target(y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return `y` as an array, once its shape is known to fit."""
        target = np.asarray(y)
        if y_pred.ndim < 2 or target.shape not in (y_pred.shape, y_pred.shape[-2:]):  # noqa: PLR2004 (samples, outputs)
            raise ValueError(
                f"y must have the shape of y_pred, {y_pred.shape}, with or without the stack's "
                f"axes, got {target.shape}"
            )
        if not y_pred.size:
            raise ValueError(f"the mean over no elements is undefined: y_pred is {y_pred.shape}")
        return target


class MSELoss(Loss):
    """L = Σ (ŷ − y)² / n, dL/dŷ = 2·(ŷ − y) / n, with n = samples · outputs."""

    def __init__(self) -> None:
        """Make a loss that has no buffers yet."""
        self._empty = lru_cache(maxsize=BUFFERS)(np.empty)

    @override
    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        difference = self._difference(y_pred, y)
        flat = difference.reshape(*y_pred.shape[:-2], -1)
        value: Array = np.vecdot(flat, flat) / flat.shape[-1]
        return value

    @override
    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        difference = self._difference(y_pred, y)
        n = y_pred.shape[-2] * y_pred.shape[-1]
        np.multiply(difference, 2 / n, out=difference)
        return difference

    def _difference(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        """Return ŷ − y in a buffer."""
        target = self._target(y_pred, y)
        difference: Array = self._empty(y_pred.shape, y_pred.dtype)
        np.subtract(y_pred, target, out=difference)
        return difference


LOSSES: dict[str, type[Loss]] = {"mse": MSELoss}
