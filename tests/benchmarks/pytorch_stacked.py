"""PyTorch at its fastest here: networks stacked in `baddbmm`, derivatives written by hand."""

import itertools
from typing import Any

import numpy.typing as npt

from tests.benchmarks.cells import LR, Cell
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
    blocks = [torch.from_numpy(w).flatten(1) for pair in begin.weights for w in pair]
    parameters = torch.cat(blocks, 1)
    parameters.grad = torch.zeros_like(parameters)
    name, options = OPTIMIZERS[cell.optimizer]
    optimizer = getattr(torch.optim, name)([parameters], lr=LR, **options)
    ends = list(itertools.accumulate(block.shape[1] for block in blocks))
    shapes = [array.shape for w, b in begin.weights for array in (w, b[:, None])]

    def views(flat: Any) -> list[Any]:  # noqa: ANN401  # torch may be absent
        parts = flat.tensor_split(ends[:-1], dim=1)
        each = [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]
        return list(zip(each[::2], each[1::2], strict=True))

    layers = list(zip(views(parameters), views(parameters.grad), strict=True))
    x, y = torch.from_numpy(begin.x), torch.from_numpy(begin.y)
    labels, n = y > 0.5, y.shape[1]
    slope = torch.ops.aten.sigmoid_backward

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]  # torch may be absent
    def call() -> npt.ArrayLike:
        outputs = [x]
        for (weights, biases), _ in layers:
            outputs.append(torch.baddbmm(biases, outputs[-1], weights).sigmoid_())
        y_pred = outputs[-1]
        difference = y_pred - y
        value: npt.ArrayLike = difference.square().mean((1, 2))
        ((y_pred > 0.5) == labels).to(x.dtype).mean((1, 2))
        grad = slope(difference.mul_(2 / n), y_pred)
        for i, ((weights, _), (grad_weights, grad_biases)) in reversed([*enumerate(layers)]):
            grad_weights.copy_(torch.bmm(outputs[i].mT, grad))
            grad_biases.copy_(grad.sum(1, keepdim=True))
            if i:
                grad = slope(torch.bmm(grad, weights.mT), outputs[i])
        torch.linalg.vector_norm(parameters.grad, dim=1)
        optimizer.step()
        return value

    return Contestant(NAME, runs, call)
