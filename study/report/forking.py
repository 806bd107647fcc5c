"""Where processes that draw come from: forks of one that loads seaborn ahead of its use."""

from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from study.interrupts import interrupts_wait
from study.store.names import FIGURES

FORKS = "forkserver" in get_all_start_methods()

LOADED = ["study.report.apart", "study.report.preloaded", "study.report.pictures"]
"""The modules that this process loads, and its forks find loaded."""


def context() -> BaseContext:
    """Return how processes that draw are started; on Windows each of them loads all by itself."""
    if not FORKS:
        return get_context("spawn")
    forks = get_context("forkserver")
    forks.set_forkserver_preload(LOADED)
    return forks


def begin(folder: Path, workers: int) -> None:
    """Start to load what draws a folder's figures, unless this process draws, or few are new.

    Called a second before there is a table to draw, it takes that second from a report's time.
    """
    if FORKS and workers > 1 and not (folder / FIGURES).is_file():
        from multiprocessing.forkserver import ensure_running

        context()
        with interrupts_wait():
            ensure_running()
