"""The updates of flat parameters, with shared numbers or one per network: OPTIMIZERS."""

import numpy as np
import numpy.typing as npt

from nn_core.layer import Array
from nn_core.optimizer import Optimizer, Trainable


def _power(base: Array, exponent: int) -> Array:
    """Raise by Python's pow, one by one, so that the bits do not depend on the stack's size."""
    return np.reshape([b**exponent for b in base.ravel().tolist()], base.shape)


class SGD(Optimizer):
    """θ ← θ − lr · b, with b ← momentum · b + g: Sutskever et al. 2013, as in PyTorch."""

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
        """Take the network's arrays; each number is shared by all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.momentum = self._numbers("momentum", momentum, below=1)
        if self.momentum.any():
            self.state["b"] = np.zeros_like(self.parameters)

    def _exact_numbers(self) -> tuple[Array, ...]:
        return (self.momentum, self.lr) if self.state else (self.lr,)

    def _update(self) -> None:
        b = self.gradients
        *before, lr = self.numbers()
        for momentum in before:
            b = self.state["b"]
            np.multiply(b, momentum, out=b)
            np.add(b, self.gradients, out=b)
        np.multiply(b, lr, out=self._work)
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
        """Take the network's arrays; each number is shared by all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.beta1 = self._numbers("beta1", beta1, below=1)
        self.beta2 = self._numbers("beta2", beta2, below=1)
        self.epsilon = self._numbers("epsilon", epsilon)
        self.state = {"m": np.zeros_like(self.parameters), "v": np.zeros_like(self.parameters)}

    def _exact_numbers(self) -> tuple[Array, ...]:
        c = np.sqrt((1 - self.beta2) / (1 - _power(self.beta2, self.t)))
        step = self.lr * (1 - self.beta1) / ((1 - _power(self.beta1, self.t)) * c)
        return self.beta1, self.beta2, self.epsilon / c, step

    def _update(self) -> None:
        m, v, work = self.state["m"], self.state["v"], self._work
        beta1, beta2, epsilon, step = self.numbers()
        np.multiply(m, beta1, out=m)
        np.add(m, self.gradients, out=m)
        np.multiply(v, beta2, out=v)
        np.multiply(self.gradients, self.gradients, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, epsilon, out=work)
        np.divide(m, work, out=work)
        np.multiply(work, step, out=work)
        np.subtract(self.parameters, work, out=self.parameters)


class RMSprop(Optimizer):
    """θ ← θ − lr · g / (√v + ε), with v ← ρ·v + (1 − ρ)·g², ρ being `decay`.

    Tieleman & Hinton 2012, lecture 6e, with ε outside the root, as in PyTorch; in eight passes
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
        """Take the network's arrays; each number is shared by all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.decay = self._numbers("decay", decay, below=1)
        self.epsilon = self._numbers("epsilon", epsilon)
        self.state = {"v": np.zeros_like(self.parameters)}

    def _exact_numbers(self) -> tuple[Array, ...]:
        c = np.sqrt(1 - self.decay)
        return self.decay, self.epsilon / c, self.lr / c

    def _update(self) -> None:
        v, work = self.state["v"], self._work
        decay, epsilon, step = self.numbers()
        np.multiply(v, decay, out=v)
        np.multiply(self.gradients, self.gradients, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, epsilon, out=work)
        np.divide(self.gradients, work, out=work)
        np.multiply(work, step, out=work)
        np.subtract(self.parameters, work, out=self.parameters)


class AdaGrad(Optimizer):
    """θ ← θ − lr · g / (√v + ε), with v ← v + g²: Duchi et al. 2011, as in PyTorch."""

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
        """Take the network's arrays; each number is shared by all networks, or one for each."""
        super().__init__(network, lr, weight_decay=weight_decay)
        self.epsilon = self._numbers("epsilon", epsilon)
        self.state = {"v": np.zeros_like(self.parameters)}

    def _exact_numbers(self) -> tuple[Array, ...]:
        return self.epsilon, self.lr

    def _update(self) -> None:
        v, work = self.state["v"], self._work
        epsilon, lr = self.numbers()
        np.multiply(self.gradients, self.gradients, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, epsilon, out=work)
        np.divide(self.gradients, work, out=work)
        np.multiply(work, lr, out=work)
        np.subtract(self.parameters, work, out=self.parameters)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "adam": Adam,
    "rmsprop": RMSprop,
    "adagrad": AdaGrad,
}
"""The optimizers by the names that pipeline files use."""
