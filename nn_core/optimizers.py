"""In-place updates of flat parameters; numbers for all networks or for each: OPTIMIZERS."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
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


def _power(base: Array, exponent: int) -> Array:
    """Raise by Python's pow, one by one: its bits do not depend on how many there are."""
    return np.reshape([b**exponent for b in base.ravel().tolist()], base.shape)


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
    """

    ARRAYS: ClassVar[int] = 2  # as large as the parameters, that it keeps between steps
    PASSES: ClassVar[int] = 10  # over the parameters, in one step
    FLUSH_EVERY: ClassVar[int] = 64  # steps; at fixed ones, so that a stack equals its members

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
        self._update()
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


class SGD(Optimizer):
    """θ ← θ − lr · b, with b ← momentum · b + g: Sutskever et al. 2013, as PyTorch has it."""

    ARRAYS = 0  # without momentum
    PASSES = 2

    def __init__(
        self,
        network: Trainable,
        lr: npt.ArrayLike,
        momentum: npt.ArrayLike = 0.0,
        *,
        weight_decay: npt.ArrayLike = 0.0,
    ) -> None:
        """Take the network's arrays; each number is one for all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.momentum = self._numbers("momentum", momentum)
        if self.momentum.any():
            self.state["b"] = np.zeros_like(self.parameters)

    def _update(self) -> None:
        b = self.gradients
        if self.state:
            b = self.state["b"]
            np.multiply(b, self._cast(self.momentum), out=b)
            np.add(b, self.gradients, out=b)
        np.multiply(b, self._cast(self.lr), out=self._work)
        np.subtract(self.parameters, self._work, out=self.parameters)


class Adam(Optimizer):
    """θ ← θ − lr · m̂ / (√v̂ + ε): Kingma & Ba 2015, algorithm 1, in ten passes over (…, P).

    With m = (1 − β₁)·m′, v = (1 − β₂)·v′ and c = √((1 − β₂) / (1 − β₂ᵗ)), algorithm 1 reads
    m′ ← β₁·m′ + g,  v′ ← β₂·v′ + g²,  θ ← θ − lr·(1 − β₁) / ((1 − β₁ᵗ)·c) · m′ / (√v′ + ε/c).
    """

    def __init__(  # noqa: PLR0913 (the paper's numbers)
        self,
        network: Trainable,
        lr: npt.ArrayLike,
        beta1: npt.ArrayLike = 0.9,
        beta2: npt.ArrayLike = 0.999,
        epsilon: npt.ArrayLike = 1e-8,
        *,
        weight_decay: npt.ArrayLike = 0.0,
    ) -> None:
        """Take the network's arrays; each number is one for all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.beta1 = self._numbers("beta1", beta1)
        self.beta2 = self._numbers("beta2", beta2)
        self.epsilon = self._numbers("epsilon", epsilon)
        self.state = {"m": np.zeros_like(self.parameters), "v": np.zeros_like(self.parameters)}

    def _update(self) -> None:
        m, v, work = self.state["m"], self.state["v"], self._work
        c = np.sqrt((1 - self.beta2) / (1 - _power(self.beta2, self.t)))
        step = self.lr * (1 - self.beta1) / ((1 - _power(self.beta1, self.t)) * c)
        np.multiply(m, self._cast(self.beta1), out=m)
        np.add(m, self.gradients, out=m)
        np.multiply(v, self._cast(self.beta2), out=v)
        np.multiply(self.gradients, self.gradients, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, self._cast(self.epsilon / c), out=work)
        np.divide(m, work, out=work)
        np.multiply(work, self._cast(step), out=work)
        np.subtract(self.parameters, work, out=self.parameters)


class RMSprop(Optimizer):
    """θ ← θ − lr · g / (√v + ε), with v ← ρ·v + (1 − ρ)·g², ρ being `decay`.

    Tieleman & Hinton 2012, lecture 6e, with ε outside the root, as PyTorch has it; in eight passes
    over (…, P). With v = (1 − ρ)·v′ and c = √(1 − ρ):
    v′ ← ρ·v′ + g²,  θ ← θ − lr/c · g / (√v′ + ε/c).
    """

    ARRAYS = 1
    PASSES = 8

    def __init__(
        self,
        network: Trainable,
        lr: npt.ArrayLike,
        decay: npt.ArrayLike = 0.99,
        epsilon: npt.ArrayLike = 1e-8,
        *,
        weight_decay: npt.ArrayLike = 0.0,
    ) -> None:
        """Take the network's arrays; each number is one for all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.decay = self._numbers("decay", decay)
        self.epsilon = self._numbers("epsilon", epsilon)
        self.state = {"v": np.zeros_like(self.parameters)}

    def _update(self) -> None:
        v, work = self.state["v"], self._work
        c = np.sqrt(1 - self.decay)
        np.multiply(v, self._cast(self.decay), out=v)
        np.multiply(self.gradients, self.gradients, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, self._cast(self.epsilon / c), out=work)
        np.divide(self.gradients, work, out=work)
        np.multiply(work, self._cast(self.lr / c), out=work)
        np.subtract(self.parameters, work, out=self.parameters)


class AdaGrad(Optimizer):
    """θ ← θ − lr · g / (√v + ε), with v ← v + g²: Duchi et al. 2011, as PyTorch has it."""

    ARRAYS = 1
    PASSES = 7

    def __init__(
        self,
        network: Trainable,
        lr: npt.ArrayLike,
        epsilon: npt.ArrayLike = 1e-10,
        *,
        weight_decay: npt.ArrayLike = 0.0,
    ) -> None:
        """Take the network's arrays; each number is one for all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.epsilon = self._numbers("epsilon", epsilon)
        self.state = {"v": np.zeros_like(self.parameters)}

    def _update(self) -> None:
        v, work = self.state["v"], self._work
        np.multiply(self.gradients, self.gradients, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, self._cast(self.epsilon), out=work)
        np.divide(self.gradients, work, out=work)
        np.multiply(work, self._cast(self.lr), out=work)
        np.subtract(self.parameters, work, out=self.parameters)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "adam": Adam,
    "rmsprop": RMSprop,
    "adagrad": AdaGrad,
}
