"""PyTorch as its users write it: one network at a time, mini-batches and images too."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.cells import LR, Beginning, Cell
from tests.benchmarks.contestants import Contestant

NAME = "PyTorch, one"
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop", "adagrad": "Adagrad"}


def one(cell: Cell) -> Contestant:
    """Return an epoch of `nn.Sequential`, autograd and `torch.optim`, with their defaults."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    begin = cell.beginning(runs=1)
    images = begin.x.ndim > 3
    several = cell.loss == "softmax_cross_entropy"
    dense = _classifying if several else _dense
    network = _convolutional(begin) if images else dense(begin)
    parameters = list(network.parameters())
    optimizer = getattr(torch.optim, OPTIMIZERS[cell.optimizer])(parameters, lr=LR)
    loss, threshold = (nn.BCEWithLogitsLoss(), 0.0) if images else (nn.MSELoss(), 0.5)
    loss = nn.CrossEntropyLoss() if several else loss  # takes the rows that y has: 0 and 1
    x, y = torch.from_numpy(begin.x[0]), torch.from_numpy(begin.y[0])
    x = x.permute(0, 3, 1, 2).contiguous() if images else x
    labels = y.argmax(1) if several else y > 0.5

    def update(y_pred: Any, y: Any) -> Any:  # noqa: ANN401  # torch may be absent
        optimizer.zero_grad()
        value = loss(y_pred, y)
        value.backward()
        optimizer.step()
        return value.detach()

    def measure(y_pred: Any) -> None:  # noqa: ANN401  # torch may be absent
        classes = y_pred.argmax(1) if several else y_pred > threshold
        (classes == labels).float().mean()
        nn.utils.get_total_norm([parameter.grad for parameter in parameters])

    def full() -> npt.ArrayLike:
        y_pred = network(x)
        value: npt.ArrayLike = update(y_pred, y)
        measure(y_pred)
        return value

    def batches() -> npt.ArrayLike:
        for rows in torch.randperm(len(x)).split(cell.batch):
            update(network(x[rows]), y[rows])
        with torch.no_grad():
            y_pred = network(x)
            value: npt.ArrayLike = loss(y_pred, y)
        measure(y_pred)
        return value

    if cell.batch is None:
        return Contestant(NAME, 1, full)
    return Contestant(NAME, 1, batches, first=None)  # in another order


def _dense(begin: Beginning) -> Any:  # noqa: ANN401  # torch may be absent
    """Return linear layers, each with a sigmoid."""
    from torch import nn

    pairs = [(_linear(w[0], b[0]), nn.Sigmoid()) for w, b in begin.weights]
    return nn.Sequential(*(layer for pair in pairs for layer in pair))


def _classifying(begin: Beginning) -> Any:  # noqa: ANN401  # torch may be absent
    """Return linear layers with ReLU between, and logits at the end."""
    from torch import nn

    pairs = [(_linear(w[0], b[0]), nn.ReLU()) for w, b in begin.weights]
    return nn.Sequential(*[layer for pair in pairs for layer in pair][:-1])


def _convolutional(begin: Beginning) -> Any:  # noqa: ANN401  # torch may be absent
    """Return a convolution and two linear layers with ReLU between; channels come first."""
    import torch
    from torch import nn

    (kernels, offsets), (hidden, hidden_biases), (last, last_biases) = (
        (w[0], b[0]) for w, b in begin.weights
    )
    *kernel, inputs, channels = kernels.shape
    first = nn.Conv2d(inputs, channels, tuple(kernel)).to(torch.from_numpy(kernels).dtype)
    with torch.no_grad():
        first.weight.copy_(torch.from_numpy(kernels.transpose(3, 2, 0, 1).copy()))
        first.bias.copy_(torch.from_numpy(offsets))
    by_channel = np.moveaxis(hidden.reshape(-1, channels, hidden.shape[-1]), 1, 0)
    return nn.Sequential(
        first,
        nn.ReLU(),
        nn.Flatten(),
        _linear(by_channel.reshape(hidden.shape), hidden_biases),
        nn.ReLU(),
        _linear(last, last_biases),
    )


def _linear(weights: npt.NDArray[Any], biases: npt.NDArray[Any]) -> Any:  # noqa: ANN401  # torch may be absent
    """Return a linear layer, whose weights PyTorch keeps as (outputs, inputs)."""
    import torch
    from torch import nn

    layer = nn.Linear(*weights.shape).to(torch.from_numpy(weights).dtype)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights.T.copy()))
        layer.bias.copy_(torch.from_numpy(biases))
    return layer
