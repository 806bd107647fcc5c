"""The lab's training, written plainly, exact or as printed: two passes an epoch, float64."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating]

ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "none": (lambda z: z, np.ones_like),
    "relu": (lambda z: np.maximum(z, 0), lambda y: (y > 0).astype(float)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda y: y * (1 - y)),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda y: (1 - np.abs(y)) ** 2),
    "tanh": (np.tanh, lambda y: 1 - y**2),
}


class Plain:
    """A network with one activation after every linear layer, and its optimizer."""

    def __init__(  # noqa: PLR0913  # a plain list of what it is made of
        self,
        weights: list[Array],
        activation: str,
        *,
        lr: float,
        optimizer: str = "sgd",
        momentum: float = 0.0,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        implementation: str = "exact",
    ) -> None:
        self.parameters = [p.copy() for w in weights for p in (w, np.zeros(w.shape[1]))]
        self.f, self.slope = ACTIVATIONS[activation]
        self.lr, self.optimizer, self.momentum = lr, optimizer, momentum
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.m = [np.zeros_like(p) for p in self.parameters]
        self.v = [np.zeros_like(p) for p in self.parameters]
        self.t = 0
        self.printed = implementation == "as_printed"

    def outputs(self, x: Array) -> list[Array]:
        """Return x and every layer's output."""
        result = [x]
        for w, b in zip(self.parameters[::2], self.parameters[1::2], strict=True):
            result.append(self.f(result[-1] @ w + b))
        return result

    def gradients(self, x: Array, y: Array) -> list[Array]:
        """Return the gradient of the mean squared error by every parameter."""
        outputs = self.outputs(x)
        grad = 2 * (outputs[-1] - y) / y.size
        collected: list[Array] = []
        for i in reversed(range(len(outputs) - 1)):
            grad = grad * self.slope(outputs[-1 if self.printed else i + 1])
            collected = [outputs[i].T @ grad, grad.sum(0), *collected]
            grad = grad @ self.parameters[2 * i].T
        return collected

    def step(self, x: Array, y: Array) -> float:
        """Update once; return the gradient's norm."""
        gradients = self.gradients(x, y)
        if self.printed and self.optimizer == "adam":
            gradients[1::2] = [np.zeros_like(g) for g in gradients[1::2]]
        self.t += 1
        for i, g in enumerate(gradients):
            if self.optimizer == "sgd":
                self.m[i] = self.momentum * self.m[i] + g
                self.parameters[i] -= self.lr * self.m[i]
            else:
                self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
                self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
                m_hat = self.m[i] / (1 - self.beta1**self.t)
                v_hat = self.v[i] / (1 - self.beta2**self.t)
                self.parameters[i] -= self.lr * m_hat / (np.sqrt(v_hat) + self.epsilon)
        return float(np.sqrt(sum((g**2).sum() for g in gradients)))

    def measure(self, x: Array, y: Array) -> tuple[float, float]:
        """Return loss and accuracy on some samples."""
        y_pred = self.outputs(x)[-1]
        return float(((y_pred - y) ** 2).mean()), float(((y_pred > 0.5) == (y > 0.5)).mean())
