"""JAX: many epochs of many networks compiled into one call, `jit(vmap(scan))`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks.cells import LR, Cell
from tests.benchmarks.contestants import Contestant

NAME = "JAX"
FLAGS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
WORK = 1024
"""Epochs times networks of one call: its own cost is some 1 % of that."""


@dataclass(frozen=True, slots=True)
class Update:
    """An optimizer of one array: (θ, g, memory, t) → θ, memory; how many arrays it remembers."""

    remembers: int
    step: Callable[..., tuple[Any, tuple[Any, ...]]]


def _sgd(theta: Any, g: Any, _memory: Any, _t: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401  # jax may be absent
    return theta - LR * g, ()


def _adam(theta: Any, g: Any, memory: Any, t: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401  # jax may be absent
    m, v = 0.9 * memory[0] + 0.1 * g, 0.999 * memory[1] + 0.001 * g * g
    change = LR / (1 - 0.9**t) * m / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return theta - change, (m, v)


def _rmsprop(theta: Any, g: Any, memory: Any, _t: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401  # jax may be absent
    v = 0.99 * memory[0] + 0.01 * g * g
    return theta - LR * g / (v**0.5 + 1e-8), (v,)


def _adagrad(theta: Any, g: Any, memory: Any, _t: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401  # jax may be absent
    v = memory[0] + g * g
    return theta - LR * g / (v**0.5 + 1e-8), (v,)


UPDATES = {
    "sgd": Update(0, _sgd),
    "adam": Update(2, _adam),
    "rmsprop": Update(1, _rmsprop),
    "adagrad": Update(1, _adagrad),
}


def _loss(cell: Cell) -> Callable[..., Any]:
    """Return the loss of θ at x and y, with the outputs."""
    import jax
    from jax import numpy as jnp

    hidden = jax.nn.relu if cell.classes else jax.nn.sigmoid

    def loss(theta: Any, x: Any, y: Any) -> Any:  # noqa: ANN401  # jax may be absent
        for i, (weights, biases) in enumerate(zip(theta[::2], theta[1::2], strict=True), start=1):
            x = x @ weights + biases
            x = x if cell.classes and 2 * i == len(theta) else hidden(x)
        if cell.classes:
            return -(y * jax.nn.log_softmax(x)).sum(-1).mean(), x
        return jnp.mean((x - y) ** 2), x

    return loss


def _measured(cell: Cell, y: Any, value: Any, y_pred: Any, g: Any) -> Any:  # noqa: ANN401  # jax may be absent
    """Return loss, accuracy and gradient norm."""
    from jax import numpy as jnp

    hits = y_pred.argmax(-1) == y.argmax(-1) if cell.classes else (y_pred > 0.5) == (y > 0.5)
    norm = jnp.sqrt(sum(jnp.sum(each * each) for each in g))
    return value, jnp.mean(hits, dtype=y.dtype), norm


def scan(cell: Cell, runs: int) -> Contestant:
    """Return epochs of `runs` networks, compiled; the compiler's own time is not measured."""
    os.environ["XLA_FLAGS"] = FLAGS  # read when JAX makes its first array
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003  # float32 arrays stay float32
    begin, update = cell.beginning(runs), UPDATES[cell.optimizer]
    epochs, loss = WORK // runs, _loss(cell)

    def moved(state: Any, x: Any, y: Any) -> Any:  # noqa: ANN401  # jax may be absent
        theta, memory, t = state
        result, g = jax.value_and_grad(loss, has_aux=True)(theta, x, y)
        each = [update.step(*array, t + 1) for array in zip(theta, g, memory, strict=True)]
        return ([one[0] for one in each], [one[1] for one in each], t + 1), result, g

    def train(state: Any, x: Any, y: Any, orders: Any) -> Any:  # noqa: ANN401  # jax may be absent
        def batch(last: Any, rows: Any) -> Any:  # noqa: ANN401  # jax may be absent
            state, _, g = moved(last[0], x[rows], y[rows])
            return (state, g), None

        def epoch(state: Any, order: Any) -> Any:  # noqa: ANN401  # jax may be absent
            if cell.batch is None:
                state, (value, y_pred), g = moved(state, x, y)
                return state, _measured(cell, y, value, y_pred, g)
            zeros = [jnp.zeros_like(each) for each in state[0]]
            rows = order.reshape(-1, cell.batch)
            (state, g), _ = jax.lax.scan(batch, (state, zeros), rows)
            value, y_pred = loss(state[0], x, y)
            return state, _measured(cell, y, value, y_pred, g)

        return jax.lax.scan(epoch, state, orders)

    theta = [jnp.asarray(array) for pair in begin.weights for array in pair]
    memory = [(jnp.zeros_like(each),) * update.remembers for each in theta]
    state = theta, memory, jnp.zeros(runs, begin.x.dtype)
    drawn = cell.orders(runs)
    orders = jnp.asarray(np.resize(drawn, (epochs, *drawn.shape[1:])).swapaxes(0, 1))
    x, y = jnp.asarray(begin.x), jnp.asarray(begin.y)
    compiled = jax.jit(jax.vmap(train)).lower(state, x, y, orders).compile()

    def call() -> Any:  # noqa: ANN401  # jax may be absent
        nonlocal state
        state, (values, _, _) = jax.block_until_ready(compiled(state, x, y, orders))
        return values.T

    return Contestant(NAME, runs, call, epochs, first=int(cell.batch is not None))
