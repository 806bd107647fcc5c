"""What all tests share: threads, kernels, garbage, tracing, random numbers, no drawing."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from unittest.mock import patch

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded: each test has one core
os.environ |= {  # the kernels of tests/reference.py, where the processor has them
    "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE", "Haswell")  # noqa: B035  # one file
    for file in Path("/proc").glob("cpuinfo")
    if " avx2 " in file.read_text(encoding="utf-8")
}

import numpy as np
import pytest
from hypothesis import settings

from tests.faults.door import without_pictures

settings.register_profile("study", deadline=None)  # machines are busy, and coverage is slow
settings.load_profile("study")

gc.set_threshold(100_000)  # objects; at the usual 700, collections take a sixth of all time


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Start three workers on two cores: tests wait a fifth of their time for other processes."""
    cores = yield
    chosen = "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ
    return cores if chosen else cores + (cores + 1) // 2


def pytest_collection_finish() -> None:
    """Look for garbage in none of the modules that are loaded now."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let modules be collected at the end, or libraries report them as leaks."""
    gc.unfreeze()


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


@pytest.fixture(autouse=True, scope="session")
def _unsynced() -> Iterator[None]:
    """Wait for no disk, since no test cuts the power; tests of syncing replace this."""
    with patch("os.fsync", lambda _: None):
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator with the same seed in each test."""
    return np.random.default_rng(0)


@pytest.fixture
def undrawn() -> Iterator[None]:
    """Write reports without their pictures, which take most of the time."""
    with without_pictures():
        yield


@pytest.fixture(scope="module")
def uncertified() -> Iterator[None]:
    """Train no run again at the end of a study, which takes a quarter of a small one's time."""
    with patch("study.plan.seeds.certified", lambda _: []):
        yield
