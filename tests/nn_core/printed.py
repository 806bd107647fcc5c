"""The lab's code as its report prints it, for one network: the reference of as_printed."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


class Shared:
    """The one activation; `kept` is the array of its last forward call, from any layer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept: Array = np.empty(0)

    def forward(self, x: Array) -> Array:
        """Return f(x); printed Sigmoid keeps its output, Tanh and SoftSign keep their input."""
        self.kept = x
        match self.name:
            case "sigmoid":
                x = self.kept = np.where(x < 0, np.exp(x) / (1 + np.exp(x)), 1 / (1 + np.exp(-x)))
            case "tanh":
                x = np.tanh(x)
            case "softsign":
                x = x / (1 + np.abs(x))
        return x

    def backward(self, grad: Array) -> Array:
        """Multiply by the slope at `kept`."""
        match self.name:
            case "sigmoid":
                grad = grad * np.multiply(self.kept, 1 - self.kept)
            case "tanh":
                grad = grad * (1 - np.tanh(self.kept) ** 2)
            case "softsign":
                grad = grad / (1 + np.abs(self.kept)) ** 2
        return grad


class Printed:
    """The printed model, its loss and its optimizer."""

    def __init__(self, weights: list[Array], activation: str, optimizer: str, lr: float) -> None:
        self.weights = [w.copy() for w in weights]
        self.biases = [np.zeros(w.shape[1]) for w in weights]
        self.activation, self.optimizer, self.lr, self.t = Shared(activation), optimizer, lr, 0
        self.m = [np.zeros_like(w) for w in weights]
        self.v = [np.zeros_like(w) for w in weights]

    def forward(self, x: Array) -> Array:
        """Return the predictions; keep every linear layer's input."""
        self.inputs = []
        for w, b in zip(self.weights, self.biases, strict=True):
            self.inputs.append(x)
            x = self.activation.forward(x @ w + b)
        return x

    def train(self, x: Array, y: Array) -> float:
        """Update once; return the loss before that."""
        y_pred = self.forward(x)
        grad = 2 * (y_pred - y) / y.shape[0]
        gradients: list[tuple[Array, Array]] = []
        for w, inputs in zip(self.weights[::-1], self.inputs[::-1], strict=True):
            grad = self.activation.backward(grad)
            gradients.insert(0, (inputs.T @ grad, np.sum(grad, axis=0)))
            grad = grad @ w.T
        self.t += 1
        for i, (grad_w, grad_b) in enumerate(gradients):
            if self.optimizer == "sgd":
                self.weights[i] -= self.lr * grad_w
                self.biases[i] -= self.lr * grad_b
            else:
                self.m[i] = 0.9 * self.m[i] + (1 - 0.9) * grad_w
                self.v[i] = 0.999 * self.v[i] + (1 - 0.999) * np.square(grad_w)
                m_hat, v_hat = self.m[i] / (1 - 0.9**self.t), self.v[i] / (1 - 0.999**self.t)
                self.weights[i] -= self.lr * m_hat / (np.sqrt(v_hat) + 1e-8)
        return float(np.mean((y_pred - y) ** 2))
