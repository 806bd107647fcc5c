"""Loops compiled by Numba where it is installed, with NumPy's bits; NumPy where it is not."""

import platform
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeAlias

import numpy as np

from nn_core import SGD, Array, Loss, Rows, Sequential, SoftmaxCrossEntropyLoss
from nn_core.activations import Activation
from nn_core.optimizer import Optimizer
from nn_core.softmax import NUMPY, Steps, add_last
from study.training import bits, class_loops
from study.training.class_loops import CLASS_LOOPS
from study.training.loops import LOOPS, SLOPES, VALUES, Loop, sgd
from study.training.right import Right

TRUSTED = "x86_64", "AMD64"
"""Processors on which the tests of this project check the loops; others check them at first use."""

PRECISIONS = "float32", "float64"

MOST = 4
"""No update has more numbers."""

Kind: TypeAlias = type[Activation | SoftmaxCrossEntropyLoss | Right] | tuple[type[Optimizer], int]

KINDS: tuple[Kind, ...] = *SLOPES, *LOOPS, SoftmaxCrossEntropyLoss, Right


def speed_up(network: Sequential, optimizer: Optimizer, loss: Loss) -> None:
    """Have a stack (runs, P) use loops for activations, softmax and updates, if Numba is in use.

    To be called before any of them is used.
    """
    if not backend().compiles:
        return
    dtype, update = optimizer.parameters.dtype.name, loop_of(optimizer)
    if update is not None:
        use(optimizer, _compiled(update, dtype))
    for layer in network.layers:
        if isinstance(layer, Activation) and type(layer) in SLOPES:
            layer.slope_loop = _compiled(SLOPES[type(layer)], dtype)
        if isinstance(layer, Activation) and type(layer) in VALUES:
            layer.value_loop = _compiled(VALUES[type(layer)], dtype)
    if type(loss) is SoftmaxCrossEntropyLoss:
        loss.steps = softmax_steps(dtype)


def softmax_steps(dtype: str) -> Steps:
    """Return the steps of a softmax as loops; NumPy adds up what is longer than a loop can."""
    short = _compiled(class_loops.add, dtype)

    def add(x: Array, sums: Array) -> None:
        (short if x.shape[-1] < class_loops.TERMS else add_last)(x, sums)

    rest = class_loops.shift, class_loops.terms, class_loops.slopes
    shift, terms, slopes = (_compiled(loop, dtype) for loop in rest)
    return Steps(shift, add, terms, slopes)


def right_loop(y: Array) -> Loop | None:
    """Return the loop that compares several outputs with targets y, if Numba is in use."""
    several = y.shape[-1] > 1 and backend().compiles
    return _compiled(class_loops.right, y.dtype.name) if several else None


def loop_of(optimizer: Optimizer) -> Loop | None:
    """Return the loop that moves as this optimizer does; None where it has an update of its own."""
    for (kind, arrays), loop in LOOPS.items():
        own = type(optimizer)._update is kind._update  # noqa: SLF001  # what the loop replaces
        if own and arrays == len(optimizer.state):
            return loop
    return None


def use(optimizer: Optimizer, loop: Loop) -> None:
    """Set a loop, compiled or not, that receives the numbers of each step as (MOST, runs)."""
    numbers = np.empty((MOST, len(optimizer.parameters)), optimizer.parameters.dtype)
    rows = list(numbers[..., None])
    arrays = optimizer.parameters, optimizer.gradients, *optimizer.state.values()

    def update() -> None:
        for row, number in zip(rows, optimizer.numbers(), strict=False):
            row[...] = number
        loop(*arrays, numbers)

    optimizer.loop = update


@dataclass(frozen=True, slots=True)
class Backend:
    """What makes the updates of a study: Numba, or NumPy and why."""

    compiles: bool
    message: str


@cache
def backend() -> Backend:
    """Return what this process uses; the bits are the same.

    NumPy where Numba is absent, switched off (NUMBA_DISABLE_JIT=1), has no folder that keeps what
    it compiles, or fails in any other way; and where a loop does not keep NumPy's bits.
    """
    try:
        import numba

        if getattr(numba.config, "DISABLE_JIT", False):
            return Backend(compiles=False, message="NumPy, since NUMBA_DISABLE_JIT is set")
        if platform.machine() in TRUSTED:
            _compiled(sgd, "float32")
        elif not all(keeps_bits(kind, dtype) for kind in KINDS for dtype in PRECISIONS):
            return Backend(compiles=False, message="NumPy, since Numba has other bits here")
    except ModuleNotFoundError:
        return Backend(compiles=False, message="NumPy; pip install numba makes it faster")
    except Exception as error:  # noqa: BLE001  # whatever it is, NumPy trains as well
        error_text = " ".join(str(error).split())
        return Backend(compiles=False, message=f"NumPy, since Numba fails here: {error_text}")
    return Backend(compiles=True, message=f"Numba {numba.__version__}")


def keeps_bits(kind: Kind, dtype: str, *, seed: int = 0) -> bool:
    """Return whether the compiled loops of a kind give NumPy's bits on hard numbers."""
    if isinstance(kind, tuple):
        alone, moving = optimizer_of(*kind, dtype), optimizer_of(*kind, dtype)
        use(moving, _compiled(LOOPS[kind], dtype))
        return bits.moved(moving, seed=seed) == bits.moved(alone, seed=seed)
    if issubclass(kind, Activation):
        return all(
            bits.written(_compiled(table[kind], dtype), dtype, seed, signed=signed)
            == bits.written(partial(way, kind()), dtype, seed, signed=signed)
            for table, way, signed in ((SLOPES, multiplied, True), (VALUES, applied, False))
            if kind in table
        )
    if issubclass(kind, Right):
        loop = _compiled(class_loops.right, dtype)
        return bits.compared(loop, dtype, seed) == bits.compared(None, dtype, seed)
    return bits.lost(softmax_steps(dtype), dtype, seed) == bits.lost(NUMPY, dtype, seed)


def multiplied(layer: Activation, y: Array, g: Array) -> None:
    """Multiply g by the slopes at y, as NumPy does."""
    slopes = np.empty_like(y)
    layer.derive(y, slopes)
    np.multiply(g, slopes, out=g)


def applied(layer: Activation, x: Array, y: Array) -> None:
    """Write the activation of x to y, as NumPy does."""
    rows = Rows((bits.SHAPE[0], bits.SHAPE[1] - 1), x.dtype)
    layer.prepare(rows)
    layer.apply(x.reshape(bits.SHAPE), y.reshape(bits.SHAPE))


def optimizer_of(kind: type[Optimizer], arrays: int, dtype: str) -> Optimizer:
    """Return an optimizer of parameters without a network, that keeps this number of arrays."""
    flat = bits.Flat(np.zeros(bits.SHAPE, dtype), np.zeros(bits.SHAPE, dtype))
    momentum = {"momentum": 0.9} if kind is SGD and arrays else {}
    return kind(flat, lr=np.geomspace(1e-3, 1.0, len(flat.parameters)), **momentum)


@cache
def _compiled(loop: Loop, dtype: str) -> Loop:
    """Compile a loop for one precision, or load it from where Numba keeps it."""
    import numba

    number = getattr(numba, dtype)
    array = number[:, ::1] if loop in LOOPS.values() else number[::1]
    signature = numba.void(*[array] * loop.__code__.co_argcount)
    if loop in CLASS_LOOPS:
        signature = CLASS_LOOPS[loop].format(dtype)
    done: Loop = numba.njit(signature, cache=True, error_model="numpy", fastmath=False)(loop)
    return done
