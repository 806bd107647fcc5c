"""Which random numbers a run gets: common across learning rates, activations and optimizers."""

import hashlib

import numpy as np


def generator(*description: object) -> np.random.Generator:
    """Return the generator that belongs to a description, the same one on every machine.

    Two descriptions that differ anywhere give independent streams: the description's SHA-256
    seeds NumPy's `SeedSequence`.

    >>> float(generator(0, "xor", 1).random()) == float(generator(0, "xor", 1).random())
    True
    """
    digest = hashlib.sha256(repr(description).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32).tolist())


def data(seed: int, dataset: str, repetition: int | None) -> np.random.Generator:
    """Return what a dataset is drawn with; `repetition` is None where all share one draw."""
    return generator("data", seed, dataset, repetition)


def weights(
    seed: int, dataset: str, repetition: int, shape: str, initializer: str
) -> np.random.Generator:
    """Return what a network's weights begin with."""
    return generator("weights", seed, dataset, repetition, shape, initializer)


def order(seed: int, dataset: str, repetition: int, block: int) -> np.random.Generator:
    """Return what shuffles the samples in one block of epochs."""
    return generator("order", seed, dataset, repetition, block)


def search(seed: int, dataset: str, phase: str) -> int:
    """Return what the sampler of one dataset's search begins with: 32 bits."""
    return int(generator("search", seed, dataset, phase).integers(2**32))
