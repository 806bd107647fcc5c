"""What all tests share: random numbers that start anew, and no test that a busy machine fails."""

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("study", deadline=None)  # machines are busy, and coverage is slow
settings.load_profile("study")


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator that starts anew in each test."""
    return np.random.default_rng(0)
