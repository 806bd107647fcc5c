"""What all tests share: one stream of random numbers, the same at each test."""

import numpy as np
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator that starts anew in each test."""
    return np.random.default_rng(0)
