"""Everything drawn at random: each stream of numbers depends on a description alone."""

import hashlib
import heapq
from collections.abc import Iterable

import numpy as np

from study.datasets import Parts
from study.spec.pipeline import Pipeline

CERTIFIED = 8
"""The number of runs that a study's certificate trains again."""


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
    """Return the generator of a dataset's draw; `repetition` is None if all share one draw."""
    return generator("data", seed, dataset, repetition)


def weights(
    seed: int, dataset: str, repetition: int, shape: str, initializer: str
) -> np.random.Generator:
    """Return the generator of a network's initial weights."""
    return generator("weights", seed, dataset, repetition, shape, initializer)


def biases(
    seed: int, dataset: str, repetition: int, shape: str, initializer: str
) -> np.random.Generator:
    """Return the generator of a network's initial biases, independent of its weights'."""
    return generator("biases", seed, dataset, repetition, shape, initializer)


def order(seed: int, dataset: str, repetition: int, block: int) -> np.random.Generator:
    """Return the generator that shuffles the samples in one block of epochs."""
    return generator("order", seed, dataset, repetition, block)


def search(seed: int, dataset: str, phase: str) -> int:
    """Return the seed of the sampler of one dataset's search: 32 bits."""
    return int(generator("search", seed, dataset, phase).integers(2**32))


def samples(pipeline: Pipeline, dataset: str, repetition: int) -> Parts:
    """Return the training and held-out samples of one repetition."""
    declared = pipeline.datasets[dataset]
    own = repetition if declared.draw == "each" else None
    return declared.parts(rng=data(pipeline.search.seed, dataset, own))


def certified(run_ids: Iterable[str]) -> list[str]:
    """Draw the runs of a certificate, seeded by all ids: one study always has the same.

    >>> certified("abcdefghij") == certified("jihgfedcba"), len(certified("abcdefghij"))
    (True, 8)
    >>> certified("ab")
    ['b', 'a']
    """
    ids = sorted(run_ids)
    seed = hashlib.sha256("".join(ids).encode())

    def place(run_id: str) -> bytes:
        mixed = seed.copy()
        mixed.update(run_id.encode())
        return mixed.digest()

    return heapq.nsmallest(CERTIFIED, ids, key=place)
