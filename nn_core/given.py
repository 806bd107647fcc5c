"""Arguments of a wrong type: each error shows the value and the right call."""

import operator
import reprlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 60  # characters; 30 would cut a layer's name

NUMBERS = "biuf"  # NumPy's letters for booleans, whole numbers and real numbers


def shown(value: object) -> str:
    """Describe a value in an error.

    >>> shown("xavier"), shown(np.zeros((2, 3))), shown(int), shown([1.0, 2.0])
    ("'xavier'", 'an array of shape (2, 3)', 'the class int', '[1.0, 2.0]')
    """
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, np.ndarray):
        of = "" if value.dtype.kind in NUMBERS else f" and dtype {value.dtype}"
        return f"an array of shape {value.shape}{of}"
    return " ".join(_SHORT.repr(value).split())


def no_arguments(made: object, given: Sequence[object], use: str) -> None:
    """Raise TypeError if a class that takes no arguments was called like an instance."""
    if given:
        name = type(made).__name__
        data = any(hasattr(value, "shape") for value in given)
        mend = f": make an instance first, then call it, {name}(){use}" if data else ""
        raise TypeError(f"{name}() takes no arguments, got {shown(given[0])}{mend}")


def whole(name: str, value: object) -> int:
    """Return a whole number; TypeError for anything else, also for 2.0."""
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {shown(value)}") from None


def sizes(name: str, value: object, example: str) -> tuple[int, ...]:
    """Return a tuple of whole numbers."""
    try:
        return tuple(map(operator.index, value))  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(
            f"{name} must be a tuple of whole numbers, such as {example}, got {shown(value)}"
        ) from None


def precision(dtype: npt.DTypeLike) -> np.dtype:
    """Return float32 or float64; an error for anything else."""
    try:
        precise = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"dtype must be float32 or float64, got {shown(dtype)}") from None
    if precise not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64, got {precise}")
    return precise


def numbers(name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return an array of numbers; TypeError for text, None and other objects."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        array = np.empty(0, object)
    if array.dtype.kind not in NUMBERS:
        raise TypeError(f"{name} must be a number or an array of numbers, got {shown(value)}")
    return array


def generator(rng: object) -> None:
    """Raise TypeError for anything but a NumPy Generator."""
    if not isinstance(rng, np.random.Generator):
        seed = rng if isinstance(rng, int) and rng >= 0 else 0
        raise TypeError(
            f"rng must be a np.random.Generator, got {shown(rng)}: "
            f"write rng=np.random.default_rng({seed:d})"
        )


def fans(fan_in: int, fan_out: int, rng: np.random.Generator) -> None:
    """Raise an error if an argument of an initializer has a wrong type or is below 1."""
    generator(rng)
    for name, fan in (("fan_in", fan_in), ("fan_out", fan_out)):
        if whole(name, fan) < 1:
            raise ValueError(f"{name} must be at least 1, got {fan}")
