"""PyTorch at its fastest here: networks stacked in `baddbmm`, derivatives written by hand."""

import itertools
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.cells import LR, Beginning, Cell
from tests.benchmarks.contestants import Contestant

NAME = "PyTorch, bmm"
OPTIMIZERS: dict[str, tuple[str, dict[str, bool]]] = {
    "sgd": ("SGD", {"fused": True}),
    "adam": ("Adam", {"fused": True}),
    "rmsprop": ("RMSprop", {}),  # has no fused update
    "adagrad": ("Adagrad", {}),
}


def stacked(cell: Cell, runs: int) -> Contestant:
    """Return an epoch of `runs` networks: flat parameters, a few calls a layer, no autograd.

    As quick as autograd on large stacks, up to twice as quick on small ones.
    """
    import torch

    torch.set_num_threads(1)
    begin = cell.beginning(runs)
    network = _Network(cell, begin)
    x, y = torch.from_numpy(begin.x), torch.from_numpy(begin.y)
    labels = y.argmax(-1) if cell.classes else y > 0.5

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]  # torch may be absent
    def full() -> npt.ArrayLike:
        outputs = network.forward(x)
        value = _measured(cell, outputs[-1], y, labels)
        network.update(outputs, y)
        torch.linalg.vector_norm(network.parameters.grad, dim=1)
        return value

    if cell.batch is None:
        return Contestant(NAME, runs, full)
    starts, size = y.shape[1] * np.arange(runs)[:, None], cell.batch
    orders = itertools.cycle([torch.from_numpy(each + starts) for each in cell.orders(runs)])
    flat_x, flat_y = x.flatten(0, 1), y.flatten(0, 1)

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]  # torch may be absent
    def batches() -> npt.ArrayLike:
        for rows in next(orders).split(size, dim=1):
            network.update(network.forward(flat_x[rows]), flat_y[rows])
        torch.linalg.vector_norm(network.parameters.grad, dim=1)
        return _measured(cell, network.forward(x)[-1], y, labels)

    return Contestant(NAME, runs, batches, first=1)


def _measured(cell: Cell, y_pred: Any, y: Any, labels: Any) -> npt.ArrayLike:  # noqa: ANN401  # torch may be absent
    """Return the losses, and compute the accuracies."""
    hits = (y_pred.argmax(-1) if cell.classes else y_pred > 0.5) == labels
    hits.to(y.dtype).flatten(1).mean(1)
    value: npt.ArrayLike
    if cell.classes:
        value = (y_pred.log_softmax(-1) * y).sum(-1).mean(1).neg()
    else:
        value = (y_pred - y).square_().mean((1, 2))
    return value


class _Network:
    """Networks in one flat array of parameters, and their optimizer."""

    def __init__(self, cell: Cell, begin: Beginning) -> None:
        import torch

        blocks = [torch.from_numpy(w).flatten(1) for pair in begin.weights for w in pair]
        self.parameters = torch.cat(blocks, 1)
        self.parameters.grad = torch.zeros_like(self.parameters)
        name, options = OPTIMIZERS[cell.optimizer]
        self._optimizer = getattr(torch.optim, name)([self.parameters], lr=LR, **options)
        ends = list(itertools.accumulate(block.shape[1] for block in blocks))
        shapes = [array.shape for w, b in begin.weights for array in (w, b[:, None])]

        def views(flat: Any) -> list[Any]:  # noqa: ANN401  # torch may be absent
            parts = flat.tensor_split(ends[:-1], dim=1)
            each = [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
            return list(zip(each[::2], each[1::2], strict=True))

        both = views(self.parameters), views(self.parameters.grad)
        self._layers = list(zip(*both, strict=True))
        self._classes, aten = cell.classes, torch.ops.aten
        relu = partial(aten.threshold_backward, threshold=0)
        self._slope = relu if cell.classes else aten.sigmoid_backward

    def forward(self, x: Any) -> list[Any]:  # noqa: ANN401  # torch may be absent
        """Return x and the outputs of all layers."""
        import torch

        outputs = [x]
        for i, ((weights, biases), _) in enumerate(self._layers, start=1):
            z = torch.baddbmm(biases, outputs[-1], weights)
            if not self._classes:
                z.sigmoid_()
            elif i < len(self._layers):
                z.relu_()
            outputs.append(z)
        return outputs

    def update(self, outputs: list[Any], y: Any) -> None:  # noqa: ANN401  # torch may be absent
        """Go backwards from the loss, and step."""
        import torch

        y_pred = outputs[-1]
        if self._classes:
            grad = y_pred.softmax(-1).sub_(y).div_(y.shape[1])
        else:
            grad = self._slope((y_pred - y).mul_(2 / y.shape[1]), y_pred)
        for i, ((weights, _), (grad_weights, grad_biases)) in reversed([*enumerate(self._layers)]):
            grad_weights.copy_(torch.bmm(outputs[i].mT, grad))
            grad_biases.copy_(grad.sum(1, keepdim=True))
            if i:
                grad = self._slope(torch.bmm(grad, weights.mT), outputs[i])
        self._optimizer.step()
