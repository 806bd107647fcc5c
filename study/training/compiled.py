"""Loops compiled by Numba where it is installed, with NumPy's bits; NumPy where it is not."""

import platform
from dataclasses import dataclass
from functools import cache

import numpy as np

from nn_core import SGD
from nn_core.optimizer import Optimizer
from study.training import bits
from study.training.loops import LOOPS, Loop, sgd

TRUSTED = "x86_64", "AMD64"
"""Processors on which the tests of this project check the loops; others check them at first use."""

PRECISIONS = "float32", "float64"

MOST = 4
"""No update has more numbers."""


def speed_up(optimizer: Optimizer) -> None:
    """Have an optimizer of a stack (runs, P) use its loop, if it has one and Numba is in use."""
    loop, dtype = loop_of(optimizer), optimizer.parameters.dtype.name
    if loop is not None and backend().compiles:
        use(optimizer, _compiled(loop, dtype))


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
    says: str


@cache
def backend() -> Backend:
    """Return what this process uses; the bits are the same.

    NumPy where Numba is absent, switched off (NUMBA_DISABLE_JIT=1), has no folder that keeps what
    it compiles, or fails in any other way; and where a loop does not keep NumPy's bits.
    """
    try:
        import numba

        if getattr(numba.config, "DISABLE_JIT", False):
            return Backend(compiles=False, says="NumPy, since NUMBA_DISABLE_JIT is set")
        if platform.machine() in TRUSTED:
            _compiled(sgd, "float32")
        elif not all(keeps_bits(kind, dtype) for kind in LOOPS for dtype in PRECISIONS):
            return Backend(compiles=False, says="NumPy, since Numba has other bits here")
    except ModuleNotFoundError:
        return Backend(compiles=False, says="NumPy; pip install numba makes it faster")
    except Exception as error:  # noqa: BLE001  # whatever it is, NumPy trains as well
        says = " ".join(str(error).split())
        return Backend(compiles=False, says=f"NumPy, since Numba fails here: {says}")
    return Backend(compiles=True, says=f"Numba {numba.__version__}")


def keeps_bits(kind: tuple[type[Optimizer], int], dtype: str, *, seed: int = 0) -> bool:
    """Say whether a compiled loop moves hard numbers to NumPy's bits."""
    by_numpy, by_loop = optimizer_of(*kind, dtype), optimizer_of(*kind, dtype)
    use(by_loop, _compiled(LOOPS[kind], dtype))
    return bits.moved(by_loop, seed=seed) == bits.moved(by_numpy, seed=seed)


def optimizer_of(kind: type[Optimizer], arrays: int, dtype: str) -> Optimizer:
    """Return an optimizer of parameters without a network, that keeps so many arrays."""
    flat = bits.Flat(np.zeros(bits.SHAPE, dtype), np.zeros(bits.SHAPE, dtype))
    momentum = {"momentum": 0.9} if kind is SGD and arrays else {}
    return kind(flat, lr=np.geomspace(1e-3, 1.0, len(flat.parameters)), **momentum)


@cache
def _compiled(loop: Loop, dtype: str) -> Loop:
    """Compile a loop for one precision, or load it from where Numba keeps it."""
    import numba

    array = getattr(numba, dtype)[:, ::1]
    signature = numba.void(*[array] * loop.__code__.co_argcount)
    done: Loop = numba.njit(signature, cache=True, error_model="numpy", fastmath=False)(loop)
    return done
