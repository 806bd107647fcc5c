"""What all tests share: an order, what is traced, random numbers, reports without pictures."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import settings

from tests.faults.door import without_pictures

settings.register_profile("study", deadline=None)  # machines are busy, and coverage is slow
settings.load_profile("study")


FIRST = ("test_contributing.py", "test_readme.py")
"""Files of few and long tests: begun last, they would leave every other process idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files."""
    items.sort(key=lambda item: item.path.name not in FIRST)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Trace not even the fixtures of a test that is marked `no_cover`, as pytest-cov would."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    traced = plugin and plugin.cov_controller
    if not traced or item.get_closest_marker("no_cover") is None:
        return (yield)
    traced.pause()
    try:
        return (yield)
    finally:
        traced.resume()


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator that starts anew in each test."""
    return np.random.default_rng(0)


@pytest.fixture
def undrawn() -> Iterator[None]:
    """Write reports without their pictures, which take most of the time."""
    with without_pictures():
        yield
