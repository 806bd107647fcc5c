"""JAX: many epochs of many networks compiled into one call, `jit(vmap(scan))`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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


def scan(cell: Cell, runs: int) -> Contestant:
    """Return epochs of `runs` networks, compiled; the compiler's own time is not measured."""
    os.environ["XLA_FLAGS"] = FLAGS  # read when JAX makes its first array
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003  # float32 arrays stay float32
    begin, update = cell.beginning(runs), UPDATES[cell.optimizer]
    dtype, epochs = begin.x.dtype, WORK // runs

    def loss(theta: Any, x: Any, y: Any) -> Any:  # noqa: ANN401  # jax may be absent
        for weights, biases in zip(theta[::2], theta[1::2], strict=True):
            x = jax.nn.sigmoid(x @ weights + biases)
        return jnp.mean((x - y) ** 2), x

    def train(state: Any, x: Any, y: Any) -> Any:  # noqa: ANN401  # jax may be absent
        def epoch(state: Any, _: None) -> Any:  # noqa: ANN401  # jax may be absent
            theta, memory, t = state
            (value, y_pred), g = jax.value_and_grad(loss, has_aux=True)(theta, x, y)
            accuracy = jnp.mean((y_pred > 0.5) == (y > 0.5), dtype=dtype)
            norm = jnp.sqrt(sum(jnp.sum(each * each) for each in g))
            moved = [update.step(*each, t + 1) for each in zip(theta, g, memory, strict=True)]
            state = [each[0] for each in moved], [each[1] for each in moved], t + 1
            return state, (value, accuracy, norm)

        return jax.lax.scan(epoch, state, None, length=epochs)

    theta = [jnp.asarray(array) for pair in begin.weights for array in pair]
    memory = [(jnp.zeros_like(each),) * update.remembers for each in theta]
    state = theta, memory, jnp.zeros(runs, dtype)
    x, y = jnp.asarray(begin.x), jnp.asarray(begin.y)
    compiled = jax.jit(jax.vmap(train)).lower(state, x, y).compile()

    def call() -> Any:  # noqa: ANN401  # jax may be absent
        nonlocal state
        state, (values, _, _) = jax.block_until_ready(compiled(state, x, y))
        return values.T

    return Contestant(NAME, runs, call, epochs)
